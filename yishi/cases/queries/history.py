"""The history of a case in the reader's language, and its files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from yishi.cases.models.history import Audience, Author, Evidence, EvidenceKind, TimelineEntry
from yishi.cases.queries.sayings import sentence_of, title_of, told_of
from yishi.cases.queries.sight import in_sight
from yishi.cases.rules.audiences import audience_of, audiences_read_by
from yishi.kit.errors import NotFound
from yishi.kit.models import ScanState, StoredFile
from yishi.people.queries import require, staff_names
from yishi.people.rules import Permission, Viewer


@dataclass(frozen=True, kw_only=True)
class TimelineLine:
    """A line of history in the reader's language. `is_said`: `text` is a person's own words.

    `corrects_id` is the earlier line that this one puts right; `corrections` are what came to put it right.
    """

    id: int
    at: datetime
    kind: str
    audience: str
    title: str
    text: str
    is_said: bool
    author_kind: str
    author: str
    corrects_id: int | None = None
    corrections: tuple["TimelineLine", ...] = ()

    @property
    def is_internal(self) -> bool:
        return self.audience != Audience.PUBLIC

    @property
    def is_for_head_office(self) -> bool:
        return self.audience == Audience.HEAD_OFFICE

    @property
    def may_be_corrected(self) -> bool:
        """Words of staff; what others said, and what the system noted, stays as it is."""
        return self.is_said and self.author_kind == Author.STAFF


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
    kind: str = EvidenceKind.DOCUMENT
    taken_at: datetime | None = None
    position: str = ""
    sha256: str = ""
    has_original: bool = False
    scan_state: str = ScanState.NOT_SCANNED
    is_for_head_office: bool = False

    @property
    def kind_word(self) -> str:
        return str(EvidenceKind(self.kind).label)

    @property
    def scan_word(self) -> str:
        return str(ScanState(self.scan_state).label)

    @property
    def is_infected(self) -> bool:
        return self.scan_state == ScanState.INFECTED


def list_timeline(case_id: int, audience: str = "INTERNAL") -> list[TimelineLine]:
    """The history, oldest first, in the reader's language, as this audience reads it (`audience_of`).

    PUBLIC: no inside lines, no staff's names.
    """
    entries = TimelineEntry.objects.filter(case_id=case_id, audience__in=audiences_read_by(audience))
    rows = list(entries.order_by("id"))
    ids = {row.author_id for row in rows if row.author_id} if audience != Audience.PUBLIC else set()
    names = staff_names(ids) if ids else {}
    say = told_of if audience == Audience.PUBLIC else sentence_of
    lines = [_line(row, names, say) for row in rows]
    right: dict[int, list[TimelineLine]] = {}
    for line in lines:
        if line.corrects_id is not None:
            right.setdefault(line.corrects_id, []).append(line)
    return [replace(line, corrections=tuple(right.get(line.id, ()))) for line in lines]


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
        corrects_id=row.data.get("corrects"),
    )


def list_evidence(case_id: int, *, audience: str = "INTERNAL") -> list[EvidenceLine]:
    """Files of a case, oldest first, as far as their lines are read; PUBLIC: what the person sent himself."""
    read = Evidence.objects.filter(case_id=case_id, entry__audience__in=audiences_read_by(audience))
    links = read.select_related("file").annotate(audience=F("entry__audience")).order_by("id")
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
            kind=link.kind,
            taken_at=link.taken_at,
            position=link.position or "",
            sha256=link.file.proof_hash,
            has_original=link.file.has_original,
            scan_state=link.file.scan_state,
            is_for_head_office=link.audience == Audience.HEAD_OFFICE,
        )
        for link in links
    ]


def evidence_kinds() -> list[tuple[str, str]]:
    """What a proof can be, in the reader's language."""
    return [(value, str(label)) for value, label in EvidenceKind.choices]


def access_file(*, viewer: Viewer, file_id: UUID) -> StoredFile:
    """The door to a file: it must belong to a case in sight. Raises NotFound, NotAllowed."""
    require(viewer, Permission.CASE_READ)
    read = audiences_read_by(audience_of(viewer))
    links = Evidence.objects.filter(in_sight(viewer, "case"), file_id=file_id, entry__audience__in=read)
    found = links.select_related("file").first()
    if found is None:
        raise NotFound()
    return found.file
