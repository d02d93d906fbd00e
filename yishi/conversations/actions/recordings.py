"""Recordings of calls: wanted when the call centre names one, kept when it has come, given up visibly."""

import io
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from yishi.conversations.actions.hold import HEAD_OFFICE, check_may_write
from yishi.conversations.models.calls import Call, Recording
from yishi.conversations.port import GivenFile
from yishi.conversations.queries.calls import check_in_sight
from yishi.kit.errors import Refusal
from yishi.kit.files import KindNotTaken, Upload, store_upload
from yishi.kit.live import nudge
from yishi.kit.personal import keyed_hash
from yishi.kit.photos import kind_of
from yishi.people.rules import Viewer

AGAIN = (
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
"""Call centres need a while to write a recording; after a day there is none."""


class NotGivenUp(Refusal):
    """这段录音已经取到，或者正在取"""

    code = "not_given_up"


_SOUNDS = ("audio/", "video/mp4")


def want_recording(*, call: Call, reference: str, at: datetime) -> None:
    """Notes a recording to be fetched; named again it is the same one."""
    Recording.objects.get_or_create(
        call=call,
        reference_hash=keyed_hash("recording", reference),
        defaults={"reference": reference, "named_at": at, "due_at": at},
    )


@transaction.atomic
def keep_recording(*, recording_id: int, given: GivenFile, at: datetime) -> bool:
    """What was fetched is kept, encrypted, with its hash as it came. False for what is no sound, is too
    large, or was fetched by somebody else before."""
    wanted = _hold(recording_id)
    if wanted is None:
        return False
    upload = Upload(
        name=given.name or "recording", content_type=given.content_type, stream=io.BytesIO(given.body)
    )
    try:
        with transaction.atomic():
            if not kind_of(given.body[:16]).startswith(_SOUNDS):
                raise KindNotTaken
            wanted.file = store_upload(upload=upload, retention_class="EVIDENCE", at=at)
    except Refusal as refused:
        _give_up(wanted, str(refused.title))
        return False
    wanted.due_at, wanted.failed_for = None, ""
    wanted.save(update_fields=["file", "due_at", "failed_for"])
    _tell(wanted)
    return True


@transaction.atomic
def note_no_recording(*, recording_id: int, reason: str, is_final: bool, at: datetime) -> None:
    """Tried again for a day; then the call shows that its recording did not come, and keeps the reference."""
    wanted = _hold(recording_id)
    if wanted is None:
        return
    if is_final or wanted.tries >= len(AGAIN):
        _give_up(wanted, reason)
        return
    wanted.due_at, wanted.failed_for = at + AGAIN[wanted.tries], reason[:200]
    wanted.tries += 1
    wanted.save(update_fields=["due_at", "failed_for", "tries"])


@transaction.atomic
def fetch_again(*, recording_id: int, by: Viewer, at: datetime) -> None:
    """One that was given up is wanted again, from now on for another day. Raises NotFound (also out of
    sight), NotAllowed, NotGivenUp."""
    check_may_write(by)
    check_in_sight(viewer=by, recording_id=recording_id)
    wanted = (
        Recording.objects.select_for_update(of=("self",)).select_related("call__outlet").get(pk=recording_id)
    )
    if wanted.file_id is not None or wanted.due_at is not None:
        raise NotGivenUp
    wanted.due_at, wanted.tries, wanted.failed_for = at, 0, ""
    wanted.save(update_fields=["due_at", "tries", "failed_for"])
    _tell(wanted)


def _hold(recording_id: int) -> Recording | None:
    """The recording while it is still wanted."""
    rows = Recording.objects.select_for_update(of=("self",)).select_related("call__outlet")
    return rows.filter(pk=recording_id, file=None, due_at__isnull=False).first()


def _give_up(wanted: Recording, reason: str) -> None:
    wanted.due_at, wanted.failed_for = None, (reason or _("没有取到"))[:200]
    wanted.save(update_fields=["due_at", "failed_for"])
    _tell(wanted)


def _tell(wanted: Recording) -> None:
    nudge(f"calls:{wanted.call.outlet.code if wanted.call.outlet else HEAD_OFFICE}")
