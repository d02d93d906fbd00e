"""Imports of head-office files, as pages and the worker need them; the people whom nobody could match."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from yishi.feeds.models import FileEffect, FileImport, FilePerson, FileRecord, FileRefusal
from yishi.feeds.port import Worker
from yishi.feeds.queries.sources import SourceCard, get_source
from yishi.kit.errors import NotFound
from yishi.kit.files import open_file
from yishi.kit.personal import keyed_hash
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer


@dataclass(frozen=True)
class FileCard:
    """One import. `sheets` are as recognised; `preview` and `kept` only where there are any."""

    id: int
    source: str
    carrier: str
    outlet_code: str
    name: str
    size: int
    sheets: tuple[dict[str, Any], ...]
    state: str
    position: int
    total: int
    accepted: int
    duplicate: int
    rejected: int
    uploaded_by: str
    uploaded_at: datetime
    finished_at: datetime | None
    undone_by: str
    undone_reason: str
    undone_at: datetime | None
    error: str
    preview: dict[str, Any]
    kept: tuple[str, ...]

    @property
    def is_busy(self) -> bool:
        return self.state in {"CHECKING", "IMPORTING", "UNDOING"}

    @property
    def labels(self) -> list[str]:
        return list(dict.fromkeys(sheet["label"] for sheet in self.sheets))


def card_of(row: FileImport) -> FileCard:
    """The import in the form that others see."""
    return FileCard(
        id=row.pk, source=row.source.code, carrier=row.source.carrier, outlet_code=row.outlet_code,
        name=row.name, size=row.size, sheets=tuple(row.sheets), state=row.state, position=row.position,
        total=row.total, accepted=row.accepted, duplicate=row.duplicate, rejected=row.rejected,
        uploaded_by=row.uploaded_by, uploaded_at=row.uploaded_at, finished_at=row.finished_at,
        undone_by=row.undone_by, undone_reason=row.undone_reason, undone_at=row.undone_at, error=row.error,
        preview=json.loads(row.preview or "{}"), kept=tuple(json.loads(row.kept or "[]")),
    )  # fmt: skip


def list_imports(*, viewer: Viewer, limit: int = 100) -> list[FileCard]:
    """The imports in sight, the newest first."""
    require(viewer, Permission.FILES_IMPORT)
    rows = FileImport.objects.select_related("source").defer("preview", "kept").order_by("-id")
    if viewer.outlet_codes is not None:
        rows = rows.filter(outlet_code__in=viewer.outlet_codes)
    return [card_of(row) for row in rows[:limit]]


def access_import(*, viewer: Viewer, import_id: int) -> FileCard:
    """The door to one import. Raises NotAllowed, NotFound."""
    require(viewer, Permission.FILES_IMPORT)
    row = FileImport.objects.select_related("source").filter(pk=import_id).first()
    if row is None or not viewer.sees_outlet(row.outlet_code or None):
        raise NotFound
    return card_of(row)


def body_of(import_id: int) -> bytes:
    """The file as it came. Raises FileNotFoundError once its bytes are gone."""
    row = FileImport.objects.select_related("file").get(pk=import_id)
    if row.file is None:
        raise FileNotFoundError
    return open_file(row.file)


def source_of(card: FileCard) -> SourceCard:
    return get_source(card.source)


@dataclass(frozen=True)
class RefusedRow:
    sheet: int
    line: int
    reason: str
    cells: tuple[str, ...]


def list_refusals(*, import_id: int, limit: int | None = None) -> Iterator[RefusedRow]:
    """The rows that were not taken, in the file's order; whoever calls has asked `access_import`."""
    rows = FileRefusal.objects.filter(of_id=import_id).order_by("id")
    for row in (rows[:limit] if limit else rows).iterator(1000):
        yield RefusedRow(row.sheet, row.line, row.reason, tuple(json.loads(row.cells)))


def count_refusals(import_id: int) -> list[tuple[str, int]]:
    """(reason, how many), the most frequent first."""
    rows = FileRefusal.objects.filter(of_id=import_id).values_list("reason").annotate(n=Count("id"))
    return list(rows.order_by("-n", "reason"))


# ---- people


