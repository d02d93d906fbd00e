"""A photographed slip is kept, read by the worker one after the other, and shown with what was read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from yishi.kit.files import Upload, open_file, store_upload
from yishi.kit.live import nudge
from yishi.kit.models import StoredFile
from yishi.kit.ocr import OcrAway, text_of
from yishi.kit.photos import NotAPhoto
from yishi.kit.texts import clean_text
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.shipments.models.bookings import BookingSlip

SLIP = "SLIP"
"""The class of retention of these photos."""
_LEASE, _BUSY = timedelta(seconds=60), timedelta(seconds=2)
_MOST_TRIES = 5
# it may be reading another photo, or be loading on a busy machine
_PASSING = frozenset({"BUSY", "FAILED"})
_LONGEST = 4_000


@transaction.atomic
def keep_slip(*, upload: Upload, outlet_id: int | None, by: Viewer, at: datetime) -> int:
    """Keeps the photo; a worker reads it soon. Raises NotAllowed and the refusals of `store_upload`."""
    require(by, Permission.CONTACT_WRITE)
    file = store_upload(upload=upload, retention_class=SLIP, at=at)
    if not file.has_thumbnail:
        raise NotAPhoto  # a PDF or a recording: nobody photographs a slip that way
    slip = BookingSlip.objects.create(
        outlet_id=outlet_id, file_id=file.id, due_at=at, uploaded_at=at, uploaded_by=by.label
    )
    return slip.pk


@dataclass(frozen=True)
class _Claimed:
    id: int
    file_id: UUID
    tries: int


@transaction.atomic
def _claim(at: datetime) -> _Claimed | None:
    due = BookingSlip.objects.filter(due_at__lte=at).order_by("due_at")
    row = due.select_for_update(skip_locked=True).first()
    if row is None:
        return None
    row.tries, row.due_at, row.state = row.tries + 1, at + _LEASE, "READING"
    row.save(update_fields=["tries", "due_at", "state"])
    return _Claimed(row.pk, row.file_id, row.tries)


def read_next_slip(*, at: datetime) -> bool:
    """Reads the slip that is due first, outside of any transaction; False when none is. What cannot be read
    is left to be typed, with the reason: NOT_INSTALLED, FAILED or GONE."""
    slip = _claim(at)
    if slip is None:
        return False
    nudge(f"slip:{slip.id}")
    try:
        said = text_of(open_file(StoredFile.objects.get(pk=slip.file_id)))
    except OcrAway as away:
        if away.reason in _PASSING and slip.tries < _MOST_TRIES:
            BookingSlip.objects.filter(pk=slip.id).update(due_at=at + _BUSY, state="WAITING")
            return False  # somebody else's photo first, or it is loading still: again in a moment
        _end(slip.id, state="AWAY", why="FAILED" if away.reason == "BUSY" else away.reason)
    except (FileNotFoundError, StoredFile.DoesNotExist):
        _end(slip.id, state="AWAY", why="GONE")
    else:
        text = clean_text(said)[0][:_LONGEST]
        _end(slip.id, state="READ" if any(sign.isalnum() for sign in text) else "BLANK", text=text)
    return True


def _end(slip_id: int, *, state: str, text: str = "", why: str = "") -> None:
    with transaction.atomic():
        row = BookingSlip.objects.select_for_update().get(pk=slip_id)
        row.state, row.text, row.why, row.due_at = state, text, why, None
        row.save(update_fields=["state", "text", "why", "due_at"])
    nudge(f"slip:{slip_id}")
