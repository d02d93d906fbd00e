"""Pages of counting, finding and figures, with their tabs and names."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yishi.people.queries import staff_names
from yishi.people.rules import Role, Viewer
from yishi.stations.queries.stations import StationCard


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
