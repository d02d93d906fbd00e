"""Where to look for a parcel that is not in its place: what it was probably mistaken for. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from yishi.stations.rules.counting import shelf_of

TOGETHER = timedelta(minutes=5)
"""Booked in so shortly before or after: it lay on the same trolley."""
MOST = 12


class Why(StrEnum):
    """What two parcels have in common, the most telling first."""

    SAME_TAIL = "SAME_TAIL"
    SAME_PERSON = "SAME_PERSON"
    SAME_NAME = "SAME_NAME"
    SAME_CODE = "SAME_CODE"
    TOGETHER = "TOGETHER"
    SAME_PLACE = "SAME_PLACE"
    NEXT_LAYER = "NEXT_LAYER"


_WEIGHT = {
    Why.SAME_TAIL: 8,
    Why.SAME_PERSON: 6,
    Why.SAME_NAME: 4,
    Why.SAME_CODE: 4,
    Why.TOGETHER: 3,
    Why.SAME_PLACE: 3,
    Why.NEXT_LAYER: 2,
}


@dataclass(frozen=True, kw_only=True)
class Look:
    """What can be mistaken about a parcel. `person` and `name` are keys of equality, never shown."""

    parcel_id: int
    tail: str
    place: str
    booked_in_at: datetime
    person: bytes = b""
    name: str = ""
    number: str = ""


@dataclass(frozen=True)
class Neighbour:
    parcel_id: int
    whys: tuple[Why, ...]
    score: int


def reasons(lost: Look, other: Look) -> tuple[Why, ...]:
    """In what the two can be mistaken for each other."""
    found = {
        Why.SAME_TAIL: bool(lost.tail) and lost.tail == other.tail,
        Why.SAME_PERSON: bool(lost.person) and lost.person == other.person,
        Why.SAME_NAME: bool(lost.name) and lost.name == other.name and lost.person != other.person,
        Why.SAME_CODE: bool(lost.number) and lost.number == other.number,
        Why.TOGETHER: abs(lost.booked_in_at - other.booked_in_at) <= TOGETHER,
        Why.SAME_PLACE: bool(lost.place) and lost.place == other.place,
        Why.NEXT_LAYER: _is_next(lost.place, other.place),
    }
    return tuple(why for why in Why if found[why])


def neighbours(lost: Look, others: Iterable[Look]) -> list[Neighbour]:
    """The parcels to look behind first, the likeliest first; one that shares nothing is left out."""
    found = []
    for other in others:
        whys = () if other.parcel_id == lost.parcel_id else reasons(lost, other)
        if whys:
            found.append(Neighbour(other.parcel_id, whys, sum(_WEIGHT[why] for why in whys)))
    return sorted(found, key=lambda one: (-one.score, one.parcel_id))[:MOST]


def _is_next(place: str, other: str) -> bool:
    """One layer above or below on the same shelf."""
    if not place or not other or shelf_of(place) != shelf_of(other):
        return False
    layers = [one.rpartition("-")[2] for one in (place, other)]
    return all(layer.isdigit() for layer in layers) and abs(int(layers[0]) - int(layers[1])) == 1


@dataclass(frozen=True, kw_only=True)
class Given:
    """A parcel that was given away near the one that was taken wrongly."""

    parcel_id: int
    place: str
    tail: str
    at: datetime


TAKEN_WITHIN = timedelta(hours=2)


def takers(missed: Given, given: Iterable[Given]) -> list[tuple[int, int]]:
    """Who may have it by mistake: parcels given away within two hours, by score; time, shelf and tail count.

    A person who was at the counter in the same five minutes, or whose parcel stood on the same layer, or has
    the same last digits, comes first."""
    scored = []
    for one in given:
        apart = abs(one.at - missed.at)
        if one.parcel_id == missed.parcel_id or apart > TAKEN_WITHIN:
            continue
        score = max(1, 6 - int(apart.total_seconds() // 300))
        score += 5 * (bool(missed.place) and one.place == missed.place)
        score += 2 * _is_next(missed.place, one.place)
        score += 5 * (bool(missed.tail) and one.tail == missed.tail)
        scored.append((one.parcel_id, score))
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:MOST]
