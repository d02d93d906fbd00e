"""Notices in waves: at the peak not all hear at once that their parcel is here. Pure; local times."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

EVERY = timedelta(minutes=10)
MOST_AHEAD = timedelta(hours=6)
"""Nobody is kept in the dark for longer, however many parcels came; the hours of quiet are not counted."""
Quiet = tuple[time, time]
NEVER: Quiet = (time(0), time(0))


@dataclass(frozen=True)
class Wave:
    """The newest wave: when it began, and how many notices it holds."""

    begun_at: datetime
    sent: int


def next_slot(*, at: datetime, wave: Wave | None, size: int, quiet: Quiet = NEVER) -> tuple[datetime, Wave]:
    """When the next notice may go, and its wave. What comes at night goes in waves from the morning on, not
    all at its first minute."""
    first = after_quiet(at, quiet)
    if wave is None or wave.begun_at + EVERY <= first:
        return first, Wave(first, 1)
    if wave.sent < size:
        return max(wave.begun_at, first), Wave(wave.begun_at, wave.sent + 1)
    following, latest = after_quiet(wave.begun_at + EVERY, quiet), latest_at(at, quiet)
    return (following, Wave(following, 1)) if following <= latest else (latest, wave)


def after_quiet(moment: datetime, quiet: Quiet) -> datetime:
    """The moment itself, or when the quiet hours end in which it lies."""
    begin, end = quiet
    said = moment.timetz().replace(tzinfo=None)
    is_quiet = begin <= said < end if begin <= end else said >= begin or said < end
    if not is_quiet:
        return moment
    day = moment.date() + timedelta(days=begin > end and said >= begin)
    return datetime.combine(day, end, moment.tzinfo)


def latest_at(at: datetime, quiet: Quiet) -> datetime:
    """`MOST_AHEAD` later, the hours of quiet not counted."""
    begin, end = quiet
    moment, left = after_quiet(at, quiet), MOST_AHEAD
    while begin != end:
        hushed = datetime.combine(moment.date(), begin, moment.tzinfo)
        hushed += timedelta(days=hushed < moment)
        if moment + left < hushed:
            break
        left -= hushed - moment
        moment = after_quiet(hushed, quiet)
    return moment + left
