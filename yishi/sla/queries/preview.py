"""A policy tried on cases that are over: which it would have promised, and how those would have gone."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.sla.models.clocks import SlaClock, SlaPause
from yishi.sla.queries.policies import current_shelf, matters_of
from yishi.sla.rules.clocks import Pause, replay
from yishi.sla.rules.policies import Policy, choose

MOST_CLOCKS = 500
DAYS = 60


@dataclass(frozen=True, kw_only=True)
class Preview:
    """Of `looked` ended promises of this kind `covered` would have been this policy's: kept and broken, then
    and in truth."""

    looked: int
    covered: int
    kept: int
    broken: int
    kept_really: int
    broken_really: int


def preview(*, viewer: Viewer, policy: Policy, replaces_id: int | None, at: datetime) -> Preview:
    """The newest ended promises of the last 60 days under this policy, as if it had always been.

    Its dates are left out: they lie ahead, the cases behind. Raises NotAllowed.
    """
    require(viewer, Permission.POLICY_MANAGE)
    known = current_shelf()
    draft = replace(policy, id=2**62, valid_from=None, valid_until=None)
    others = [p for p in known.policies.get(policy.kind, ()) if p.id != replaces_id]
    clocks = list(
        SlaClock.objects.filter(
            subject_kind="CASE", kind=policy.kind, met_at__isnull=False, started_at__gte=at - timedelta(DAYS)
        ).order_by("-id")[:MOST_CLOCKS]
    )
    matters = matters_of(replace(known, has_types=True), {clock.subject_id for clock in clocks})
    pauses = _pauses(clocks)
    kept = covered = kept_really = 0
    for clock in clocks:
        given_at = clock.given_at or clock.started_at
        matter = matters[clock.subject_id]
        if choose([*others, draft], matter, kind=policy.kind, at=given_at) is not draft:
            continue
        _, calendar = known.hours(policy, matter.outlet_id)
        due_at = replay(given_at, policy.within, calendar, pauses.get(clock.pk, [])).due_at
        covered += 1
        kept += clock.met_at is not None and clock.met_at <= due_at
        kept_really += clock.breached_at is None
    return Preview(
        looked=len(clocks),
        covered=covered,
        kept=kept,
        broken=covered - kept,
        kept_really=kept_really,
        broken_really=covered - kept_really,
    )


def _pauses(clocks: list[SlaClock]) -> dict[int, list[Pause]]:
    found: dict[int, list[Pause]] = {}
    rows = SlaPause.objects.filter(clock__in=clocks, until_at__isnull=False).order_by("from_at", "id")
    for row in rows:
        if row.until_at is not None:
            found.setdefault(row.clock_id, []).append(Pause(row.from_at, row.until_at))
    return found