def person_key(carrier: str, worker: Worker) -> bytes:
    """By which a name in files is known again, in whichever columns and order it stands."""
    parts = "|".join((worker.number, worker.name, worker.phone))
    return keyed_hash("file-person", f"{carrier}:{parts if parts != '||' else worker.said}")


def aliases_of(carrier: str) -> dict[bytes, int]:
    """Courier ids of the names in this carrier's files that somebody has assigned."""
    rows = FilePerson.objects.filter(carrier=carrier, courier__isnull=False)
    return {bytes(key): courier for key, courier in rows.values_list("key_hash", "courier_id") if courier}


@dataclass(frozen=True)
class WaitingPerson:
    """A name that nobody could be matched to, and how many rows wait for it."""

    id: int
    carrier: str
    said: str
    outlet_code: str
    rows: int
    first_seen_at: datetime


def list_waiting_people(*, viewer: Viewer, limit: int = 200) -> list[WaitingPerson]:
    """The names that wait to be assigned, those with most rows first."""
    require(viewer, Permission.FILES_IMPORT)
    rows = FilePerson.objects.filter(courier__isnull=True).order_by("-rows", "id")
    if viewer.outlet_codes is not None:
        rows = rows.filter(outlet_code__in=viewer.outlet_codes)
    return [
        WaitingPerson(p.pk, p.carrier, p.said, p.outlet_code, p.rows, p.first_seen_at) for p in rows[:limit]
    ]


# ---- effects


def effects_to_undo(*, import_id: int, limit: int) -> list[FileEffect]:
    """The last things that this file said, newest first; whoever calls is `shipments`."""
    return list(FileEffect.objects.filter(of_id=import_id).order_by("-id")[:limit])


def said_elsewhere(*, import_id: int, kind: str, marks: Collection[bytes]) -> dict[bytes, FileEffect]:
    """Another file's effect with the same mark, for those marks that have one: what it says still stands."""
    found = (
        FileEffect.objects.filter(kind=kind, mark__in=list(marks)).exclude(of_id=import_id).order_by("-id")
    )
    return {bytes(effect.mark): effect for effect in found}


def effects_on(*, shipment_ids: Collection[int], kind: str, but: int) -> dict[int, list[FileEffect]]:
    """What other files say of these parcels ('' = of any kind), by parcel, oldest first."""
    rows = FileEffect.objects.filter(shipment_id__in=list(shipment_ids)).exclude(of_id=but).order_by("id")
    found: dict[int, list[FileEffect]] = {}
    for effect in rows.filter(kind=kind) if kind else rows:
        found.setdefault(effect.shipment_id or 0, []).append(effect)
    return found


def known_records(marks: Collection[bytes]) -> set[bytes]:
    """Those marks that have a record already."""
    rows = FileRecord.objects.filter(mark__in=list(marks)).values_list("mark", flat=True)
    return {bytes(mark) for mark in rows}


@dataclass(frozen=True)
class Record:
    """A line of a quality, penalty or evidence file, without its words."""

    id: int
    layout: str
    kind: str
    carrier: str
    waybill_no: str
    label: str
    happened_at: datetime | None
    outlet_code: str
    courier_id: int | None
    is_waiting: bool
    amount_fen: int | None
    rate: float | None
    import_id: int | None


def list_records(
    *, viewer: Viewer, kind: str = "", import_id: int | None = None, waybill_no: str = "", limit: int = 200
) -> list[Record]:
    """Records in sight, the newest first, for lists and for the rooms that judge."""
    require(viewer, Permission.FILES_IMPORT)
    rows = FileRecord.objects.defer("words").order_by("-id")
    if viewer.outlet_codes is not None:
        rows = rows.filter(outlet_code__in=viewer.outlet_codes)
    for name, value in (("kind", kind), ("of_id", import_id), ("waybill_no", waybill_no)):
        if value:
            rows = rows.filter(**{name: value})
    return [
        Record(
            r.pk, r.layout, r.kind, r.carrier, r.waybill_no, r.label, r.happened_at, r.outlet_code,
            r.courier_id,
            r.person_id is not None and r.courier_id is None, r.amount_fen, r.rate, r.of_id,
        )
        for r in rows[:limit]
    ]  # fmt: skip
