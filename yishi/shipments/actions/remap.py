"""A code means something else from now on: shown first what would change, then kept events are told anew."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction

from yishi.feeds.actions.codes import end_mapping, note_mapping
from yishi.feeds.queries.mappings import SourceReading, readings_of
from yishi.feeds.queries.sources import get_source
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.shipments.actions.retell import events_of, numbers_of
from yishi.shipments.models.remaps import Remap
from yishi.shipments.rules.remapping import Reading, retold

MOST_EVENTS = 20_000
MOST_PARCELS = 300
MOST_SAMPLES = 20
_MONTHS = 14
_PATIENCE_MS = 1_500

_LATELY = """
SELECT shipment_id FROM shipments_event
WHERE happened_at >= %s AND happened_at < %s AND source_id = %s AND source_code = %s LIMIT %s
"""


@dataclass(frozen=True)
class Sample:
    """One parcel, and where it stands before and after."""

    waybill_no: str
    carrier: str
    before: str
    after: str


@dataclass(frozen=True)
class Preview:
    """What a mapping would change, computed from kept events.

    `events` and `parcels` use the code; `is_whole` False = at least so many, there was no time to count on.
    `examined` parcels were told anew to see `changes`: (milestone before, after, how many).
    """

    events: int
    parcels: int
    is_whole: bool
    examined: int
    changes: tuple[tuple[str, str, int], ...]
    samples: tuple[Sample, ...]

    @property
    def moved(self) -> int:
        return sum(count for before, after, count in self.changes if before != after)


def preview_mapping(
    *, viewer: Viewer, source: str, source_code: str, kind: str, detail: str = "", at: datetime
) -> Preview:
    """What would change if this code meant `kind`; with an empty `kind`, if the mapping were ended.

    Writes nothing. Looks at no more than 20,000 events and 300 parcels, the newest first. Raises NotFound.
    """
    require(viewer, Permission.FEEDS_MANAGE)
    card = get_source(source)
    using, is_whole = _using(card.id, source_code, at)
    newest = list(dict.fromkeys(using))
    chosen = newest[:MOST_PARCELS]
    held = readings_of([card.id])[card.id]
    overrides = {code: said for code, said in held.overrides.items() if code != source_code}
    if kind:
        overrides[source_code] = (kind, detail)
    meant = SourceReading(held.plugin, overrides, held.said_details)
    samples = _told(chosen, card.id, source_code, meant)
    counted: dict[tuple[str, str], int] = {}
    for one in samples:
        counted[one.before, one.after] = counted.get((one.before, one.after), 0) + 1
    ordered = sorted(counted.items(), key=lambda row: (row[0][0] == row[0][1], -row[1], row[0]))
    moved_first = sorted(samples, key=lambda one: one.before == one.after)
    return Preview(
        events=len(using),
        parcels=len(newest),
        is_whole=is_whole,
        examined=len(samples),
        changes=tuple((before, after, count) for (before, after), count in ordered),
        samples=tuple(moved_first[:MOST_SAMPLES]),
    )


def _using(source_id: int, source_code: str, at: datetime) -> tuple[list[int], bool]:
    """The parcel of each event with this code, newest month first, and whether these are all."""
    found: list[int] = []
    until = at + timedelta(days=3)
    for month in range(_MONTHS + 1):
        since = _month_start(at, month) if month < _MONTHS else datetime(1970, 1, 1, tzinfo=at.tzinfo)
        left = MOST_EVENTS - len(found)
        rows = _look(since, until, source_id, source_code, left + 1)
        found += (rows or [])[:left]
        if rows is None or len(rows) > left:
            return found, False
        until = since
    return found, True


def _look(since: datetime, until: datetime, source_id: int, source_code: str, most: int) -> list[int] | None:
    """The rows, or None when looking took too long: no index leads to a code, the month is read through."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {_PATIENCE_MS}")
            cursor.execute(_LATELY, [since, until, source_id, source_code, most])
            rows = [int(row[0]) for row in cursor.fetchall()]
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
            return rows
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != "57014":
            raise
        return None


def _month_start(at: datetime, back: int) -> datetime:
    months = at.year * 12 + at.month - 1 - back
    return at.replace(
        year=months // 12, month=months % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0
    )


def _told(ids: list[int], source_id: int, source_code: str, meant: SourceReading) -> list[Sample]:
    numbers = numbers_of(ids)
    events = events_of(ids)
    others = {event.source_id for each in events.values() for event in each} - {source_id}
    held = {**readings_of(others), source_id: meant}
    readings = {number: Reading(r.plugin, r.overrides, r.said_details) for number, r in held.items()}
    samples = []
    for shipment_id in ids:
        if shipment_id in numbers and shipment_id in events:
            number, carrier, milestone = numbers[shipment_id]
            after = retold(
                events[shipment_id], number, readings, source_id=source_id, source_code=source_code
            )
            samples.append(Sample(number, carrier, milestone, after.state.milestone))
    return samples


@transaction.atomic
def map_code(
    *,
    source: str,
    source_code: str,
    kind: str,
    detail: str = "",
    reason: str,
    by: Viewer,
    at: datetime,
) -> int:
    """From now on the code means `kind`; kept events are told anew by a job, whose number is returned.

    Raises what `note_mapping` does, and NotFound.
    """
    require(by, Permission.FEEDS_MANAGE)
    card = get_source(source)
    note_mapping(
        source=card, source_code=source_code, kind=kind, detail=detail, reason=reason, by=by, at=at
    )  # fmt: skip
    return _ask(card.id, source_code, by, at)


@transaction.atomic
def unmap_code(*, source: str, source_code: str, reason: str, by: Viewer, at: datetime) -> int:
    """Ends a mapping: the code means again what the plug-in says, for kept events too. Raises NotFound."""
    require(by, Permission.FEEDS_MANAGE)
    card = get_source(source)
    end_mapping(source=card, source_code=source_code, reason=reason, by=by, at=at)
    return _ask(card.id, source_code, by, at)


def _ask(source_id: int, source_code: str, by: Viewer, at: datetime) -> int:
    return Remap.objects.create(
        source_id=source_id, source_code=source_code, asked_by=by.label, asked_at=at, due_at=at
    ).pk
