"""排队: the keeper calls, calls again, passes over; sees who waits and why somebody goes first."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.people.rules import Permission, Viewer
from yishi.stations.actions.queue import (
    Drawing,
    call_again,
    call_next,
    draw_ticket,
    pass_over,
    serve,
    topic_of,
)
from yishi.stations.actions.queue_setup import open_counters, switch_peak
from yishi.stations.queries.queue import line_of, wait_of
from yishi.stations.queries.stations import StationCard
from yishi.web.desk.page import words_of
from yishi.web.shared.live import live_url
from yishi.web.station.doors import keeping_page, show
from yishi.web.station.mistakes import mistake_by_number
from yishi.web.station.words import REASONS_FOR_KEEPER, minutes_words, wait_words

COUNTERS = 20


@keeping_page
@require_safe
def queue_page(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """The line of today, live; the fragment where htmx asks for it."""
    counter = _number(request.GET.get("counter", ""), most=COUNTERS) or 1
    return _page(request, viewer, card, counter)


def _page(
    request: HttpRequest,
    viewer: Viewer,
    card: StationCard,
    counter: int,
    *,
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    at = now()
    line = line_of(card, at=at)
    measured = wait_of(card, since=at - timedelta(hours=2))
    here = next((one for one in line.called if one.counter == counter), None)
    values: dict[str, Any] = {
        "at": at,
        "tab": "queue",
        "station": card,
        "line": line,
        "counter": counter,
        "here": here,
        "others": [one for one in line.called if one is not here],
        "waiting": [(one, REASONS_FOR_KEEPER.get(one.reason, "")) for one in line.waiting[:30]],
        "here_reason": REASONS_FOR_KEEPER.get(here.reason, "") if here else "",
        "more": max(0, len(line.waiting) - 30),
        "helps": sum(1 for one in line.waiting if one.wants_help),
        "wait": wait_words(line.expected),
        "measured": (minutes_words(measured[0]), minutes_words(measured[1]), measured[2])
        if measured
        else None,
        "may_set": viewer.may(Permission.STATIONS),
        "refused": refused,
        "counters": range(1, max(line.counters, counter) + 1),
    }
    if request.headers.get("HX-Request") == "true":
        return render(request, "station/_queue.html", values, status=status)
    values["live_url"] = live_url([topic_of(card.id)], viewer.name)
    return show(request, viewer, card, "queue", values, status=status)


@keeping_page
@require_safe
def live(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """The live line with a new ticket."""
    counter = _number(request.GET.get("counter", ""), most=COUNTERS) or 1
    values = {
        "station": card,
        "counter": counter,
        "live_url": live_url([topic_of(card.id)], viewer.name),
    }
    return render(request, "station/_queue_live.html", values)


@keeping_page
@require_safe
def panel(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """The small panel beside the hand-out: who is at the counter, who is next."""
    line = line_of(card, at=now())
    values = {"station": card, "line": line, "wait": wait_words(line.expected), "counter": 1}
    return render(request, "station/_queue_panel.html", values)


@keeping_page
@require_POST
def deed(request: HttpRequest, viewer: Viewer, card: StationCard, what: str) -> HttpResponse:
    """One press; the same press twice does it once. Afterwards the line as it is then."""
    counter = _number(request.POST.get("counter", ""), most=COUNTERS) or 1
    try:
        _do(request, viewer, card, what, counter)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, card, counter, status=refusal.status, refused=str(words_of(refusal)))
    if request.headers.get("HX-Request") == "true":
        return _page(request, viewer, card, counter)
    return HttpResponseRedirect(f"{reverse('queue:queue', args=[card.code])}?counter={counter}")


def _do(request: HttpRequest, viewer: Viewer, card: StationCard, what: str, counter: int) -> None:
    at, ticket_id = now(), _number(request.POST.get("ticket", "")) or 0
    if what == "next":
        call_next(card=card, counter=counter, after=ticket_id, at=at)
    elif what == "again":
        call_again(card=card, ticket_id=ticket_id, counter=counter, at=at)
    elif what == "pass":
        pass_over(card=card, ticket_id=ticket_id, at=at)
    elif what == "served":
        serve(card=card, ticket_id=ticket_id, at=at)
    elif what == "draw":
        number = request.POST.get("waybill_no", "")[:40]
        reason = mistake_by_number(card, number, at=at) if number else ""
        client_id = request.POST.get("client_id", "")[:64]
        draw_ticket(card=card, drawing=Drawing(drawn_by="KEEPER", reason=reason, client_id=client_id), at=at)
    elif what == "counters":
        counters = _number(request.POST.get("counters", ""), most=COUNTERS)
        if counters is None:
            raise Invalid([("/counters", "out_of_range", _("窗口数是 0 到 20"))])
        open_counters(card=card, counters=counters, by=viewer, at=at)
    elif what == "peak":
        size = _number(request.POST.get("wave_size", "60"), most=2000) or 0
        is_on = request.POST.get("on") == "1"
        switch_peak(station=card.code, is_on=is_on, wave_size=size if is_on else 60, by=viewer, at=at)
    else:
        raise NotFound()


def _number(text: str, *, most: int = 2**53) -> int | None:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 17 else None
    return number if number is not None and number <= most else None
