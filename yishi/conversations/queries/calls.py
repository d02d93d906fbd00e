"""Calls as pages show them, and how soon they are answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from yishi.conversations.models.calls import Call
from yishi.conversations.rules import ANSWERED_WITHIN
from yishi.kit.personal import mask_phone
from yishi.people.queries import within_scope
from yishi.people.rules import Permission, Viewer


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
    has_recording: bool
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
    return [
        _line(row) for row in _seen(viewer).select_related("answered_by_user").order_by("-rang_at")[:most]
    ]


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
        has_recording=bool(row.recording),
        conversation_id=row.conversation_id,
    )
