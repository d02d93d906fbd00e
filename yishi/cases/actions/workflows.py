"""A case goes through its workflow: by hand, by what happens, or when a step's time is up."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import F

from yishi.cases.actions.hold import check_may, check_text, hold_case, tell
from yishi.cases.actions.lines import write_entry
from yishi.cases.actions.status import change_status
from yishi.cases.facts import PromiseEnded, PromiseMade
from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience, Author
from yishi.cases.queries import types
from yishi.cases.queries.workflows import lacking
from yishi.cases.rules.status import CHOSEN_BY_HAND, Status, may_move
from yishi.cases.rules.types import TypeTerms
from yishi.cases.rules.workflows import On, Step, Workflow, carried, place_of
from yishi.kit.errors import Refusal
from yishi.kit.facts import announce
from yishi.kit.phrases import Phrase, joined
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer

SUBJECT = "STEP"
BY_HAND = "BY_HAND"


class NoSuchMove(Refusal):
    """流程里从“%(step)s”不能直接到“%(to)s”"""

    code = "move_not_in_workflow"


class SomethingMissing(Refusal):
    """离开“%(step)s”前还差：%(missing)s"""

    code = "missing_before_leaving"


@transaction.atomic
def move_step(
    *, case_id: int, to: str, reason: str = "", by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Takes an open case to another step of its workflow, where a move of the present step leads.

    Raises NoSuchMove, SomethingMissing (evidence or form fields, by name), Stale, CaseIsOver.
    """
    check_may(by, Permission.CASE_WRITE)
    kept, _note = check_text(reason, pointer="/reason", is_required=False)
    case = hold_case(case_id=case_id, version=version, must_be_open=True)
    here = standing(case)
    target = here.workflow.find(to)
    if target is None or to not in here.place.moves:
        raise NoSuchMove(step=types.name_of(here.place), to=types.name_of(target) if target else to)
    _check_may_leave(case, here)
    _enter(case, here, target, BY_HAND, text=kept, by=by, at=at)
    Case.objects.filter(pk=case.pk).update(version=F("version") + 1)
    tell(case)


@transaction.atomic
def carry_along(*, case_id: int, on: str, old: str, at: datetime) -> None:
    """Something has happened to the case, which had the status `old` before: its place follows.

    Settling is refused while the step still lacks what it asks for; anything else then leaves it where its
    status puts it. Raises SomethingMissing.
    """
    case = hold_case(case_id=case_id)
    here = standing(case, status=old)
    place = here.place
    target = carried(here.workflow, place=place, on=on, status=case.status)
    if on == On.RESOLVED:
        _check_may_leave(case, here)
    elif target.status == place.status and target.key != place.key and _missing(case, here):
        return
    _enter(case, here, target, on, by=SYSTEM_VIEWER, at=at)


@transaction.atomic
def lapse_step(*, case_id: int, at: datetime) -> None:
    """The time of the case's step is up: it goes where the workflow sends it then, or stays."""
    case = hold_case(case_id=case_id)
    if not case.is_open:
        return
    here = standing(case)
    to = next((auto.to for auto in here.place.autos if auto.on == On.TIME), None)
    if to is not None:
        _enter(case, here, here.workflow.get(to), On.TIME, by=SYSTEM_VIEWER, at=at)
        tell(case)


def begin(*, case_id: int, at: datetime) -> None:
    """A case was opened: where its first step has a time of its own, that is promised now.

    Asks nothing where no workflow has one: opening a case is a hot path.
    """
    if not types.last_known().has_first_limits:
        return
    case = hold_case(case_id=case_id)
    make_promise(case, standing(case).place, by=None, at=at)


def restand(*, case_id: int, workflow: Workflow, by: Viewer, at: datetime) -> None:
    """The case stood by name on a step of `workflow` that its newest version has no more: by status now."""
    case = hold_case(case_id=case_id)
    here, left = standing(case), workflow.find(case.step)
    if here.workflow.key != workflow.key or left is None:
        return
    _write_line(case, left, here.place, "CHANGED", "", by=by, at=at)
    _stand(case, "")
    end_promise(case, left, is_done=False, by=by, at=at)
    make_promise(case, here.place, by=by, at=at)
    tell(case)


