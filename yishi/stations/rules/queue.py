"""Who is next at a station's counter, and how long it takes until one is. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FEWEST = 5
"""Fewer measured services than this say nothing about how long the next one takes."""
SHORTEST_S, LONGEST_S = 5, 1800
"""A ticket called and ended faster was pressed away; one that took longer was forgotten at the counter."""
LONGEST_MIN = 60
_SPREAD = 1.28
"""Four of five waits lie within so many standard deviations."""


@dataclass(frozen=True)
class Place:
    """One who waits: his number of the day, and whether he goes first because of our mistake."""

    number: int
    is_first: bool = False


def in_order(places: Iterable[Place]) -> list[Place]:
    """Who is called when: those whom we failed before, then by number."""
    return sorted(places, key=lambda place: (not place.is_first, place.number))


def before(places: Iterable[Place], number: int) -> int:
    """How many are called before this number; 0 for the next and for one who does not wait."""
    numbers = [place.number for place in in_order(places)]
    return numbers.index(number) if number in numbers else 0


def ticket_no(number: int) -> str:
    """A001 … A999, B001 …: short enough to read from five metres."""
    letter, rest = divmod(max(number, 1) - 1, 999)
    return f"{chr(ord('A') + letter % 26)}{rest + 1:03}"


@dataclass(frozen=True)
class Expected:
    """Between how many minutes somebody waits, four times of five. Both 0 = is called now."""

    low_min: int
    high_min: int

    @property
    def is_now(self) -> bool:
        return self.high_min == 0

    @property
    def is_long(self) -> bool:
        """Beyond an hour nobody can say."""
        return self.high_min > LONGEST_MIN


def fit_to_measure(seconds: Iterable[float]) -> list[float]:
    """The services that tell something: neither pressed away nor forgotten."""
    return [one for one in seconds if SHORTEST_S <= one <= LONGEST_S]


def expected_wait(
    *, ahead: int, counters: int, busy: int, last_hour: Sequence[float], weeks: Sequence[float]
) -> Expected | None:
    """How long one waits with `ahead` before him at so many open counters, `busy` of them serving.

    `last_hour` and `weeks` are measured seconds of services of the last hour and of this hour of past weeks:
    the first that are enough count. None where no counter is open or nothing is known: then nothing is
    promised. With all counters busy the wait is the time of `ahead` + 1 ends of a service.
    """
    if counters < 1:
        return None
    free = max(0, counters - busy)
    if ahead < free:
        return Expected(0, 0)
    measured = next((fit for each in (last_hour, weeks) if len(fit := fit_to_measure(each)) >= FEWEST), None)
    if measured is None:
        return None
    mean = sum(measured) / len(measured)
    spread = math.sqrt(sum((one - mean) ** 2 for one in measured) / (len(measured) - 1))
    ends = ahead - free + 1
    wait, wide = ends * mean / counters, _SPREAD * math.sqrt(ends) * spread / counters
    low, high = math.floor(max(0.0, wait - wide) / 60), math.ceil((wait + wide) / 60)
    return Expected(low, max(high, 1))


def middle_and_late(waits: Sequence[float]) -> tuple[float, float] | None:
    """Median and 90th percentile by the nearest rank; None where nothing was measured."""
    if not waits:
        return None
    ordered = sorted(waits)
    return tuple(ordered[math.ceil(part * len(ordered)) - 1] for part in (0.5, 0.9))  # type: ignore[return-value]
