"""Pages of the line of a station, with their tabs."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yishi.people.rules import Viewer
from yishi.stations.queries.stations import StationCard, list_stations


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
