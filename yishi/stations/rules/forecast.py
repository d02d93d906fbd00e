"""How many come to a station in an hour: the same hour of the past weeks, newer ones weighing more. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WEEKS = 8
DECAY = 0.8
"""A week weighs four fifths of the one after it: after two months a habit has nearly gone."""
NARROWEST, WIDEST = 0.5, 2.0
"""However many parcels are on the way, an hour is never expected beyond these factors of its own past."""
FEWEST_PARCELS = 20
FEWEST_PAIRS = 10
_SPREAD = 1.28


@dataclass(frozen=True)
class HourForecast:
    """Visits expected in an hour, four times of five between `low` and `high`; from so many weeks."""

    visits: float
    low: float
    high: float
    weeks: int


def forecast_hour(past: Iterable[tuple[int, int]], *, factor: float = 1.0) -> HourForecast | None:
    """From (weeks ago, visits) of the same hour; None where no week is known. `factor` holds parcels on the
    way and feasts. The range has the spread between weeks and that of chance (Poisson) in it."""
    known = [(DECAY ** (ago - 1), visits) for ago, visits in past if 1 <= ago <= WEEKS]
    if not known:
        return None
    whole = sum(weight for weight, _visits in known)
    mean = sum(weight * visits for weight, visits in known) / whole
    between = sum(weight * (visits - mean) ** 2 for weight, visits in known) / whole
    wide = _SPREAD * math.sqrt(between + mean)
    return HourForecast(mean * factor, max(0.0, mean - wide) * factor, (mean + wide) * factor, len(known))


def parcel_factor(*, coming: float, usual: float) -> float:
    """How much fuller the day is by its parcels; 1 where too few are usual to tell."""
    if usual < FEWEST_PARCELS:
        return 1.0
    return min(WIDEST, max(NARROWEST, coming / usual))


def mean_error(pairs: Sequence[tuple[float, int]]) -> float | None:
    """MAPE of (forecast, visits) over the hours in which somebody came; None below ten such hours."""
    told = [abs(forecast - visits) / visits for forecast, visits in pairs if visits > 0]
    return sum(told) / len(told) if len(told) >= FEWEST_PAIRS else None
