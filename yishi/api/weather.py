"""The weather, from a program of the operator: it counts in how likely parcels are to be complained of."""

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status

from yishi.api.auth import viewer_of
from yishi.api.problems import Problem
from yishi.api.schemas import Short, Strict
from yishi.detection.actions.weather import Noted, note_weather
from yishi.kit.clock import now
from yishi.people.rules import Permission

router = Router(tags=["weather"])
REFUSALS = dict.fromkeys((400, 401, 403, 413, 415, 422, 429), Problem)


class WeatherIn(Strict):
    """One kind at an outlet (its code) or in a city on a day; `severity` 1 to 3, 0 takes it back."""

    day: date
    kind: Literal["RAIN", "SNOW", "STORM", "HEAT"]
    severity: int
    outlet: Short = ""
    city: Short = ""
    source: Short = ""


class WeatherListIn(Strict):
    items: list[WeatherIn]


class WeatherCountOut(Schema):
    noted: int


@router.post("/weather", response={201: WeatherCountOut, **REFUSALS})
def post_weather(request: HttpRequest, body: WeatherListIn) -> Any:
    """Notes the weather, all rows or none; the newest of a place, day and kind counts."""
    viewer = viewer_of(request, Permission.INGEST)
    notes = [Noted(**item.model_dump()) for item in body.items]
    return Status(201, {"noted": note_weather(notes=notes, by=viewer, at=now())})
