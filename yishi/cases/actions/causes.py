"""A case is linked with others of the same cause: counted, said in its history, more pressing."""

from datetime import datetime

from django.db import transaction

from yishi.cases.actions.hold import hold_case, keep
from yishi.cases.actions.lines import write_entry
from yishi.cases.facts import CasePriorityChanged
from yishi.cases.models.history import Audience
from yishi.cases.queries.causes import find_cause
from yishi.cases.rules.causes import raised_by_cause
from yishi.kit.facts import announce
from yishi.people.rules import SYSTEM_VIEWER


@transaction.atomic
def link_cause(*, case_id: int, at: datetime) -> bool:
    """Looks for the cause that a case shares with others of its outlet; the same again changes nothing.

    The first one raises the priority of an open case by one. Returns whether a line was written.
    """
    case = hold_case(case_id=case_id)
    cause = find_cause(case)
    if cause is None or (case.cause_by, case.cause_of_id) == (cause.by, cause.case_ids[0]):
        return False
    old, is_first = case.priority, case.cause_by == ""
    case.cause_by, case.cause_of_id = cause.by.value, cause.case_ids[0]
    case.causes_in_3_days, case.causes_in_30_days = cause.in_3_days, cause.in_30_days
    if is_first and case.is_open:
        case.priority = raised_by_cause(case.priority)
    assert case.cause_of is not None
    data = {
        "by": cause.by.value,
        "case_no": case.cause_of.case_no,
        "soon": cause.in_3_days,
        "month": cause.in_30_days,
        "root_cause": cause.root_cause,
        "is_raised": case.priority > old,
    }
    write_entry(case, "REPEAT_CAUSE", Audience.INTERNAL, by=SYSTEM_VIEWER, at=at, data=data)
    keep(case, "cause_by", "cause_of", "causes_in_3_days", "causes_in_30_days", "priority")
    if case.priority > old:
        announce(
            CasePriorityChanged(case_id=case.pk, case_no=case.case_no, old=old, priority=case.priority, at=at)
        )
    return True
