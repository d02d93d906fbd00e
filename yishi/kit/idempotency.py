"""Idempotency keys: the first answer to a write is stored with its effect and given again.

`claim` and `finish` stand in the one transaction of the write: when it is rolled back, the key is free.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from yishi.kit.errors import Refusal
from yishi.kit.models import StoredAnswer


class KeyReused(Refusal):
    """这个 Idempotency-Key 已用于另一个内容"""

    code = "idempotency_key_reused"
    status = 422


class StillRunning(Refusal):
    """第一次请求还在处理，请稍后再试"""

    code = "idempotency_in_progress"
    status = 409
    retry_after_s = 1


@dataclass(frozen=True)
class Replay:
    """The first answer, to be given again as it was."""

    status: int
    body: str


def claim(*, scope: str, key: str, content_hash: bytes, at: datetime) -> Replay | None:
    """Takes the key for this write (None), or gives the answer of the first one.

    `scope` names caller, method and route; `content_hash` covers fields and files. Must stand in a
    transaction. Raises StillRunning while the first has not ended, KeyReused for other content.
    """
    scope_hash, key_hash = _hashes(scope, key)
    _lock(scope_hash, key_hash)
    answer = StoredAnswer.objects.filter(scope_hash=scope_hash, key_hash=key_hash).first()
    if answer is None:
        StoredAnswer.objects.create(
            scope_hash=scope_hash, key_hash=key_hash, content_hash=content_hash, created_at=at
        )
        return None
    if bytes(answer.content_hash) != content_hash:
        raise KeyReused
    # a row without a status was claimed by a write that forgot to finish: it may be done again
    return None if answer.status is None else Replay(answer.status, answer.body)


def finish(*, scope: str, key: str, status: int, body: str) -> None:
    """Stores the answer of the write that claimed the key; only successes are kept (ValueError)."""
    if not 200 <= status < 300:
        raise ValueError(f"only successes are stored, not {status}: roll back instead")
    scope_hash, key_hash = _hashes(scope, key)
    StoredAnswer.objects.filter(scope_hash=scope_hash, key_hash=key_hash).update(status=status, body=body)


def _lock(scope_hash: bytes, key_hash: bytes) -> None:
    """Held to the end of the transaction; who comes meanwhile is told at once instead of waiting."""
    number = int.from_bytes(hashlib.sha256(scope_hash + key_hash).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        row = cursor.fetchone()
    if row is None or not row[0]:
        raise StillRunning


def _hashes(scope: str, key: str) -> tuple[bytes, bytes]:
    return hashlib.sha256(scope.encode()).digest(), hashlib.sha256(key.encode()).digest()


def answers_of(*, scope: str, keys: Collection[str]) -> dict[str, str]:
    """Which of these keys have been answered in this scope, with the answers; one statement."""
    hashed = {_hashes(scope, key)[1]: key for key in keys}
    rows = StoredAnswer.objects.filter(
        scope_hash=hashlib.sha256(scope.encode()).digest(), key_hash__in=list(hashed), status__isnull=False
    )
    return {hashed[bytes(row.key_hash)]: row.body for row in rows}
