"""Files of head office: taken in hand, looked at, confirmed, undone. Their rows are read in `shipments`."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from yishi.feeds.actions.silence import note_input
from yishi.feeds.actions.sources import ensure_source
from yishi.feeds.models import FileEffect, FileImport, FileRefusal, ImportState
from yishi.feeds.port import FileRow, FileSheet, Unreadable
from yishi.feeds.queries.files import FileCard, access_import, card_of
from yishi.feeds.queries.sources import file_reader
from yishi.kit.errors import Invalid, NotAllowed, Refusal
from yishi.kit.files import Upload, read_upload, store_document
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

MOST_BYTES = 60 * 1024 * 1024
LEASE = timedelta(minutes=2)
MOST_TRIES = 5
UNDO_WITHIN = timedelta(days=60)


class WrongFile(Refusal):
    """认不出这是哪种表：%(why)s"""

    code = "wrong_file"
    status = 422


class FileKnown(Refusal):
    """这个文件已经传过了（第 %(import_id)s 号），没有再收一遍"""

    code = "file_known"
    status = 409


class NotNow(Refusal):
    """这份文件现在不能这样做"""

    code = "not_now"
    status = 409


class TooLate(Refusal):
    """过了 60 天，不能再撤销"""

    code = "too_late"
    status = 409


def open_import(
    *, upload: Upload, carrier: str, outlet_code: str, by: Viewer, at: datetime, source: str = ""
) -> int:
    """Keeps a file whose header is known and puts it before the worker, to be looked at; its number.

    `outlet_code` '' = rows of the whole operator, for those who see it. `source` is where its scans are said
    to come from; usually one a carrier. Raises NotAllowed, DocumentTooLarge, EmptyFile, WrongFile (with what
    is missing), FileKnown.
    """
    require(by, Permission.FILES_IMPORT)
    if not by.sees_outlet(outlet_code or None):
        raise NotAllowed
    if not carrier and not source:
        raise Invalid([("/carrier", "missing_field", "选一家快递公司")])
    body = read_upload(upload=upload, most=MOST_BYTES)
    plugin, reader = file_reader()
    try:
        sheets = reader.recognise(body)
    except Unreadable as error:
        raise WrongFile(why=error.reason) from None
    if not sheets or sheets[0].missing:
        raise _wrong(sheets)
    digest = hashlib.sha256(body).digest()
    with transaction.atomic():
        card = ensure_source(
            code=source or re.sub("[^a-z0-9-]", "-", f"files-{carrier.lower()}")[:40],
            plugin=plugin,
            at=at,
            label=_label(carrier),
            carrier=carrier,
        )
        _refuse_known(card.id, digest, outlet_code)
        note_input(source=card, at=at)
        kept = store_document(
            name=upload.name, content_type=upload.content_type, body=body, retention_class="IMPORT", at=at
        )
        row = FileImport.objects.create(
            source_id=card.id,
            outlet_code=outlet_code,
            file=kept,
            name=kept.name,
            size=kept.size,
            body_hash=digest,
            sheets=[asdict(sheet) for sheet in sheets],
            due_at=at,
            uploaded_by=by.label,
            uploaded_at=at,
        )
    return row.pk


def _label(carrier: str) -> str:
    return f"总部报表 {carrier}"


def _wrong(sheets: Sequence[FileSheet]) -> WrongFile:
    """The refusal of a file of which no sheet is known, with the layout that comes nearest."""
    if not sheets:
        return WrongFile(why="unknown_layout")
    label, missing = sheets[0].label, sheets[0].missing
    return WrongFile(why=f"{label}，{'、'.join(missing)}", nearest=label, missing=missing)


def _refuse_known(source_id: int, digest: bytes, outlet_code: str) -> None:
    gone = (ImportState.UNDONE, ImportState.DROPPED, ImportState.FAILED)
    same = FileImport.objects.filter(source_id=source_id, body_hash=digest, outlet_code=outlet_code)
    known = same.exclude(state__in=gone).order_by("-id").first()
    if known is not None:
        raise FileKnown(import_id=known.pk)


def _turn(import_id: int, by: Viewer, states: Sequence[str], to: str, **values: Any) -> None:
    """Brings an import into another state. Raises NotFound, NotNow."""
    require(by, Permission.FILES_IMPORT)
    access_import(viewer=by, import_id=import_id)
    turned = FileImport.objects.filter(pk=import_id, state__in=states).update(state=to, tries=0, **values)
    if not turned:
        raise NotNow


@transaction.atomic
def confirm_import(*, import_id: int, by: Viewer, at: datetime) -> None:
    """What was shown is imported from now on. Raises NotFound, NotNow."""
    counts = {"position": 0, "accepted": 0, "duplicate": 0, "rejected": 0}
    _turn(
        import_id, by, [ImportState.READY], ImportState.IMPORTING, due_at=at, confirmed_by=by.label, **counts
    )
    FileRefusal.objects.filter(of_id=import_id).delete()


@transaction.atomic
def drop_import(*, import_id: int, by: Viewer, at: datetime) -> None:
    """Nothing of the file is taken. Raises NotFound, NotNow."""
    _turn(
        import_id,
        by,
        [ImportState.CHECKING, ImportState.READY],
        ImportState.DROPPED,
        due_at=None,
        finished_at=at,
    )


@transaction.atomic
def ask_undo(*, import_id: int, reason: str, by: Viewer, at: datetime) -> None:
    """Takes back what this file alone brought, step by step. Raises NotFound, NotNow, TooLate, Invalid."""
    if not reason.strip():
        raise Invalid([("/reason", "missing_field", "写一句为什么撤销")])
    card = access_import(viewer=by, import_id=import_id)
    if at > card.uploaded_at + UNDO_WITHIN:
        raise TooLate
    _turn(
        import_id,
        by,
        [ImportState.DONE, ImportState.FAILED],
        ImportState.UNDOING,
        due_at=at,
        undone_by=by.label,
        undone_reason=reason.strip()[:500],
        kept="",
    )


@transaction.atomic
def claim_import(*, at: datetime) -> FileCard | None:
    """The import that is due first, for two minutes; None when none is.

    One that was begun five times without getting on is given up: it may be what kills its worker.
    """
    due = FileImport.objects.filter(due_at__lte=at).order_by("due_at", "id")
    row = due.select_for_update(skip_locked=True, of=("self",)).select_related("source").first()
    if row is None:
        return None
    row.tries += 1
    row.due_at = at + LEASE
    if row.tries > MOST_TRIES:
        row.state, row.due_at, row.error, row.finished_at = ImportState.FAILED, None, "failed", at
    row.save(update_fields=["tries", "due_at", "state", "error", "finished_at"])
    return card_of(row)


def hold_import(*, import_id: int, state: str, position: int) -> FileImport | None:
    """Locks the import for one batch; None when somebody else has gone on with it. Must stand in a
    transaction."""
    rows = FileImport.objects.select_for_update()
    return rows.filter(pk=import_id, state=state, position=position).first()


def note_batch(
    *,
    row: FileImport,
    rows: int,
    counts: tuple[int, int, int],
    refused: Sequence[tuple[FileRow, str]],
    at: datetime,
) -> None:
    """Adds a batch to an import's counts (accepted, duplicate, rejected) and keeps its refused rows."""
    accepted, duplicate, rejected = counts
    FileImport.objects.filter(pk=row.pk).update(
        position=F("position") + rows,
        accepted=F("accepted") + accepted,
        duplicate=F("duplicate") + duplicate,
        rejected=F("rejected") + rejected,
        due_at=at + LEASE,
        tries=0,
    )
    keep_refusals(import_id=row.pk, refused=refused)


