"""Codes of sources: those that no mapping knows, and what the operator says that they mean."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from yishi.feeds.facts import UnknownCodesSeen
from yishi.feeds.models import CodeMapping, Source, UnknownCode
from yishi.feeds.queries.sources import SourceCard
from yishi.feeds.rules import MAPPABLE, USUAL_DETAILS
from yishi.kit.errors import NotFound, Refusal
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor
from yishi.kit.personal import without_phones
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

LONGEST_CODE = 64


class BadMapping(Refusal):
    """选一个明确的含义，不能是“不明”"""

    code = "bad_mapping"
    status = 422


class NoReason(Refusal):
    """写一句原因，以后的人才知道为什么"""

    code = "no_reason"
    status = 422


class SameMapping(Refusal):
    """已经是这样定的了"""

    code = "same_mapping"
    status = 409


_COUNT_UNKNOWN = """
INSERT INTO feeds_unknown_code AS u (source_id, source_code, sample, first_seen_at, count)
SELECT %s, t.code, t.sample, %s, t.n FROM unnest(%s::text[], %s::text[], %s::int[]) AS t(code, sample, n)
ON CONFLICT (source_id, source_code) DO UPDATE SET count = u.count + excluded.count
RETURNING source_code, xmax = 0
"""


def note_unknown_codes(*, source: SourceCard, codes: Mapping[str, tuple[int, str]], at: datetime) -> None:
    """Counts codes that no mapping knows (code → how often, a sample text); new ones raise the alarm."""
    names = sorted(codes)
    samples = [without_phones(codes[name][1])[:200] for name in names]
    counts = [codes[name][0] for name in names]
    rows = hot_cursor().execute(_COUNT_UNKNOWN, [source.id, at, names, samples, counts]).fetchall()
    if fresh := tuple(str(name) for name, is_new in rows if is_new):
        announce(UnknownCodesSeen(source_code=source.code, codes=fresh, at=at))


def keep_unknown_code(*, source_id: int, source_code: str, count: int, sample: str, at: datetime) -> None:
    """A code whose mapping has ended means nothing again: it is listed, also if it first came mapped."""
    said = {"count": count, "sample": without_phones(sample)[:200], "first_seen_at": at}
    row, is_new = UnknownCode.objects.get_or_create(
        source_id=source_id, source_code=source_code, defaults=said
    )
    if is_new:
        announce(UnknownCodesSeen(source_code=row.source.code, codes=(source_code,), at=at))


@transaction.atomic
def note_mapping(
    *,
    source: SourceCard,
    source_code: str,
    kind: str,
    detail: str,
    reason: str,
    by: Viewer,
    at: datetime,
) -> int:
    """Writes down what a code means from now on; the mapping that held until now is ended, not changed.

    Kept events are told by `shipments.actions.remap`, which calls this. Raises NotAllowed, BadMapping,
    NoReason, SameMapping.
    """
    require(by, Permission.FEEDS_MANAGE)
    if kind not in MAPPABLE or not 0 < len(source_code) <= LONGEST_CODE or len(detail) > LONGEST_CODE:
        raise BadMapping
    if not reason.strip():
        raise NoReason
    present = _lock_mapping(source.id, source_code)
    if present is not None:
        if (present.kind, present.detail) == (kind, detail):
            raise SameMapping
        present.ended_by, present.ended_at, present.ended_reason = by.label, at, reason.strip()[:500]
        present.save(update_fields=["ended_by", "ended_at", "ended_reason"])
    return CodeMapping.objects.create(
        source_id=source.id,
        source_code=source_code,
        kind=kind,
        detail=detail,
        reason=reason.strip()[:500],
        said_details=present.said_details if present else [],
        noted_by=by.label,
        noted_at=at,
    ).pk


@transaction.atomic
def end_mapping(*, source: SourceCard, source_code: str, reason: str, by: Viewer, at: datetime) -> None:
    """From now on the code means again what the plug-in says. Raises NotAllowed, NoReason, NotFound."""
    require(by, Permission.FEEDS_MANAGE)
    if not reason.strip():
        raise NoReason
    present = _lock_mapping(source.id, source_code)
    if present is None:
        raise NotFound
    present.ended_by, present.ended_at, present.ended_reason = by.label, at, reason.strip()[:500]
    present.save(update_fields=["ended_by", "ended_at", "ended_reason"])


def _lock_mapping(source_id: int, source_code: str) -> CodeMapping | None:
    # the source's row first: two operators who map one code at once come one after the other
    # (no_key: bodies that come in meanwhile must not wait for it)
    Source.objects.select_for_update(no_key=True).get(pk=source_id)
    return CodeMapping.objects.filter(
        source_id=source_id, source_code=source_code, ended_at__isnull=True
    ).first()


_NOTE_DETAILS = """
UPDATE feeds_code_mapping SET said_details = said_details || %s::jsonb
WHERE source_id = %s AND source_code = %s AND ended_at IS NULL AND NOT said_details @> %s::jsonb
"""


def note_said_details(*, source_id: int, said: Iterable[tuple[str, str]]) -> None:
    """Remembers unusual details among these (code, detail) that the plug-in gave with mapped codes."""
    for code, detail in sorted({(code, detail) for code, detail in said if detail not in USUAL_DETAILS}):
        one = json.dumps([detail])
        hot_cursor().execute(_NOTE_DETAILS, [one, source_id, code, one])
