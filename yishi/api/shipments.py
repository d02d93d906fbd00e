"""Parcels as staff's programs see them, and the wishes of a consignee."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from yishi.api import schemas as s
from yishi.api.auth import viewer_of
from yishi.api.incidents import incident_row, risk_row
from yishi.api.problems import Problem
from yishi.cases.queries.cards import list_cases_of_waybill
from yishi.consignees.actions.standing import Wish
from yishi.consignees.actions.wishes import replace_preferences
from yishi.consignees.queries import list_preferences, preferences_of_contact
from yishi.detection.queries.incidents import incidents_of
from yishi.detection.queries.risks import risk_of
from yishi.kit.clock import now
from yishi.people.rules import Permission
from yishi.shipments.queries.parcels import access_shipment
from yishi.shipments.queries.stops import stops_of

router = Router(tags=["shipments"])
REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 413, 415, 422, 429), Problem)


@router.get("/shipments/{waybill_no}", response={200: s.StaffShipmentOut, **REFUSALS}, by_alias=True)
def get_shipment(request: HttpRequest, waybill_no: str, carrier: str | None = None) -> Any:
    """The parcel's whole story as far as it lies in sight; foreign ones are unknown."""
    viewer = viewer_of(request, Permission.SHIPMENT_READ)
    parcel = access_shipment(viewer, waybill_no, carrier=carrier, at=now())
    consignee_id = parcel.details.consignee_id if parcel.details else None
    may_read_cases = viewer.may(Permission.CASE_READ)
    cases = list_cases_of_waybill(viewer=viewer, waybill_no=parcel.waybill_no) if may_read_cases else []
    incidents = incidents_of(parcel.shipment_id) if may_read_cases else []
    risk = risk_of(parcel.shipment_id, parcel.milestone) if may_read_cases else None
    return {
        **{name: getattr(parcel, name) for name in ("waybill_no", "carrier", "also_carriers", "milestone")},
        **{
            name: getattr(parcel, name)
            for name in (
                "outlet",
                "courier",
                "promised_at",
                "promise_source",
                "eta",
                "eta_range",
                "events",
                "contacts",
            )
        },
        "incidents": [incident_row(one) for one in incidents],
        "risk": risk_row(risk) if risk else None,
        "preferences": [] if consignee_id is None else preferences_of_contact(consignee_id, at=now()),
        "cases": [case.case_no for case in cases],
        "stops": stops_of(parcel.shipment_id),
    }


@router.get("/consignees/{phone}/preferences", response={200: s.Preferences, **REFUSALS})
def get_preferences(request: HttpRequest, phone: str) -> Any:
    """The wishes that count now."""
    viewer = viewer_of(request, Permission.PREFERENCES)
    return {"items": list_preferences(viewer=viewer, phone=phone, at=now())}


@router.put("/consignees/{phone}/preferences", response={200: s.Preferences, **REFUSALS})
def put_preferences(request: HttpRequest, phone: str, body: s.Preferences) -> Any:
    """These wishes and no others count from now on."""
    viewer = viewer_of(request, Permission.PREFERENCES)
    wishes = [Wish(**item.model_dump()) for item in body.items]
    replace_preferences(phone=phone, wishes=wishes, by=viewer, at=now())
    return {"items": list_preferences(viewer=viewer, phone=phone, at=now())}
