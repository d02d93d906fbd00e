"""By when a parcel was promised: the operator's rules by carrier, product and lane, the most specific first.

A rule is the operator's own commercial promise, with its source written beside it; none is shipped as law.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from yishi.shipments.rules.provinces import plain_city, province_of
from yishi.shipments.rules.waybills import fit_text


@dataclass(frozen=True, kw_only=True)
class PromiseTerms:
    """What a rule says: '' stands for any; a place is a city or a province.

    Either `within_hours` after acceptance, or by `clock` on the day `days` after the day of acceptance.
    `valid_until` is the last day on which parcels accepted are promised so.
    """

    carrier: str = ""
    product: str = ""
    origin: str = ""
    destination: str = ""
    within_hours: int | None = None
    days: int | None = None
    clock: time | None = None
    valid_from: date
    valid_until: date | None = None
    source: str


@dataclass(frozen=True)
class Lane:
    """A parcel as rules see it; '' for what is not known."""

    carrier: str
    product: str
    origin: str
    destination: str


def due_by(terms: PromiseTerms, accepted_at: datetime, zone: ZoneInfo) -> datetime:
    """The promised moment of a parcel accepted then."""
    if terms.within_hours is not None:
        return accepted_at + timedelta(hours=terms.within_hours)
    day = accepted_at.astimezone(zone).date() + timedelta(days=terms.days or 0)
    return datetime.combine(day, terms.clock or time(23, 59), zone)


def promise_of(
    rules: Iterable[tuple[int, PromiseTerms]], lane: Lane, accepted_at: datetime, zone: ZoneInfo
) -> tuple[int, datetime] | None:
    """The rule that promises for this parcel and the promised moment; None when no rule speaks of it.

    A named city counts before a province before any; destination before origin before product before
    carrier; of two alike the one that began later.
    """
    day = accepted_at.astimezone(zone).date()
    best: tuple[tuple[int, int, int, int, date, int], PromiseTerms] | None = None
    for number, terms in rules:
        fit = _fit(terms, lane, day)
        if fit is None:
            continue
        rank = (*fit, terms.valid_from, number)
        if best is None or rank > best[0]:
            best = (rank, terms)
    return None if best is None else (best[0][-1], due_by(best[1], accepted_at, zone))


def _fit(terms: PromiseTerms, lane: Lane, day: date) -> tuple[int, int, int, int] | None:
    """How closely a rule names the parcel, or None where it speaks of others."""
    if day < terms.valid_from or (terms.valid_until is not None and day > terms.valid_until):
        return None
    if terms.carrier not in ("", lane.carrier) or terms.product not in ("", lane.product):
        return None
    to, start = _names(terms.destination, lane.destination), _names(terms.origin, lane.origin)
    if to is None or start is None:
        return None
    return to, start, int(terms.product != ""), int(terms.carrier != "")


def _names(place: str, city: str) -> int | None:
    """2 where the rule names the city, 1 the province, 0 any place; None where it names another."""
    wanted = plain_city(place)
    if not wanted:
        return 0
    if wanted == plain_city(city):
        return 2
    return 1 if city and wanted == province_of(city) else None


COLUMNS = (
    "carrier", "product", "origin", "destination", "within_hours", "days", "clock", "valid_from",
    "valid_until", "source",
)  # fmt: skip
LONGEST = 200
MOST_HOURS = 24 * 60


def read_terms(row: dict[str, str]) -> PromiseTerms | str:
    """The terms that a form or a line of a table says, or the code of what is wrong with them."""
    said = {name: fit_text(row.get(name) or "").strip() for name in COLUMNS}
    if any(len(value) > LONGEST for value in said.values()):
        return "too_long"
    if not said["source"]:
        return "source"
    try:
        within, days = _whole(said["within_hours"]), _whole(said["days"])
        clock = time.fromisoformat(said["clock"]) if said["clock"] else None
        valid_from = date.fromisoformat(said["valid_from"])
        valid_until = date.fromisoformat(said["valid_until"]) if said["valid_until"] else None
    except ValueError:
        return "unreadable"
    is_by_hours = within is not None and days is None and clock is None
    is_by_day = within is None and days is not None and clock is not None
    if (
        not (is_by_hours or is_by_day)
        or not 0 < (1 if within is None else within) <= MOST_HOURS
        or not 0 <= (days or 0) <= 60
    ):
        return "hours_or_day"
    if valid_until is not None and valid_until < valid_from:
        return "dates"
    return PromiseTerms(
        carrier=said["carrier"].lower(),
        product=said["product"],
        origin=said["origin"],
        destination=said["destination"],
        within_hours=within,
        days=days,
        clock=clock,
        valid_from=valid_from,
        valid_until=valid_until,
        source=said["source"],
    )


def _whole(said: str) -> int | None:
    return int(said) if said else None


def read_table(lines: Sequence[str]) -> Iterator[tuple[int, PromiseTerms | str]]:
    """Each line of a CSV with the columns above, by its number in the file, and what it says or lacks."""
    for number, row in enumerate(csv.DictReader(lines), start=2):
        yield (
            number,
            read_terms({str(name).strip(): said for name, said in row.items() if isinstance(said, str)}),
        )
