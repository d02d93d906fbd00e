"""The worklist: what waits for whom, the most pressing first; live without moving under the pointer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yishi.cases.actions.exports import AT_ONCE
from yishi.cases.queries.cards import MAX_COUNT, CaseLine, list_cases
from yishi.cases.queries.tasks import count_waiting, list_reminders
from yishi.cases.queries.views import list_views
from yishi.cases.queries.worklist import Page, worklist_counts
from yishi.cases.queries.worklist import worklist as read_worklist
from yishi.cases.rules.categories import CATEGORIES
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, Refusal
from yishi.network.queries import OutletCard, list_outlets
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.choices import done_words
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, words_of
from yishi.web.desk.rows import rows_of
from yishi.web.desk.wanted import Wanted, wanted_of
from yishi.web.shared import words
from yishi.web.shared.live import live_url

PAGE_SIZE = 25
MOST_REMINDERS = 3
MAX_TOPICS = 200
HEAD_OFFICE = "HQ"


class Tab(NamedTuple):
    view: str
    word: str
    number: str
    address: str
    is_here: bool


class Empty(NamedTuple):
    """What an empty list says: why it is empty and the way on."""

    title: str
    explain: str
    way: str = ""
    address: str = ""


@staff_page(Permission.CASE_READ)
@require_safe
def worklist(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return worklist_page(request, viewer, wanted_of(request.GET))


def worklist_page(
    request: HttpRequest, viewer: Viewer, asked: Wanted, *, refusal: Refusal | None = None
) -> HttpResponse:
    """The list that was asked for; after a refusal with its words, and what was typed into small forms."""
    at = now()
    counts = worklist_counts(viewer=viewer, at=at)
    wanted = _settled(asked, counts)
    page = _read(viewer, wanted, at)
    outlets = list_outlets(viewer)
    values = {
        "here": "work",
        "tabs": _tabs(counts, wanted, outlets),
        "here_word": _view_words()[wanted.view],
        "rows": rows_of(page.items, at=at),
        "may_pick": viewer.may(Permission.CASE_WRITE),
        "query": wanted.query(),
        "next_page": wanted.address(cursor=page.next_cursor) if page.next_cursor else "",
        "is_later": bool(wanted.cursor),
        "first_page": wanted.address(),
        "empty": _empty(wanted),
        "done": done_words(request.GET.get("done", "")),
        "live": live_url(_topics(viewer, wanted), viewer.name),
        "reminders": list_reminders(viewer=viewer, until=at)[:MOST_REMINDERS],
        "refused": words_of(refusal) if refusal else "",
        "typed": request.POST if refusal else {},
        **_filter_values(viewer, wanted, outlets),
        **_view_values(viewer, wanted, at),
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "desk/worklist.html", values, status=status, at=at)


def _filter_values(viewer: Viewer, wanted: Wanted, outlets: Sequence[OutletCard]) -> dict[str, Any]:
    """What the filters offer, and what they say now."""
    return {
        "wanted": wanted,
        "kept": wanted.kept().items(),
        "outlets": outlets,
        "has_head_office": viewer.outlet_codes is None,
        "statuses": [(value, sign.word) for value, sign in words.CASE_STATUSES.items()],
        "categories": [
            (v, words.CATEGORIES.get(v, v)) for v, rule in CATEGORIES.items() if rule.is_claimable
        ],
    }


def _view_values(viewer: Viewer, wanted: Wanted, at: datetime) -> dict[str, Any]:
    """The saved views with their numbers; the one that is open now is marked."""
    views = [
        (view, urlencode(view.filters), dict(view.filters) == wanted.kept(), _capped(view.count))
        for view in list_views(viewer=viewer, at=at)
    ]
    return {"views": views, "may_plain": viewer.may(Permission.REVEAL), "at_once": AT_ONCE}


@staff_page(Permission.CASE_READ)
@require_safe
def news(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """After a nudge: the rows on the page as they are now, the counts, and how many are new."""
    at = now()
    counts = worklist_counts(viewer=viewer, at=at)
    wanted = _settled(wanted_of(request.GET), counts)
    shown = [no for no in request.GET.getlist("shown") if no.isalnum()][: 2 * PAGE_SIZE]
    first = _read(viewer, replace(wanted, cursor=""), at)
    held = list_cases(viewer=viewer, case_nos=shown)
    is_first_page = not wanted.cursor
    known = set(shown)
    fresh = [item for item in first.items if item.case_no not in known] if is_first_page else []
    values = {
        "rows": rows_of(held, at=at),
        "tabs": _tabs(counts, wanted, []),
        "fresh": len(_newer(fresh, held)),
        "first_page": wanted.address(),
        "may_pick": viewer.may(Permission.CASE_WRITE),
        "reminders": list_reminders(viewer=viewer, until=at)[:MOST_REMINDERS],
        "tasks_count": count_waiting(viewer=viewer, at=at),
        "at": at,
    }
    return render(request, "desk/worklist_news.html", values)


def _newer(fresh: Sequence[CaseLine], held: Sequence[CaseLine]) -> list[CaseLine]:
    """What would stand above the last row shown; what only moved up because others ended is not news."""
    if not held:
        return list(fresh)
    newest = max(line.opened_at for line in held)
    last_due = max(line.next_due_at for line in held)
    return [line for line in fresh if line.opened_at > newest or line.next_due_at <= last_due]


@staff_page(Permission.CASE_READ)
@require_safe
def live_again(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A fresh ticket for a page whose line broke."""
    return JsonResponse({"address": live_url(_topics(viewer, wanted_of(request.GET)), viewer.name)})


