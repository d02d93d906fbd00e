"""The way into a station's pages: signed in as its keeper; every other station is not there."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from yishi.kit.errors import NotAllowed
from yishi.people.rules import Permission, Role, Viewer
from yishi.stations.queries.stations import StationCard, access_station, list_stations
from yishi.web.desk.doors import staff_page

P = ParamSpec("P")
StationPage = Callable[Concatenate[HttpRequest, Viewer, StationCard, P], HttpResponse]


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
    """One page of the station, with its tabs."""
    more = {"station": card, "stations": list_stations(viewer)}
    return render(request, f"station/{name}.html", {**more, **values}, status=status)


def begin_of_day(at: datetime) -> datetime:
    """Midnight of the place where the station stands."""
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
