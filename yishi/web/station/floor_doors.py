"""The ways in without an account: a machine's link, kept by its browser; how often a ticket may be drawn."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yishi.kit.clock import now
from yishi.kit.errors import NotFound
from yishi.kit.ratelimit import check_rate, client_address, rate_key
from yishi.stations.actions.queue_setup import note_seen
from yishi.stations.queries.queue import FloorDoor, door_of, kind_of_token

P = ParamSpec("P")
FloorPage = Callable[Concatenate[HttpRequest, FloorDoor, P], HttpResponse]
_HOMES = {"KIOSK": "queue:kiosk", "SCREEN": "queue:screen"}
_YEARS_S = 5 * 366 * 86_400
TICKETS_AN_HOUR_FROM_ONE = 30
TICKETS_AN_HOUR = 600


def _cookie(kind: str) -> str:
    return f"yishi_{kind.lower()}"


@never_cache
@require_safe
def open_machine(request: HttpRequest, token: str) -> HttpResponse:
    """The link that a keeper opens once on the machine: its browser keeps it, no address shows it."""
    check_rate(kind="floor link", key=_address(request), limit=60, window_s=3600, at=now())
    kind = kind_of_token(token)
    if kind == "LINE":
        return redirect(reverse("queue:line", args=[token]))
    response = redirect(reverse(_HOMES[kind]))
    response.set_cookie(
        _cookie(kind),
        token,
        max_age=_YEARS_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/station/",
    )
    return response


def machine_page(kind: str) -> Callable[[FloorPage[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Calls the page with its machine; without a link that opens, the page says how to connect it."""

    def wrap(page: FloorPage[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @never_cache
        @wraps(page)
        def door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                machine = door_of(request.COOKIES.get(_cookie(kind), ""), kind)
            except NotFound:
                return render(request, "station/not_connected.html", {"kind": kind}, status=404)
            return page(request, machine, *args, **kwargs)

        return door

    return wrap


def seen(machine: FloorDoor, at: datetime) -> None:
    note_seen(link_id=machine.link_id, at=at)


def _address(request: HttpRequest) -> str:
    return rate_key(client_address(request.META, settings.ENVIRONMENT.trusted_proxies))


def check_drawing(request: HttpRequest, station_id: int, at: datetime) -> None:
    """Raises TooMany beyond 30 tickets an hour from one address, or 600 of one station by link."""
    check_rate(
        kind="ticket from", key=_address(request), limit=TICKETS_AN_HOUR_FROM_ONE, window_s=3600, at=at
    )
    check_rate(kind="ticket at", key=str(station_id), limit=TICKETS_AN_HOUR, window_s=3600, at=at)


def check_looking(request: HttpRequest, at: datetime) -> None:
    """Raises TooMany beyond 600 looks a minute from one address."""
    check_rate(kind="ticket look", key=_address(request), limit=600, window_s=60, at=at)


def qr_of(address: str) -> SafeString:
    """The code as a drawing for the page; its colours are fixed, scanners want dark on light."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        scale=4, border=3, dark="#15232a", light="#ffffff", omitsize=True, svgclass="f-qr"
    )
    return mark_safe(drawn)  # made of our own address
