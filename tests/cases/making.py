"""Short ways to open cases in tests, as an edge would."""

from dataclasses import dataclass
from datetime import datetime

from tests.world import START
from yishi.cases.actions.open import OpenedCase, open_case
from yishi.cases.models.case import Case
from yishi.shipments.models.parcels import Shipment

WAYBILL = "YT8800000000001"


@dataclass(frozen=True)
class Ref:
    """What `find_shipment_refs` gives, as far as opening needs it."""

    id: int
    outlet_id: int | None = None
    destination_outlet_id: int | None = None
    carrier: str = "yuantong"
    waybill_no: str = WAYBILL


def parcel(*, outlet_id: int | None = None, destination: int | None = None, waybill_no: str = WAYBILL) -> Ref:
    shipment = Shipment.objects.create(waybill_no=waybill_no, carrier="yuantong", outlet_id=outlet_id)
    return Ref(shipment.pk, outlet_id, destination, waybill_no=waybill_no)


def opened(world, *, at: datetime = START, ref: Ref | None = None, **changed) -> OpenedCase:
    values = {
        "waybill_no": ref.waybill_no if ref else WAYBILL,
        "category": "SIGNED_NOT_RECEIVED",
        "text": "显示签收了，可我没收到",
        "contact_id": world.contact_id,
        "shipment": ref,
        "by": None,
        **changed,
    }
    return open_case(at=at, **values)


def at_dongshan(world, **changed) -> OpenedCase:
    """A case that stands with Dongshan."""
    return opened(world, ref=parcel(outlet_id=world.dongshan_id), **changed)


def row(case: OpenedCase) -> Case:
    return Case.objects.get(pk=case.case_id)
