"""The inbox: who waits for an answer, on every channel, the most pressing first; who has what; call-backs."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yishi.conversations.actions.call_backs import end_call_back
from yishi.conversations.queries.call_backs import list_call_backs
from yishi.conversations.queries.inbox import VIEWS, InboxLine, count_inbox, list_inbox, list_team
from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.network.queries import list_outlets
from yishi.people.rules import Permission, Viewer
from yishi.routing.actions.away import come_back, go_away
from yishi.routing.queries.talks import away_of
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.sla.queries.clocks import ClockCard
from yishi.sla.queries.talks import clocks_of_talks
from yishi.web.desk.doors import staff_page
from yishi.web.desk.inbox_words import CALLED, CHANNELS, HANDED, STATES, away_choices, how_long
from yishi.web.desk.page import desk_page, whole_number, words_of
from yishi.web.desk.rows import first_words, tail
from yishi.web.shared.live import live_url
from yishi.web.shared.words import UNKNOWN, Sign


class Tab(NamedTuple):
    view: str
    word: str
    number: str
    address: str
    is_here: bool


class Row(NamedTuple):
    """A conversation as one line of the list."""

    line: InboxLine
    clock: ClockCard | None
    channel: Sign
    state: Sign
    said: str
    parcel: str
    called: str
    handed: str


def rows_of(lines: list[InboxLine]) -> list[Row]:
    """With the running promise of each, in one statement."""
    clocks = clocks_of_talks([line.card.id for line in lines])
    return [
        Row(
            line=line,
            clock=clocks.get(line.card.id),
            channel=CHANNELS.get(line.card.channel, UNKNOWN),
            state=STATES.get(line.card.state, UNKNOWN),
            said=first_words(line.said) or _said_kind(line),
            parcel=tail(line.card.waybill_no),
            called=str(CALLED.get(line.called_for, "")),
            handed=str(HANDED.get(line.card.handed_over_for.partition("_")[0], "")),
        )
        for line in lines
    ]


def _said_kind(line: InboxLine) -> str:
    kinds = {"PICTURE": _("发来一张图片"), "VOICE": _("发来一段语音"), "FILE": _("发来一个文件")}
    return kinds.get(line.said_kind, _("还没有说话"))


def list_values(viewer: Viewer, view: str, q: str, at: datetime) -> dict[str, Any]:
    """What the list shows, beside a conversation too."""
    counts = count_inbox(viewer=viewer, at=at)
    view = view if view in VIEWS else ("mine" if counts["mine"] else "outlet")
    return {
        "view": view,
        "q": q,
        "tabs": _tabs(counts, view),
        "rows": rows_of(list_inbox(viewer=viewer, view=view, q=normalise_waybill_no(q) or q, at=at)),
        "query": urlencode({"view": view, **({"q": q} if q else {})}),
    }


def _tabs(counts: dict[str, int], here: str) -> list[Tab]:
    said = {
        "mine": _("我的"),
        "outlet": _("网点的"),
        "unassigned": _("没人接"),
        "breaking": _("快超时"),
        "called": _("叫我的"),
    }
    home = reverse("desk:inbox")
    return [
        Tab(
            view, word, "99+" if counts[view] > 99 else str(counts[view]), f"{home}?view={view}", view == here
        )
        for view, word in said.items()
    ]


def _capped(count: int) -> str:
    return "99+" if count > 99 else str(count)


def topics(viewer: Viewer) -> list[str]:
    """What pages with the list listen to."""
    places = [f"inbox:{place.code}" for place in list_outlets(viewer)[:100]]
    head_office = ["inbox:HQ"] if viewer.outlet_codes is None else []
    return [*places, *head_office, f"user:{viewer.user_id}"]


@staff_page(Permission.CASE_READ)
@require_safe
def inbox(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return _page(request, viewer)


def _page(request: HttpRequest, viewer: Viewer, refusal: Refusal | None = None) -> HttpResponse:
    at = now()
    values = {
        "here": "inbox",
        **list_values(viewer, request.GET.get("view", ""), request.GET.get("q", "")[:40], at),
        "away": away_of(viewer.user_id or 0, at),
        "away_choices": away_choices(),
        "call_backs": len(list_call_backs(viewer=viewer)),
        "done": _done(request.GET.get("done", "")),
        "refused": words_of(refusal) if refusal else "",
        "live": live_url(topics(viewer), viewer.name),
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "desk/inbox.html", values, status=status, at=at)


def _done(word: str) -> str:
    said = {
        "away": _("好，先不给你派新的"),
        "back": _("回来了，接着派"),
        "ended": _("会话结束了"),
        "given": _("转过去了"),
        "given_back": _("放回排队了"),
        "called": _("回电的结果记下了"),
    }
    return said.get(word, "")


@staff_page(Permission.CASE_READ)
@require_safe
def news(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """After a nudge: the list and its counts as they are now."""
    at = now()
    values = list_values(viewer, request.GET.get("view", ""), request.GET.get("q", "")[:40], at)
    return render(request, "desk/inbox_news.html", {**values, "at": at, "is_swap": True})


@staff_page(Permission.CASE_READ)
@require_safe
def live_again(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return JsonResponse({"address": live_url(topics(viewer), viewer.name)})


@staff_page(Permission.CASE_WRITE)
@require_POST
def away(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Away for so many minutes, or back; who waits for him goes to somebody else."""
    at, minutes = now(), whole_number(request.POST.get("minutes", ""))
    try:
        if request.POST.get("back"):
            come_back(outlet_ids=[place.id for place in list_outlets(viewer)[:50]], by=viewer, at=at)
        else:
            until_at = at + timedelta(minutes=min(minutes or 0, 100_000))
            go_away(until_at=until_at, reason=request.POST.get("reason", ""), by=viewer, at=at)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, refusal)
    word = "back" if request.POST.get("back") else "away"
    return HttpResponseRedirect(f"{reverse('desk:inbox')}?done={word}")


