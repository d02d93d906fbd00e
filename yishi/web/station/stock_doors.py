"""The way into a station's pages of counting, finding and figures."""

from collections.abc import Callable, Iterable
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yishi.kit.errors import NotAllowed
from yishi.people.queries import staff_names
from yishi.people.rules import Permission, Role, Viewer
from yishi.stations.queries.stations import StationCard, access_station
from yishi.web.desk.doors import staff_page

P = ParamSpec("P")
StationPage = Callable[Concatenate[HttpRequest, Viewer, StationCard, P], HttpResponse]


def keeper_page(page: StationPage[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Calls the page with keeper and station; another role gets 403, somebody else's station is 404."""

    def door(
        request: HttpRequest, viewer: Viewer, /, code: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if viewer.role is not Role.STATION_KEEPER:
            raise NotAllowed()
        return page(request, viewer, access_station(viewer, code), *args, **kwargs)

    return staff_page(Permission.SCAN)(door)  # type: ignore[arg-type]


def manager_page(page: StationPage[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """For the keeper and for those who keep stations: the outlet's manager, operator, owner."""

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
    """One of these pages, with its tabs."""
    more = {"station": card, "is_keeper": viewer.role is Role.STATION_KEEPER}
    return render(request, f"station/{name}.html", {**more, **values}, status=status)


def names_of(labels: Iterable[str]) -> dict[str, str]:
    """Names behind `user:3`; programs and the system have none."""
    ids = {int(label[5:]) for label in labels if label.startswith("user:") and label[5:].isdigit()}
    return {f"user:{pk}": name for pk, name in staff_names(ids).items()}
