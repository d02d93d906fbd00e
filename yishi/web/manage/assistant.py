"""智能助手: what was not understood, the lines people add, versions trained, published and gone back from."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from yishi.assistant.actions import book as own
from yishi.assistant.actions import versions
from yishi.assistant.queries import book
from yishi.assistant.queries.policies import language_of, policies
from yishi.assistant.rules.intents import INTENTS
from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of

_DOORS = (Permission.POLICY_MANAGE,)
_CONFUSED = 12


@staff_page(*_DOORS)
@require_safe
def assistant(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return _page(request, viewer)


def intent_words() -> dict[str, str]:
    """Every intent as the assistant itself names it, in the reader's language."""
    known, language = policies(), language_of(get_language() or "")
    return {name: known[name].title[language] if name in known else name for name in INTENTS}


def _page(request: HttpRequest, viewer: Viewer, refusal: Refusal | None = None) -> HttpResponse:
    names, kept = intent_words(), book.list_versions()
    used = next((version for version in kept if version.is_published), None)
    values: dict[str, Any] = {
        "here": "manage",
        "tab": "assistant",
        "intents": list(names.items()),
        "misses": [(miss, names.get(miss.intent, "")) for miss in book.list_misses()],
        "all_misses": book.count_misses(),
        "own_lines": [(line, names.get(line.intent, line.intent)) for line in book.list_own_lines()],
        "all_own_lines": book.count_own_lines(),
        "release_lines": book.count_release_lines(),
        "versions": kept,
        "used": used,
        "figures": used.figures if used else book.release_figures(),
        "waits": any(version.trained_at is None for version in kept[:1]),
        "typed": request.POST,
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "manage/assistant.html", values, status=status)


@staff_page(*_DOORS)
@require_safe
def version(request: HttpRequest, viewer: Viewer, version_no: int) -> HttpResponse:
    """The report of one version; 0 is the release's own."""
    one = book.get_version(version_no) if version_no else None
    figures, names = (one.figures if one else book.release_figures()), intent_words()
    if not figures:
        raise NotFound()
    crossed = figures["crossed"]
    values = {
        "here": "manage",
        "tab": "assistant",
        "version": one,
        "figures": figures,
        "clear": figures["clear"],
        "before": figures.get("before"),
        "crossed": crossed,
        "stages": figures["clear"]["stages"],
        "confusion": [
            (names.get(meant, meant), names.get(taken, taken), count)
            for meant, taken, count in crossed["confusion"][:_CONFUSED]
        ],
        "by_intent": [(names.get(row[0], row[0]), *row[1:]) for row in crossed["by_intent"]],
    }
    return desk_page(request, viewer, "manage/assistant_version.html", values)


def _do(request: HttpRequest, viewer: Viewer, done: str, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, refusal)
    return HttpResponseRedirect(f"{reverse('manage:assistant')}?done={done}")


@staff_page(*_DOORS)
@require_POST
def add(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A line of one's own, or of a miss: then that is settled with it."""
    miss = request.POST.get("miss", "")
    return _do(
        request,
        viewer,
        "added",
        lambda: own.add_phrase(
            text=request.POST.get("text", ""),
            intent=request.POST.get("intent", ""),
            miss_id=whole_number(miss) if miss else None,
            by=viewer,
            at=now(),
        ),
    )


@staff_page(*_DOORS)
@require_POST
def drop_miss(request: HttpRequest, viewer: Viewer, miss_id: int) -> HttpResponse:
    return _do(request, viewer, "dropped", lambda: own.settle_miss(miss_id=miss_id, by=viewer, at=now()))


@staff_page(*_DOORS)
@require_POST
def remove(request: HttpRequest, viewer: Viewer, phrase_id: int) -> HttpResponse:
    return _do(
        request, viewer, "removed", lambda: own.remove_phrase(phrase_id=phrase_id, by=viewer, at=now())
    )


@staff_page(*_DOORS)
@require_POST
def train(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return _do(request, viewer, "training", lambda: versions.ask_training(by=viewer, at=now()))


@staff_page(*_DOORS)
@require_POST
def publish(request: HttpRequest, viewer: Viewer, version_no: int) -> HttpResponse:
    def act() -> None:
        versions.publish_version(version_no=version_no, by=viewer, at=now())

    return _do(request, viewer, "published", act)


@staff_page(*_DOORS)
@require_POST
def roll_back(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return _do(request, viewer, "back", lambda: versions.roll_back(by=viewer, at=now()))
