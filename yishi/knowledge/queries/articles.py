"""Articles as people find and read them, and as those who write them see how they do."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from yishi.kit.errors import NotFound
from yishi.knowledge.models import Article, ArticleFeedback, ArticleVersion, Audience
from yishi.knowledge.rules.finding import (
    CLEAR,
    Hit,
    asked_tokens,
    closeness,
    excerpt,
    query_of_tokens,
    ranked,
)
from yishi.knowledge.rules.markup import plain_text, with_figures
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

_READS: Mapping[str, tuple[str, ...]] = {
    "CONSUMER": (Audience.CONSUMER, Audience.BOTH),
    "STAFF": tuple(Audience.values),
}
# how many more are looked at, and what being asked just so is worth beside the share
_NEAR, _NEARNESS = 8, 0.5
_HITS = """
SELECT a.id, array_remove(array_agg(CASE WHEN a.title_words @@ t.q THEN t.word END), NULL),
       array_remove(array_agg(CASE WHEN a.body_words @@ t.q THEN t.word END), NULL)
  FROM knowledge_article a
 CROSS JOIN unnest(%(words)s::text[], %(queries)s::text[]::tsquery[]) AS t (word, q)
 WHERE a.withdrawn_at IS NULL AND a.language = %(language)s AND a.audience = ANY(%(audiences)s)
   AND (a.title_words @@ %(any)s::tsquery OR a.body_words @@ %(any)s::tsquery)
 GROUP BY a.id
