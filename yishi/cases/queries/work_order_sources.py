"""The plug-ins for work orders there are, and the sources that use them."""

import hmac
import importlib
import json
import pkgutil
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from yishi.cases.models.work_orders import WorkOrderDifference, WorkOrderSource, WorkOrderWord
from yishi.cases.port import WorkOrderCard, WorkOrderClient, WorkOrderPlugin
from yishi.kit.errors import NotAllowed, NotFound
from yishi.kit.ids import token_hash
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

PLUGINS = "yishi.plugins.work_orders"


def require_any(viewer: Viewer, *permissions: Permission) -> None:
    """Raises NotAllowed when the role has none of these."""
    if not any(viewer.may(permission) for permission in permissions):
        raise NotAllowed


@dataclass(frozen=True)
class Plugin:
    """A plug-in as it was found; `client` where it can ask or answer its source."""

    card: WorkOrderCard
    reader: WorkOrderPlugin
    client: WorkOrderClient | None


@cache
def plugins() -> dict[str, Plugin]:
    """Every plug-in by its name, found by walking the package."""
    found = {}
    for entry in pkgutil.iter_modules(importlib.import_module(PLUGINS).__path__):
        if entry.ispkg:
            module = importlib.import_module(f"{PLUGINS}.{entry.name}.card")
            found[entry.name] = Plugin(module.CARD, module.PLUGIN, getattr(module, "CLIENT", None))
    return found


@dataclass(frozen=True, kw_only=True)
class OrderSource:
    """A source as actions need it, its settings unsealed: never handed to a page."""

    id: int
    code: str
    label: str
    plugin: str
    filed_as: str
    carrier: str
    settings: dict[str, str]
    zone: ZoneInfo
    is_paused: bool
    stopped_reason: str

    @property
    def kind(self) -> Plugin:
        return plugins()[self.plugin]


def _source_of(row: WorkOrderSource) -> OrderSource:
    return OrderSource(
        id=row.pk,
        code=row.code,
        label=row.label or row.code,
        plugin=row.plugin,
        filed_as=row.filed_as,
        carrier=row.carrier,
        settings=json.loads(row.settings or "{}"),
        zone=ZoneInfo(row.time_zone),
        is_paused=row.is_paused,
        stopped_reason=row.stopped_reason,
    )


def get_order_source(*, code: str = "", source_id: int | None = None) -> OrderSource:
    """The source of that code or id. Raises NotFound."""
    known = Q(pk=source_id) if source_id is not None else Q(code=code)
    row = WorkOrderSource.objects.filter(known).first()
    if row is None:
        raise NotFound
    return _source_of(row)


def find_order_source_by_push(*, code: str, key: str) -> OrderSource | None:
    """The source whose push address has this key, compared in constant time; None otherwise."""
    row = WorkOrderSource.objects.filter(code=code).first()
    if row is None or row.push_key_hash is None:
        return None
    is_right = hmac.compare_digest(bytes(row.push_key_hash), token_hash(key))
    return _source_of(row) if is_right else None


def asked_sources() -> list[OrderSource]:
    """Sources that are asked by API: not paused, and not stopped by a refusal."""
    rows = WorkOrderSource.objects.filter(is_paused=False, stopped_reason="").order_by("code")
    return [source for source in map(_source_of, rows) if source.kind.client is not None]


@dataclass(frozen=True, kw_only=True)
class SourceLine:
    """A source on a page: how it stands, without its secrets."""

    code: str
    label: str
    plugin: str
    plugin_label: str
    takes: frozenset[str]
    filed_as: str
    carrier: str
    time_zone: str
    is_paused: bool
    paused_reason: str
    stopped_reason: str
    last_rows_at: datetime | None
    whole_at: datetime | None
    reconciled_at: datetime | None
    has_address: bool
    can_submit: bool
    open_there: int
    unknown_words: int
    docs: str


def list_order_sources(*, viewer: Viewer) -> list[SourceLine]:
    """All sources with how they stand; whoever works on cases may choose among them."""
    require_any(viewer, Permission.CASE_READ, Permission.FEEDS_MANAGE)
    rows = WorkOrderSource.objects.annotate(
        open_there=Count("work_orders", filter=Q(work_orders__is_open_there=True), distinct=True),
        unknown_words=Count("words", filter=Q(words__category=""), distinct=True),
    )
    return [_line(row) for row in rows.order_by("code")]


def _line(row: WorkOrderSource) -> SourceLine:
    kind = plugins()[row.plugin]
    return SourceLine(
        code=row.code,
        label=row.label or row.code,
        plugin=row.plugin,
        plugin_label=kind.card.label,
        takes=kind.card.takes,
        filed_as=row.filed_as,
        carrier=row.carrier,
        time_zone=row.time_zone,
        is_paused=row.is_paused,
        paused_reason=row.paused_reason,
        stopped_reason=row.stopped_reason,
        last_rows_at=row.last_rows_at,
        whole_at=row.whole_at,
        reconciled_at=row.reconciled_at,
        has_address=row.push_key_hash is not None,
        can_submit=kind.client is not None,
        open_there=row.open_there,  # type: ignore[attr-defined]  # annotated above
        unknown_words=row.unknown_words,  # type: ignore[attr-defined]
        docs=kind.card.docs,
    )


@dataclass(frozen=True)
class SettingLine:
    """One setting on a page: a secret says only whether it is set."""

    name: str
    label: str
    is_secret: bool
    is_required: bool
    is_set: bool
    value: str


def settings_of_source(*, viewer: Viewer, code: str) -> list[SettingLine]:
    """The settings form of a source, filled but for its secrets. Raises NotFound."""
    require(viewer, Permission.FEEDS_MANAGE)
    source = get_order_source(code=code)
    return [
        SettingLine(
            name=field.name,
            label=field.label,
            is_secret=field.is_secret,
            is_required=field.is_required,
            is_set=bool(source.settings.get(field.name)),
            value="" if field.is_secret else source.settings.get(field.name, ""),
        )
        for field in source.kind.card.settings
    ]


@dataclass(frozen=True)
class WordLine:
    word: str
    category: str
    first_seen_at: datetime
    meant_by: str
    meant_at: datetime | None


def list_order_words(*, viewer: Viewer, code: str) -> list[WordLine]:
    """What a source's words mean here: those that nobody knows first."""
    require_any(viewer, Permission.FEEDS_MANAGE, Permission.POLICY_MANAGE)
    rows = WorkOrderWord.objects.filter(source__code=code).select_related("meant_by")
    found = [
        WordLine(
            row.word, row.category, row.first_seen_at, row.meant_by.name if row.meant_by else "", row.meant_at
        )
        for row in rows.order_by("word")
    ]
    return sorted(found, key=lambda line: bool(line.category))


def meanings_of(source_id: int) -> dict[str, str]:
    """The operator's own meaning of a source's words."""
    known = WorkOrderWord.objects.filter(source_id=source_id).exclude(category="")
    return dict(known.values_list("word", "category"))


def count_open_differences() -> int:
    """How many work orders differ from their case and nobody has said why."""
    return WorkOrderDifference.objects.filter(ended_at__isnull=True, noted_at__isnull=True).count()
