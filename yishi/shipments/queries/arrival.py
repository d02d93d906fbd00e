"""When parcels that are out today will be there, for messages and pages; two statements however many."""

from collections.abc import Sequence
from datetime import datetime

from yishi.shipments.models.ahead import SigningHours
from yishi.shipments.models.promises import LaneTime
from yishi.shipments.queries.eta import zone
from yishi.shipments.rules.arrival import (
    USUAL,
    Learned,
    Round,
    Window,
    keys_of_round,
    window_next_day,
    window_today,
)
from yishi.shipments.rules.eta import Hours


def windows_of(rounds: Sequence[Round], *, at: datetime) -> list[Window]:
    """The window of each, in their order: today's, or tomorrow's where it will hardly come today."""
    hours, known = _hours(), _learned(rounds)
    said = []
    for one in rounds:
        learned = next((known[key] for key in reversed(keys_of_round(one)) if key in known), None)
        today = window_today(learned, hours, at=at, zone=zone())
        said.append(today or window_next_day(learned, hours, at=at, zone=zone()))
    return said


def _learned(rounds: Sequence[Round]) -> dict[str, Learned]:
    keys = {key for one in rounds for key in keys_of_round(one)}
    rows = SigningHours.objects.filter(pk__in=keys).values_list("key", "minutes", "stretch")
    return {key: (list(minutes), stretch) for key, minutes, stretch in rows}


def _hours() -> Hours:
    """Between which minutes parcels arrive here at all, as the night learned it; the usual ones before."""
    row = LaneTime.objects.values_list("opens", "closes").first()
    if row is None or tuple(row) == (0, 1440):
        return USUAL
    return Hours(max(row[0], 6 * 60), row[1])
