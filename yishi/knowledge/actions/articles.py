"""Writing and keeping articles: every change is a version with its reason, nothing is lost."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from yishi.kit.errors import Invalid, NotFound, Stale
from yishi.kit.fulltext import plain, vector_of
from yishi.kit.phrases import joined
from yishi.kit.texts import clean_text
from yishi.knowledge.actions.questions import settle_question
from yishi.knowledge.actions.replies import LANGUAGES, UnknownVariable
from yishi.knowledge.actions.reviews import review_due_at
from yishi.knowledge.models import Article, ArticleFeedback, ArticleVersion, Audience, Question
from yishi.knowledge.queries.topics import TOPICS
from yishi.knowledge.rules.markup import plain_text, unknown_figures
from yishi.people.queries import person_of, require
from yishi.people.rules import Permission, Viewer

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_INTENT = re.compile(r"[a-z_]{2,40}")
MOST_TITLE, MOST_BODY, MOST_ASKS, MOST_WORD = 80, 20_000, 2_000, 300


@dataclass(frozen=True, kw_only=True)
class Text:
    """What stands in an article; `asks` holds ways in which people ask for it, one a line."""

    slug: str
    language: str
    title: str
    body: str
    asks: str = ""
    audience: str = "CONSUMER"
    topic: str = "OTHER"
    intents: Sequence[str] = ()
    review_date: date | None = None


@transaction.atomic
def save_article(
    *,
    text: Text,
    article_id: int | None = None,
    version: int | None = None,
    why: str = "",
    question_id: int | None = None,
    by: Viewer,
    at: datetime,
) -> int:
    """Writes a new article or the next version of one, published at once. Returns its id.

    With `question_id` it answers that question, whose words are kept among the ways of asking. Slug and
    language of an article never change. Raises Invalid, NotAllowed, NotFound, Stale.
    """
    require(by, Permission.POLICY_MANAGE)
    person = person_of(by)
    text = _clean(text)
    _check(text)
    row = _held(article_id, version) if article_id is not None else _new(text, owner_id=person)
    if question_id is not None:
        text = _with_question(text, question_id)
    _write(row, text, at=at)
    _keep_version(row, why=plain(why)[:300], by_id=person, at=at)
    if question_id is not None:
        settle_question(question_id=question_id, state="ANSWERED", article_id=row.pk, by=by, at=at)
    return row.pk


@transaction.atomic
def withdraw_article(*, article_id: int, why: str, by: Viewer, at: datetime) -> None:
    """No reader finds it any more; it stays with its versions. Raises Invalid, NotAllowed, NotFound."""
    require(by, Permission.POLICY_MANAGE)
    person, reason = person_of(by), plain(why)[:300]
    if not reason:
        raise Invalid([("/why", "missing_field", "写上为什么撤下")])
    row = _held(article_id, None)
    if row.withdrawn_at is None:
        row.withdrawn_at, row.changed_at, row.version = at, at, row.version + 1
        row.save(update_fields=["withdrawn_at", "changed_at", "version"])
        _keep_version(row, why=reason, by_id=person, at=at)


@transaction.atomic
def restore_version(*, article_id: int, number: int, by: Viewer, at: datetime) -> None:
    """Writes an earlier version as the newest, and publishes it. Raises NotAllowed, NotFound."""
    require(by, Permission.POLICY_MANAGE)
    person, row = person_of(by), _held(article_id, None)
    old = ArticleVersion.objects.filter(article_id=article_id, version=number).first()
    if old is None:
        raise NotFound()
    row.title, row.body, row.asks = old.title, old.body, old.asks
    _write(row, text_of(row), at=at)
    _keep_version(row, why=f"v{number}", by_id=person, at=at)


@transaction.atomic
def give_feedback(
    *, article_id: int, version: int, visitor: bytes, is_helped: bool, word: str, day: date, at: datetime
) -> None:
    """Whether the version that he read helped this visitor; his last word of a day counts.

    The caller has masked what is personal in `word`. Raises NotFound.
    """
    row = Article.objects.filter(pk=article_id, withdrawn_at__isnull=True).first()
    if row is None:
        raise NotFound()
    ArticleFeedback.objects.update_or_create(
        article=row,
        visitor=visitor,
        day=day,
        defaults={
            "version": min(max(version, 1), row.version),
            "is_helped": is_helped,
            "word": plain(clean_text(word)[0])[:MOST_WORD],
            "at": at,
        },
    )


def text_of(row: Article) -> Text:
    """The article as it stands."""
    names = ("slug", "language", "title", "body", "asks", "audience", "topic", "intents", "review_date")
    return Text(**{name: getattr(row, name) for name in names})


def write_shipped(row: Article | None, text: Text, *, why: str, at: datetime) -> None:
    """A shipped article, written by nobody in particular."""
    text = _clean(text)
    _check(text)
    row = row or _new(text, owner_id=None)
    _write(row, text, at=at)
    _keep_version(row, why=why, by_id=None, at=at)


def _new(text: Text, *, owner_id: int | None) -> Article:
    if Article.objects.filter(slug=text.slug, language=text.language).exists():
        raise Invalid([("/slug", "duplicate", "这个地址已经有文章了，换一个")])
    return Article(slug=text.slug, language=text.language, owner_id=owner_id, version=0)


def _held(article_id: int, version: int | None) -> Article:
    row = Article.objects.select_for_update().filter(pk=article_id).first()
    if row is None:
        raise NotFound()
    if version is not None and version != row.version:
        raise Stale()
    return row


def _write(row: Article, text: Text, *, at: datetime) -> None:
    row.title, row.body, row.asks = text.title, text.body, text.asks
    if row.review_date != text.review_date:
        row.review_due_at = review_due_at(text.review_date)
    row.audience, row.topic, row.review_date = text.audience, text.topic, text.review_date
    row.intents = list(text.intents)
    row.title_words = vector_of([("A", text.title), *(("A", ask) for ask in text.asks.split("\n"))])
    row.body_words = vector_of([("B", plain_text(text.body))])
    row.version += 1
    row.changed_at, row.withdrawn_at = at, None
    row.save()


def _keep_version(row: Article, *, why: str, by_id: int | None, at: datetime) -> None:
    ArticleVersion.objects.create(
        article=row, version=row.version, title=row.title, body=row.body, asks=row.asks, why=why,
        is_withdrawn=row.withdrawn_at is not None, by_id=by_id, at=at,
    )  # fmt: skip


def _with_question(text: Text, question_id: int) -> Text:
    asked = Question.objects.filter(pk=question_id).values_list("text", flat=True).first()
    if asked is None:
        raise NotFound()
    lines = dict.fromkeys([*filter(None, text.asks.split("\n")), asked])
    return Text(**{**text.__dict__, "asks": "\n".join(lines)[:MOST_ASKS]})


def _clean(text: Text) -> Text:
    asks = [plain(line) for line in text.asks.split("\n")]
    return Text(
        **{
            **text.__dict__,
            "slug": text.slug.strip().lower(),
            "title": plain(clean_text(text.title)[0]),
            "body": clean_text(text.body)[0],
            "asks": "\n".join(filter(None, asks)),
        }
    )


def _check(text: Text) -> None:
    errors = []
    if not _SLUG.fullmatch(text.slug) or len(text.slug) > 60:
        errors.append(("/slug", "bad_slug", "地址用小写字母、数字和短横，60 字以内"))
    if not text.title or len(text.title) > MOST_TITLE:
        errors.append(("/title", "missing_field", "写个标题，80 字以内"))
    if not text.body or len(text.body) > MOST_BODY:
        errors.append(("/body", "missing_field", "写上正文，20,000 字以内"))
    if len(text.asks) > MOST_ASKS:
        errors.append(("/asks", "too_long", "别的问法 2,000 字以内"))
    if text.language not in LANGUAGES:
        errors.append(("/language", "unknown_language", "选一种语言"))
    if text.audience not in Audience.values:
        errors.append(("/audience", "unknown_audience", "选给谁看"))
    if text.topic not in TOPICS:
        errors.append(("/topic", "unknown_topic", "选一类"))
    if not all(_INTENT.fullmatch(intent) for intent in text.intents) or len(text.intents) > 20:
        errors.append(("/intents", "unknown_intent", "意图写成 track_parcel 这样"))
    if errors:
        raise Invalid(errors)
    if unknown := unknown_figures(text.body):
        raise UnknownVariable(names=joined(f"{{{name}}}" for name in unknown))
