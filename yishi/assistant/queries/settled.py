"""What the assistant settles: verified in the record beside the naive figure, with its conversations."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from yishi.assistant.models import Settlement
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

MOST_LISTED = 100


@dataclass(frozen=True)
class SettledLine:
    """Of `judged` conversations `naive` ended without a person, `verified` as the record shows it."""

    intent: str
    judged: int
    naive: int
    verified: int

    @property
    def share(self) -> float | None:
        return self.verified / self.judged if self.judged else None

    @property
    def naive_share(self) -> float | None:
        return self.naive / self.judged if self.judged else None


@dataclass(frozen=True)
class SettledFigures:
    """Conversations whose last turn of the assistant fell into the period and that 72 h have passed over;
    `waiting` are those whose 72 h still run."""

    since: datetime
    until: datetime
    whole: SettledLine
    by_intent: tuple[SettledLine, ...]
    against: tuple[tuple[str, int], ...]
    waiting: int


@dataclass(frozen=True)
class JudgedTalk:
    conversation_id: int
    intent: str
    last_turn_at: datetime
    is_naive: bool
    is_verified: bool
    why: str


def settled_figures(*, viewer: Viewer, since: datetime, until: datetime) -> SettledFigures:
    """The figures of a period of the whole operator. Raises NotAllowed."""
    require(viewer, Permission.POLICY_MANAGE)
    period = Settlement.objects.filter(last_turn_at__gte=since, last_turn_at__lt=until)
    judged = period.filter(judged_at__isnull=False)
    lines = [
        SettledLine(*row)
        for row in judged.values_list("intent")
        .annotate(n=Count("pk"))
        .annotate(of_naive=Count("pk", filter=Q(is_naive=True)))
        .annotate(of_verified=Count("pk", filter=Q(is_verified=True)))
        .order_by("-n", "intent")
    ]
    whole = [sum(getattr(line, name) for line in lines) for name in ("judged", "naive", "verified")]
    against = judged.exclude(why="").values_list("why").annotate(n=Count("pk")).order_by("-n", "why")
    return SettledFigures(
        since=since,
        until=until,
        whole=SettledLine("", *whole),
        by_intent=tuple(lines),
        against=tuple((why, count) for why, count in against),
        waiting=period.filter(judged_at__isnull=True).count(),
    )


def list_judged(
    *, viewer: Viewer, since: datetime, until: datetime, intent: str = "", why: str = ""
) -> list[JudgedTalk]:
    """The conversations behind the figures, newest first, at most MOST_LISTED; `why` "-" means settled."""
    require(viewer, Permission.POLICY_MANAGE)
    rows: QuerySet[Settlement] = Settlement.objects.filter(
        last_turn_at__gte=since, last_turn_at__lt=until, judged_at__isnull=False
    )
    rows = rows.filter(intent=intent) if intent else rows
    rows = rows.filter(why="" if why == "-" else why) if why else rows
    return [
        JudgedTalk(row.conversation_id, row.intent, row.last_turn_at, row.is_naive, row.is_verified, row.why)
        for row in rows.order_by("-last_turn_at", "-pk")[:MOST_LISTED]
    ]
