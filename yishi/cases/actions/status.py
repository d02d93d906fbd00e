"""Moves between statuses that are chosen by hand, and the end of a settled case."""

from datetime import datetime

from django.db import transaction

from yishi.cases.actions.hold import (
    MoveNotPossible,
    check_leads,
    check_may,
    check_text,
    hold_case,
    keep,
    move,
)
from yishi.cases.actions.lines import write_entry
from yishi.cases.facts import CaseClosed, CaseStatusChanged
from yishi.cases.models.history import Audience, Author
from yishi.cases.rules.status import CHOSEN_BY_HAND, Status, may_move
from yishi.kit.errors import Invalid
from yishi.kit.facts import announce
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer


@transaction.atomic
def change_status(
    *,
    case_id: int,
    status: str,
    reason: str = "",
    is_placed: bool = False,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Takes the case in hand, or says for whom it waits: a stated reason pauses the promises that may wait.

    The person reads the reason where he is the one who is waited for. `is_placed`: a move in the workflow
    asked for it, which says itself where the case then stands.

    Raises Invalid for an unknown status, MoveNotPossible, Stale.
    """
    check_may(by, Permission.CASE_WRITE)
    if status not in Status.__members__:
        raise Invalid([("/status", "unknown_status", "没有这个状态")])
    kept, note = check_text(reason, pointer="/reason", is_required=False)
    case = hold_case(case_id=case_id, version=version)
    check_leads(case, by)
    new = Status(status)
    if new not in CHOSEN_BY_HAND or not may_move(case.status, new) or not case.is_open:
        raise MoveNotPossible()
    old = move(case, new)
    data = {**note, "old": old, "status": status}
    said = write_entry(case, "STATUS", Audience.INTERNAL, by=by, at=at, text=kept, data=data)
    # who is to answer must read what is asked; what others are waited for stays inside
    asked = kept if new == Status.WAITING_CUSTOMER else ""
    told = write_entry(
        case,
        "STATUS",
        Audience.PUBLIC,
        by=by,
        at=at,
        author=Author.SYSTEM,
        text=asked,
        data={"status": status},
    )
    keep(case, "status")
    announce(
        CaseStatusChanged(
            case_id=case.pk,
            case_no=case.case_no,
            by_user_id=by.user_id,
            old=old,
            status=status,
            entry_id=told.pk if asked else None,
            # what a promise waits for must be said: the line is the proof of its pause
            reason_entry_id=said.pk if kept else None,
            is_placed=is_placed,
            at=at,
        )
    )


@transaction.atomic
def close_case(*, case_id: int, at: datetime, by: Viewer | None = None) -> None:
    """Ends a settled case: the person confirmed (no viewer) or nobody objected in time (SYSTEM_VIEWER)."""
    case = hold_case(case_id=case_id)
    if not may_move(case.status, Status.CLOSED):
        raise MoveNotPossible()
    move(case, Status.CLOSED)
    case.closed_at, case.closes_at = at, None
    why = "time" if by is SYSTEM_VIEWER else "confirmed"
    write_entry(case, "CLOSED", Audience.PUBLIC, by=by, at=at, data={"why": why})
    keep(case, "status", "closed_at", "closes_at")
    user_id = by.user_id if by else None
    announce(CaseClosed(case_id=case.pk, case_no=case.case_no, by_user_id=user_id, at=at))
