"""The ways into a station's pages: as its keeper, as one who keeps stations, by the link of a machine."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound
from yishi.kit.ratelimit import check_rate, client_address, rate_key
from yishi.people.queries import staff_names
from yishi.people.rules import Permission, Role, Viewer
from yishi.stations.actions.queue_setup import note_seen
from yishi.stations.queries.queue import FloorDoor, door_of, kind_of_token
from yishi.stations.queries.stations import StationCard, access_station
from yishi.web.desk.doors import staff_page
from yishi.web.shared.policy import allow_scanner
from yishi.web.station.tabs import tabs_of

P = ParamSpec("P")
StationPage = Callable[Concatenate[HttpRequest, Viewer, StationCard, P], HttpResponse]
FloorPage = Callable[Concatenate[HttpRequest, FloorDoor, P], HttpResponse]
_HOMES = {"KIOSK": "queue:kiosk", "SCREEN": "queue:screen"}
_YEARS_S = 5 * 366 * 86_400
TICKETS_AN_HOUR_FROM_ONE = 30
TICKETS_AN_HOUR = 600
SCANNING = {"in", "out", "count", "find"}
"""The pages with a scan field, where a phone's camera may stand in for the scanner."""


def station_page(page: StationPage[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Calls the page with keeper and station; another role gets 403, somebody else's station is 404."""

    def door(
        request: HttpRequest, viewer: Viewer, /, code: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if viewer.role is not Role.STATION_KEEPER:
            raise NotAllowed()
        return page(request, viewer, access_station(viewer, code), *args, **kwargs)

    return staff_page(Permission.SCAN)(door)  # type: ignore[arg-type]


def keeping_page(page: StationPage[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Calls the page for the keeper and for those who keep stations: the outlet's manager, operator, owner;
    somebody else's station is 404."""

    def door(
        request: HttpRequest, viewer: Viewer, /, code: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        return page(request, viewer, access_station(viewer, code, Permission.STATIONS), *args, **kwargs)

    return staff_page(Permission.STATIONS)(door)  # type: ignore[arg-type]


def show(
    request: HttpRequest,
    viewer: Viewer,
    card: StationCard,
    name: str,
    values: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """One page of the station in its frame; `values["tab"]` is the tab that it stands under."""
    is_keeper = viewer.role is Role.STATION_KEEPER
    tabs = tabs_of(card, viewer, here=values.get("tab", ""), at=values.get("at") or now())
    more = {"station": card, "is_keeper": is_keeper, "tabs": tabs, "is_scanning": name in SCANNING}
    page = render(request, f"station/{name}.html", {**more, **values}, status=status)
    return allow_scanner(page) if name in SCANNING else page


def begin_of_day(at: datetime) -> datetime:
    """Midnight of the place where the station stands."""
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


def names_of(labels: Iterable[str]) -> dict[str, str]:
    """Names behind `user:3`; programs and the system have none."""
    ids = {int(label[5:]) for label in labels if label.startswith("user:") and label[5:].isdigit()}
    return {f"user:{pk}": name for pk, name in staff_names(ids).items()}


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
