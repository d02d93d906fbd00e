"""Stations for programs: book in, hand out, see what stands there. Forms: contracts.md."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from yishi.api.auth import viewer_of
from yishi.api.idempotent import first_answer, keep_answer
from yishi.api.problems import Problem
from yishi.api.schemas import Moment, Short, Strict
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotFound
from yishi.people.rules import Permission
from yishi.stations.actions.book_in import Arrival, book_in
from yishi.stations.actions.counting import MOST_SCANS
from yishi.stations.actions.counting_at_once import count_at_once
from yishi.stations.actions.hand_out import Given, HandedOut, Handing, hand_out
from yishi.stations.actions.identify import identify
from yishi.stations.queries.stations import access_station
from yishi.stations.queries.stays import StayLine, list_stays, stays_of_person
from yishi.stations.rules.counting import Found

router = Router(tags=["stations"])
MAX_LIMIT = 100


class ReasonProblem(Problem):
    """`reason` says why in one word: contracts.md names those of a hand-out; a booking has `already_inside,
    inside_elsewhere, signed, over, consent_needed, mirror`."""

    reason: str


REFUSALS = dict.fromkeys((400, 401, 403, 404, 413, 415, 422, 423, 429), Problem)
STOPPED = {**REFUSALS, 409: ReasonProblem}
Answered = Literal["signed", "over", "consent_needed"]


class ParcelIn(Strict):
    """A parcel as the scanner has it. `answered` names questions to which the keeper said yes; `client_id` is
    the same for the same scan sent again; the two times are by the scanner's own clock. Without `carrier` it
    is told by the record or by the number; where two fit it stays unknown: no program is asked."""

    waybill_no: Short
    carrier: Short = ""
    phone: Short = ""
    name: Short = ""
    condition: Literal["INTACT", "DAMAGED"] = "INTACT"
    size: Literal["", "S", "M", "L"] = ""
    shelf: Short = ""
    layer: Annotated[int, Field(ge=0, le=99)] = 0
    answered: list[Answered] = []
    client_id: Annotated[str, Field(max_length=100)] = ""
    scanned_at: Moment | None = None
    sent_at: Moment | None = None


class BookedInOut(Schema):
    waybill_no: str
    carrier: str
    pickup_code: str
    shelf: str
    keep_until: datetime
    is_repeat: bool
    is_full: bool


class HandoutIn(Strict):
    """What the person shows: a code, the one-time code of his page, or four digits of his phone with his
    name; `waybill_nos` where he takes some of his parcels only, `paid` when the freight was collected."""

    pickup_code: Annotated[str, Field(min_length=1, max_length=200)]
    name: Short = ""
    waybill_nos: Annotated[list[Short], Field(max_length=50)] = []
    paid: bool = False


class GivenOut(Schema):
    waybill_no: str
    carrier: str
    shelf: str
    reason: str


class HandoutOut(Schema):
    parcels: list[GivenOut]
    left: list[GivenOut]


class StayOut(Schema):
    waybill_no: str
    carrier: str
    state: str
    condition: str
    shelf: str
    booked_in_at: datetime
    keep_until: datetime
    ended_at: datetime | None
    standing: str


class StayListOut(Schema):
    items: list[StayOut]
    next_cursor: str | None


class CountIn(Strict):
    """Every number that was scanned on the shelves of the station."""

    scanned: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=MOST_SCANS)]


class DifferingOut(Schema):
    waybill_no: str
    kind: str
    shelf: str


class CountOut(Schema):
    """`missing` are on the book and were not scanned; `unexpected` the other way round, each with why."""

    missing: list[DifferingOut]
    unexpected: list[DifferingOut]


@router.post("/stations/{code}/parcels", response={201: BookedInOut, **STOPPED})
def post_parcel(request: HttpRequest, code: str, body: ParcelIn) -> Any:
    """Books a parcel in; 409 with a `reason` where it must not be, or must be asked about first."""
    arrival = Arrival(
        waybill_no=body.waybill_no,
        carrier=body.carrier,
        phone=body.phone,
        person_name=body.name,
        condition=body.condition,
        size=body.size,
        place=(body.shelf, body.layer or 1) if body.shelf else None,
        answered=frozenset(body.answered) | {"carrier_unsure"},
        client_id=body.client_id,
        scanned_at=body.scanned_at,
        sent_at=body.sent_at,
    )
    booked = book_in(station=code, arrival=arrival, by=viewer_of(request, Permission.SCAN), at=now())
    said = {name: getattr(booked, name) for name in BookedInOut.model_fields}
    return 201, {**said, "carrier": booked.carrier or "unknown"}


@router.post("/stations/{code}/handouts", response={200: HandoutOut, **STOPPED})
def post_handout(request: HttpRequest, code: str, body: HandoutIn) -> Any:
    """Gives away what the person has here. A wrong code counts, so it is checked before the answer is kept
    under the `Idempotency-Key`."""
    viewer, at = viewer_of(request, Permission.SCAN), now()
    card = access_station(viewer, code)
    if (before := first_answer(request, at=at)) is not None:
        return before
    known = identify(
        card=card,
        text=body.pickup_code,
        person_name=body.name,
        asked_by=viewer.label,
        is_attended=True,
        at=at,
    )
    wanted = _only(body, stays_of_person(card, known.parcel_id, at=at)) if body.waybill_nos else []
    asked_for = known.parcel_id if not wanted or known.parcel_id in wanted else wanted[0]
    handing = Handing(
        asked_for=asked_for, how=known.how, only=wanted, is_paid=body.paid, proxy_id=known.proxy_id
    )
    if "Idempotency-Key" not in request.headers:
        return _shape(hand_out(card=card, handing=handing, by=viewer, at=at))
    with transaction.atomic():
        return keep_answer(
            request, HandoutOut, lambda: _shape(hand_out(card=card, handing=handing, by=viewer, at=at)), at=at
        )


def _only(body: HandoutIn, stays: list[StayLine]) -> list[int]:
    numbers = {stay.waybill_no: stay.parcel_id for stay in stays}
    if any(number not in numbers for number in body.waybill_nos):
        raise NotFound()
    return [numbers[number] for number in body.waybill_nos]


def _shape(done: HandedOut) -> dict[str, Any]:
    return {"parcels": [_given(one) for one in done.given], "left": [_given(one) for one in done.left]}


def _given(one: Given) -> dict[str, str]:
    return {"waybill_no": one.waybill_no, "carrier": one.carrier, "shelf": one.shelf, "reason": one.reason}


@router.get("/stations/{code}/parcels", response={200: StayListOut, **REFUSALS})
def get_parcels(
    request: HttpRequest, code: str, state: str = "", q: str = "", cursor: str = "", limit: int = 25
) -> Any:
    """Parcels of a station, the newest first; never their codes."""
    if not 1 <= limit <= MAX_LIMIT:
        raise Invalid([("/limit", "out_of_range", "1 到 100")])
    card = access_station(viewer_of(request, Permission.SHIPMENT_READ), code, is_writing=False)
    page = list_stays(card, state=state, q=q[:100], cursor=cursor, limit=limit, at=now())
    items = [{name: getattr(line, name) for name in StayOut.model_fields} for line in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


@router.post("/stations/{code}/counts", response={201: CountOut, **{**REFUSALS, 409: Problem}})
def post_count(request: HttpRequest, code: str, body: CountIn) -> Any:
    """A stock count of the whole station at once; what differs has its case already when this is answered
    but for a moment."""
    viewer = viewer_of(request, Permission.SCAN)
    found = count_at_once(card=access_station(viewer, code), numbers=body.scanned, by=viewer, at=now())
    said = [{name: getattr(one, name) for name in DifferingOut.model_fields} for one in found]
    missing = [one for one in said if one["kind"] == Found.MISSING]
    return 201, {"missing": missing, "unexpected": [one for one in said if one not in missing]}
