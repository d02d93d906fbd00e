"""Proof: files that belong to a case, each with the line of history it came with."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yishi.cases.actions.hold import check_may, check_text, hold_case, keep
from yishi.cases.actions.lines import author_of, write_entry
from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience, Evidence, TimelineEntry
from yishi.kit.errors import Invalid, Refusal
from yishi.people.rules import Permission, Viewer

MAX_FILES_OF_CASE = 60


class TooMuchEvidence(Refusal):
    """这件工单的附件太多了，先告诉我们最要紧的"""

    code = "too_much_evidence"


def attach(
    case: Case, entry: TimelineEntry, files: Sequence[UUID], *, by: Viewer | None, at: datetime
) -> None:
    """Links stored files to a held case. Raises TooMuchEvidence beyond 60 files."""
    if files and case.evidence.count() + len(files) > MAX_FILES_OF_CASE:
        raise TooMuchEvidence()
    Evidence.objects.bulk_create(
        Evidence(
            case=case,
            entry=entry,
            file_id=file,
            author_kind=author_of(by),
            author_id=by.user_id if by else None,
            at=at,
        )
        for file in dict.fromkeys(files)
    )


@transaction.atomic
def add_evidence(*, case_id: int, files: Sequence[UUID], text: str = "", by: Viewer, at: datetime) -> int:
    """Staff add proof, seen inside only; also to a case that is over. Returns the entry's id."""
    check_may(by, Permission.CASE_WRITE)
    if not files:
        raise Invalid([("/attachments", "missing_field", "选一个文件")])
    kept, note = check_text(text, is_required=False)
    case = hold_case(case_id=case_id)
    data = {**note, "files": len(files)}
    entry = write_entry(case, "EVIDENCE", Audience.INTERNAL, by=by, at=at, text=kept, data=data)
    attach(case, entry, files, by=by, at=at)
    keep(case)
    return entry.pk
