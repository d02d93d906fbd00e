"""Keeping raw input: sources and their addresses, bodies stored as they came, quarantine and replay."""

import json
import re
import zlib
from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from zoneinfo import ZoneInfo

from django.conf import settings as django_settings
from django.db import transaction

from yishi.feeds.facts import InputQuarantined, InputStored, UnknownCodesSeen
from yishi.feeds.models import RawInput, RawState, Source
from yishi.feeds.queries import SourceCard, find_source, plugins
from yishi.feeds.rules import SOURCE_CODE
from yishi.kit.errors import NotFound, Refusal
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor
from yishi.kit.ids import new_key, token_hash
from yishi.kit.personal import encrypt, without_phones
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer


class UnknownPlugin(Refusal):
    """没有这种数据来源：%(plugin)s"""

    code = "unknown_plugin"
    status = 422


class BadSourceCode(Refusal):
    """来源代号只能用小写字母、数字和连字符"""

    code = "bad_source_code"
    status = 422


class NothingToReplay(Refusal):
    """这条数据不在待处理之列"""

    code = "nothing_to_replay"
    status = 409


@transaction.atomic
def add_source(
    *,
    code: str,
    plugin: str,
    settings: Mapping[str, str],
    by: Viewer,
    at: datetime,
    carrier: str = "",
    label: str = "",
    time_zone: str = "",
) -> str:
    """Adds a source, or gives an existing one new settings and a new key; returns its push path, shown once.

    The path is `/feeds/{code}/{key}`; the key itself is not stored. Raises UnknownPlugin, BadSourceCode.
    """
    require(by, Permission.FEEDS_MANAGE)
    if plugin not in plugins():
        raise UnknownPlugin(plugin=plugin)
    if not re.fullmatch(SOURCE_CODE, code):
        raise BadSourceCode
    zone = ZoneInfo(time_zone or django_settings.TIME_ZONE).key
    key = new_key().removeprefix("yk_")
    said = {
        "plugin": plugin,
        "label": label or plugins()[plugin][0].label,
        "carrier": carrier,
        "settings": json.dumps(dict(settings)),
        "push_key_hash": token_hash(key),
        "time_zone": zone,
    }
    Source.objects.update_or_create(code=code, defaults=said, create_defaults={**said, "created_at": at})
    return f"/feeds/{code}/{key}"


def ensure_source(*, code: str, plugin: str, at: datetime, label: str = "") -> SourceCard:
    """The source of that name; one without push address is added when there is none (keys, files, the
    sample)."""
    found = find_source(code)
    if found is None:
        zone = django_settings.TIME_ZONE
        said = {"plugin": plugin, "label": label or code, "time_zone": zone, "created_at": at}
        Source.objects.get_or_create(code=code, defaults=said)
        found = find_source(code)
        assert found is not None
    return found


@transaction.atomic
def pause_source(*, code: str, reason: str, by: Viewer, at: datetime) -> None:
    """Pauses a source (with a reason) or, with an empty reason, lets it go on. Raises NotFound.

    A paused source's pushes are still stored and answered; they wait in quarantine as `paused`.
    """
    require(by, Permission.FEEDS_MANAGE)
    if not Source.objects.filter(code=code).update(is_paused=bool(reason), paused_reason=reason):
        raise NotFound


_STORE = """
INSERT INTO feeds_raw_input AS r (source_id, received_at, body, body_hash, content_type, state, reason,
detail,
    accepted, duplicate, rejected, times_received, replayed_by)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 1, '')
ON CONFLICT (source_id, body_hash) DO UPDATE SET
    times_received = r.times_received + 1, state = excluded.state, reason = excluded.reason,
    detail = excluded.detail, accepted = r.accepted + excluded.accepted,
    duplicate = r.duplicate + excluded.duplicate, rejected = excluded.rejected
RETURNING id
"""


def store_raw(
    *,
    source_id: int,
    body: bytes,
    content_type: str,
    at: datetime,
    state: str = RawState.STORED.value,
    reason: str = "",
    detail: str = "",
    counts: tuple[int, int, int] = (0, 0, 0),
) -> int:
    """Keeps a body as it came (compressed, sealed) with what became of it; returns its row's id.

    `counts` are accepted, duplicate and rejected. The same body again is the same row.
    """
    # the quickest level: most bodies are small, and the inbox is cleared after a while
    sealed = encrypt(zlib.compress(body, 1))
    values = [
        source_id,
        at,
        sealed,
        blake2b(body, digest_size=16).digest(),
        content_type[:100],
        state,
        reason,
        detail,
    ]
    row = hot_cursor().execute(_STORE, [*values, *counts], prepare=True).fetchone()
    assert row is not None
    return int(row[0])


@transaction.atomic
def quarantine(
    *, source: SourceCard, body: bytes, content_type: str, reason: str, detail: str, at: datetime
) -> int:
    """Keeps a body that could not be read, with the reason, and announces InputQuarantined."""
    raw_id = store_raw(
        source_id=source.id,
        body=body,
        content_type=content_type,
        at=at,
        state=RawState.QUARANTINED.value,
        reason=reason,
        detail=without_phones(detail)[:500],
    )
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
    row.replayed_by, row.replayed_at = by.label, at
    row.save(update_fields=["replayed_by", "replayed_at"])
    announce(InputStored(raw_id=raw_id, by=by.label, at=at))


def finish_replay(*, raw_id: int) -> None:
    """Marks a replayed body as done, when taking it in again went well."""
    RawInput.objects.filter(pk=raw_id, state=RawState.TAKEN).update(state=RawState.REPLAYED)


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
