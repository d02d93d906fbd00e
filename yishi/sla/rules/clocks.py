"""The arithmetic of promises: when due, when to warn, what a pause does, what must be done now. Pure.

A promise kept exactly at its deadline is kept. Times are moments in UTC; service hours come as a calendar.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from yishi.kit.calendar import WorkCalendar, add_within, elapsed_within, next_opening

HALF, MOST = 50, 80
# a broken promise is acted on just after its last moment, which still counts
TICK = timedelta(microseconds=1)
UPDATE_AFTER_BREACH = timedelta(hours=2)


MASS_EVENT = "MASS_EVENT"
"""For what a promise rests while a declared event holds its parcel up."""
RESTS_FOR_EVENT = frozenset({"RESOLUTION"})
"""A storm keeps parcels from moving, and nobody from answering: first answers and news stay promised."""


def may_rest(
    *, kind: str, is_law: bool, is_broken: bool, is_paused: bool, due_at: datetime, at: datetime
) -> bool:
    """Whether an event prolongs this promise: ours, not the law's or a source's, and not yet broken."""
    return kind in RESTS_FOR_EVENT and not (is_law or is_broken or is_paused) and at <= due_at


class Outcome(StrEnum):
    RUNNING = "RUNNING"
    MET = "MET"
    BREACHED = "BREACHED"


class Deed(StrEnum):
    """What a clock asks for at a moment."""

    NOTHING = "NOTHING"
    WARN_HALF = "WARN_HALF"
    WARN_MOST = "WARN_MOST"
    BREACH = "BREACH"
    ESCALATE = "ESCALATE"
    END_PAUSE = "END_PAUSE"


@dataclass(frozen=True)
class Marks:
    """The moments of a promise: half of its time gone, four fifths gone, due."""

    started_at: datetime
    half_at: datetime
    most_at: datetime
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class State:
    """What a clock's next step depends on."""

    half_at: datetime
    most_at: datetime
    due_at: datetime
    warned_share: int = 0
    breached_at: datetime | None = None
    # once broken: when its level has had its time; None = nobody is above
    act_at: datetime | None = None


@dataclass(frozen=True)
class Pause:
    """A wait that ended."""

    from_at: datetime
    until_at: datetime


def marks(start: datetime, within: timedelta, calendar: WorkCalendar | None) -> Marks:
    """The marks of a promise given at `start`; at night it begins at the next opening (night hand-over)."""
    return Marks(
        next_opening(start, calendar),
        add_within(start, within * HALF / 100, calendar),
        add_within(start, within * MOST / 100, calendar),
        add_within(start, within, calendar),
    )


def outcome(*, met_at: datetime | None, due_at: datetime, at: datetime) -> Outcome:
    """Kept, broken or open. Exactly at the deadline is kept."""
    if met_at is not None:
        return Outcome.MET if met_at <= due_at else Outcome.BREACHED
    return Outcome.RUNNING if at <= due_at else Outcome.BREACHED


def after_pause(
    old: Marks, *, within: timedelta, paused_at: datetime, resumed_at: datetime, calendar: WorkCalendar | None
) -> Marks:
    """The marks after a pause: what was left when it began is left when it ends.

    A promise already broken when the pause began is not mended; a pause that ends before it begins (a
    clock set back) counts as none.
    """
    if paused_at >= old.due_at or resumed_at <= paused_at:
        return old
    left = elapsed_within(paused_at, old.due_at, calendar)

    def mark(share: int, was: datetime) -> datetime:
        until = left - within * (100 - share) / 100
        return add_within(resumed_at, until, calendar) if was > paused_at and until > timedelta(0) else was

    return Marks(
        old.started_at,
        mark(HALF, old.half_at),
        mark(MOST, old.most_at),
        add_within(resumed_at, left, calendar),
    )


def replay(
    given_at: datetime, within: timedelta, calendar: WorkCalendar | None, pauses: Iterable[Pause]
) -> Marks:
    """The marks of a promise given at `given_at` after these pauses, the same however often asked."""
    told = marks(given_at, within, calendar)
    for pause in pauses:
        told = after_pause(
            told, within=within, paused_at=pause.from_at, resumed_at=pause.until_at, calendar=calendar
        )
    return told


def broke_at(due_at: datetime, changed_at: datetime | None) -> datetime:
    """When a promise broke: at its deadline, but never before the change that put that into the past."""
    return due_at if changed_at is None else max(due_at, changed_at)


def pause_ends(limit: timedelta, paused_at: datetime, paused_for: timedelta) -> datetime:
    """When a pause has lasted its limit, earlier pauses of the promise counted in."""
    return paused_at + max(limit - paused_for, timedelta(0))


def next_act(state: State) -> datetime | None:
    """When a running clock must be looked at next; None when all has been done that can be."""
    if state.breached_at is not None:
        return state.act_at
    if state.warned_share < HALF:
        return state.half_at
    return state.most_at if state.warned_share < MOST else state.due_at + TICK


def deed_at(state: State, at: datetime) -> Deed:
    """What a running clock asks for now; after a long sleep only the gravest, never a storm of warnings."""
    if state.breached_at is not None:
        return Deed.ESCALATE if state.act_at is not None and state.act_at <= at else Deed.NOTHING
    if at > state.due_at:
        return Deed.BREACH
    if at >= state.most_at and state.warned_share < MOST:
        return Deed.WARN_MOST
    return Deed.WARN_HALF if at >= state.half_at and state.warned_share < HALF else Deed.NOTHING
