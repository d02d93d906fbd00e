"""How the sources stand, and the codes that nobody has mapped yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum

from yishi.feeds.models import CodeMapping, RawState, Source, UnknownCode
from yishi.feeds.rules import health_of
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer


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
    for source_id, code in _unmapped().order_by("source_code").values_list("source_id", "source_code"):
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


def _unmapped() -> QuerySet[UnknownCode]:
    """Codes that neither the plug-in nor the operator has a meaning for."""
    meant = CodeMapping.objects.filter(
        source=OuterRef("source"), source_code=OuterRef("source_code"), ended_at__isnull=True
    )
    return UnknownCode.objects.filter(~Exists(meant))


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
    rows = _unmapped().select_related("source").order_by("-count", "source__code", "source_code")
    return [UnmappedCode(r.source.code, r.source_code, r.sample, r.count, r.first_seen_at) for r in rows]


def count_unknown(source: str) -> int:
    """How many events of a source came with codes that its plug-in does not know."""
    rows = UnknownCode.objects.filter(source__code=source)
    return int(rows.aggregate(n=Sum("count"))["n"] or 0)
