"""What codes mean by the operator's word: today's mappings for those who read events, and their history."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from yishi.feeds.models import CodeMapping, Source, UnknownCode
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer


@dataclass
class SourceReading:
    """How a source's codes are read today; `said_details`: unusual ones that its plug-in gave, by code."""

    plugin: str
    overrides: dict[str, tuple[str, str]] = field(default_factory=dict)
    said_details: dict[str, tuple[str, ...]] = field(default_factory=dict)


def readings_of(source_ids: Collection[int]) -> dict[int, SourceReading]:
    """The readings of these sources; one that is no more is missing."""
    sources = Source.objects.filter(pk__in=source_ids).values_list("id", "plugin")
    found = {number: SourceReading(plugin) for number, plugin in sources}
    for mapping in CodeMapping.objects.filter(source_id__in=list(found)).order_by("id"):
        reading, code = found[mapping.source_id], mapping.source_code
        if mapping.ended_at is None:
            reading.overrides[code] = (mapping.kind, mapping.detail)
        if mapping.said_details:
            reading.said_details[code] = (*reading.said_details.get(code, ()), *mapping.said_details)
    return found


@dataclass(frozen=True)
class MappingLine:
    """One mapping as it was noted; `ended_at` None = it holds."""

    source_code: str
    kind: str
    detail: str
    reason: str
    noted_by: str
    noted_at: datetime
    ended_by: str
    ended_reason: str
    ended_at: datetime | None


def list_mappings(*, viewer: Viewer, source_id: int, source_code: str | None = None) -> list[MappingLine]:
    """The mappings of a source (or of one of its codes), those that hold first, then the newest. Needs
    FEEDS_MANAGE."""
    require(viewer, Permission.FEEDS_MANAGE)
    rows = CodeMapping.objects.filter(source_id=source_id).order_by("-id")
    if source_code is not None:
        rows = rows.filter(source_code=source_code)
    lines = [
        MappingLine(
            m.source_code, m.kind, m.detail, m.reason, m.noted_by, m.noted_at, m.ended_by, m.ended_reason,
            m.ended_at,
        )
        for m in rows[:200]
    ]  # fmt: skip
    return sorted(lines, key=lambda line: line.ended_at is not None)


def find_code_sample(*, viewer: Viewer, source_id: int, source_code: str) -> tuple[int, str]:
    """How often an unmapped code came and a text it came with (phones taken out); (0, '') for any other."""
    require(viewer, Permission.FEEDS_MANAGE)
    row = UnknownCode.objects.filter(source_id=source_id, source_code=source_code).first()
    return (row.count, row.sample) if row else (0, "")
