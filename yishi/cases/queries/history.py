"""The history of a case in the reader's language, and its files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yishi.cases.models.history import Audience, Author, Evidence, TimelineEntry
from yishi.cases.queries.sayings import sentence_of, title_of, told_of
from yishi.kit.errors import NotFound
from yishi.kit.models import StoredFile
from yishi.people.queries import require, staff_names, within_scope
from yishi.people.rules import Permission, Viewer


@dataclass(frozen=True, kw_only=True)
class TimelineLine:
    """A line of history in the reader's language. `is_said`: `text` is a person's own words."""

    id: int
    at: datetime
    kind: str
    audience: str
    title: str
    text: str
    is_said: bool
    author_kind: str
    author: str

    @property
    def is_internal(self) -> bool:
        return self.audience == Audience.INTERNAL


@dataclass(frozen=True, kw_only=True)
class EvidenceLine:
    file_id: UUID
    entry_id: int
    name: str
    content_type: str
    size: int
    has_thumbnail: bool
    author_kind: str
    at: datetime


def list_timeline(case_id: int, audience: str = "INTERNAL") -> list[TimelineLine]:
    """The history, oldest first, in the reader's language. PUBLIC: no inside lines, no staff's names."""
    entries = TimelineEntry.objects.filter(case_id=case_id).order_by("id")
    if audience == Audience.PUBLIC:
        entries = entries.filter(audience=Audience.PUBLIC)
    rows = list(entries)
    ids = {row.author_id for row in rows if row.author_id} if audience != Audience.PUBLIC else set()
    names = staff_names(ids) if ids else {}
    say = told_of if audience == Audience.PUBLIC else sentence_of
    return [_line(row, names, say) for row in rows]


def _line(
    row: TimelineEntry, names: dict[int, str], say: Callable[[str, Mapping[str, Any]], str]
) -> TimelineLine:
    author = names.get(row.author_id or 0) or str(Author(row.author_kind).label)
    return TimelineLine(
        id=row.pk,
        at=row.at,
        kind=row.kind,
        audience=row.audience,
        title=title_of(row.kind),
        text=row.text or say(row.kind, row.data),
        is_said=bool(row.text),
        author_kind=row.author_kind,
        author=author,
    )


def list_evidence(case_id: int, *, audience: str = "INTERNAL") -> list[EvidenceLine]:
    """Files of a case, oldest first; PUBLIC shows only what the person sent himself."""
    links = Evidence.objects.filter(case_id=case_id).select_related("file").order_by("id")
    if audience == Audience.PUBLIC:
        links = links.filter(author_kind=Author.CONSUMER)
    return [
        EvidenceLine(
            file_id=link.file_id,
            entry_id=link.entry_id,
            name=link.file.name,
            content_type=link.file.content_type,
            size=link.file.size,
            has_thumbnail=link.file.has_thumbnail,
            author_kind=link.author_kind,
            at=link.at,
        )
        for link in links
    ]


def access_file(*, viewer: Viewer, file_id: UUID) -> StoredFile:
    """The door to a file: it must belong to a case in sight. Raises NotFound, NotAllowed."""
    require(viewer, Permission.CASE_READ)
    link = Evidence.objects.filter(
        within_scope(viewer, "case__outlet__code"), file_id=file_id
    ).select_related("file")
    found = link.first()
    if found is None:
        raise NotFound()
    return found.file