@staff_page(Permission.ROSTER)
@require_safe
def team(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Who has how much, who waits longest, and how long first answers took today."""
    at = now()
    lines = list_team(viewer=viewer, at=at)
    people = [(line, how_long(line.wait_s), away_of(line.user_id, at)) for line in lines[:60]]
    waiting = rows_of(list_inbox(viewer=viewer, view="unassigned", at=at))
    values = {
        "here": "inbox",
        "people": people,
        "rows": waiting,
        "live": live_url(topics(viewer), viewer.name),
    }
    return desk_page(request, viewer, "desk/inbox_team.html", values, at=at)


@staff_page(Permission.CASE_READ)
@require_safe
def call_backs(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return _calls(request, viewer)


def _calls(request: HttpRequest, viewer: Viewer, refusal: Refusal | None = None) -> HttpResponse:
    at = now()
    cards = list_call_backs(viewer=viewer)
    clocks = clocks_of_talks([card.id for card in cards], subject_kind="CALL_BACK")
    values = {
        "here": "inbox",
        "cards": [(card, clocks.get(card.id)) for card in cards],
        "may_write": viewer.may(Permission.CASE_WRITE),
        "done": _done(request.GET.get("done", "")),
        "refused": words_of(refusal) if refusal else "",
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "desk/inbox_calls.html", values, status=status, at=at)


@staff_page(Permission.CASE_WRITE)
@require_POST
def end_call(request: HttpRequest, viewer: Viewer, call_back_id: int) -> HttpResponse:
    said = request.POST
    try:
        end_call_back(
            call_back_id=call_back_id,
            state=said.get("state", ""),
            result=said.get("result", ""),
            by=viewer,
            at=now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _calls(request, viewer, refusal)
    return HttpResponseRedirect(f"{reverse('desk:call_backs')}?done=called")
