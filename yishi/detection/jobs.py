"""Periodic work of detection: parcels whose time has come, and couriers' habits every night."""

from datetime import datetime

from yishi.detection.actions.events import spread_event
from yishi.detection.actions.inspect import inspect_due
from yishi.detection.actions.signs import reckon_habits


def sweep_inspections(*, at: datetime, limit: int = 500) -> int:
    """Looks at up to `limit` parcels that moved or are due; how many."""
    return inspect_due(at=at, limit=limit)


def learn_habits(*, at: datetime) -> int:
    """What was usual for each courier lately; how many couriers."""
    return reckon_habits(at=at)


def sweep_events(*, at: datetime, limit: int = 1) -> int:
    """Looks for the parcels of declared events, `limit` slices; how many parcels."""
    return sum(spread_event(at=at) for _slice in range(limit))
