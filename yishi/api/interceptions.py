"""Stopping the parcel of a case, for programs of the operator and of its merchants."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status

from yishi.api.auth import viewer_of
from yishi.api.problems import Problem
from yishi.api.schemas import Short, Strict, Text
from yishi.cases.actions.interceptions import conclude, free_parcel, intercept
from yishi.cases.queries.cards import access_case
from yishi.cases.queries.interceptions import InterceptionCard, interception_of_case
from yishi.kit.clock import now
from yishi.kit.errors import NotFound
from yishi.people.rules import Permission, Viewer

router = Router(tags=["cases"])
REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 422), Problem)


class InterceptIn(Strict):
    asked: Literal["RETURN", "NEW_ADDRESS", "HOLD"]
    address: Short = ""


class ResultIn(Strict):
    state: Literal["STOPPED", "MISSED", "REFUSED"]
    text: Text


class FreeIn(Strict):
    reason: Short


class InterceptionOut(Schema):
    """`latest_at` is until when whoever has the parcel (`holder`, `outlet`) can still stop it."""

    asked: str
    state: str
    holder: str
    outlet: str
    courier: str
    latest_at: datetime | None
    asked_at: datetime
    ended_at: datetime | None
    is_held: bool


@router.post("/{case_no}/interception", response={201: InterceptionOut, **REFUSALS})
def post_interception(request: HttpRequest, case_no: str, body: InterceptIn) -> Any:
    """Stops the parcel: scanners refuse it from now on. Too late is an answer, not an error."""
    viewer, case_id = _case(request, case_no)
    intercept(case_id=case_id, asked=body.asked, address=body.address, by=viewer, at=now())
    return Status(201, _shape(case_id))


@router.get("/{case_no}/interception", response={200: InterceptionOut, **REFUSALS})
def get_interception(request: HttpRequest, case_no: str) -> Any:
    """The newest interception of the case: who has the parcel, until when, how it came out."""
    return _shape(access_case(viewer=viewer_of(request, Permission.CASE_READ), case_no=case_no).id)


@router.post("/{case_no}/interception/result", response={200: InterceptionOut, **REFUSALS})
def post_result(request: HttpRequest, case_no: str, body: ResultIn) -> Any:
    """How it came out; a parcel that was stopped stays held until it is freed."""
    viewer, case_id = _case(request, case_no)
    conclude(case_id=case_id, state=body.state, text=body.text, by=viewer, at=now())
    return _shape(case_id)


@router.post("/{case_no}/interception/free", response={200: InterceptionOut, **REFUSALS})
def post_free(request: HttpRequest, case_no: str, body: FreeIn) -> Any:
    """Lets a stopped parcel go its new way."""
    viewer, case_id = _case(request, case_no)
    free_parcel(case_id=case_id, reason=body.reason, by=viewer, at=now())
    return _shape(case_id)


def _case(request: HttpRequest, case_no: str) -> tuple[Viewer, int]:
    viewer = viewer_of(request, Permission.CASE_WRITE)
    return viewer, access_case(viewer=viewer, case_no=case_no).id


def _shape(case_id: int) -> dict[str, Any]:
    card: InterceptionCard | None = interception_of_case(case_id)
    if card is None:
        raise NotFound()
    same = ("asked", "state", "holder", "courier", "asked_at", "ended_at", "is_held")
    return {
        **{name: getattr(card, name) for name in same},
        "outlet": card.outlet_name,
        "latest_at": card.until,
    }
