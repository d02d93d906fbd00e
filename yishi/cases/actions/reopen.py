"""Reopening: what is over can be taken up again for 15 days, by the person or by staff."""

from datetime import datetime

from django.db import transaction

from yishi.cases.actions.hold import check_leads, check_may, check_text, hold_case, keep, move
from yishi.cases.actions.lines import write_entry
from yishi.cases.facts import CaseReopened
from yishi.cases.models.history import Audience
from yishi.cases.rules.repeats import HIGHEST_PRIORITY
from yishi.cases.rules.status import Status, may_reopen
from yishi.kit.errors import Refusal
from yishi.kit.facts import announce
from yishi.people.rules import Permission, Viewer


class TooLateToReopen(Refusal):
    """工单还没结束，或结束已超过 15 天，不能重新打开；可以再提交一件"""

    code = "cannot_reopen"


class MergedAway(Refusal):
    """这件已并进另一件一起办，在那一件里接着办"""

    code = "merged_away"


@transaction.atomic
def reopen_case(
    *, case_id: int, reason: str, by: Viewer | None, at: datetime, version: int | None = None
) -> int:
    """Opens an ended case again, more pressing than before; its promises begin anew. Returns the entry's id.

    Staff give a reason; the person need not. Raises TooLateToReopen, MergedAway, Stale.
    """
    check_may(by, Permission.CASE_WRITE)
    kept, note = check_text(reason, pointer="/reason", is_required=by is not None)
    case = hold_case(case_id=case_id, version=version)
    if by is not None:
        check_leads(case, by)
    if case.merged_into_id is not None:
        raise MergedAway()
    if not may_reopen(case.status, case.closed_at or case.resolved_at, at):
        raise TooLateToReopen()
    entry = write_entry(case, "REOPENED", Audience.PUBLIC, by=by, at=at, text=kept, data=note)
    old = move(case, Status.IN_PROGRESS)
    # what was entered at the source of a work order is not our last word any more
    case.resolved_at = case.closed_at = case.closes_at = case.answered_there_at = None
    case.priority = min(case.priority + 1, HIGHEST_PRIORITY)
    case.reopenings += 1
    keep(
        case, "status", "resolved_at", "closed_at", "closes_at", "answered_there_at", "priority", "reopenings"
    )
    announce(
        CaseReopened(
            case_id=case.pk,
            case_no=case.case_no,
            by_user_id=by.user_id if by else None,
            entry_id=entry.pk,
            category=case.category,
            case_class=case.case_class,
            outlet_id=case.outlet_id,
            old=old,
            at=at,
        )
    )
    return entry.pk
