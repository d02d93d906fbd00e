"""Rules and their looks, for those who keep them; and what a rule may know of a case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Q

from yishi.automation.models.automations import Rule, RuleRun, RuleState, RunOutcome
from yishi.automation.rules.conditions import Condition, Value, read_conditions
from yishi.automation.rules.steps import Step, read_steps
from yishi.cases.models.case import Case
from yishi.cases.queries.cards import CaseCard, read_all
from yishi.kit.errors import NotFound
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

_LATELY = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class RuleCard:
    """One version of a rule; the counts are of the last seven days."""

    id: int
    key: UUID
    version: int
    name: str
    trigger: str
    conditions: tuple[Condition, ...]
    steps: tuple[Step, ...]
    place: int
    is_last: bool
    state: str
    made_by: str
    made_at: datetime
    tried_at: datetime | None
    live_by: str
    live_at: datetime | None
    ended_at: datetime | None
    broken_at: datetime | None
    broken_says: str
    looks: int = 0
    done: int = 0
    refused: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True)
class RunCard:
    case_no: str
    fact: str
    outcome: str
    says: str
    at: datetime


def is_any_rule_live() -> bool:
    """Whether any rule looks at what happens."""
    return Rule.objects.filter(state=RuleState.LIVE).exists()


def card_of(rule: Rule) -> RuleCard:
    return RuleCard(
        id=rule.pk,
        key=rule.key,
        version=rule.version,
        name=rule.name,
        trigger=rule.trigger,
        conditions=read_conditions(rule.conditions),
        steps=read_steps(rule.steps),
        place=rule.place,
        is_last=rule.is_last,
        state=rule.state,
        made_by=rule.made_by,
        made_at=rule.made_at,
        tried_at=rule.tried_at,
        live_by=rule.live_by,
        live_at=rule.live_at,
        ended_at=rule.ended_at,
        broken_at=rule.broken_at,
        broken_says=rule.broken_says,
        looks=getattr(rule, "looks", 0),
        done=getattr(rule, "done", 0),
        refused=getattr(rule, "refused", 0),
        last_at=getattr(rule, "last_at", None),
    )


def list_rules(*, viewer: Viewer, at: datetime) -> list[RuleCard]:
    """Live rules and drafts in the order in which they look, then what was ended. Needs POLICY_MANAGE."""
    require(viewer, Permission.POLICY_MANAGE)
    lately = Q(runs__at__gt=at - _LATELY)
    rows = Rule.objects.annotate(
        looks=Count("runs", filter=lately),
        done=Count("runs", filter=lately & Q(runs__outcome=RunOutcome.DONE)),
        refused=Count("runs", filter=lately & Q(runs__outcome__in=[RunOutcome.REFUSED, RunOutcome.BROKEN])),
        last_at=Max("runs__at"),
    )
    order = {RuleState.LIVE: 0, RuleState.DRAFT: 1, RuleState.ENDED: 2}
    newest = rows.order_by("key", "-version")
    return sorted((card_of(row) for row in newest), key=lambda c: (order[RuleState(c.state)], c.place, c.id))


def get_rule(*, viewer: Viewer, rule_id: int) -> RuleCard:
    """Raises NotFound. Needs POLICY_MANAGE."""
    require(viewer, Permission.POLICY_MANAGE)
    rule = Rule.objects.filter(pk=rule_id).first()
    if rule is None:
        raise NotFound()
    return card_of(rule)


def list_versions(*, viewer: Viewer, key: UUID) -> list[RuleCard]:
    """Every version of a rule, the newest first: who changed what. Needs POLICY_MANAGE."""
    require(viewer, Permission.POLICY_MANAGE)
    return [card_of(rule) for rule in Rule.objects.filter(key=key).order_by("-version")]


def list_runs(*, viewer: Viewer, rule_id: int, limit: int = 50) -> list[RunCard]:
    """The latest looks of a rule. Needs POLICY_MANAGE."""
    require(viewer, Permission.POLICY_MANAGE)
    rows = RuleRun.objects.filter(rule_id=rule_id).select_related("case").order_by("-at", "-pk")[:limit]
    return [RunCard(r.case.case_no, r.fact, r.outcome, r.says, r.at) for r in rows]


def count_broken() -> int:
    """How many live rules are broken."""
    return Rule.objects.filter(state=RuleState.LIVE, broken_at__isnull=False).count()


def recent_cases(limit: int) -> list[CaseCard]:
    """The newest cases, as they are now: what a rule is tried on."""
    return read_all(Case.objects.order_by("-pk")[:limit], CaseCard)


def values_of(case: CaseCard, told: Mapping[str, Value], *, at: datetime) -> dict[str, Value]:
    """What a rule may ask about a case, and what the fact told besides."""
    return {
        "category": case.category,
        "case_class": case.case_class,
        "status": case.status,
        "source": case.source,
        "outlet": case.outlet_code or "HQ",
        "carrier": case.carrier,
        "entry_point": case.entry_point,
        "language": case.language,
        "priority": case.priority,
        "repeats_in_3_days": case.repeats_in_3_days,
        "repeats_in_30_days": case.repeats_in_30_days,
        "open_h": max(0, int((at - case.opened_at).total_seconds()) // 3600),
        "is_repeat": case.is_repeat,
        "is_verified": case.is_verified,
        "has_person": case.assignee_id is not None,
        "is_before_regulator": case.is_before_regulator,
        "is_in_arbitration": case.is_in_arbitration,
        "text": case.text,
        **told,
    }
