"""Scans of outlets without a device of the brand: out with a courier, handed over with its proof, not handed
over with its reason. They go in as every scan does, by the one path."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yishi.feeds.actions.sources import ensure_source
from yishi.kit.errors import Invalid, Refusal
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.shipments.actions.take_in import take_in
from yishi.shipments.models.rounds import DeliveryProof
from yishi.shipments.rules.deeds import FAILURES, RECEIVERS
from yishi.shipments.rules.waybills import fit_text

SOURCE = "courier-page"
"""The source of all that couriers scan here; an operator may pause it like any other."""


class ScansClosed(Refusal):
    """现在收不了扫描，这一件没有改动；告诉网点看一下“快递员扫描”这个来源"""

    code = "scans_closed"


class NoSuchParcel(Refusal):
    """单号不对，照面单上的再输一次"""

    code = "bad_waybill_no"
    status = 422


@dataclass(frozen=True, kw_only=True)
class Scanned:
    """The parcel, and whose hand it is in."""

    waybill_no: str
    carrier: str
    courier: str
    outlet_code: str
    position: str = ""


def scan_parcel(
    *,
    parcel: Scanned,
    kind: str,
    detail: str = "",
    signed_by: str = "",
    by: Viewer,
    at: datetime,
    now: datetime,
) -> None:
    """Writes one scan of this courier as happened `at`. The same again is known as a repeat.

    Raises NotAllowed, NoSuchParcel, ScansClosed.
    """
    require(by, Permission.SCAN)
    source = ensure_source(code=SOURCE, plugin="generic", label="快递员扫描", at=now)
    said = {
        "waybill_no": parcel.waybill_no,
        "carrier": parcel.carrier,
        "kind": kind,
        "detail": detail,
        "happened_at": at.isoformat(),
        "place": {"outlet": parcel.outlet_code},
        "courier": parcel.courier,
        "position": parcel.position,
        "signed_by": signed_by,
    }
    body = json.dumps({name: value for name, value in said.items() if value}, ensure_ascii=False).encode()
    counts = take_in(source=source, body=body, content_type="application/json", expects="events", at=now)
    if counts.rejected:
        raise NoSuchParcel()
    if counts.quarantined:
        raise ScansClosed()


@transaction.atomic
def hand_over(
    *,
    shipment_id: int,
    parcel: Scanned,
    receiver: str,
    photo_id: UUID | None,
    signature_id: UUID | None,
    accuracy_m: int | None,
    by: Viewer,
    at: datetime,
    now: datetime,
) -> None:
    """The parcel is handed over: its proof, then its scan. The caller came through the parcel's door and has
    asked whether it may be left there. Raises NotAllowed, Invalid without a photo or a signature."""
    if receiver not in RECEIVERS:
        raise Invalid([("/receiver", "bad_value", "选一个：谁收的")])
    if photo_id is None and signature_id is None:
        raise Invalid([("/photos", "missing_field", "拍一张照片，或请收件人签个名")])
    DeliveryProof.objects.create(
        shipment_id=shipment_id,
        receiver=receiver,
        photo_id=photo_id,
        signature_id=signature_id,
        position=fit_text(parcel.position),
        accuracy_m=accuracy_m,
        courier=parcel.courier,
        recorded_by=by.label,
        at=at,
    )
    kind, detail = RECEIVERS[receiver]
    scan_parcel(parcel=parcel, kind=kind, detail=detail, by=by, at=at, now=now)


def hand_back(*, parcel: Scanned, reason: str, by: Viewer, at: datetime, now: datetime) -> None:
    """It could not be handed over, and why. Raises NotAllowed, Invalid for a reason that is none."""
    if reason not in FAILURES:
        raise Invalid([("/reason", "bad_value", "选一个原因")])
    kind, detail = FAILURES[reason]
    scan_parcel(parcel=parcel, kind=kind, detail=detail, by=by, at=at, now=now)
