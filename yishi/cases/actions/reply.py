"""Words: staff answer publicly or note internally; the person writes more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from yishi.cases.actions.evidence import attach, proof_note
from yishi.cases.actions.hold import (
    CaseIsOver,
    check_leads,
    check_may,
    check_text,
    hold_case,
    keep,
    move,
    tell,
)
from yishi.cases.actions.lines import write_entry
from yishi.cases.actions.merged import goes_on_in
from yishi.cases.facts import CaseReplied, CaseStatusChanged, ConsumerWrote
from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience, Author
from yishi.cases.rules.audiences import may_read
from yishi.cases.rules.status import Status
from yishi.kit.errors import NotAllowed
from yishi.kit.facts import announce
from yishi.kit.phrases import Phrase
from yishi.people.rules import Permission, Viewer


@transaction.atomic
def add_reply(
    *,
    case_id: int,
    text: str,
    is_automatic: bool = False,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> int:
    """A public answer: meets FIRST_RESPONSE, renews NEXT_UPDATE, takes an unclaimed case in hand.

    What nobody wrote for this person (`is_automatic`, or the system's own) is told and keeps no promise.
    Returns the entry's id. Raises Stale when somebody else changed the case since `version`, CaseIsOver.
    """
    check_may(by, Permission.CASE_WRITE)
    kept, note = check_text(text)
    case = hold_case(case_id=case_id, version=version, must_be_open=True)
    check_leads(case, by)
    is_automatic = is_automatic or by.kind == "SYSTEM"
    author = Author.SYSTEM if is_automatic else None
    entry = write_entry(case, "REPLY", Audience.PUBLIC, by=by, at=at, author=author, text=kept, data=note)
    old = case.status
    if not is_automatic:
        case.replied_at = case.replied_at or at
        if case.assignee_id is None and case.status == Status.OPEN:
            case.assignee_id = by.user_id
        old = move(case, Status.IN_PROGRESS) if case.status == Status.OPEN else case.status
    keep(case, "replied_at", "assignee", "status")
    announce(
        CaseReplied(
            case_id=case.pk,
            case_no=case.case_no,
            by_user_id=by.user_id,
            category=case.category,
            case_class=case.case_class,
            entry_id=entry.pk,
            is_automatic=is_automatic,
            old=old,
            at=at,
        )
    )
    _announce_move(case, old, by=by, at=at)
    return entry.pk


@transaction.atomic
def add_note(
    *,
    case_id: int,
    text: str | Phrase,
    by: Viewer,
    at: datetime,
    version: int | None = None,
    kind: str = "NOTE",
    data: dict[str, Any] | None = None,
    is_for_head_office: bool = False,
) -> int:
    """An internal line, also on a case that is over. The system's own kinds give `data` instead of a text.

    `is_for_head_office`: no outlet reads it; NotAllowed for whoever could not read it himself.
    """
    check_may(by, Permission.CASE_WRITE)
    audience = Audience.HEAD_OFFICE if is_for_head_office else Audience.INTERNAL
    if not may_read(by, audience):
        raise NotAllowed()
    kept, note = check_text(text, is_required=kind == "NOTE")
    case = hold_case(case_id=case_id, version=version)
    author = Author.SYSTEM if kind != "NOTE" else None
    entry = write_entry(
        case, kind, audience, by=by, at=at, author=author, text=kept, data={**note, **(data or {})}
    )
    tell(case)
    return entry.pk


@transaction.atomic
def consumer_reply(*, case_id: int, text: str, files: Sequence[UUID] = (), at: datetime) -> int:
    """The person writes or adds proof; what waited for him goes on. Raises CaseIsOver when it has ended.

    Text may be empty when there are files. Returns the entry's id.
    """
    kept, note = check_text(text, is_required=not files)
    case = goes_on_in(hold_case(case_id=case_id), at=at)
    if case.status in (Status.CLOSED, Status.WITHDRAWN) and case.merged_into_id is None:
        raise CaseIsOver()
    data = {**note, **proof_note(files)}
    entry = write_entry(case, "CONSUMER", Audience.PUBLIC, by=None, at=at, text=kept, data=data)
    attach(case, entry, files, by=None, at=at)
    old = move(case, Status.IN_PROGRESS) if case.status == Status.WAITING_CUSTOMER else case.status
    keep(case, "status")
    announce(ConsumerWrote(case_id=case.pk, case_no=case.case_no, entry_id=entry.pk, old=old, at=at))
    _announce_move(case, old, by=None, at=at)
    return entry.pk


def _announce_move(case: Case, old: str, *, by: Viewer | None, at: datetime) -> None:
    if old != case.status:
        user_id = by.user_id if by else None
        announce(
            CaseStatusChanged(
                case_id=case.pk,
                case_no=case.case_no,
                by_user_id=user_id,
                old=old,
                status=case.status,
                is_placed=True,
                at=at,
            )
        )
