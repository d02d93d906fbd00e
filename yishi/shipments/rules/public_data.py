"""Reads deliveries in the columns of LaDe-D, a public set of last-mile deliveries, as examples to measure on.

Of its columns only times and places are read: city, region and kind of place. The courier is not.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from yishi.shipments.rules.eta import LATEST, Standing, keys_of
from yishi.shipments.rules.learning import Example
from yishi.shipments.rules.provinces import plain_city

NEEDED = ("order_id", "region_id", "city", "aoi_type", "accept_time", "delivery_time")
_YEARLESS = "%Y-%m-%d %H:%M:%S"


def read_examples(
    rows: Iterable[Mapping[str, str]], *, zone: ZoneInfo, year: int, most: int
) -> tuple[int, list[Example]]:
    """How many rows could not be used, and examples of at most so many others, drawn evenly from all.

    `year` is that of times written without one (`10-22 10:26:00`).
    """
    dice, chosen, unusable, seen = Random(1), list[Example](), 0, 0
    for row in rows:
        example = _example(row, zone, year)
        if example is None:
            unusable += 1
            continue
        seen += 1
        if len(chosen) < most:
            chosen.append(example)
        elif (place := dice.randrange(seen)) < most:
            chosen[place] = example
    return unusable, chosen


def _example(row: Mapping[str, str], zone: ZoneInfo, year: int) -> Example | None:
    accepted_at = _moment(row.get("accept_time") or "", zone, year)
    delivered_at = _moment(row.get("delivery_time") or "", zone, year)
    city, region = plain_city(row.get("city") or ""), (row.get("region_id") or "").strip()
    if accepted_at is None or delivered_at is None or not city:
        return None
    if delivered_at < accepted_at and accepted_at - delivered_at > timedelta(days=300):
        delivered_at = delivered_at.replace(year=delivered_at.year + 1)
    remaining = delivered_at - accepted_at
    if not timedelta(0) < remaining <= LATEST:
        return None
    # the lane of the last mile: within a city, a region of it, a kind of place there
    place = f"{region}/{(row.get('aoi_type') or '').strip()}"
    standing = Standing("", "out_for_delivery", place, city, accepted_at)
    return Example(accepted_at, keys_of(standing, zone), remaining.total_seconds() / 60, 0.0, city)


def _moment(said: str, zone: ZoneInfo, year: int) -> datetime | None:
    said = said.strip()
    for text in (said, f"{year}-{said}"):
        try:
            return datetime.strptime(text[:19], _YEARLESS).replace(tzinfo=zone)
        except ValueError:
            continue
    return None


def without_marks(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a file whose first may begin with a byte-order mark."""
    for number, line in enumerate(lines):
        yield line.removeprefix("\ufeff") if number == 0 else line
