"""One batch of a file's rows written: scans and master data by the one path, attempts and records beside,
and an effect for each thing said, so that it can be taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from yishi.feeds.actions.files import keep_effects
from yishi.feeds.actions.records import NewRecord, keep_people, keep_records
from yishi.feeds.models import FileEffect
from yishi.feeds.port import Parsed, Worker
from yishi.feeds.queries.files import person_key
from yishi.network.queries import list_outlet_codes
from yishi.shipments.actions.files.plan import Planned, Planner, contact_mark, mark_of, said_hash
from yishi.shipments.actions.files.standing import NOTHING, promises_of, standing_of
from yishi.shipments.actions.places import UNKNOWN_CARRIER, place
from yishi.shipments.actions.take_in import take_parsed
from yishi.shipments.models.parcels import ContactAttempt, Shipment
from yishi.shipments.rules.scans import moment_of

Kind = FileEffect.Kind


def recorder(import_id: int) -> str:
    """How attempts name the file that told of them."""
    return f"file:{import_id}"


@dataclass
class Batch:
    """What is at hand while one batch is written."""

    planner: Planner
    rows: list[Planned]
    people: dict[bytes, int]
    at: datetime

    @property
    def import_id(self) -> int:
        return self.planner.card.id

    def person_of(self, one: Planned) -> int | None:
        worker = one.row.worker
        if worker is None or not one.is_unmatched:
            return None
        return self.people.get(person_key(self.planner.carrier, worker))


def write_rows(planner: Planner, planned: Sequence[Planned], at: datetime) -> None:
    """Writes what the rows say that were not refused. Must stand in a transaction."""
    rows = [one for one in planned if not one.refused]
    batch = Batch(planner, rows, _keep_people(planner, rows, at), at)
    items = [one.item for one in rows if one.item is not None]
    numbers = {one.waybill_no for one in rows if one.scans or one.item or one.row.contact}
    there = set(Shipment.objects.filter(waybill_no__in=numbers).values_list("pk", flat=True))
    before = _parcels(numbers, planner.carrier)
    stood = standing_of(_touched(rows, before))
    events = [
        msgspec.structs.replace(event, courier=one.courier_number) for one in rows for event in one.row.events
    ]
    take_parsed(source=planner.source, parsed=Parsed(events=events, master_data=items), at=at)
    after = _parcels(numbers, planner.carrier)
    effects = [
        FileEffect(of_id=batch.import_id, kind=Kind.PARCEL, mark=mark_of("parcel", pk), shipment_id=pk)
        for pk in sorted(set(after.values()) - there)
    ]
    effects += _details_effects(batch, after, stood)
    effects += _event_effects(batch, after)
    effects += _write_contacts(batch, after)
    effects += _write_records(batch)
    keep_effects(effects)


def _keep_people(planner: Planner, rows: Iterable[Planned], at: datetime) -> dict[bytes, int]:
    waiting: dict[bytes, tuple[Worker, str, int]] = {}
    codes = list_outlet_codes()
    for one in rows:
        if one.row.worker is not None and one.is_unmatched:
            key = person_key(planner.carrier, one.row.worker)
            _worker, _outlet, count = waiting.get(key, (None, "", 0))
            waiting[key] = (one.row.worker, codes.get(one.outlet_id or 0, ""), count + one.is_new)
    return keep_people(carrier=planner.carrier, workers=waiting, at=at) if waiting else {}


def _parcels(numbers: set[str], carrier: str) -> dict[str, int]:
    """The parcels that are there, by number; one of unknown carrier becomes this carrier's."""
    placed = place((number, carrier) for number in sorted(numbers))
    found = {
        number: placed.id_of.get(placed.key_of[number, carrier], placed.id_of.get((number, UNKNOWN_CARRIER)))
        for number in numbers
    }
    return {number: pk for number, pk in found.items() if pk is not None}


def _touched(rows: Sequence[Planned], parcels: dict[str, int]) -> set[int]:
    """Parcels whose master data this batch changes."""
    numbers = {one.waybill_no for one in rows if "item" in one.new_parts}
    return {parcels[number] for number in numbers if number in parcels}


def _details_effects(
    batch: Batch, parcels: dict[str, int], stood: dict[int, dict[str, Any]]
) -> list[FileEffect]:
    """The last said of each parcel in this batch; only what changed something has a `before`."""
    last = {one.waybill_no: one for one in batch.rows if one.item is not None}
    changed = {one.waybill_no for one in batch.rows if "item" in one.new_parts}
    promised = promises_of([parcels[number] for number in last])
    effects = []
    for number, one in last.items():
        assert one.item is not None
        pk = parcels[number]
        before = ""
        if number in changed:
            after = said_hash(one.item).hex()
            said = {**stood.get(pk, NOTHING), "after": after, "promised_after": promised[pk]}
            before = msgspec.json.encode(said).decode()
        mark = mark_of("details", pk, said_hash(one.item).hex())
        effects.append(
            FileEffect(of_id=batch.import_id, kind=Kind.DETAILS, mark=mark, shipment_id=pk, before=before)
        )
    return effects


def _event_effects(batch: Batch, parcels: dict[str, int]) -> list[FileEffect]:
    return [
        FileEffect(
            of_id=batch.import_id,
            kind=Kind.EVENT,
            mark=scan.identity,
            shipment_id=parcels.get(one.waybill_no),
            happened_at=moment_of(scan.happened_ms),
            person_id=batch.person_of(one),
        )
        for one in batch.rows
        for scan in one.scans
    ]


def _write_contacts(batch: Batch, parcels: dict[str, int]) -> list[FileEffect]:
    attempts, effects = [], []
    for one in batch.rows:
        contact = one.row.contact
        if contact is None:
            continue
        pk = parcels[one.waybill_no]
        if "contact" in one.new_parts:
            attempts.append(
                ContactAttempt(
                    shipment_id=pk,
                    kind=contact.kind,
                    at=contact.happened_at,
                    outcome=contact.outcome,
                    courier_number=one.courier_number,
                    reference=contact.reference or None,
                    recorded_by=recorder(batch.import_id),
                    recorded_at=batch.at,
                )
            )
        mark = contact_mark(one.waybill_no, batch.planner.carrier, contact.kind, contact.happened_at)
        effects.append(
            FileEffect(
                of_id=batch.import_id,
                kind=Kind.CONTACT,
                mark=mark,
                what=contact.kind,
                shipment_id=pk,
                happened_at=contact.happened_at,
                person_id=batch.person_of(one),
            )
        )
    ContactAttempt.objects.bulk_create(attempts)
    return effects


def _write_records(batch: Batch) -> list[FileEffect]:
    planner, codes = batch.planner, list_outlet_codes()
    rows = [one for one in batch.rows if one.row.record is not None]
    records = [
        NewRecord(
            mark=one.record_mark,
            layout=planner.card.sheets[one.row.sheet]["layout"],
            waybill_no=one.waybill_no,
            record=one.row.record,
            outlet_code=codes.get(one.outlet_id or 0, ""),
            courier_id=one.courier_id,
            person_id=batch.person_of(one),
        )
        for one in rows
        if one.row.record is not None and "record" in one.new_parts
    ]
    keep_records(import_id=batch.import_id, carrier=planner.carrier, records=records, at=batch.at)
    return [FileEffect(of_id=batch.import_id, kind=Kind.RECORD, mark=one.record_mark) for one in rows]
