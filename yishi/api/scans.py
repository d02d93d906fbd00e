"""Scanners ask before a parcel goes out, is signed or handed out: a stopped one is refused with 409."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema

from yishi.api.auth import viewer_of
from yishi.api.problems import Problem
from yishi.api.schemas import Short, Strict
from yishi.kit.clock import now
from yishi.people.rules import Permission
from yishi.shipments.actions.stops import check_scan

router = Router(tags=["shipments"])


class ScanIn(Strict):
    """What a scanner is about to do with a parcel, and whose scanner it is."""

    kind: Literal["OUT_FOR_DELIVERY", "SIGN", "HAND_OUT"]
    courier: Short = ""
    station: Short = ""


class ScanOut(Schema):
    ok: bool


class StoppedProblem(Problem):
    """`reason` is intercepted, wanted_by_case or freight_unpaid; `detail` says what to do instead."""

    reason: str
    case_no: str


REFUSALS = {**dict.fromkeys((400, 401, 403, 404, 422), Problem), 409: StoppedProblem}


@router.post("/shipments/{waybill_no}/scans", response={200: ScanOut, **REFUSALS})
def post_scan(request: HttpRequest, waybill_no: str, body: ScanIn, carrier: str | None = None) -> Any:
    """Whether the parcel may go on; asked anew at every scan, so `Idempotency-Key` is ignored here."""
    viewer = viewer_of(request, Permission.SCAN)
    check_scan(
        waybill_no=waybill_no,
        carrier=carrier,
        kind=body.kind,
        courier=body.courier,
        station=body.station,
        by=viewer,
        at=now(),
    )
    return {"ok": True}
