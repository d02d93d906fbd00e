"""A file of a case turned out to be infected: its history says so, to those inside."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yishi.cases.actions.hold import hold_case, tell
from yishi.cases.actions.lines import write_entry
from yishi.cases.models.history import Audience, Author, Evidence
from yishi.people.rules import SYSTEM_VIEWER


@transaction.atomic
def note_quarantined(*, file_id: UUID, found: str, at: datetime) -> int:
    """Writes a line to every case that holds the file, for whoever read of the file; returns how many."""
    links = Evidence.objects.filter(file_id=file_id).select_related("entry").order_by("case_id")
    for link in links:
        case = hold_case(case_id=link.case_id)
        audience = Audience.HEAD_OFFICE if link.entry.audience == Audience.HEAD_OFFICE else Audience.INTERNAL
        data = {"found": found}
        write_entry(case, "QUARANTINED", audience, by=SYSTEM_VIEWER, at=at, author=Author.SYSTEM, data=data)
        tell(case)
    return len(links)
