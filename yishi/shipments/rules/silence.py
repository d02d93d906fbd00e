"""The 24-hour obligation: from dispatch until it is handed over, a parcel is scanned every 24 hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from yishi.shipments.rules.milestones import MILESTONE_OF, Milestone

WITHIN = timedelta(hours=24)
_JUST_AFTER = WITHIN + timedelta(seconds=1)
GIVEN_UP = timedelta(days=30)
"""After so long a silence nobody waits for the next scan; the break stays open."""

_BEFORE = {Milestone.CREATED, Milestone.UNKNOWN}
_OVER = {
    Milestone.DELIVERED, Milestone.AT_PICKUP_POINT, Milestone.RETURNED, Milestone.CANCELLED, Milestone.LOST,
}  # fmt: skip
# what others conclude from silence is no scan of the parcel
_NO_SCAN = {"stalled", "no_info", "pickup_overdue"}


@dataclass(frozen=True)
class Seen:
    """One scan, and where: the carrier's code of the outlet, and the city."""

    at: datetime
    kind: str
    city: str = ""
    outlet: str = ""


@dataclass(frozen=True)
class Silence:
    """More than 24 hours without a scan, after `since`; `until` is None while it lasts."""

    since: Seen
    until: datetime | None


@dataclass(frozen=True)
class Duty:
    """The obligation for one parcel: when it ran, where it was broken, when to look again (None = never)."""

    began: Seen
    ended_at: datetime | None
    silences: tuple[Silence, ...]
    due_at: datetime | None


def duty_of(seen: Sequence[Seen], at: datetime) -> Duty | None:
    """What the scans, oldest first, say as of `at`; None before dispatch. Exactly 24 hours keep it."""
    scans = [scan for scan in seen if scan.kind not in _NO_SCAN]
    first = next((i for i, scan in enumerate(scans) if _milestone(scan) not in _BEFORE), None)
    if first is None:
        return None
    last = next((i for i, scan in enumerate(scans) if i >= first and _milestone(scan) in _OVER), None)
    running = scans[first:] if last is None else scans[first : last + 1]
    silences = [
        Silence(one, next_one.at) for one, next_one in pairwise(running) if next_one.at - one.at > WITHIN
    ]
    if last is not None:
        return Duty(scans[first], scans[last].at, tuple(silences), None)
    quiet_for = at - running[-1].at
    if quiet_for <= WITHIN:
        return Duty(scans[first], None, tuple(silences), running[-1].at + _JUST_AFTER)
    silences.append(Silence(running[-1], None))
    return Duty(scans[first], None, tuple(silences), at + WITHIN if quiet_for < GIVEN_UP else None)


def _milestone(scan: Seen) -> Milestone:
    """Notes and judgements stand for nothing: they neither begin nor end a parcel's way."""
    return Milestone(MILESTONE_OF.get(scan.kind, Milestone.UNKNOWN))
