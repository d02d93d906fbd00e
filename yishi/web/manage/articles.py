"""帮助文章: the list with its review days, writing with preview and versions, and the questions that wait."""

from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.knowledge.actions.articles import Text, restore_version, save_article, withdraw_article
from yishi.knowledge.actions.questions import settle_question
from yishi.knowledge.queries.articles import (
    ArticleLine,
    access_article,
    article_versions,
    list_for_writers,
    words_about,
)
from yishi.knowledge.queries.questions import QuestionLine, access_question, list_questions
from yishi.knowledge.queries.topics import TOPICS
from yishi.knowledge.rules.markup import FIGURES, blocks_of, with_figures
from yishi.people.rules import Permission, Viewer
from yishi.sla.queries.limit_words import limits_said
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of

AUDIENCES = {"CONSUMER": _("收件人和寄件人"), "STAFF": _("员工"), "BOTH": _("都看")}
LANGUAGES = {"zh-hans": _("中文"), "en": _("英文")}
SOURCES = {"SEARCH": _("帮助里搜的"), "ASSISTANT": _("问智能客服的"), "NOT_HELPED": _("看了文章说没帮上")}
FIELDS = (
    "slug", "language", "title", "body", "asks", "audience", "topic", "intents", "review_date", "why",
    "question",
)  # fmt: skip


@staff_page(Permission.POLICY_MANAGE)
@require_safe
def articles(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """All articles, what is to be reviewed first, and what was asked in vain."""
    lines = list_for_writers(viewer=viewer)
    today = timezone.localtime(now()).date()
    values = {
        "here": "manage",
        "tab": "articles",
        "due": [line for line in lines if _is_due(line, today)],
        "lines": [(line, TOPICS.get(line.topic), AUDIENCES.get(line.audience, "")) for line in lines],
        "questions": [(q, SOURCES.get(q.source, "")) for q in list_questions(viewer=viewer)],
        "not_ours": list_questions(viewer=viewer, state="NOT_OURS", most=20),
        "done": request.GET.get("done", ""),
    }
    return desk_page(request, viewer, "manage/articles.html", values)


def _is_due(line: ArticleLine, today: date) -> bool:
    return not line.is_withdrawn and line.review_date is not None and line.review_date <= today


@staff_page(Permission.POLICY_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A new article; with `question` it is begun from what somebody asked in vain."""
    asked = whole_number(request.POST.get("question", "") or request.GET.get("question", ""))
    question = access_question(viewer=viewer, question_id=asked) if asked else None
    return _edit(request, viewer, None, question)


@staff_page(Permission.POLICY_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, viewer: Viewer, article_id: int) -> HttpResponse:
    """One article: read, changed, its versions and what readers said."""
    return _edit(request, viewer, access_article(viewer=viewer, article_id=article_id), None)


@staff_page(Permission.POLICY_MANAGE)
@require_POST
def change(request: HttpRequest, viewer: Viewer, article_id: int, what: str) -> HttpResponse:
    """Withdraws it (`withdraw`), or goes back to an earlier version (`restore`)."""
    found, at = access_article(viewer=viewer, article_id=article_id), now()
    try:
        if what == "withdraw":
            withdraw_article(article_id=found.id, why=request.POST.get("why", ""), by=viewer, at=at)
        elif what == "restore":
            number = whole_number(request.POST.get("number", "")) or 0
            restore_version(article_id=found.id, number=number, by=viewer, at=at)
        else:
            raise NotFound()
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, found, None, _typed(found), refusal=refusal)
    return HttpResponseRedirect(f"{reverse('manage:article', args=[found.id])}?done={what}")


@staff_page(Permission.POLICY_MANAGE)
@require_POST
def settle(request: HttpRequest, viewer: Viewer, question_id: int) -> HttpResponse:
    """A question that is not ours, or open again."""
    found = access_question(viewer=viewer, question_id=question_id)
    state = "OPEN" if request.POST.get("state") == "OPEN" else "NOT_OURS"
    settle_question(question_id=found.id, state=state, by=viewer, at=now())
    return HttpResponseRedirect(f"{reverse('manage:articles')}?done=settled#asked")


def _edit(
    request: HttpRequest, viewer: Viewer, found: ArticleLine | None, question: QuestionLine | None
) -> HttpResponse:
    if request.method != "POST":
        return _page(request, viewer, found, question, _typed(found, question))
    typed = {name: request.POST.get(name, "").replace("\x00", "")[:20_000] for name in FIELDS}
    if found is not None:
        typed |= {"slug": found.slug, "language": found.language}
    if request.POST.get("do") == "try":
        return _page(request, viewer, found, question, typed, is_tried=True)
    try:
        with transaction.atomic():
            kept = save_article(
                text=_text(typed), article_id=found.id if found else None,
                version=whole_number(request.POST.get("version", "")), why=typed["why"],
                question_id=question.id if question else None, by=viewer, at=now(),
            )  # fmt: skip
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, found, question, typed, refusal=refusal, is_tried=True)
    return HttpResponseRedirect(f"{reverse('manage:article', args=[kept])}?done=kept")


def _text(typed: dict[str, str]) -> Text:
    try:
        review = date.fromisoformat(typed["review_date"]) if typed["review_date"] else None
    except ValueError:
        review = None
    names = ("slug", "language", "title", "body", "asks", "audience", "topic")
    intents = typed["intents"].split()
    return Text(**{name: typed[name] for name in names}, intents=intents, review_date=review)


def _typed(found: ArticleLine | None, question: QuestionLine | None = None) -> dict[str, str]:
    """What the form begins with."""
    if found is None:
        said = {"language": "zh-hans", "audience": "BOTH", "topic": "OTHER"}
        if question is not None:
            said |= {"title": question.text[:80], "language": question.language, "question": str(question.id)}
        return said
    names = ("slug", "language", "title", "body", "asks", "audience", "topic")
    day = found.review_date.isoformat() if found.review_date else ""
    return {
        **{name: getattr(found, name) for name in names},
        "intents": " ".join(found.intents),
        "review_date": day,
    }


def _page(
    request: HttpRequest,
    viewer: Viewer,
    found: ArticleLine | None,
    question: QuestionLine | None,
    typed: dict[str, str],
    *,
    refusal: Refusal | None = None,
    is_tried: bool = False,
) -> HttpResponse:
    at = now()
    values: dict[str, Any] = {
        "here": "manage",
        "tab": "articles",
        "article": found,
        "question": question,
        "typed": typed,
        "is_tried": is_tried,
        "blocks": blocks_of(with_figures(typed.get("body", ""), limits_said(at=at))),
        "versions": article_versions(found.id) if found else [],
        "feedback": words_about(found.id) if found else [],
        "topics": TOPICS.items(), "audiences": AUDIENCES.items(), "languages": LANGUAGES.items(),
        "figures": [f"{{{word}}}" for word in FIGURES.values()],
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }  # fmt: skip
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "manage/article.html", values, status=status, at=at)
