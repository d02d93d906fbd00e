"""Saved replies as people find and read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from yishi.kit.errors import NotFound
from yishi.knowledge.models import Reply, ReplyScope, ReplyVersion
from yishi.knowledge.rules.replies import score
from yishi.people.rules import Permission, Viewer

MOST = 300


@dataclass(frozen=True, kw_only=True)
class ReplyCard:
    id: int
    title: str
    body: str
    language: str
    categories: Sequence[str]
    scope: str
    outlet_code: str
    outlet_name: str
    owner_name: str
    review_date: date | None
    used: int
    version: int
    may_change: bool


@dataclass(frozen=True, kw_only=True)
class VersionLine:
    version: int
    title: str
    body: str
    by_name: str
    at: datetime


def visible_to(viewer: Viewer) -> QuerySet[Reply]:
    """One's own, those of one's outlets, and the operator's; none that was taken out of use."""
    outlets = Q(scope=ReplyScope.OUTLET)
    if viewer.outlet_codes is not None:
        outlets &= Q(outlet__code__in=sorted(viewer.outlet_codes))
    own = Q(scope=ReplyScope.PERSONAL, owner_id=viewer.user_id or 0)
    return Reply.objects.filter(own | outlets | Q(scope=ReplyScope.OPERATOR), archived_at__isnull=True)


def find_replies(
    *, viewer: Viewer, words: str, category: str, language: str, most: int = 8
) -> list[ReplyCard]:
    """Replies for a case, the best first: what fits the words, the category, the language, what is used."""
    found = []
    for row in visible_to(viewer).select_related("outlet", "owner")[:MOST]:
        points = score(words, title=row.title, body=row.body) if words.strip() else 1
        if points and (not row.categories or category in row.categories or words.strip()):
            fits = 3 * (category in row.categories) + 4 * (row.language == language)
            found.append((-(points + fits), -row.used, row.pk, row))
    return [_card(row, viewer) for *_rank, row in sorted(found, key=lambda each: each[:3])[:most]]


def list_replies(viewer: Viewer) -> list[ReplyCard]:
    """All that this viewer can use, by title."""
    rows = visible_to(viewer).select_related("outlet", "owner").order_by("scope", "title", "id")
    return [_card(row, viewer) for row in rows[:MOST]]


def access_reply(*, viewer: Viewer, reply_id: int) -> ReplyCard:
    """One of those. Raises NotFound."""
    row = visible_to(viewer).select_related("outlet", "owner").filter(pk=reply_id).first()
    if row is None:
        raise NotFound()
    return _card(row, viewer)


def versions_of(reply_id: int) -> list[VersionLine]:
    """How a reply got by `access_reply` came to read as it does, the newest first."""
    rows = ReplyVersion.objects.filter(reply_id=reply_id).select_related("by").order_by("-version")
    return [
        VersionLine(
            version=row.version,
            title=row.title,
            body=row.body,
            by_name=row.by.name if row.by else "",
            at=row.at,
        )
        for row in rows[:50]
    ]


def _card(row: Reply, viewer: Viewer) -> ReplyCard:
    return ReplyCard(
        id=row.pk,
        title=row.title,
        body=row.body,
        language=row.language,
        categories=row.categories,
        scope=row.scope,
        outlet_code=row.outlet.code if row.outlet else "",
        outlet_name=row.outlet.name if row.outlet else "",
        owner_name=row.owner.name,
        review_date=row.review_date,
        used=row.used,
        version=row.version,
        may_change=row.scope != ReplyScope.OPERATOR or viewer.may(Permission.POLICY_MANAGE),
    )
