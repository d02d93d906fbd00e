"""Work of stations that is due: what each finds in the morning, and parcels that nobody fetches."""

from datetime import datetime

from yishi.stations.actions.ladder import take_due_steps
from yishi.stations.actions.mornings import note_mornings


def keep_mornings(*, at: datetime) -> int:
    """Every hour: the stations that open now; how many."""
    return note_mornings(at=at)


def sweep_ladder(*, at: datetime, limit: int = 200) -> int:
    """Takes up to `limit` steps of ladders whose moment has come; returns how many."""
    return take_due_steps(at=at, limit=limit)
