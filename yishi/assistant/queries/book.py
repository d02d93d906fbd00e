"""The learning book as its page shows it: misses, own lines, versions and their figures."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from yishi.assistant.models import Miss, Phrase, TrainedModel
from yishi.assistant.queries.phrases import LEARNT, release_lines
from yishi.kit.errors import NotFound

MOST = 50


@dataclass(frozen=True, kw_only=True)
class MissLine:
    id: int
    text: str
    intent: str
    confidence: float
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OwnLine:
    id: int
    text: str
    intent: str
    added_at: datetime
    added_by: str


@dataclass(frozen=True, kw_only=True)
class Version:
    """`figures` as they were measured when it was trained; empty while it waits."""

    version_no: int
    own_lines: int
    asked_at: datetime
    trained_at: datetime | None
    published_at: datetime | None
    is_published: bool
    figures: dict[str, Any]


def list_misses() -> list[MissLine]:
    """What waits to be learnt from, the newest first, every wording once."""
    rows = Miss.objects.filter(settled_at__isnull=True).order_by("-at")[: MOST * 4]
    once = {row.text: row for row in reversed(rows)}
    newest = sorted(once.values(), key=lambda row: row.at, reverse=True)[:MOST]
    return [
        MissLine(id=row.pk, text=row.text, intent=row.intent, confidence=row.confidence, at=row.at)
        for row in newest
    ]


def count_misses() -> int:
    return Miss.objects.filter(settled_at__isnull=True).count()


def list_own_lines() -> list[OwnLine]:
    """The lines people added, the newest first."""
    rows = Phrase.objects.filter(removed_at__isnull=True).select_related("added_by").order_by("-added_at")
    return [
        OwnLine(
            id=row.pk,
            text=row.text,
            intent=row.intent,
            added_at=row.added_at,
            added_by=row.added_by.name or row.added_by.username if row.added_by else "",
        )
        for row in rows[:MOST]
    ]


def count_own_lines() -> int:
    return Phrase.objects.filter(removed_at__isnull=True).count()


def list_versions() -> list[Version]:
    return [_version(row) for row in TrainedModel.objects.order_by("-version_no")[:MOST]]


def get_version(version_no: int) -> Version:
    """One version. Raises NotFound."""
    row = TrainedModel.objects.filter(version_no=version_no).first()
    if row is None:
        raise NotFound()
    return _version(row)


def _version(row: TrainedModel) -> Version:
    return Version(
        version_no=row.version_no,
        own_lines=len(row.phrases),
        asked_at=row.asked_at,
        trained_at=row.trained_at,
        published_at=row.published_at,
        is_published=row.is_published,
        figures=row.figures,
    )


@lru_cache(maxsize=1)
def release_figures() -> dict[str, Any]:
    """How the release's own model was measured, before the release."""
    try:
        found: dict[str, Any] = json.loads(LEARNT.read_text(encoding="utf-8")).get("measured", {})
    except (OSError, ValueError):
        return {}
    return found


def count_release_lines() -> int:
    return len(release_lines())
