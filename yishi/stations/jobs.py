"""Periodic work of the stations: what each finds in the morning."""

from datetime import datetime

from yishi.stations.actions.mornings import note_mornings


def keep_mornings(*, at: datetime) -> int:
    """Every hour: the stations that open now; how many."""
    return note_mornings(at=at)
