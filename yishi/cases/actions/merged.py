"""A merged case still speaks: its person's words reach the case it goes on in, and the result reaches him."""

from datetime import datetime

from yishi.cases.actions.hold import hold_case, tell
from yishi.cases.actions.lines import write_entry
from yishi.cases.facts import MergedCaseTold
from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience, Author, TimelineEntry
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
    whose = result.case.contact_id
    told = [case for case in _merged_into(case_id) if not case.is_internal and case.contact_id != whose]
    for case in told:
        entry = write_entry(case, "MERGED_RESULT", Audience.PUBLIC, by=SYSTEM_VIEWER, at=at, text=result.text)
        announce(MergedCaseTold(case_id=case.pk, case_no=case.case_no, entry_id=entry.pk, at=at))
    return len(told)


def _merged_into(case_id: int) -> list[Case]:
    """Cases merged into this one, also by way of another; no ring can stand, so it ends."""
    found: list[Case] = []
    step = [case_id]
    while step:
        merged = list(Case.objects.filter(merged_into_id__in=step).order_by("id"))
        found += merged
        step = [case.pk for case in merged]
    return found
