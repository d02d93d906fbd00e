"""A fact meets the live rules: each looks once, in order, and what came of it is kept whatever it was."""

import logging
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import translation

from yishi.automation.actions.bulk import why
from yishi.automation.actions.macros import run_steps
from yishi.automation.facts import RuleBroke
from yishi.automation.models.automations import Rule, RuleRun, RuleState, RunOutcome
from yishi.automation.queries.automations import values_of
from yishi.automation.rules.conditions import Broken, Value, fits, read_conditions
from yishi.automation.rules.steps import read_steps
from yishi.cases.queries.cards import get_case
from yishi.kit.errors import Refusal
from yishi.kit.facts import Fact, announce, causing, hash_of
from yishi.people.rules import SYSTEM_VIEWER

log = logging.getLogger(__name__)
BY_RULE = "rule"


@transaction.atomic
def meet_rules(*, trigger: str, case_id: int, fact: Fact, told: Mapping[str, Value], at: datetime) -> int:
    """Lets every live rule of this trigger look at the case; returns how many did something.

    What a rule itself caused is met by no rule, so that there are no loops. A rule that refuses or breaks
    holds up neither the others nor the fact.
    """
    if fact.caused_by == BY_RULE:
        return 0
    rules = Rule.objects.filter(state=RuleState.LIVE, trigger=trigger).order_by("place", "pk")
    if not rules:
        return 0
    fact_hash = hash_of(fact)
    done = 0
    for rule in rules:
        if RuleRun.objects.filter(rule=rule, fact_hash=fact_hash).exists():
            continue
        outcome, says = _look(rule, case_id, told, at)
        RuleRun.objects.create(
            rule=rule, case_id=case_id, fact=fact.name, fact_hash=fact_hash, outcome=outcome, says=says, at=at
        )
        _note_health(rule, outcome, says, at)
        done += outcome == RunOutcome.DONE
        if outcome == RunOutcome.DONE and rule.is_last:
            break
    return done


def _look(rule: Rule, case_id: int, told: Mapping[str, Value], at: datetime) -> tuple[RunOutcome, str]:
    try:
        with transaction.atomic(), translation.override("zh-hans"), causing(BY_RULE):
            case = get_case(case_id)
            if not fits(read_conditions(rule.conditions), values_of(case, told, at=at)):
                return RunOutcome.NO_MATCH, ""
            steps = read_steps(rule.steps)
            run_steps(case_no=case.case_no, steps=steps, by=SYSTEM_VIEWER, at=at, name=rule.name)
            return RunOutcome.DONE, ""
    except Refusal as refusal:
        return RunOutcome.REFUSED, why(refusal)[:500]
    except Broken as broken:
        return RunOutcome.BROKEN, str(broken)[:500]
    except Exception as error:  # the edge of a job: one rule that fails must not hold up the others
        log.exception("rule failed", extra={"rule": rule.pk})
        return RunOutcome.BROKEN, type(error).__name__


def _note_health(rule: Rule, outcome: RunOutcome, says: str, at: datetime) -> None:
    """A rule that breaks is told of once; one that works again is well."""
    mine = Rule.objects.filter(pk=rule.pk)
    if outcome != RunOutcome.BROKEN:
        if rule.broken_at is not None:
            mine.update(broken_at=None, broken_says="")
    elif mine.filter(broken_at__isnull=True).update(broken_at=at, broken_says=says):
        announce(RuleBroke(rule_id=rule.pk, rule_name=rule.name, says=says, at=at))