def _read(viewer: Viewer, wanted: Wanted, at: datetime) -> Page:
    try:
        return read_worklist(
            viewer=viewer,
            view=wanted.view,
            outlet=wanted.outlet or None,
            status=wanted.status or None,
            category=wanted.category or None,
            source=wanted.source or None,
            tag=wanted.tag,
            q=wanted.q,
            cursor=wanted.cursor or None,
            limit=PAGE_SIZE,
            at=at,
        )
    except Invalid:
        # an old or mangled cursor starts again at the top
        return _read(viewer, replace(wanted, cursor=""), at) if wanted.cursor else Page([], None)


def _settled(wanted: Wanted, counts: Mapping[str, int]) -> Wanted:
    """Nothing asked for: one's own, and where there are none, the outlet's."""
    if wanted.view:
        return wanted
    return replace(wanted, view="mine" if counts["mine"] and not wanted.is_narrowed else "outlet")


def _tabs(counts: Mapping[str, int], wanted: Wanted, outlets: Sequence[OutletCard]) -> list[Tab]:
    """A desk of one outlet calls its list by the outlet's name."""
    plain, said = Wanted(), _view_words()
    if len(outlets) == 1:
        said["outlet"] = outlets[0].name
    return [
        Tab(view, word, _capped(counts.get(view, 0)), plain.address(view=view), view == wanted.view)
        for view, word in said.items()
        if view != "offered" or counts.get("offered") or wanted.view == "offered"
    ]


def _capped(count: int) -> str:
    return "99+" if count >= MAX_COUNT else str(count)


def _view_words() -> dict[str, str]:
    return {
        "mine": _("我的"),
        "outlet": _("网点的"),
        "unassigned": _("没人管"),
        "breaking": _("快超时"),
        "waiting": _("在等的"),
        "offered": _("等我们接的"),
    }


def _topics(viewer: Viewer, wanted: Wanted) -> list[str]:
    if wanted.outlet == HEAD_OFFICE and viewer.outlet_codes is None:
        return [f"outlet:{HEAD_OFFICE}"]
    codes = [place.code for place in list_outlets(viewer) if not wanted.outlet or place.code == wanted.outlet]
    head_office = [f"outlet:{HEAD_OFFICE}"] if viewer.outlet_codes is None and not wanted.outlet else []
    return [f"user:{viewer.user_id}", *head_office, *(f"outlet:{code}" for code in codes[:MAX_TOPICS])]


def _empty(wanted: Wanted) -> Empty:
    plain = Wanted()
    if wanted.is_narrowed:
        explain = _("少写几位再试，或把筛选清空。工单号、运单号、手机后四位都能找。")
        return Empty(_("没有找到符合的工单"), explain, _("清空筛选"), plain.address(view=wanted.view))
    to_outlet = plain.address(view="outlet")
    by_view = {
        "mine": Empty(
            _("你手上没有工单了"),
            _("看看网点里还有没有没人管的。"),
            _("看看没人管的"),
            plain.address(view="unassigned"),
        ),
        "outlet": Empty(_("网点里没有没办完的工单"), _("新的投诉一来就会出现在这里，不用刷新。")),
        "unassigned": Empty(
            _("每一件都有人管"), _("新来还没分配的会出现在这里。"), _("看看网点的"), to_outlet
        ),
        "breaking": Empty(
            _("没有快超时的"), _("剩下不到一小时或已经超时的会排在这里。"), _("看看网点的"), to_outlet
        ),
        "waiting": Empty(
            _("没有在等的工单"), _("等顾客或等别处答复的会放在这里，时限暂停。"), _("看看网点的"), to_outlet
        ),
        "offered": Empty(
            _("没有等我们接的"),
            _("别的网点要转来的会先放在这里，接了才算我们的。"),
            _("看看网点的"),
            to_outlet,
        ),
    }
    return by_view[wanted.view]
