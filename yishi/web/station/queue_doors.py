"""The keeper's way to the line of his station; every other station is not there."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yishi.people.rules import Permission, Viewer
from yishi.stations.queries.stations import StationCard, access_station, list_stations
from yishi.web.desk.doors import staff_page

P = ParamSpec("P")
KeeperPage = Callable[Concatenate[HttpRequest, Viewer, StationCard, P], HttpResponse]


def keeper_page(page: KeeperPage[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Calls the page with keeper and station; another role gets 403, somebody else's station is 404."""

    def door(
        request: HttpRequest, viewer: Viewer, /, code: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        card = access_station(viewer, code, Permission.STATIONS)
        return page(request, viewer, card, *args, **kwargs)

    return staff_page(Permission.STATIONS)(door)  # type: ignore[arg-type]


def show_floor(
    request: HttpRequest,
    viewer: Viewer,
    card: StationCard,
    name: str,
    values: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """One page of the line, with the tabs of the station."""
    more = {"station": card, "stations": list_stations(viewer), "page": name}
    return render(request, f"station/{name}.html", {**more, **values}, status=status)
