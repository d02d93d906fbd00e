"""Calls as pages show them, and how soon they are answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Prefetch, Q

from yishi.conversations.models.calls import Call, Recording
from yishi.conversations.rules import ANSWERED_WITHIN
from yishi.kit.errors import NotFound
from yishi.kit.models import StoredFile
from yishi.kit.personal import mask_phone
from yishi.people.queries import within_scope
from yishi.people.rules import Permission, Viewer


@dataclass(frozen=True)
class RecordingLine:
    """A recording of a call: kept (`is_kept`), on its way, or not to be had (`failed_for` says why)."""

    id: int
    is_kept: bool
    is_wanted: bool
    failed_for: str
    content_type: str

    @property
    def is_played(self) -> bool:
        """Whether browsers play it; AMR is saved and opened elsewhere."""
        return self.is_kept and self.content_type not in UNPLAYED


UNPLAYED = frozenset({"audio/amr"})
"""Sounds that no browser plays."""


@dataclass(frozen=True, kw_only=True)
class CallLine:
    """One call, its caller masked. `waited_s` is None where nobody measured it."""

    id: int
    caller: str
    state: str
    rang_at: datetime
    waited_s: int | None
    spoke_s: int | None
    is_measured: bool
    answered_by: str
    recordings: tuple[RecordingLine, ...]
    conversation_id: int | None


@dataclass(frozen=True)
class AnswerTimes:
    """Of `measured` calls `in_time` were answered within 30 s; `unmeasured` ones never count as good."""

    measured: int
    in_time: int
    missed: int
    unmeasured: int

    @property
    def share(self) -> float | None:
        return self.in_time / self.measured if self.measured else None


def list_calls(*, viewer: Viewer, most: int = 50) -> list[CallLine]:
    """The newest calls in sight."""
    kept = Prefetch("recordings", Recording.objects.select_related("file").order_by("pk"))
    rows = _seen(viewer).select_related("answered_by_user").prefetch_related(kept)
    return [_line(row) for row in rows.order_by("-rang_at")[:most]]


def access_recording(*, viewer: Viewer, recording_id: int) -> StoredFile:
    """The door to a recording: its call must be in sight. Raises NotFound, also for one that has not come."""
    found = Recording.objects.filter(pk=recording_id, call__in=_seen(viewer)).select_related("file").first()
    if found is None or found.file is None:
        raise NotFound()
    return found.file


def check_in_sight(*, viewer: Viewer, recording_id: int) -> None:
    """Whether the call of a recording is in sight, come or not. Raises NotFound."""
    if not Recording.objects.filter(pk=recording_id, call__in=_seen(viewer)).exists():
        raise NotFound()


def answer_times(*, viewer: Viewer, since: datetime, until: datetime) -> AnswerTimes:
    """By the time of ringing, natural hours. A missed call was not answered in time."""
    rows = _seen(viewer).filter(rang_at__gte=since, rang_at__lt=until)
    over = rows.filter(is_measured=True).exclude(state=Call.State.RINGING)
    return AnswerTimes(
        measured=over.count(),
        in_time=over.filter(answered_at__lte=F("rang_at") + ANSWERED_WITHIN).count(),
        missed=over.filter(state=Call.State.MISSED).count(),
        unmeasured=rows.filter(is_measured=False).count(),
    )


def call_menu(call_id: int) -> tuple[str, dict[str, Any]]:
    """The caller's number and where he stands in the menu."""
    call = Call.objects.get(pk=call_id)
    return call.caller, dict(call.menu)


def _seen(viewer: Viewer) -> Any:
    if not viewer.may(Permission.CASE_READ):
        return Call.objects.none()
    own = Q(answered_by_user_id=viewer.user_id) if viewer.user_id else Q()
    return Call.objects.filter(within_scope(viewer, "outlet__code") | own)


def _recording(one: Recording) -> RecordingLine:
    kind = one.file.content_type if one.file else ""
    return RecordingLine(one.pk, one.file is not None, one.due_at is not None, one.failed_for, kind)


def _line(row: Call) -> CallLine:
    waited = (row.answered_at or row.ended_at) if row.is_measured else None
    spoke = row.ended_at - row.answered_at if row.ended_at and row.answered_at else None
    user = row.answered_by_user
    return CallLine(
        id=row.pk,
        caller=mask_phone(row.caller),
        state=row.state,
        rang_at=row.rang_at,
        waited_s=round((waited - row.rang_at).total_seconds()) if waited else None,
        spoke_s=round(spoke.total_seconds()) if spoke and row.is_measured else None,
        is_measured=row.is_measured,
        answered_by=(user.name or user.username) if user else row.answered_by,
        recordings=tuple(_recording(one) for one in row.recordings.all()),
        conversation_id=row.conversation_id,
    )
