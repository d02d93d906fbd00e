"""Pickup codes: for whoever proved the parcel's phone, and for nobody else, staff included."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from yishi.consignees.queries import phone_hash
from yishi.shipments.models.codes import PickupCode
from yishi.shipments.rules.code_places import kind_of_place
from yishi.shipments.rules.milestones import Milestone

_OVER = (Milestone.DELIVERED, Milestone.RETURNED, Milestone.CANCELLED)
_MOST = 10


@dataclass(frozen=True)
class WaitingCode:
    """Where the parcel waits, and what opens it; `kind` is LOCKER, STATION or ''."""

    code: str
    place: str
    address: str
    place_phone: str
    happened_at: datetime
    kind: str = ""


def pickup_codes_of(shipment_id: int, proof_phone: str) -> tuple[WaitingCode, ...]:
    """The codes of a parcel, newest first, for a phone that a proof stood for (`phone_of_proof`).

    Only where the place knows the parcel by this phone, or the shipper named it as the consignee's. Codes
    that have done their work (the parcel has been fetched since) are left out.
    """
    hashed = phone_hash(proof_phone)
    if hashed is None:
        return ()
    own = Q(phone_hash=hashed) | Q(shipment__details__consignee__phone_hash=hashed)
    done = Q(shipment__milestone__in=[m.value for m in _OVER], shipment__moved_at__gte=F("happened_at"))
    rows = PickupCode.objects.filter(own, shipment_id=shipment_id).exclude(done)
    newest = rows.order_by("-happened_at", "-id")[:_MOST]
    return tuple(
        WaitingCode(r.code, r.place, r.address, r.place_phone, r.happened_at, kind_of_place(r.place))
        for r in newest
    )
