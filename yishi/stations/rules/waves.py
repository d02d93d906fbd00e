"""Notices in waves: at the peak not all hear at once that their parcel is here. Pure."""

from datetime import datetime, timedelta

EVERY = timedelta(minutes=10)
MOST_AHEAD = timedelta(hours=6)
"""Nobody is kept in the dark for longer, however many parcels came."""


def next_slot(*, at: datetime, wave_at: datetime | None, sent: int, size: int) -> tuple[datetime, int]:
    """When the next notice may go and how many its wave then holds; `wave_at` is the newest wave begun."""
    if wave_at is None or wave_at + EVERY <= at:
        return at, 1
    if sent < size:
        return max(wave_at, at), sent + 1
    following = wave_at + EVERY
    return (following, 1) if following <= at + MOST_AHEAD else (at + MOST_AHEAD, sent + 1)
