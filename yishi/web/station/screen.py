"""叫号屏: who is called to which counter, who is next, how long it takes. Numbers only, no person."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yishi.kit.clock import now
from yishi.stations.actions.queue import topic_of
from yishi.stations.queries.queue import FloorDoor, line_of, list_links
from yishi.web.shared.live import live_url
from yishi.web.station.doors import machine_page, seen
from yishi.web.station.line import address_of_line
from yishi.web.station.machines import qr_of
from yishi.web.station.words import wait_words

SHOWN_CALLED, SHOWN_NEXT = 4, 8


@machine_page("SCREEN")
@require_safe
def screen(request: HttpRequest, machine: FloorDoor) -> HttpResponse:
    """The whole screen; it then looks after itself for months."""
    at = now()
    seen(machine, at)
    return render(request, "station/screen.html", {**_values(machine), **_live(machine)})


@machine_page("SCREEN")
@require_safe
def news(request: HttpRequest, machine: FloorDoor) -> HttpResponse:
    """What changes, asked for at every nudge, and every twenty seconds in case one was lost."""
    seen(machine, now())
    return render(request, "station/_screen.html", _values(machine))


@machine_page("SCREEN")
@require_safe
def live(request: HttpRequest, machine: FloorDoor) -> HttpResponse:
    """The live line with a new ticket."""
    return render(request, "station/_screen_live.html", _live(machine))


def _live(machine: FloorDoor) -> dict[str, Any]:
    return {"live_url": live_url([topic_of(machine.card.id)], viewer="screen")}


def _values(machine: FloorDoor) -> dict[str, Any]:
    at, card = now(), machine.card
    line = line_of(card, at=at)
    links = [link for link in list_links(card) if link.kind == "LINE"]
    return {
        "at": at,
        "station": card,
        "called": line.called[:SHOWN_CALLED],
        "next": line.waiting[:SHOWN_NEXT],
        "more": max(0, len(line.waiting) - SHOWN_NEXT),
        "waiting": len(line.waiting),
        "counters": line.counters,
        "wait": wait_words(line.expected),
        "is_now": line.expected is not None and line.expected.is_now,
        "qr": qr_of(address_of_line(links[-1].token)) if links else "",
    }
