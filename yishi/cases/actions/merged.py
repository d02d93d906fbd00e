"""A merged case still speaks: its person's words reach the case it goes on in, and what becomes of that
reaches him. Nothing of it stays promised that nobody works on."""

from collections.abc import Iterator
from datetime import datetime

from yishi.cases.actions.hold import hold_case, keep, move, tell
from yishi.cases.actions.lines import write_entry
from yishi.cases.actions.tasks import cancel_tasks_of_case
from yishi.cases.actions.workflows import end_promise, make_promise, standing
from yishi.cases.facts import CaseReopened, MergedCaseTold
from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience, Author, TimelineEntry
from yishi.cases.rules.status import Status
from yishi.kit.facts import announce
from yishi.people.rules import SYSTEM_VIEWER


def goes_on_in(case: Case, *, at: datetime) -> Case:
    """Where the words of a case's person belong: in the case it was merged into, when that is his own.

    Words of another person stay in his own history; whoever works on the other case is told of them inside.
    """
    while case.merged_into_id is not None:
        into = hold_case(case_id=case.merged_into_id)
        if into.contact_id is None or into.contact_id != case.contact_id:
            data = {"case_no": case.case_no}
            author = Author.SYSTEM
            write_entry(into, "MERGED_WROTE", Audience.INTERNAL, by=None, at=at, author=author, data=data)
            tell(into)
            return case
        case = into
    return case


def tell_merged(*, case_id: int, entry_id: int, at: datetime) -> int:
    """Writes the result into each case of another person that was merged into this one; returns how many."""
    result = TimelineEntry.objects.get(pk=entry_id)
    others = [case for case in _merged_into(case_id) if _is_of_another(case, result.case)]
    for case in others:
        entry = write_entry(case, "MERGED_RESULT", Audience.PUBLIC, by=SYSTEM_VIEWER, at=at, text=result.text)
        _announce_told(case, entry, at)
    return len(others)


def tell_merged_of_end(*, case_id: int, at: datetime) -> int:
    """The case is closed for good: so is it for each other person whose case was merged into it."""
    lead = Case.objects.get(pk=case_id)
    others = [case for case in _merged_into(case_id) if _is_of_another(case, lead)]
    for case in others:
        _announce_told(case, write_entry(case, "MERGED_OVER", Audience.PUBLIC, by=SYSTEM_VIEWER, at=at), at)
    return len(others)


def let_go_of_merged(*, case_id: int, at: datetime) -> int:
    """The person of a case withdrew it: what others said was none of his to withdraw. Returns how many go on.

    The case of each other person is open again and promised anew; what was merged into that stays with it.
    """
    lead = hold_case(case_id=case_id)
    others = list(_others_under(lead))
    for found in others:
        case = hold_case(case_id=found.pk)
        old = move(case, Status.IN_PROGRESS)
        case.merged_into, case.closed_at = None, None
        entry = write_entry(case, "MERGED_LEFT", Audience.PUBLIC, by=SYSTEM_VIEWER, at=at)
        keep(case, "status", "merged_into", "closed_at")
        announce(
            CaseReopened(
                case_id=case.pk,
                case_no=case.case_no,
                entry_id=entry.pk,
                category=case.category,
                case_class=case.case_class,
                outlet_id=case.outlet_id,
                old=old,
                at=at,
            )
        )
        _announce_told(case, entry, at)
        told = {"case_no": case.case_no}
        write_entry(lead, "MERGED_OUT", Audience.INTERNAL, by=SYSTEM_VIEWER, at=at, data=told)
    return len(others)


def lay_down(*, case_id: int, old: str, at: datetime) -> None:
    """A case was merged away, which had the status `old`: its step's promise and its tasks fall away."""
    case = hold_case(case_id=case_id)
    end_promise(case, standing(case, status=old).place, is_done=False, by=SYSTEM_VIEWER, at=at)
    cancel_tasks_of_case(case_id=case_id, at=at)


def take_up(*, case_id: int, at: datetime) -> None:
    """A merge was taken back: what the case's step promises is promised again."""
    case = hold_case(case_id=case_id)
    make_promise(case, standing(case).place, by=SYSTEM_VIEWER, at=at)


def _announce_told(case: Case, entry: TimelineEntry, at: datetime) -> None:
    tell(case)
    announce(MergedCaseTold(case_id=case.pk, case_no=case.case_no, entry_id=entry.pk, at=at))


def _is_of_another(case: Case, lead: Case) -> bool:
    """Whether a merged case has a person of its own; where nobody is known, it may be another's."""
    return not case.is_internal and (case.contact_id is None or case.contact_id != lead.contact_id)


def _others_under(lead: Case) -> Iterator[Case]:
    """The nearest cases of others merged into this one, also by way of more cases of its own person."""
    step = [lead.pk]
    while step:
        merged = list(Case.objects.filter(merged_into_id__in=step).order_by("id"))
        yield from (case for case in merged if _is_of_another(case, lead))
        step = [case.pk for case in merged if not _is_of_another(case, lead)]


def _merged_into(case_id: int) -> list[Case]:
    """Cases merged into this one, also by way of another; no ring can stand, so it ends."""
    found: list[Case] = []
    step = [case_id]
    while step:
        merged = list(Case.objects.filter(merged_into_id__in=step).order_by("id"))
        found += merged
        step = [case.pk for case in merged]
    return found
