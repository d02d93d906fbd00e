"""Lines of quality, penalty and evidence files, and the names in files that wait for a courier."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from yishi.feeds.models import FileEffect, FilePerson, FileRecord
from yishi.feeds.port import ParsedRecord, Worker
from yishi.kit.errors import NotFound
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer


@dataclass(frozen=True)
class NewRecord:
    """A record that is not there yet, with whom it concerns."""

    mark: bytes
    layout: str
    waybill_no: str
    record: ParsedRecord
    outlet_code: str
    courier_id: int | None
    person_id: int | None


def keep_records(*, import_id: int, carrier: str, records: Sequence[NewRecord], at: datetime) -> None:
    """Keeps records; one whose mark is there already stays as it was."""
    FileRecord.objects.bulk_create(
        (
            FileRecord(
                of_id=import_id,
                mark=new.mark,
                layout=new.layout,
                kind=new.record.kind,
                carrier=carrier,
                waybill_no=new.waybill_no,
                label=new.record.label,
                happened_at=new.record.happened_at,
                outlet_code=new.outlet_code,
                courier_id=new.courier_id,
                person_id=new.person_id,
                amount_fen=new.record.amount_fen,
                rate=new.record.rate,
                words=json.dumps(new.record.words, ensure_ascii=False),
                noted_at=at,
            )
            for new in records
        ),
        ignore_conflicts=True,
    )


def move_records(*, to: Mapping[bytes, int]) -> None:
    """These records are another import's from now on, which says the same."""
    for mark, import_id in to.items():
        FileRecord.objects.filter(mark=mark).update(of_id=import_id)


def drop_records(*, marks: Sequence[bytes]) -> None:
    FileRecord.objects.filter(mark__in=list(marks)).delete()


def keep_people(
    *, carrier: str, workers: Mapping[bytes, tuple[Worker, str, int]], at: datetime
) -> dict[bytes, int]:
    """Names that wait for a courier, by key: (worker, outlet, rows); their ids. Rows are added up."""
    FilePerson.objects.bulk_create(
        (
            FilePerson(
                carrier=carrier, key_hash=key, said=worker.said, outlet_code=outlet_code, first_seen_at=at
            )
            for key, (worker, outlet_code, _rows) in sorted(workers.items())
        ),
        ignore_conflicts=True,
    )
    for key, (_worker, _outlet, rows) in sorted(workers.items()):
        FilePerson.objects.filter(carrier=carrier, key_hash=key).update(rows=F("rows") + rows)
    found = FilePerson.objects.filter(carrier=carrier, key_hash__in=list(workers))
    return {bytes(key): person_id for person_id, key in found.values_list("id", "key_hash")}


def drop_idle_people() -> None:
    """Forgets names that wait for nothing any more: the files that used them were undone."""
    FilePerson.objects.filter(courier__isnull=True, effects__isnull=True, records__isnull=True).delete()


@transaction.atomic
def note_person(*, person_id: int, courier_id: int, by: Viewer, at: datetime) -> list[FileEffect]:
    """From now on this name is this courier; records are completed, the other rows that wait are returned.

    Raises NotAllowed, NotFound.
    """
    require(by, Permission.FILES_IMPORT)
    person = FilePerson.objects.select_for_update().filter(pk=person_id).first()
    if person is None or not by.sees_outlet(person.outlet_code or None):
        raise NotFound
    person.courier_id, person.assigned_by, person.assigned_at = courier_id, by.label, at
    person.save(update_fields=["courier", "assigned_by", "assigned_at"])
    FileRecord.objects.filter(person=person).update(courier_id=courier_id)
    return list(FileEffect.objects.filter(person=person, kind__in=["EVENT", "CONTACT"]))
