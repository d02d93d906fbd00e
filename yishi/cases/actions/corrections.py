"""A line of history is never changed: what was wrong in it is put right by a new line that points at it."""

from datetime import datetime

from django.db import transaction

from yishi.cases.actions.hold import check_may, check_text, hold_case, keep
from yishi.cases.actions.lines import write_entry
from yishi.cases.facts import LineCorrected
from yishi.cases.models.history import Audience, Author
from yishi.cases.rules.audiences import may_read
from yishi.kit.errors import NotFound, Refusal
from yishi.kit.facts import announce
from yishi.people.rules import Permission, Viewer


class NotOursToCorrect(Refusal):
    """只能更正我们自己写的话；顾客说的、系统记的，都照原样留着"""

    code = "not_ours_to_correct"


@transaction.atomic
def correct_line(
    *, case_id: int, entry_id: int, text: str, by: Viewer, at: datetime, version: int | None = None
) -> int:
    """Says what is right instead of a line that staff wrote; whoever reads the one reads the other.

    Also on a case that is over. Returns the new line's id. Raises NotFound for a line of another case or one
    that the viewer may not read, NotOursToCorrect, Stale.
    """
    check_may(by, Permission.CASE_WRITE)
    kept, note = check_text(text)
    case = hold_case(case_id=case_id, version=version)
    wrong = case.entries.filter(pk=entry_id).first()
    if wrong is None or not may_read(by, wrong.audience):
        raise NotFound()
    if wrong.author_kind != Author.STAFF or not wrong.text:
        raise NotOursToCorrect()
    audience = Audience(wrong.audience)
    data = {**note, "corrects": wrong.pk}
    entry = write_entry(case, "CORRECTION", audience, by=by, at=at, text=kept, data=data)
    keep(case)
    announce(
        LineCorrected(
            case_id=case.pk,
            case_no=case.case_no,
            by_user_id=by.user_id,
            entry_id=entry.pk,
            corrects_id=wrong.pk,
            is_public=audience == Audience.PUBLIC,
            at=at,
        )
    )
    return entry.pk
