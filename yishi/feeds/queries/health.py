"""How the sources stand, and the codes that nobody has mapped yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Sum

from yishi.feeds.models import CodeMapping, FollowState, RawInput, RawState, Source, UnknownCode
from yishi.feeds.queries.following import count_followed
from yishi.feeds.rules import BAD_SIGNATURES, SIGNATURE_WINDOW_S, health_of
from yishi.kit.ratelimit import counted
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

_ASKED = (FollowState.WANTED.value, FollowState.ACTIVE.value)


@dataclass(frozen=True)
class SourceHealth:
    """How one source stands. `bodies` and what became of them are of the last 24 hours.

    `silent_since` is set while it owes us input; `following` parcels are asked about, `refused` ones it would
    not take; `asking_stopped` says why it is asked about none. `forged` pushes of today were signed wrongly.
    """

    code: str
    label: str
    plugin: str
    health: str
    paused_reason: str
    last_received_at: datetime | None
    bodies: int
    accepted: int
    duplicate: int
    rejected: int
    quarantined: int
    unknown_codes: tuple[str, ...]
    expected_within: timedelta | None
    silent_since: datetime | None
    following: int
    refused: int
    asking_stopped: str
    forged: int


def list_source_health(*, viewer: Viewer, at: datetime, code: str | None = None) -> list[SourceHealth]:
    """Every source (or the one of that name) with what came in during the last 24 hours.

    The number of statements does not depend on how many there are. Needs FEEDS_MANAGE.
    """
    require(viewer, Permission.FEEDS_MANAGE)
    sources = Source.objects.order_by("code")
    if code is not None:
        sources = sources.filter(code=code)
    lately = _lately(at - timedelta(days=1))
    unread = RawInput.objects.filter(state=RawState.QUARANTINED).values("source_id").annotate(n=Count("id"))
    waiting = dict(unread.values_list("source_id", "n"))
    followed = count_followed()
    unknown: dict[int, list[str]] = {}
    for source_id, name in _unmapped().order_by("source_code").values_list("source_id", "source_code"):
        unknown.setdefault(source_id, []).append(name)
    none = _Lately(None, 0, 0, 0, 0)
    codes = [source.code for source in sources]
    forged = counted(kind=BAD_SIGNATURES, keys=codes, window_s=SIGNATURE_WINDOW_S, at=at)
    return [
        _health(
            source,
            lately.get(source.pk, none),
            waiting=waiting.get(source.pk, 0),
            unknown=unknown.get(source.pk, []),
            following=sum(followed.get((source.pk, state), 0) for state in _ASKED),
            refused=followed.get((source.pk, FollowState.REFUSED.value), 0),
            forged=forged.get(source.code, 0),
        )
        for source in sources
    ]


@dataclass(frozen=True)
class _Lately:
    last: datetime | None
    bodies: int
    accepted: int
    duplicate: int
    rejected: int


def _lately(since: datetime) -> dict[int, _Lately]:
    """What came from each source since then, by the index of `received_at`."""
    rows = (
        RawInput.objects.filter(received_at__gte=since)
        .values("source_id")
        .annotate(
            last=Max("received_at"), n=Count("id"), a=Sum("accepted"), d=Sum("duplicate"), r=Sum("rejected")
        )
    )
    return {row["source_id"]: _Lately(row["last"], row["n"], row["a"], row["d"], row["r"]) for row in rows}


def _health(
    s: Source,
    lately: _Lately,
    *,
    waiting: int,
    unknown: list[str],
    following: int,
    refused: int,
    forged: int,
) -> SourceHealth:
    heard = [moment for moment in (lately.last, s.last_input_at) if moment is not None]
    return SourceHealth(
        code=s.code,
        label=s.label,
        plugin=s.plugin,
        health=health_of(is_paused=s.is_paused, quarantined=waiting, taken=lately.bodies),
        paused_reason=s.paused_reason,
        last_received_at=max(heard, default=None),
        bodies=lately.bodies,
        accepted=lately.accepted,
        duplicate=lately.duplicate,
        rejected=lately.rejected,
        quarantined=waiting,
        unknown_codes=tuple(unknown),
        expected_within=s.expected_within,
        silent_since=s.silent_since,
        following=following,
        refused=refused,
        asking_stopped=s.asking_stopped,
        forged=forged,
    )


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
