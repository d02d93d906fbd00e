"""Bodies stored as they came, quarantine and replay."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.db import transaction

from yishi.feeds.facts import InputQuarantined, InputStored
from yishi.feeds.models import RawInput, RawState
from yishi.feeds.queries.sources import SourceCard
from yishi.kit.errors import NotFound, Refusal
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor
from yishi.kit.personal import encrypt, without_phones
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer


class NothingToReplay(Refusal):
    """这条数据不在待处理之列"""

    code = "nothing_to_replay"
    status = 409


@dataclass(frozen=True, kw_only=True)
class RawBody:
    """A body as it came and what became of it; `counts` are accepted, duplicate and rejected."""

    source_id: int
    body: bytes
    content_type: str
    state: str = RawState.STORED.value
    reason: str = ""
    detail: str = ""
    counts: tuple[int, int, int] = (0, 0, 0)


_STORE = """
INSERT INTO feeds_raw_input AS r (received_at, source_id, body_hash, body, content_type, state, reason,
    detail, accepted, duplicate, rejected, times_received, replayed_by)
SELECT %s, n.*, '' FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[], %s::text[], %s::text[], %s::text[],
    %s::text[], %s::int[], %s::int[], %s::int[], %s::int[]) AS n
ON CONFLICT (source_id, body_hash) DO UPDATE SET
    times_received = r.times_received + excluded.times_received, state = excluded.state,
    reason = excluded.reason, detail = excluded.detail, accepted = r.accepted + excluded.accepted,
    duplicate = r.duplicate + excluded.duplicate, rejected = excluded.rejected
RETURNING source_id, body_hash, id
"""


def store_raws(bodies: Sequence[RawBody], *, at: datetime) -> list[int]:
    """Keeps bodies as they came (compressed, sealed) with what became of them; the id of each one's row.

    The same body of the same source again is the same row.
    """
    keys = [(raw.source_id, blake2b(raw.body, digest_size=16).digest()) for raw in bodies]
    rows: dict[tuple[int, bytes], RawBody] = {}
    for key, raw in zip(keys, bodies, strict=True):
        known = rows.get(key)
        rows[key] = raw if known is None else replace(raw, counts=_added(known.counts, raw.counts))
    ordered = sorted(rows)
    columns = zip(*(_columns(key, rows[key], keys.count(key)) for key in ordered), strict=True)
    found = hot_cursor().execute(_STORE, [at, *(list(column) for column in columns)], prepare=True)
    ids = {(source_id, bytes(body_hash)): int(raw_id) for source_id, body_hash, raw_id in found}
    return [ids[key] for key in keys]


def _added(one: tuple[int, int, int], other: tuple[int, int, int]) -> tuple[int, int, int]:
    return one[0] + other[0], one[1] + other[1], other[2]


def _columns(key: tuple[int, bytes], raw: RawBody, times: int) -> list[Any]:
    # the quickest level: most bodies are small, and the inbox is cleared after a while
    sealed = encrypt(zlib.compress(raw.body, 1))
    return [*key, sealed, raw.content_type[:100], raw.state, raw.reason, raw.detail, *raw.counts, times]


@transaction.atomic
def quarantine(
    *, source: SourceCard, body: bytes, content_type: str, reason: str, detail: str, at: datetime
) -> int:
    """Keeps a body that could not be read, with the reason, and announces InputQuarantined."""
    raw = RawBody(
        source_id=source.id,
        body=body,
        content_type=content_type,
        state=RawState.QUARANTINED.value,
        reason=reason,
        detail=without_phones(detail)[:500],
    )
    (raw_id,) = store_raws([raw], at=at)
    announce(InputQuarantined(raw_id=raw_id, source_code=source.code, reason=reason, at=at))
    return raw_id


@transaction.atomic
def replay(*, raw_id: int, by: Viewer, at: datetime) -> None:
    """Sends a quarantined body through the ingest path once more. Raises NotFound, NothingToReplay."""
    require(by, Permission.FEEDS_MANAGE)
    row = RawInput.objects.select_for_update().filter(pk=raw_id).first()
    if row is None:
        raise NotFound
    if row.state != RawState.QUARANTINED:
        raise NothingToReplay
    send_again(row, by=by.label, at=at)


def send_again(row: RawInput, *, by: str, at: datetime) -> None:
    """Sends a locked body that waits in quarantine through the ingest path, in this transaction."""
    row.replayed_by, row.replayed_at = by, at
    row.save(update_fields=["replayed_by", "replayed_at"])
    announce(InputStored(raw_id=row.pk, by=by, at=at))


def finish_replay(*, raw_id: int) -> None:
    """Marks a replayed body as done, when taking it in again went well; a polled one came only now."""
    done = RawInput.objects.filter(pk=raw_id, state=RawState.TAKEN).exclude(replayed_by="")
    done.update(state=RawState.REPLAYED)
