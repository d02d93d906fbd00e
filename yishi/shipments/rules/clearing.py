"""The evening's clearing list: which parcels of an outlet should have moved on by now. Pure.

A parcel stands in at most one list; how long is too long are the operator's hours (`YISHI_CLEARING_HOURS`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from yishi.shipments.rules.milestones import Milestone

GIVEN_UP = timedelta(days=30)
"""After so long a silence a parcel is no evening's work any more: it is being searched for, or paid."""


class Overdue(StrEnum):
    """What a parcel waits for: 有到未派, 有派未签, 有发未到, 滞留."""

    ARRIVED_NOT_OUT = "ARRIVED_NOT_OUT"
    OUT_NOT_SIGNED = "OUT_NOT_SIGNED"
    SENT_NOT_ARRIVED = "SENT_NOT_ARRIVED"
    HELD = "HELD"


@dataclass(frozen=True)
class Hours:
    """Without a scan for so many hours: arrived, out, sent on; held at the outlet, kept at a pickup point."""

    arrived: int = 6
    out: int = 10
    sent: int = 24
    held: int = 24
    kept: int = 72


@dataclass(frozen=True)
class Window:
    """Parcels of these milestones whose last scan lies after `after` and not after `until`."""

    milestones: tuple[Milestone, ...]
    after: datetime
    until: datetime

    def holds(self, milestone: str, last_event_at: datetime) -> bool:
        return milestone in self.milestones and self.after < last_event_at <= self.until


def windows(at: datetime, hours: Hours) -> Mapping[Overdue, tuple[Window, ...]]:
    """What each list holds as of `at`; exactly the hours is too long. What arrived and is not sent out within
    `held` hours is held: it leaves the first list for the last."""

    def since(count: int) -> datetime:
        return at - timedelta(hours=count)

    first = at - GIVEN_UP
    held = max(since(hours.held), first)
    return {
        Overdue.ARRIVED_NOT_OUT: (Window((Milestone.AT_OUTLET,), held, since(hours.arrived)),),
        Overdue.OUT_NOT_SIGNED: (
            Window((Milestone.OUT_FOR_DELIVERY, Milestone.DELIVERY_FAILED), first, since(hours.out)),
        ),
        Overdue.SENT_NOT_ARRIVED: (Window((Milestone.IN_TRANSIT,), first, since(hours.sent)),),
        Overdue.HELD: (
            Window((Milestone.AT_OUTLET, Milestone.RETURNING), first, since(hours.held)),
            Window((Milestone.AT_PICKUP_POINT,), first, since(hours.kept)),
        ),
    }


def overdue_as(
    milestone: str, last_event_at: datetime | None, *, at: datetime, hours: Hours
) -> Overdue | None:
    """The list that this parcel stands in, if any."""
    if last_event_at is None:
        return None
    found = windows(at, hours).items()
    return next(
        (name for name, parts in found if any(p.holds(milestone, last_event_at) for p in parts)), None
    )
