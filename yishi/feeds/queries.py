"""Sources as others need them, the plug-ins there are, and what an operator sees of input that went wrong."""

import hmac
import importlib
import json
import pkgutil
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, Q

from yishi.feeds.models import RawInput, RawState, Source, UnknownCode
from yishi.feeds.port import Card, FeedPlugin
from yishi.feeds.rules import health_of
from yishi.kit.errors import NotFound
from yishi.kit.hot import hot_cursor
from yishi.kit.ids import token_hash
from yishi.kit.personal import decrypt, unseal
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

_PLUGINS = "yishi.plugins.feeds"


@cache
def plugins() -> dict[str, tuple[Card, FeedPlugin]]:
    """Every feed plug-in by its name, found by walking the package."""
    folder = importlib.import_module(_PLUGINS).__path__
    found: dict[str, tuple[Card, FeedPlugin]] = {}
    for entry in pkgutil.iter_modules(folder):
        if entry.ispkg:
            module = importlib.import_module(f"{_PLUGINS}.{entry.name}.card")
            found[entry.name] = (module.CARD, module.PLUGIN)
    return found


@dataclass(frozen=True)
class SourceCard:
    """A source as the ingest path needs it."""

    id: int
    code: str
    plugin: str
    carrier: str
    settings: dict[str, str]
    zone: ZoneInfo
    is_paused: bool
    push_key_hash: bytes

    @property
    def reader(self) -> FeedPlugin:
        return plugins()[self.plugin][1]


_BY_CODE = """
SELECT id, code, plugin, carrier, settings, time_zone, is_paused, push_key_hash FROM feeds_source WHERE
code = %s
"""


def find_source(code: str) -> SourceCard | None:
    """The source of that name, or None."""
    row = hot_cursor().execute(_BY_CODE, [code], prepare=True).fetchone()
    if row is None:
        return None
    number, name, plugin, carrier, sealed, zone, is_paused, key_hash = row
    settings = json.loads(unseal(sealed) or "{}")
    return SourceCard(
        number, name, plugin, carrier, settings, ZoneInfo(zone), is_paused, bytes(key_hash or b"")
    )


def get_source(code: str) -> SourceCard:
    """The source of that name. Raises NotFound."""
    source = find_source(code)
    if source is None:
        raise NotFound
    return source


def find_source_by_push(code: str, key: str) -> SourceCard | None:
    """The source whose push address has this key, compared in constant time; None otherwise."""
    source = find_source(code)
    if source is None or not source.push_key_hash:
        return None
    return source if hmac.compare_digest(source.push_key_hash, token_hash(key)) else None


@dataclass(frozen=True)
class StoredBody:
    """A raw body as it came, opened again for a replay."""

    source_code: str
    body: bytes
    content_type: str
    received_at: datetime


def open_body(raw_id: int) -> StoredBody:
    """The body of a raw row. Raises NotFound."""
    row = RawInput.objects.select_related("source").filter(pk=raw_id).first()
    if row is None:
        raise NotFound
    body = zlib.decompress(decrypt(bytes(row.body)))
    return StoredBody(row.source.code, body, row.content_type, row.received_at)


@dataclass(frozen=True)
class QuarantineGroup:
    """Bodies of one source that could not be read for the same reason."""

    source: str
    reason: str
    count: int
    first_at: datetime
    last_at: datetime
    detail: str
    raw_ids: tuple[int, ...]


def list_quarantine(*, viewer: Viewer, limit: int = 50) -> list[QuarantineGroup]:
    """What waits in quarantine, the largest group first, each with its latest rows. Needs FEEDS_MANAGE."""
    require(viewer, Permission.FEEDS_MANAGE)
    waiting = RawInput.objects.filter(state=RawState.QUARANTINED)
    groups = (
        waiting.values("source_id", "source__code", "reason")
        .annotate(n=Count("id"), first=Min("received_at"), last=Max("received_at"))
        .order_by("-n", "source__code", "reason")[:limit]
    )
    return [
        QuarantineGroup(
            source=group["source__code"],
            reason=group["reason"],
            count=group["n"],
            first_at=group["first"],
            last_at=group["last"],
            detail=rows[0][1] if rows else "",
            raw_ids=tuple(row[0] for row in rows),
        )
        for group in groups
        for rows in [
            list(
                waiting.filter(source_id=group["source_id"], reason=group["reason"])
                .order_by("-id")
                .values_list("id", "detail")[:20]
            )
        ]
    ]


@dataclass(frozen=True)
class SourceHealth:
    """How one source stands over the last day."""

    code: str
    label: str
    plugin: str
    health: str
    paused_reason: str
    last_received_at: datetime | None
    bodies: int
    quarantined: int
    unknown_codes: tuple[str, ...]


def list_source_health(*, viewer: Viewer, at: datetime) -> list[SourceHealth]:
    """Every source with what came in during the last 24 hours. Needs FEEDS_MANAGE."""
    require(viewer, Permission.FEEDS_MANAGE)
    since = at - timedelta(days=1)
    sources = Source.objects.annotate(
        last=Max("inputs__received_at"),
        bodies=Count("inputs", filter=Q(inputs__received_at__gte=since)),
        waiting=Count("inputs", filter=Q(inputs__state=RawState.QUARANTINED)),
    ).order_by("code")
    unknown: dict[int, list[str]] = {}
    for source_id, code in UnknownCode.objects.order_by("source_code").values_list(
        "source_id", "source_code"
    ):
        unknown.setdefault(source_id, []).append(code)
    return [
        SourceHealth(
            code=s.code,
            label=s.label,
            plugin=s.plugin,
            health=health_of(is_paused=s.is_paused, quarantined=s.waiting, taken=s.bodies),
            paused_reason=s.paused_reason,
            last_received_at=s.last,
            bodies=s.bodies,
            quarantined=s.waiting,
            unknown_codes=tuple(unknown.get(s.pk, ())),
        )
        for s in sources
    ]


@dataclass(frozen=True)
class Quarantined:
    """One body in quarantine; its text is read by `open_body`."""

    raw_id: int
    source: str
    received_at: datetime
    content_type: str
    reason: str
    detail: str
    times_received: int


def get_quarantined(*, viewer: Viewer, raw_id: int) -> Quarantined:
    """One row of quarantine. Needs FEEDS_MANAGE; raises NotFound for one that does not wait there."""
    require(viewer, Permission.FEEDS_MANAGE)
    row = RawInput.objects.select_related("source").filter(pk=raw_id, state=RawState.QUARANTINED).first()
    if row is None:
        raise NotFound
    return Quarantined(
        row.pk, row.source.code, row.received_at, row.content_type, row.reason, row.detail, row.times_received
    )


@dataclass(frozen=True)
class UnmappedCode:
    """A code of a source that no mapping knows, with a text it came with (telephone numbers taken out)."""

    source: str
    code: str
    sample: str
    count: int
    first_seen_at: datetime


def list_unknown_codes(*, viewer: Viewer) -> list[UnmappedCode]:
    """Every unmapped code, the most frequent first. Needs FEEDS_MANAGE."""
    require(viewer, Permission.FEEDS_MANAGE)
    rows = UnknownCode.objects.select_related("source").order_by("-count", "source__code", "source_code")
    return [UnmappedCode(r.source.code, r.source_code, r.sample, r.count, r.first_seen_at) for r in rows]
