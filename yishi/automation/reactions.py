"""Whatever happens to a case is looked at by the operator's rules; a broken rule is told to its keepers."""

from yishi.automation.actions.react import meet_rules
from yishi.automation.facts import RuleBroke
from yishi.automation.rules.conditions import Value
from yishi.cases.facts import (
    CaseAssigned,
    CaseClosed,
    CaseEscalated,
    CaseFact,
    CaseOpened,
    CaseReopened,
    CaseReplied,
    CaseResolved,
    CaseStatusChanged,
    CaseUrged,
    ConsumerWrote,
)
from yishi.feedback.facts import RatingGiven
from yishi.notifications.actions.keepers import tell_policy_keepers
from yishi.sla.facts import ClockBreached, ClockWarned

_TRIGGER: dict[type[CaseFact], str] = {
    CaseOpened: "case_opened",
    CaseReplied: "case_replied",
    ConsumerWrote: "consumer_wrote",
    CaseStatusChanged: "case_status_changed",
    CaseAssigned: "case_assigned",
    CaseUrged: "case_urged",
    CaseEscalated: "case_escalated",
    CaseResolved: "case_resolved",
    CaseReopened: "case_reopened",
    CaseClosed: "case_closed",
}


def on_case_fact(fact: CaseFact) -> None:
    meet_rules(trigger=_TRIGGER[type(fact)], case_id=fact.case_id, fact=fact, told={}, at=fact.at)


def on_clock_warned(fact: ClockWarned) -> None:
    told: dict[str, Value] = {"clock": fact.kind, "share": fact.share}
    meet_rules(trigger="clock_warned", case_id=fact.case_id, fact=fact, told=told, at=fact.at)


def on_clock_breached(fact: ClockBreached) -> None:
    told: dict[str, Value] = {"clock": fact.kind}
    meet_rules(trigger="clock_breached", case_id=fact.case_id, fact=fact, told=told, at=fact.at)


def on_rating_given(fact: RatingGiven) -> None:
    told: dict[str, Value] = {"score": fact.score}
    meet_rules(trigger="rating_given", case_id=fact.case_id, fact=fact, told=told, at=fact.at)


def on_rule_broke(fact: RuleBroke) -> None:
    tell_policy_keepers(subject=f"rule/{fact.rule_id}", name=fact.rule_name, says=fact.says, at=fact.at)