class Standing(NamedTuple):
    """Where a case stands, in which workflow, under which type."""

    terms: TypeTerms
    workflow: Workflow
    place: Step


def standing(case: Case, *, status: str = "") -> Standing:
    """Where a case stands, never nowhere; or stood, while it had that status."""
    known = types.shelf()
    terms = types.type_of_case(
        category=case.category,
        type_key=case.type_key,
        type_version=case.type_version,
        opened_at=case.opened_at,
        outlet_id=case.outlet_id,
        books=known,
    )
    workflow = known.workflow_of(terms, case.case_class)
    return Standing(terms, workflow, place_of(workflow, step=case.step, status=status or case.status))


def _missing(case: Case, here: Standing) -> list[str]:
    return lacking(case.pk, here.place, here.terms, case.form)


def _check_may_leave(case: Case, here: Standing) -> None:
    missing = _missing(case, here)
    if missing:
        raise SomethingMissing(step=types.name_of(here.place), missing=joined(missing))


def _enter(
    case: Case, here: Standing, target: Step, on: str, *, text: str = "", by: Viewer, at: datetime
) -> None:
    """From one step to another: its status, its line of history unless the status says it all, its clock."""
    place = here.place
    if target.key != place.key:
        if target.status != case.status:
            _move_status(case, target, text, by=by, at=at)
        implied = here.workflow.first_with(target.status)
        is_implied = implied is not None and implied.key == target.key
        if on == BY_HAND or not (is_implied and target.status != place.status):
            _write_line(case, place, target, on, text, by=by, at=at)
        _stand(case, "" if is_implied else target.key)
        end_promise(case, place, is_done=target.status != Status.WITHDRAWN, by=by, at=at)
        make_promise(case, target, by=by, at=at)
    elif case.status != place.status:
        _stand(case, place.key)  # a status without a step of its own leaves it where it was


def _stand(case: Case, step: str) -> None:
    if case.step != step:
        case.step = step
        Case.objects.filter(pk=case.pk).update(step=step)


def _move_status(case: Case, target: Step, text: str, *, by: Viewer, at: datetime) -> None:
    """What no verb has done yet: a step by hand or by time may wait for somebody, or go on working."""
    new = Status(target.status)
    if new in CHOSEN_BY_HAND and may_move(case.status, new):
        change_status(case_id=case.pk, status=new, reason=text, is_placed=True, by=by, at=at)
        case.status = new


def _write_line(
    case: Case, place: Step, target: Step, on: str, text: str, *, by: Viewer, at: datetime
) -> None:
    data = {"from": place.key, "from_name": place.name, "to": target.key, "to_name": target.name, "on": on}
    data |= {"from_name_en": place.name_en, "to_name_en": target.name_en}
    author = None if on == BY_HAND else Author.SYSTEM
    write_entry(case, "STEP", Audience.INTERNAL, by=by, at=at, author=author, text=text, data=data)


def make_promise(case: Case, step: Step, *, by: Viewer | None, at: datetime) -> None:
    """Starts the clock of a step that has a time of its own."""
    if step.limit_hours is None or step.is_end:
        return
    announce(
        PromiseMade(
            case_id=case.pk,
            case_no=case.case_no,
            by_user_id=by.user_id if by else None,
            subject_kind=SUBJECT,
            subject_id=case.pk,
            kind=SUBJECT,
            within_s=int(timedelta(hours=step.limit_hours).total_seconds()),
            is_in_service_hours=step.is_in_service_hours,
            who_id=case.assignee_id,
            title=step.name,
            said=Phrase(step.name, english=step.name_en).kept(),
            at=at,
        )
    )


def end_promise(case: Case, step: Step, *, is_done: bool, by: Viewer | None, at: datetime) -> None:
    """Ends the clock of a step that had one."""
    if step.limit_hours is None or step.is_end:
        return
    announce(
        PromiseEnded(
            case_id=case.pk,
            case_no=case.case_no,
            by_user_id=by.user_id if by else None,
            subject_kind=SUBJECT,
            subject_id=case.pk,
            kind=SUBJECT,
            is_done=is_done,
            at=at,
        )
    )
