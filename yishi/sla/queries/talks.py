"""Promises of conversations as pages show them, and when an outlet is there to answer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from yishi.kit.calendar import add_within, next_opening
from yishi.sla.models.clocks import SlaClock
from yishi.sla.queries.clocks import ClockCard, card_of
from yishi.sla.queries.policies import current_shelf


def clocks_of_talks(ids: Collection[int], *, subject_kind: str = "CONVERSATION") -> dict[int, ClockCard]:
    """The running promise of each of these, in one statement; who waits for nothing is not in it."""
    rows = SlaClock.objects.filter(
        subject_kind=subject_kind,
        subject_id__in=list(ids),
        met_at__isnull=True,
        stopped_at__isnull=True,
    )
    return {row.subject_id: card_of(row) for row in rows}


@dataclass(frozen=True)
class Hours:
    """Whether somebody is there at this moment, and when again; equal moments: now."""

    is_open: bool
    opens_at: datetime


def due_within(outlet_id: int | None, since: datetime, within: timedelta) -> datetime:
    """When so much of the outlet's service time has passed."""
    _calendar_id, calendar = current_shelf().hours_of(outlet_id)
    return add_within(since, within, calendar)


def hours_of(outlet_id: int | None, at: datetime) -> Hours:
    """By the service hours of an outlet, else of the operator; without any, always."""
    _calendar_id, calendar = current_shelf().hours_of(outlet_id)
    opens_at = next_opening(at, calendar)
    return Hours(opens_at <= at, opens_at)
