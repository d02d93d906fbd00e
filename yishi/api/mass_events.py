"""Widespread delays, for programs of staff: declared, listed with their numbers, ended."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from yishi.api.auth import viewer_of
from yishi.api.problems import Problem
from yishi.api.schemas import Moment, Short, Strict
from yishi.detection.actions.events import declare_event, end_event
from yishi.detection.queries.events import area_of, list_events
from yishi.kit.clock import now
from yishi.notifications.queries.event_words import NUMBERS
from yishi.notifications.queries.events import EventReport, event_report
from yishi.people.rules import Permission, Viewer

router = Router(tags=["mass events"])
REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 413, 415, 422, 429), Problem)
Places = Annotated[list[Short], Field(max_length=500)]


class MassEventIn(Strict):
    """`outlets` and `regions` by their codes, `hubs` as scans name them, `cities` like 南京市; `text` is said
    to the consignees. Without `since` it begins now."""

    kind: Short
    outlets: Places = []
    regions: Places = []
    hubs: Places = []
    cities: Places = []
    text: Short
    since: Moment | None = None
    until: Moment


class MassEventOut(Schema):
    """`numbers` are left out in the list; `reported_at` is when the newest report went out by itself."""

    id: int
    kind: str
    place: str
    text: str
    since: datetime
    until: datetime
    opened_at: datetime
    closed_at: datetime | None
    parcels: int
    report_due_at: datetime | None = None
    reported_at: datetime | None
    numbers: dict[str, int] | None = None


class MassEventListOut(Schema):
    items: list[MassEventOut]


_SAME = ("id", "kind", "place", "text", "since", "until", "opened_at", "closed_at", "reported_at")


@router.get("", response={200: MassEventListOut, **REFUSALS})
def get_mass_events(request: HttpRequest) -> Any:
    """The events that concern an outlet in sight, running ones first, at most 50."""
    viewer = viewer_of(request, Permission.EVENTS_DECLARE)
    events = list_events(viewer=viewer)
    return {
        "items": [{**{name: getattr(one, name) for name in _SAME}, "parcels": one.held} for one in events]
    }


@router.get("/{event_id}", response={200: MassEventOut, **REFUSALS})
def get_mass_event(request: HttpRequest, event_id: int) -> Any:
    """One event with its report as it stands now."""
    return _shape(viewer_of(request, Permission.EVENTS_DECLARE), event_id)


@router.post("", response={201: MassEventOut, **REFUSALS})
def post_mass_event(request: HttpRequest, body: MassEventIn) -> Any:
    """Declares one: each consignee concerned hears once, promises rest visibly until it ends.

    Who sees some outlets only names these, neither cities nor hubs (403); an outlet out of sight is 404, the
    same event at the same place that still runs 409.
    """
    viewer, at = viewer_of(request, Permission.EVENTS_DECLARE), now()
    area = area_of(
        viewer=viewer, outlets=body.outlets, regions=body.regions, hubs=body.hubs, cities=body.cities
    )
    event_id = declare_event(
        kind=body.kind,
        area=area,
        text=body.text.strip(),
        since=body.since or at,
        until=body.until,
        by=viewer,
        at=at,
    )
    return Status(201, _shape(viewer, event_id))


@router.post("/{event_id}/end", response={200: MassEventOut, **REFUSALS})
def post_end(request: HttpRequest, event_id: int) -> Any:
    """It is over before its time; 409 where it is over already."""
    viewer = viewer_of(request, Permission.EVENTS_DECLARE)
    end_event(event_id=event_id, by=viewer, at=now())
    return _shape(viewer, event_id)


def _shape(viewer: Viewer, event_id: int) -> dict[str, Any]:
    report: EventReport = event_report(viewer=viewer, event_id=event_id, at=now())
    return {
        **{name: getattr(report.event, name) for name in _SAME},
        "parcels": report.parcels,
        "report_due_at": report.due_at,
        "numbers": {name: getattr(report, name) for name in NUMBERS},
    }