def keep_refusals(*, import_id: int, refused: Sequence[tuple[FileRow, str]]) -> None:
    """Keeps rows that were not taken, each with its reason."""
    FileRefusal.objects.bulk_create(
        FileRefusal(
            of_id=import_id, sheet=row.sheet, line=row.line, reason=reason,
            cells=json.dumps(row.cells, ensure_ascii=False),
        )
        for row, reason in refused
    )  # fmt: skip


def note_checked(
    *, import_id: int, counts: tuple[int, int, int], preview: Mapping[str, Any], at: datetime
) -> None:
    """The file has been looked at: what would become of its rows, and how they would be read."""
    accepted, duplicate, rejected = counts
    FileImport.objects.filter(pk=import_id, state=ImportState.CHECKING).update(
        state=ImportState.READY,
        due_at=None,
        total=accepted + duplicate + rejected,
        accepted=accepted,
        duplicate=duplicate,
        rejected=rejected,
        preview=json.dumps(preview, ensure_ascii=False),
    )


def finish_import(*, import_id: int, state: str, to: str, at: datetime, error: str = "") -> None:
    """Ends what the worker did with an import: DONE, UNDONE or FAILED."""
    values: dict[str, Any] = {"undone_at": at} if to == ImportState.UNDONE else {"finished_at": at}
    FileImport.objects.filter(pk=import_id, state=state).update(state=to, due_at=None, error=error, **values)


def keep_effects(effects: Sequence[FileEffect]) -> None:
    """What a batch said and changed, each once a file."""
    FileEffect.objects.bulk_create(effects, ignore_conflicts=True)


def drop_effects(*, effects: Sequence[FileEffect], import_id: int, kept: Sequence[str], at: datetime) -> None:
    """Forgets what was taken back; `kept` are parcels that had changed since and stay as they are."""
    FileEffect.objects.filter(pk__in=[effect.pk for effect in effects], of_id=import_id).delete()
    row = FileImport.objects.get(pk=import_id)
    if kept:
        row.kept = json.dumps([*json.loads(row.kept or "[]"), *kept], ensure_ascii=False)
    row.due_at, row.tries = at + LEASE, 0
    row.save(update_fields=["kept", "due_at", "tries"])


def hand_over(*, effect: FileEffect, to: FileEffect) -> None:
    """Another file says the same: what stood there before is its to bring back, later."""
    if effect.before and not to.before:
        put_before(effect=to, before=effect.before)


def put_before(*, effect: FileEffect, before: str) -> None:
    effect.before = before
    effect.save(update_fields=["before"])


def give_parcel(*, effect: FileEffect, to: int) -> None:
    """Another import speaks of the parcel that this one made: it takes it along when it goes."""
    FileEffect.objects.filter(pk=effect.pk).update(of_id=to)
