"""The help centre: search, topics, one article with the question whether it helped. No account, no script."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from yishi.assistant.rules.slots import masked, slots_in
from yishi.kit import clock
from yishi.kit.errors import NotFound, TooMany
from yishi.kit.personal import keyed_hash
from yishi.kit.ratelimit import check_rate
from yishi.kit.texts import clean_text
from yishi.knowledge.actions.articles import give_feedback
from yishi.knowledge.actions.questions import note_question
from yishi.knowledge.queries.articles import ArticleCard, find_articles, get_article, list_articles
from yishi.knowledge.queries.topics import TOPICS
from yishi.knowledge.rules.markup import blocks_of, with_figures
from yishi.sla.queries.limit_words import limits_said
from yishi.web.consumer.doors import address_of, check_look_up

SEARCHES_AN_HOUR_NOTED = 30
WORDS_AN_HOUR = 30
MOST_ASKED = 200


@require_safe
def help_centre(request: HttpRequest) -> HttpResponse:
    """Everything by topic; with `q` what answers it, and a note to ourselves where nothing does."""
    at = clock.now()
    check_look_up(request, at)
    asked = clean_text(request.GET.get("q", ""))[0][:MOST_ASKED]
    language = _language()
    if not asked:
        return _page(request, {"groups": _groups(language)})
    found = find_articles(
        words=asked, audience="CONSUMER", language=language, most=8, figures=limits_said(at=at)
    )
    if not found:
        _note(request, asked, source="SEARCH")
    return _page(request, {"asked": asked, "found": found, "groups": () if found else _groups(language)})


@require_safe
def topic(request: HttpRequest, topic: str) -> HttpResponse:
    """All articles of one matter. Raises NotFound."""
    check_look_up(request, clock.now())
    if topic not in TOPICS:
        raise NotFound()
    rows = list_articles(audience="CONSUMER", language=_language(), topic=topic)
    return _page(request, {"groups": [(topic, TOPICS[topic], rows, 0)], "topic": TOPICS[topic]})


# the address is the whole question: no cookie decides anything here
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One article; a POST says whether it helped, with a word if one likes."""
    at = clock.now()
    check_look_up(request, at)
    found = get_article(slug=slug, audience="CONSUMER", language=_language())
    if request.method == "POST":
        return _helped(request, found)
    values = {
        "article": found,
        "blocks": blocks_of(with_figures(found.body, limits_said(at=at))),
        "topic": TOPICS.get(found.topic),
        "asked": clean_text(request.GET.get("q", ""))[0][:MOST_ASKED],
        "said": request.GET.get("said", ""),
        "chat_url": _chat_url(),
        "at": at,
    }
    return render(request, "consumer/article.html", values)


def _helped(request: HttpRequest, found: ArticleCard) -> HttpResponse:
    at = clock.now()
    check_rate(kind="help word", key=address_of(request), limit=WORDS_AN_HOUR, window_s=3600, at=at)
    is_helped = request.POST.get("helped") == "yes"
    word, asked = (clean_text(request.POST.get(name, ""))[0][:300] for name in ("word", "q"))
    version = request.POST.get("version", "")
    give_feedback(
        article_id=found.id,
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 1,
        visitor=_visitor(request),
        is_helped=is_helped,
        word=_hidden(word),
        day=timezone.localtime(at).date(),
        at=at,
    )
    if not is_helped and (word or asked):
        _note(request, word or asked, source="NOT_HELPED")
    said = "yes" if is_helped else "no"
    return redirect(f"{reverse('consumer:article', args=[found.slug])}?said={said}#helped")


def _note(request: HttpRequest, asked: str, *, source: str) -> None:
    """A question in vain, without anybody's data; one address does not fill the list."""
    at = clock.now()
    try:
        check_rate(
            kind="help asked", key=address_of(request), limit=SEARCHES_AN_HOUR_NOTED, window_s=3600, at=at
        )
    except TooMany:
        # who asks on may go on looking; the list is not filled by one
        return
    note_question(text=_hidden(asked), language=_language(), source=source, at=at)


def _hidden(text: str) -> str:
    return masked(text, slots_in(text))


def _visitor(request: HttpRequest) -> bytes:
    """One browser at one address, as a keyed hash."""
    browser = sha256(request.headers.get("User-Agent", "").encode()).hexdigest()
    return keyed_hash("help visitor", f"{address_of(request)} {browser}")


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh-hans"


def _groups(language: str) -> list[tuple[str, object, list[ArticleCard], int]]:
    """Topics with their first articles, and how many more each has."""
    rows = list_articles(audience="CONSUMER", language=language)
    of = {key: [row for row in rows if row.topic == key] for key in TOPICS}
    return [(key, TOPICS[key], cards[:4], max(0, len(cards) - 4)) for key, cards in of.items() if cards]


def _chat_url() -> str:
    try:
        return reverse("consumer:chat")
    except NoReverseMatch:
        return ""


def _page(request: HttpRequest, values: dict[str, object]) -> HttpResponse:
    return render(request, "consumer/help.html", {**values, "chat_url": _chat_url(), "at": clock.now()})
