"""What `claims` writes on a case: lines of its history about money, and that it is in arbitration."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yishi.cases.actions.hold import keep
from yishi.cases.actions.lines import write_entry
from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience, Author
from yishi.people.rules import Viewer


def note_money(
    *,
    case: Case,
    kind: str,
    is_public: bool,
    by: Viewer | None,
    at: datetime,
    text: str = "",
    data: Mapping[str, Any] | None = None,
) -> int:
    """Adds a line about money to a held case and tells its pages; the line's id.

    A public line is Yishi's own sentence or the person's words, never a colleague's note.
    """
    audience = Audience.PUBLIC if is_public else Audience.INTERNAL
    author = Author.SYSTEM if is_public and by is not None else None
    entry = write_entry(case, kind, audience, by=by, at=at, author=author, text=text, data=data)
    keep(case)
    return entry.pk


def mark_arbitration(*, case: Case, is_in_arbitration: bool) -> None:
    """Whether a held case is being arbitrated, which is a flag beside its status."""
    case.is_in_arbitration = is_in_arbitration
    keep(case, "is_in_arbitration")
