"""The operator's rules of goods and of places, over our advice."""

from dataclasses import dataclass
from datetime import datetime

from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.shipments.models.bookings import GoodsRule, NoService
from yishi.shipments.rules.bookings import Book
from yishi.shipments.rules.goods import with_own
from yishi.shipments.rules.goods_kinds import GoodsKind


def running_book() -> Book:
    """What holds at present. Two statements."""
    own = [kind_of(row) for row in GoodsRule.objects.filter(ended_at__isnull=True).order_by("pk")]
    closed = NoService.objects.filter(ended_at__isnull=True).values_list("place", flat=True)
    return Book(goods=with_own(own), closed=tuple(closed))


def kind_of(row: GoodsRule) -> GoodsKind:
    return GoodsKind(
        key=row.key,
        words=tuple(row.words),
        verdict=row.verdict,
        needs_ice=row.needs_ice,
        best_before_hours=row.best_before_hours,
        reason="own",
        own_steps=tuple(row.steps),
        own_reason=row.reason,
        source=row.source,
    )


@dataclass(frozen=True)
class RuleLine:
    """One version of a rule, as its history shows it."""

    kind: GoodsKind
    word: str
    added_at: datetime
    added_by: str
    ended_at: datetime | None
    ended_by: str


@dataclass(frozen=True)
class ClosedLine:
    """A place to which nothing is taken, or was not."""

    id: int
    place: str
    reason: str
    added_at: datetime
    added_by: str
    ended_at: datetime | None


def list_goods_rules(*, viewer: Viewer, key: str = "") -> list[RuleLine]:
    """Every version of every rule of the operator's, the newest first. Raises NotAllowed."""
    require(viewer, Permission.POLICY_MANAGE)
    rows = GoodsRule.objects.filter(**({"key": key} if key else {})).order_by("-added_at", "-pk")
    return [RuleLine(kind_of(r), r.word, r.added_at, r.added_by, r.ended_at, r.ended_by) for r in rows[:200]]


def own_words() -> dict[str, str]:
    """What the operator calls his own kinds, by key."""
    rows = GoodsRule.objects.filter(ended_at__isnull=True).exclude(word="")
    return dict(rows.values_list("key", "word"))


def list_closed(*, viewer: Viewer) -> list[ClosedLine]:
    """The places, those that are closed first. Raises NotAllowed."""
    require(viewer, Permission.POLICY_MANAGE)
    rows = NoService.objects.order_by("-ended_at", "-added_at")[:200]
    lines = [ClosedLine(r.pk, r.place, r.reason, r.added_at, r.added_by, r.ended_at) for r in rows]
    return sorted(lines, key=lambda line: line.ended_at is not None)
