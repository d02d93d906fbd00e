"""What a stock count found: the shelves against the book, moment by moment. Pure.

A parcel that came, went or was put elsewhere while the count ran is no difference: each scan is held against
the book of its own moment, and only what stood still from beginning to end can be missing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Found(StrEnum):
    """MISSING 账有实无 · UNEXPECTED 实有账无 · ELSEWHERE on another station's book · WRONG_SHELF · TWICE the
    same parcel in two places · UNREADABLE a barcode that gave no number."""

    MISSING = "MISSING"
    UNEXPECTED = "UNEXPECTED"
    ELSEWHERE = "ELSEWHERE"
    WRONG_SHELF = "WRONG_SHELF"
    TWICE = "TWICE"
    UNREADABLE = "UNREADABLE"


OF_CASES = frozenset({Found.MISSING, Found.UNEXPECTED, Found.ELSEWHERE})
"""Differences behind which a person may wait for his parcel; the others are put right at the shelf."""


@dataclass(frozen=True)
class Scan:
    """One scan: the number ('' = unreadable), the place whose parcels were being scanned ('' = not said)."""

    waybill_no: str
    place: str
    at: datetime


@dataclass(frozen=True)
class Standing:
    """A stay by the book: `places` is where it stood from which moment on, the oldest first."""

    parcel_id: int
    waybill_no: str
    booked_in_at: datetime
    ended_at: datetime | None
    places: tuple[tuple[datetime, str], ...]

    def is_inside(self, at: datetime) -> bool:
        return self.booked_in_at <= at and (self.ended_at is None or at < self.ended_at)

    def place_at(self, at: datetime) -> str:
        """Where it stood at that moment; before the first place is known, there."""
        place = self.places[0][1] if self.places else ""
        for since, name in self.places:
            if since <= at:
                place = name
        return place

    def stood_still(self, since: datetime, until: datetime) -> bool:
        """Inside from beginning to end, and never moved meanwhile."""
        is_moved = any(since < moved <= until for moved, _place in self.places)
        return self.is_inside(since) and self.is_inside(until) and not is_moved


@dataclass(frozen=True)
class Difference:
    """One thing that does not agree; `booked` is its place by the book, `seen` where it was scanned."""

    kind: Found
    waybill_no: str
    parcel_id: int | None
    booked: str
    seen: str
    at: datetime


def shelf_of(place: str) -> str:
    """12 of 12-3; a place without a layer is the shelf."""
    return place.rpartition("-")[0] or place


def differences(
    *,
    scans: Sequence[Scan],
    book: Sequence[Standing],
    elsewhere: Mapping[str, str],
    shelf: str,
    began_at: datetime,
    ended_at: datetime,
) -> list[Difference]:
    """What does not agree, sorted by kind, place and number; the order of the scans does not matter.

    `shelf` is the one that was counted, '' the whole station. `elsewhere` names the station where a number
    stands by the book of another one.
    """
    by_number: dict[str, list[Scan]] = {}
    for scan in sorted(scans, key=lambda one: (one.at, one.place)):
        by_number.setdefault(scan.waybill_no, []).append(scan)
    stays: dict[str, list[Standing]] = {}
    for stay in book:
        stays.setdefault(stay.waybill_no, []).append(stay)
    found = [Difference(Found.UNREADABLE, "", None, "", s.place, s.at) for s in by_number.pop("", [])]
    for number, seen in by_number.items():
        found += _seen(number, seen, stays.get(number, []), elsewhere, ended_at)
    found += _missing(book, by_number.keys(), shelf, began_at, ended_at)
    order = list(Found)
    return sorted(found, key=lambda d: (order.index(d.kind), d.booked or d.seen, d.waybill_no, d.at))


def _seen(
    number: str,
    seen: Sequence[Scan],
    stays: Sequence[Standing],
    elsewhere: Mapping[str, str],
    ended_at: datetime,
) -> list[Difference]:
    """What one parcel's scans say; the last one is where it stands."""
    last = seen[-1]
    stay = next((one for one in stays if one.is_inside(last.at)), None)
    places = sorted({scan.place for scan in seen if scan.place})
    if stay is None:
        # scanned on the floor just before it was booked in
        if any(last.at < one.booked_in_at <= ended_at for one in stays):
            return []
        kind = Found.ELSEWHERE if number in elsewhere else Found.UNEXPECTED
        return [Difference(kind, number, None, elsewhere.get(number, ""), last.place, last.at)]
    if not stay.stood_still(seen[0].at, max(ended_at, last.at)):
        return []
    booked = stay.place_at(last.at)
    if len(places) > 1:
        joined = " / ".join(places)
        return [Difference(Found.TWICE, number, stay.parcel_id, booked, joined, last.at)]
    if last.place and booked and last.place != booked and not _is_within(booked, last.place):
        return [Difference(Found.WRONG_SHELF, number, stay.parcel_id, booked, last.place, last.at)]
    return []


def _is_within(booked: str, scanned: str) -> bool:
    """Whoever scans a shelf without saying the layer is right about each of its layers."""
    return "-" not in scanned and shelf_of(booked) == scanned


def _missing(
    book: Sequence[Standing],
    seen: Collection[str],
    shelf: str,
    began_at: datetime,
    ended_at: datetime,
) -> list[Difference]:
    still = (one for one in book if one.waybill_no not in seen and one.stood_still(began_at, ended_at))
    found = ((one, one.place_at(ended_at)) for one in still)
    return [
        Difference(Found.MISSING, one.waybill_no, one.parcel_id, place, "", ended_at)
        for one, place in found
        if not shelf or shelf_of(place) == shelf
    ]


def count_every(days_since: int | None) -> str:
    """How a shelf stands with its counts: `never`, `late` after a week, else `fine`."""
    if days_since is None:
        return "never"
    return "late" if days_since > COUNT_WITHIN_DAYS else "fine"


COUNT_WITHIN_DAYS = 7
"""Each shelf is to be counted once a week."""


def is_goods_barcode(number: str) -> bool:
    """Whether this is the barcode of goods made in China (EAN-13 with GS1's prefixes 690–699) and not of a
    label: thirteen digits of which the last is their check digit."""
    if len(number) != 13 or not number.isascii() or not number.isdigit() or not number.startswith("69"):
        return False
    digits = [int(one) for one in number]
    return (sum(digits[0:12:2]) + 3 * sum(digits[1:12:2]) + digits[12]) % 10 == 0
