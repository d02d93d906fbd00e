"""What the source of a work order says later of the same one: its deadline, its state, more words."""

from datetime import datetime

from django.db import transaction

from yishi.cases.actions.hold import hold_case, keep
from yishi.cases.actions.lines import write_entry
from yishi.cases.facts import ExternalDueChanged
from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience, Author, TimelineEntry
from yishi.cases.rules.work_orders import added_text
from yishi.kit.facts import announce
from yishi.kit.texts import MAX_TEXT, clean_text
from yishi.people.rules import Viewer

_SAID = ("OPENED", "EXTERNAL_TEXT", "CONSUMER")
_LONGEST_STATE = 120


@transaction.atomic
def update_external(
    *,
    case_id: int,
    due_at: datetime | None = None,
    state: str = "",
    text: str = "",
    by: Viewer | None,
    at: datetime,
) -> bool:
    """Takes over what is new: another deadline (its clock moves), another state, words not said before.

    Each leaves a line of history. What is empty says nothing; returns whether anything changed. The case may
    be over: then it is written down all the same. Who does not see the case changes nothing. Raises NotFound.
    """
    case = hold_case(case_id=case_id)
    if by is not None and not by.sees_outlet(case.outlet.code if case.outlet else None):
        return False
    changed = [
        name
        for name, is_new in (
            ("external_due_at", _take_due(case, due_at, by=by, at=at)),
            ("external_state", _take_state(case, state, by=by, at=at)),
            ("text", _take_text(case, text, by=by, at=at)),
        )
        if is_new
    ]
    if changed:
        keep(case, *(name for name in changed if name != "text"))
    return bool(changed)


def _take_due(case: Case, due_at: datetime | None, *, by: Viewer | None, at: datetime) -> bool:
    if due_at is None or due_at == case.external_due_at:
        return False
    old = case.external_due_at.isoformat() if case.external_due_at else ""
    data = {"old": old, "due_at": due_at.isoformat()}
    write_entry(case, "EXTERNAL_DUE", Audience.INTERNAL, by=by, at=at, author=Author.SYSTEM, data=data)
    case.external_due_at = due_at
    announce(
        ExternalDueChanged(
            case_id=case.pk,
            case_no=case.case_no,
            by_user_id=by.user_id if by else None,
            due_at=due_at,
            is_open=case.is_open,
            at=at,
        )
    )
    return True


def _take_state(case: Case, state: str, *, by: Viewer | None, at: datetime) -> bool:
    kept, _removed = clean_text(state)
    kept = kept[:_LONGEST_STATE]
    if not kept or kept == case.external_state:
        return False
    data = {"old": case.external_state, "state": kept}
    write_entry(case, "EXTERNAL_STATE", Audience.INTERNAL, by=by, at=at, author=Author.SYSTEM, data=data)
    case.external_state = kept
    return True


def _take_text(case: Case, text: str, *, by: Viewer | None, at: datetime) -> bool:
    kept, _removed = clean_text(text)
    known = TimelineEntry.objects.filter(case=case, kind__in=_SAID).values_list("text", flat=True)
    added = added_text(list(known), kept)[:MAX_TEXT]
    if not added:
        return False
    write_entry(case, "EXTERNAL_TEXT", Audience.INTERNAL, by=by, at=at, author=Author.SYSTEM, text=added)
    return True
