"""Sources of work orders: how each stands, its settings without its secrets, and what its words mean."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.cases.actions.work_order_sources import (
    add_order_source,
    change_order_source,
    give_meaning,
    pause_order_source,
    renew_order_address,
)
from yishi.cases.queries.cards import category_choices
from yishi.cases.queries.work_order_answers import OWN_SOURCES
from yishi.cases.queries.work_order_sources import (
    SourceLine,
    count_open_differences,
    list_order_sources,
    list_order_words,
    plugins,
    settings_of_source,
)
from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, words_of
from yishi.web.shared import words
from yishi.web.shared.words import Sign

KEEPERS = (Permission.FEEDS_MANAGE, Permission.POLICY_MANAGE)


def sign_of(source: SourceLine) -> Sign:
    """The worst first."""
    if source.is_paused:
        return Sign(_("已暂停"), "stop", "is-bad")
    if source.stopped_reason:
        return Sign(_("对方不认我们的账号"), "alert", "is-bad")
    if source.unknown_words:
        return Sign(_("有不认识的词"), "alert", "is-warn")
    if source.last_rows_at is None:
        return Sign(_("还没有来过工单"), "pause", "is-idle")
    return Sign(_("正常"), "ok", "is-good")


@staff_page(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def sources(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The list and the form of a new one."""
    if request.method != "POST":
        return _sources(request, viewer)
    said = request.POST
    code = said.get("code", "").strip()
    try:
        path = add_order_source(
            code=code,
            plugin=said.get("plugin", ""),
            filed_as=said.get("filed_as", ""),
            label=said.get("label", ""),
            carrier=said.get("carrier", ""),
            time_zone=said.get("time_zone", ""),
            by=viewer,
            at=now(),
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _sources(request, viewer, refusal)
    if path:
        return _source(request, viewer, code, address=request.build_absolute_uri(path))
    return HttpResponseRedirect(reverse("manage:order_source", args=[code]))


def _sources(request: HttpRequest, viewer: Viewer, refusal: Refusal | None = None) -> HttpResponse:
    values: dict[str, Any] = {
        "here": "manage",
        "tab": "orders",
        "sources": [(line, sign_of(line)) for line in list_order_sources(viewer=viewer)],
        "differences": count_open_differences(),
        "plugins": [(name, kind.card.label) for name, kind in sorted(plugins().items())],
        "filed_as": [(value, word) for value, word in words.SOURCES.items() if value not in OWN_SOURCES],
        "may_change": viewer.may(Permission.FEEDS_MANAGE),
        "typed": request.POST,
        "refused": words_of(refusal) if refusal else "",
    }
    return desk_page(
        request, viewer, "manage/order_sources.html", values, status=refusal.status if refusal else 200
    )


@staff_page(*KEEPERS)
@require_safe
def source(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    return _source(request, viewer, code)


def _source(
    request: HttpRequest, viewer: Viewer, code: str, refusal: Refusal | None = None, address: str = ""
) -> HttpResponse:
    line = next((one for one in list_order_sources(viewer=viewer) if one.code == code), None)
    if line is None:
        raise NotFound
    may_change = viewer.may(Permission.FEEDS_MANAGE)
    values = {
        "here": "manage",
        "tab": "orders",
        "source": line,
        "sign": sign_of(line),
        "settings": settings_of_source(viewer=viewer, code=code) if may_change else [],
        "words": [
            (one, words.CATEGORIES.get(one.category, ""))
            for one in list_order_words(viewer=viewer, code=code)
        ],
        "categories": category_choices(),
        "may_change": may_change,
        "address": address,
        "done": request.GET.get("done", ""),
        "refused": words_of(refusal) if refusal else "",
    }
    return desk_page(
        request, viewer, "manage/order_source.html", values, status=refusal.status if refusal else 200
    )


def _turned(
    request: HttpRequest, viewer: Viewer, code: str, done: str, act: Callable[[], object]
) -> HttpResponse:
    try:
        act()
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _source(request, viewer, code, refusal)
    return HttpResponseRedirect(f"{reverse('manage:order_source', args=[code])}?done={done}")


@staff_page(Permission.FEEDS_MANAGE)
@require_POST
def settings(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    said = request.POST
    chosen = {name.removeprefix("set-"): str(value) for name, value in said.items() if name[:4] == "set-"}
    return _turned(
        request,
        viewer,
        code,
        "settings",
        lambda: change_order_source(
            code=code,
            label=said.get("label", ""),
            carrier=said.get("carrier", ""),
            time_zone=said.get("time_zone", ""),
            settings=chosen,
            by=viewer,
            at=now(),
        ),
    )


@staff_page(Permission.FEEDS_MANAGE)
@require_POST
def pause(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    reason = "" if request.POST.get("resume") else request.POST.get("reason", "").strip() or _("暂停")
    return _turned(
        request,
        viewer,
        code,
        "pause" if reason else "resume",
        lambda: pause_order_source(code=code, reason=reason, by=viewer, at=now()),
    )


@staff_page(Permission.FEEDS_MANAGE)
@require_POST
def address(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """A new push address, shown in this answer and never again."""
    path = renew_order_address(code=code, by=viewer, at=now())
    return _source(request, viewer, code, address=request.build_absolute_uri(path))


@staff_page(*KEEPERS)
@require_POST
def meaning(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    word, category = request.POST.get("word", ""), request.POST.get("category", "")
    return _turned(
        request,
        viewer,
        code,
        "word",
        lambda: give_meaning(code=code, word=word, category=category, by=viewer, at=now()),
    )
