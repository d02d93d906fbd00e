"""Who hears of a broken promise, in which order, and how long each has. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Who(StrEnum):
    """Whom a level means; an outlet's people first, then those above it."""

    ON_DUTY = "ON_DUTY"
    OUTLET_MANAGER = "OUTLET_MANAGER"
    REGION = "REGION"
    HEAD_OFFICE = "HEAD_OFFICE"
    OWNER = "OWNER"


@dataclass(frozen=True)
class Step:
    """One level of the chain; `within` None = as long as the policy says."""

    level: int
    who: str
    within: timedelta | None = None
    respects_hours: bool = True


def after(chain: Iterable[Step], level: int) -> tuple[Step, ...]:
    """The levels above this one, the lowest first."""
    return tuple(sorted((step for step in chain if step.level > level), key=lambda step: step.level))


def ends_at(step: Step, *, since: datetime, policy_within: timedelta, is_last: bool) -> datetime | None:
    """Until when this level has it for itself; the last one keeps it."""
    if is_last:
        return None
    return since + (policy_within if step.within is None else step.within)


@dataclass(frozen=True)
class Hours:
    """When a person works, on a weekday, a date, or every day; `ends` before `starts` is the next morning."""

    starts: time
    ends: time
    weekday: int | None = None
    on: date | None = None


def reachable_at(hours: Iterable[Hours], at: datetime, zone: ZoneInfo) -> datetime:
    """The moment itself when the person works then, else when he next does; without any hours, now."""
    shifts = list(hours)
    if not shifts:
        return at
    local = at.astimezone(zone)
    begins = []
    for days in range(-1, 8):
        day = local.date() + timedelta(days=days)
        for shift in shifts:
            if shift.weekday not in (None, day.weekday()) or shift.on not in (None, day):
                continue
            opens = datetime.combine(day, shift.starts, zone).astimezone(at.tzinfo)
            last = day + timedelta(days=1) if shift.ends <= shift.starts else day
            closes = datetime.combine(last, shift.ends, zone).astimezone(at.tzinfo)
            if closes > at:
                begins.append(max(opens, at))
    return min(begins, default=at)
