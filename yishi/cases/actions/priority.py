"""How pressing a case is, as somebody decided with a reason."""

from datetime import datetime

from django.db import transaction

from yishi.cases.actions.hold import check_may, check_text, hold_case, keep
from yishi.cases.actions.lines import write_entry
from yishi.cases.facts import CasePriorityChanged
from yishi.cases.models.history import Audience
from yishi.cases.rules.repeats import HIGHEST_PRIORITY
from yishi.kit.errors import Invalid, Refusal
from yishi.kit.facts import announce
from yishi.people.rules import Permission, Viewer


class SamePriority(Refusal):
    """本来就是这个级别"""

    code = "same_priority"


@transaction.atomic
def change_priority(
    *, case_id: int, priority: int, reason: str, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Sets 0 (normal), 1 or 2 (most pressing), for a stated reason; promises are reckoned anew by `sla`.

    Raises Invalid, SamePriority, Stale, CaseIsOver.
    """
    check_may(by, Permission.CASE_WRITE)
    if not 0 <= priority <= HIGHEST_PRIORITY:
        raise Invalid([("/priority", "unknown_priority", "没有这个级别")])
    kept, note = check_text(reason, pointer="/reason")
    case = hold_case(case_id=case_id, version=version, must_be_open=True)
    old = case.priority
    if old == priority:
        raise SamePriority()
    case.priority = priority
    data = {**note, "old": old, "priority": priority}
    write_entry(case, "PRIORITY", Audience.INTERNAL, by=by, at=at, text=kept, data=data)
    keep(case, "priority")
    announce(
        CasePriorityChanged(
            case_id=case.pk, case_no=case.case_no, by_user_id=by.user_id, old=old, priority=priority, at=at
        )
    )
