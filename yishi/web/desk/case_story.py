"""A case told for staff: what is the matter, who has it and why, its clocks, its history. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from yishi.cases.queries.cards import CaseCard
from yishi.cases.queries.history import TimelineLine
from yishi.cases.queries.words.findings import PARTIES, cause_word
from yishi.cases.rules.status import CLOSE_AFTER, Status
from yishi.sla.queries.reasons import Reason
from yishi.web.desk.choices import REMEDIES, VALIDITIES
from yishi.web.desk.rows import first_words
from yishi.web.shared import times, words

Text = str | Promise
MAX_SAID = 200


@dataclass(frozen=True)
class Dial:
    """One promise as the page shows it."""

    kind: str
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    paused_at: datetime | None
    due_words: str


@dataclass(frozen=True)
class Story:
    headline: Text
    said: str
    owner: str
    routed: str
    repeat: str
    clocks: list[Dial]
    next_clock: Dial | None
    closing: str
    timeline: list[TimelineLine]
    finding: words.Sign | None
    finding_facts: list[tuple[str, Text]]
    reply_reach: str
    words: Mapping[str, str]


def story_of(
    case: CaseCard, lines: Sequence[TimelineLine], clocks: Sequence[Reason], *, at: datetime
) -> Story:
    """The page of one case, seen at `at`; the newest line of its history comes first."""
    dials = _dials(clocks, at)
    open_dials = [dial for dial in dials if dial.met_at is None]
    running = [dial for dial in open_dials if dial.paused_at is None]
    return Story(
        headline=words.CATEGORIES.get(case.category, case.category),
        said=first_words(case.text, at_most=MAX_SAID),
        owner=_owner(case),
        routed=_why_here(lines),
        repeat=next((line.text for line in lines if line.kind == "REPEAT"), ""),
        clocks=dials,
        next_clock=min(running or open_dials, key=lambda dial: dial.due_at, default=None),
        closing=_closing(case, at),
        timeline=_without_echoes(lines),
        finding=_finding(case),
        finding_facts=_finding_facts(case),
        reply_reach=_reach(case),
        words={
            "internal": _("内部"),
            "head_office": _("只有总部"),
            "regulator": _("邮政申诉中"),
            "arbitration": _("仲裁中"),
            "verified": _("手机号已验证"),
            "unverified": _("未验证"),
        },
    )


def _owner(case: CaseCard) -> str:
    place = case.outlet_name or _("总部")
    if case.assignee_name:
        return _("%(place)s %(name)s 负责") % {"place": place, "name": case.assignee_name}
    return _("%s，还没人接") % place


def _why_here(lines: Sequence[TimelineLine]) -> str:
    """Why the case stands where it stands: the last routing or hand-over, as it was reasoned inside."""
    reasons = [line.text for line in lines if line.is_internal and line.kind in {"ROUTED", "ASSIGNED"}]
    return reasons[-1] if reasons else ""


def _without_echoes(lines: Sequence[TimelineLine]) -> list[TimelineLine]:
    """Newest first. What was said inside with its reason is not shown a second time as the public saw it."""
    inside = {(line.kind, line.at) for line in lines if line.is_internal}
    return [line for line in reversed(lines) if line.is_internal or (line.kind, line.at) not in inside]


def _reach(case: CaseCard) -> str:
    """Where the reply goes, so that nobody believes more was sent than was."""
    if case.contact_id is None:
        return _("没有留联系方式：只显示在顾客的进度页。")
    return _("会发通知，也显示在顾客的进度页。")


def _closing(case: CaseCard, at: datetime) -> str:
    """When a settled case ends by itself; '' where it is not waiting for that."""
    if case.status != Status.RESOLVED or case.resolved_at is None:
        return ""
    moment = times.moment_words(case.resolved_at + CLOSE_AFTER, at)
    return _("%s 前没有异议就结案") % moment


def _dials(clocks: Sequence[Reason], at: datetime) -> list[Dial]:
    """Kept promises first, then the one that is due next."""
    return [
        Dial(c.kind, c.started_at, c.due_at, c.met_at, c.paused_at, times.moment_words(c.due_at, at))
        for c in sorted(clocks, key=lambda c: (c.met_at is None, c.due_at))
    ]


def _finding(case: CaseCard) -> words.Sign | None:
    if not case.finding_validity:
        return None
    role = {"VALID": "is-bad", "PARTLY": "is-warn", "INVALID": "is-idle"}[case.finding_validity]
    return words.Sign(VALIDITIES[case.finding_validity], "scales", role)


def _responsible(case: CaseCard) -> str:
    """Which party, and its name in words."""
    said = (PARTIES.get(case.finding_party), case.finding_responsible)
    return " · ".join(str(word) for word in said if word)


def _finding_facts(case: CaseCard) -> list[tuple[str, Text]]:
    said: list[tuple[str, Text]] = [
        (_("办法"), REMEDIES.get(case.remedy, case.remedy)),
        (_("核实为"), words.CATEGORIES.get(case.finding_category, case.finding_category)),
        (_("责任方"), _responsible(case)),
        (_("依据"), case.finding_reason),
        (_("根子"), cause_word(case.root_cause)),
    ]
    return [(word, value) for word, value in said if value]
