"""Lines of a case's history, as the verbs write them; `queries/words` puts them into words when read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience, Author, TimelineEntry
from yishi.people.rules import Viewer


def write_entry(
    case: Case,
    kind: str,
    audience: Audience,
    *,
    by: Viewer | None,
    at: datetime,
    author: Author | None = None,
    text: str = "",
    data: Mapping[str, Any] | None = None,
) -> TimelineEntry:
    """Adds a line to the case's history. Without `author`: staff for a viewer, else the consumer."""
    return TimelineEntry.objects.create(
        case=case,
        kind=kind,
        audience=audience,
        text=text,
        data=dict(data or {}),
        author_kind=author or author_of(by),
        author_id=by.user_id if by else None,
        at=at,
    )


def author_of(by: Viewer | None) -> Author:
    if by is None:
        return Author.CONSUMER
    return Author.SYSTEM if by.kind == "SYSTEM" else Author.STAFF