"""


@dataclass(frozen=True, kw_only=True)
class ArticleCard:
    """An article as a reader gets it; `share` is how much of what was asked it holds (1 = all), `is_clear`
    whether that is enough to quote it as the answer."""

    id: int
    slug: str
    language: str
    title: str
    body: str
    topic: str
    version: int
    changed_at: datetime
    excerpt: str = ""
    share: float = 0.0
    is_clear: bool = False


@dataclass(frozen=True, kw_only=True)
class ArticleLine(ArticleCard):
    """As who writes it sees it; `helped` and `not_helped` count the present version."""

    asks: str
    audience: str
    intents: Sequence[str] = field(default=())
    review_date: date | None
    owner_name: str
    is_withdrawn: bool
    helped: int = 0
    not_helped: int = 0


@dataclass(frozen=True, kw_only=True)
class ArticleVersionLine:
    version: int
    title: str
    body: str
    asks: str
    why: str
    is_withdrawn: bool
    by_name: str
    at: datetime
    helped: int
    not_helped: int


@dataclass(frozen=True)
class FeedbackLine:
    word: str
    is_helped: bool
    version: int
    day: date


def published(*, audience: str, language: str) -> QuerySet[Article]:
    """What this reader may read."""
    return Article.objects.filter(withdrawn_at__isnull=True, language=language, audience__in=_READS[audience])


def find_articles(
    *, words: str, audience: str, language: str, most: int = 5, figures: Mapping[str, str] | None = None
) -> list[ArticleCard]:
    """Articles that hold what was asked, the best first, each with the line that fits best.

    `audience` is CONSUMER or STAFF (who reads everything); `figures` fill what an article leaves open.
    """
    tokens = asked_tokens(words[:500])
    if not tokens:
        return []
    shares = dict(_ranked(tokens, audience=audience, language=language)[: most + _NEAR])
    rows = list(Article.objects.filter(pk__in=shares))
    near = {row.pk: closeness(tokens, [row.title, *row.asks.split("\n")]) for row in rows}
    rows.sort(key=lambda row: (-(shares[row.pk] + _NEARNESS * near[row.pk]), row.pk))
    return [_card(row, tokens, shares[row.pk], figures or {}) for row in rows[:most]]


def _ranked(tokens: Sequence[str], *, audience: str, language: str) -> list[tuple[int, float]]:
    queries = query_of_tokens(tokens)
    values: dict[str, Any] = {
        "words": list(tokens),
        "queries": queries,
        "any": " | ".join(queries),
        "language": language,
        "audiences": list(_READS[audience]),
    }
    with connection.cursor() as cursor:
        cursor.execute(_HITS, values)
        hits = [Hit(*row) for row in cursor.fetchall()]
    articles = published(audience=audience, language=language).count() if hits else 0
    return ranked(tokens, hits, articles=articles)


def list_articles(*, audience: str, language: str, topic: str = "", most: int = 200) -> list[ArticleCard]:
    """Everything for this reader, or of one topic, by title."""
    rows = published(audience=audience, language=language).order_by("topic", "title", "id")
    return [_card(row) for row in (rows.filter(topic=topic) if topic else rows)[:most]]


def get_article(*, slug: str, audience: str, language: str) -> ArticleCard:
    """One by its address, in the other language where this one has none. Raises NotFound."""
    rows = Article.objects.filter(slug=slug, withdrawn_at__isnull=True, audience__in=_READS[audience])
    found = sorted(rows, key=lambda row: row.language != language)
    if not found:
        raise NotFound()
    return _card(found[0])


def titles_of(ids: Collection[int]) -> list[str]:
    """The titles of these articles, as a list of them names them."""
    return list(Article.objects.filter(pk__in=list(ids)).order_by("title").values_list("title", flat=True))


def list_for_writers(*, viewer: Viewer) -> list[ArticleLine]:
    """All of them, those whose review is due first. Raises NotAllowed."""
    require(viewer, Permission.POLICY_MANAGE)
    counts = _counts()
    rows = Article.objects.select_related("owner").order_by("review_date", "topic", "title", "id")
    return [_line(row, counts) for row in rows[:1000]]


def access_article(*, viewer: Viewer, article_id: int) -> ArticleLine:
    """One of those. Raises NotAllowed, NotFound."""
    require(viewer, Permission.POLICY_MANAGE)
    row = Article.objects.select_related("owner").filter(pk=article_id).first()
    if row is None:
        raise NotFound()
    return _line(row, _counts(article_id))


def article_versions(article_id: int) -> list[ArticleVersionLine]:
    """How an article got by `access_article` came to read as it does, the newest first, with what it did."""
    counts = _counts(article_id)
    rows = ArticleVersion.objects.filter(article_id=article_id).select_related("by").order_by("-version")
    return [
        ArticleVersionLine(
            **{name: getattr(row, name) for name in ("version", "title", "body", "asks", "why", "at")},
            is_withdrawn=row.is_withdrawn,
            by_name=row.by.name if row.by else "",
            helped=counts.get((article_id, row.version), (0, 0))[0],
            not_helped=counts.get((article_id, row.version), (0, 0))[1],
        )
        for row in rows[:100]
    ]


def words_about(article_id: int, *, most: int = 20) -> list[FeedbackLine]:
    """What visitors wrote of an article got by `access_article`, the newest first."""
    rows = ArticleFeedback.objects.filter(article_id=article_id).exclude(word="").order_by("-at")
    return [FeedbackLine(row.word, row.is_helped, row.version, row.day) for row in rows[:most]]


def _counts(article_id: int | None = None) -> dict[tuple[int, int], tuple[int, int]]:
    rows = ArticleFeedback.objects.all()
    if article_id is not None:
        rows = rows.filter(article_id=article_id)
    counted = rows.values_list("article_id", "version").annotate(
        yes=Count("pk", filter=Q(is_helped=True)), no=Count("pk", filter=Q(is_helped=False))
    )
    return {(article, version): (yes, no) for article, version, yes, no in counted}


def _card(
    row: Article, tokens: Sequence[str] = (), share: float = 0.0, figures: Mapping[str, str] | None = None
) -> ArticleCard:
    text = plain_text(with_figures(row.body, figures or {}))
    return ArticleCard(
        **_common(row),
        excerpt=excerpt(text, tokens),
        share=share,
        is_clear=share >= CLEAR,
    )


def _common(row: Article) -> dict[str, Any]:
    names = ("id", "slug", "language", "title", "body", "topic", "version", "changed_at")
    return {name: getattr(row, name) for name in names}


def _line(row: Article, counts: Mapping[tuple[int, int], tuple[int, int]]) -> ArticleLine:
    helped, not_helped = counts.get((row.pk, row.version), (0, 0))
    return ArticleLine(
        **_common(row),
        asks=row.asks,
        audience=row.audience,
        intents=row.intents,
        review_date=row.review_date,
        owner_name=row.owner.name if row.owner else "",
        is_withdrawn=row.withdrawn_at is not None,
        helped=helped,
        not_helped=not_helped,
    )
