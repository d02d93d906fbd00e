"""How likely a parcel that is out will be complained of: what is known of it, as numbers. Pure.

Never used, whatever was stored: name, sex, age (nor the wish to be called because one is old), phone,
address, city or district of the person. What is used is what happened to the parcel and what was asked for.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from yishi.shipments.rules.special import FRESH, VALUABLE

WITHIN_DAYS = 7
"""A complaint counts when it comes within so many days of the moment that is judged."""
PERSON_DAYS, COURIER_DAYS = 180, 30
"""How far back complaints of the person's parcels, and of the courier's signings, are counted."""
_USUAL_RATE, _USUAL_SIGNED = 0.005, 200.0
_FRAGILE = ("fragile", "易碎", "玻璃", "轻拿")


class Level(StrEnum):
    """How urgent it is; of the parcels that a model was checked on a tenth is HIGH, a fifth is MID."""

    HIGH = "HIGH"
    MID = "MID"
    LOW = "LOW"


class Weather(StrEnum):
    RAIN = "RAIN"
    SNOW = "SNOW"
    STORM = "STORM"
    HEAT = "HEAT"


MOST_SEVERE = 3


@dataclass(slots=True, frozen=True, kw_only=True)
class Known:
    """What was known of one parcel at one moment while it was out.

    `late_hours` is 0 where it is not late or nothing was promised; `complaints_here` are about this parcel,
    `complaints_before` about others of the same person. `weather` is the worst kind, `severity` 1 to 3.
    """

    carrier: str = ""
    product: str = ""
    wishes: frozenset[str] = frozenset()
    complaints_here: int = 0
    complaints_before: int = 0
    courier_signed: int = 0
    courier_complaints: int = 0
    failures: int = 0
    contacts: int = 0
    late_hours: float = 0.0
    days_under_way: float = 0.0
    is_damaged: bool = False
    is_missorted: bool = False
    special: tuple[str, ...] = ()
    is_fragile: bool = False
    has_cash: bool = False
    weather: str = ""
    severity: int = 0
    event: str = ""
    hour: int = 9


PLACE_WISHES = frozenset({"NO_LOCKER", "NO_STATION", "DOOR"})
USED_WISHES = PLACE_WISHES | {"CALL_FIRST", "TIME_WINDOW"}


def is_fragile(goods: str, handling: Iterable[str]) -> bool:
    said = " ".join((goods, *handling)).casefold()
    return any(word in said for word in _FRAGILE)


def courier_tendency(known: Known) -> float:
    """How much more often his signings are complained of than is usual anywhere (0 = as usual), with few
    signings held back; between -2 and 2."""
    rate = (known.courier_complaints + _USUAL_RATE * _USUAL_SIGNED) / (known.courier_signed + _USUAL_SIGNED)
    return max(-2.0, min(2.0, math.log(rate / _USUAL_RATE)))


def features_of(known: Known) -> dict[str, float]:
    """The numbers that a model weighs; those that are zero are left out."""
    is_late, is_fresh = known.late_hours > 0, FRESH in known.special
    found: dict[str, float] = {
        "late": float(is_late),
        "late_days": min(known.late_hours / 24, 5.0),
        "late_fresh": float(is_late and is_fresh),
        "failures": float(min(known.failures, 3)),
        "contacts": float(min(known.contacts, 3)),
        "complained_here": float(known.complaints_here > 0),
        "complained_before": math.log1p(min(known.complaints_before, 5)),
        "courier": courier_tendency(known),
        "wish_place": float(bool(known.wishes & PLACE_WISHES)),
        "wish_call": float("CALL_FIRST" in known.wishes),
        "wish_time": float("TIME_WINDOW" in known.wishes),
        "fresh": float(is_fresh),
        "valuable": float(VALUABLE in known.special),
        "fragile": float(known.is_fragile),
        "cash": float(known.has_cash),
        "long_way": min(known.days_under_way, 10.0) / 5,
        "damaged": float(known.is_damaged),
        "missorted": float(known.is_missorted),
        "weather": known.severity / MOST_SEVERE,
        "event": float(known.event != ""),
        "afternoon": float(known.hour >= 14),
    }
    if known.product:
        found[f"product:{known.product}"] = 1.0
    if known.carrier:
        found[f"carrier:{known.carrier}"] = 1.0
    return {name: value for name, value in found.items() if value}


PLAIN_FEATURES = (
    "late", "late_days", "late_fresh", "failures", "contacts", "complained_here", "complained_before",
    "courier", "wish_place", "wish_call", "wish_time", "fresh", "valuable", "fragile", "cash", "long_way",
    "damaged", "missorted", "weather", "event", "afternoon",
)  # fmt: skip
"""Every feature but product and carrier, of which a model knows those that were frequent."""

Reason = tuple[str, str | int]
"""A key that the pages put into words, and what fills it."""

ABOUT_COURIER = frozenset({"courier"})
"""Reasons for the outlet alone: on his own page they would only hurt."""


_TOLD_AS = {"late_days": "late", "late_fresh": "late"}


def told_as(feature: str) -> str:
    """Under which key of `reasons_there` a feature is told."""
    name = feature.partition(":")[0]
    return _TOLD_AS.get(name, name)


def reasons_there(known: Known) -> dict[str, Reason]:
    """What there is to tell of a parcel, by key; facts that are not there have no row."""
    found: dict[str, Reason] = {}
    if known.late_hours > 0:
        found["late"] = ("late", max(1, round(known.late_hours)))
    if known.failures:
        found["failures"] = ("failures", known.failures)
    if known.complaints_before:
        found["complained_before"] = ("complained_before", known.complaints_before)
    if known.days_under_way >= 4:
        found["long_way"] = ("long_way", round(known.days_under_way))
    if known.severity:
        found["weather"] = ("weather", known.weather)
    if known.event:
        found["event"] = ("event", known.event)
    if known.product:
        found["product"] = ("product", known.product)
    plain = (
        ("complained_here", known.complaints_here > 0),
        ("courier", known.courier_complaints > 0 and courier_tendency(known) > 0.3),
        ("wish_place", not known.wishes.isdisjoint(PLACE_WISHES)),
        ("wish_call", "CALL_FIRST" in known.wishes),
        ("wish_time", "TIME_WINDOW" in known.wishes),
        ("fresh", FRESH in known.special),
        ("valuable", VALUABLE in known.special),
        ("fragile", known.is_fragile),
        ("cash", known.has_cash),
        ("damaged", known.is_damaged),
        ("missorted", known.is_missorted),
        ("afternoon", known.hour >= 14),
    )
    for key, is_there in plain:
        if is_there:
            found[key] = (key, "")
    return found


def points_of(known: Known) -> list[tuple[int, Reason]]:
    """The rule that counts where no model does: points, the most first. Not calibrated: an order, no share.

    The figures are ours (domain.md 5: what outlets watch in the morning), none is measured.
    """
    there = reasons_there(known)
    found = [(worth, there[key]) for key in there if (worth := _worth(key, known))]
    return sorted(found, key=lambda one: -one[0])


_WORTH = {
    "complained_here": 3, "damaged": 2, "missorted": 1, "wish_place": 1, "wish_time": 1, "event": 1,
}  # fmt: skip


def _worth(key: str, known: Known) -> int:
    if key == "late":
        return 2 + (known.late_hours >= 24) + (FRESH in known.special)
    if key == "failures":
        return 2 * min(known.failures, 2)
    if key == "complained_before":
        return min(known.complaints_before + 1, 3)
    if key == "courier":
        return int(courier_tendency(known) > 0.7)
    if key == "weather":
        return int(known.severity >= 2)
    return _WORTH.get(key, 0)


def level_of_points(points: int) -> Level:
    return Level.HIGH if points >= 4 else Level.MID if points >= 2 else Level.LOW


def worst_weather(notes: Sequence[tuple[str, int]]) -> tuple[str, int]:
    """Of several kinds on one day the most severe; ("", 0) for none."""
    real = [note for note in notes if note[1] > 0]
    return max(real, key=lambda note: note[1]) if real else ("", 0)
