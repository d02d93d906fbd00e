"""Why a case has the limits it has: policy, hours, law, and every wait; for the page of the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from yishi.sla.models.clocks import SlaClock, SlaPause
from yishi.sla.models.policies import SlaPolicy
from yishi.sla.queries.clocks import KINDS
from yishi.sla.queries.policies import current_shelf, limit_from, policy_of
from yishi.sla.rules.law import COMPLAINT_ANSWER, Limit, limit_of
from yishi.sla.rules.policies import Policy


@dataclass(frozen=True, kw_only=True)
class Wait:
    """One rest of a promise; `until_at` None: it rests now, until `limit_at` at the longest."""

    status: str
    reason: str
    from_at: datetime
    until_at: datetime | None
    limit_at: datetime
    ended_why: str


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One promise of a case with what set it; `law` is the citation that holds at the outlet's place."""

    kind: str
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    breached_at: datetime | None
    paused_at: datetime | None
    changed_at: datetime | None
    policy: Policy | None
    outlet_name: str
    region_name: str
    is_in_hours: bool
    law: Limit | None
    waits: tuple[Wait, ...]


def reasons_of_case(case_id: int, *, province: str) -> list[Reason]:
    """The newest promise of each kind that did not fall away, the earliest due first."""
    rows = SlaClock.objects.select_related("law").filter(
        subject_id=case_id, subject_kind="CASE", stopped_at__isnull=True
    )
    newest = {row.kind: row for row in rows.order_by("id")}
    policies = {
        row.pk: row
        for row in SlaPolicy.objects.select_related("outlet", "region").filter(
            pk__in=[row.policy_id for row in newest.values() if row.policy_id]
        )
    }
    waits: dict[int, list[Wait]] = {}
    for pause in SlaPause.objects.filter(clock__in=newest.values()).order_by("from_at", "id"):
        waits.setdefault(pause.clock_id, []).append(_wait(pause))
    told = [
        _reason(row, policies.get(row.policy_id or 0), waits.get(row.pk, []), province)
        for row in newest.values()
    ]
    return sorted(told, key=lambda one: one.due_at)


def promises_in(reasons: Sequence[Reason]) -> list[Reason]:
    """Those that the page of a case counts down, in the order of `clocks_of_case`."""
    of = {one.kind: one for one in reasons}
    return [of[kind] for kind in KINDS if kind in of]


def limit_here(key: str, *, province: str, at: datetime) -> Limit | None:
    """The limit that holds at a place on a day, for pages."""
    return current_shelf().limit(key, province=province, at=at)


def _wait(row: SlaPause) -> Wait:
    return Wait(
        status=row.status,
        reason=row.reason,
        from_at=row.from_at,
        until_at=row.until_at,
        limit_at=row.limit_at,
        ended_why=row.ended_why,
    )


def _reason(row: SlaClock, policy: SlaPolicy | None, waits: list[Wait], province: str) -> Reason:
    return Reason(
        kind=row.kind,
        started_at=row.started_at,
        due_at=row.due_at,
        met_at=row.met_at,
        breached_at=row.breached_at,
        paused_at=row.paused_at,
        changed_at=row.changed_at,
        policy=policy_of(policy) if policy else None,
        outlet_name=policy.outlet.name if policy and policy.outlet else "",
        region_name=policy.region.name if policy and policy.region else "",
        is_in_hours=row.calendar_id is not None,
        law=_law(row, province),
        waits=tuple(waits),
    )


def _law(row: SlaClock, province: str) -> Limit | None:
    """The law that set it; where a province says the same in its own words, the province's."""
    if row.law is None:
        return None
    own = limit_from(row.law)
    if own.key != COMPLAINT_ANSWER or not province:
        return own
    on = row.started_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    here = limit_of(current_shelf().limits, key=own.key, province=province, on=on)
    return here if here is not None and here.within == own.within else own
