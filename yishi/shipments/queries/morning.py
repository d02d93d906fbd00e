"""What couriers of an outlet must know before they go out: parcels in their hands whose consignee wishes
something."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from yishi.consignees.models import DeliveryPreference
from yishi.kit.errors import NotFound
from yishi.kit.personal import mask_address
from yishi.network.queries import get_outlet
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.shipments.rules.clearing import GIVEN_UP
from yishi.shipments.rules.milestones import Milestone

MOST = 2000
IN_HAND = (Milestone.AT_OUTLET, Milestone.OUT_FOR_DELIVERY, Milestone.DELIVERY_FAILED)


@dataclass(frozen=True, kw_only=True)
class WishLine:
    """One wish about one parcel; `address` is masked, '' where the wish counts everywhere."""

    waybill_no: str
    carrier: str
    courier: str
    kind: str
    value: str
    address: str


# a wish belongs to the phone, whichever contact of it the parcel names
_WISHED = """
SELECT s.waybill_no, s.carrier, s.courier_number, p.id
  FROM shipments_shipment s
  JOIN shipments_details d ON d.shipment_id = s.id
  JOIN consignees_contact c ON c.id = d.consignee_id
  JOIN LATERAL (SELECT c.id UNION SELECT o.id FROM consignees_contact o WHERE o.phone_hash = c.phone_hash)
       AS same (id) ON true
  JOIN consignees_delivery_preference p ON p.contact_id = same.id
 WHERE s.outlet_id = %(outlet)s AND s.milestone = ANY(%(milestones)s) AND s.merged_into_id IS NULL
   AND s.last_event_at > %(since)s AND (p.valid_until IS NULL OR p.valid_until >= %(at)s)
   AND p.ended_at IS NULL AND (p.valid_from IS NULL OR p.valid_from <= %(at)s)
 ORDER BY s.courier_number, s.waybill_no, p.id LIMIT %(most)s
"""


def wishes_in_hand(*, viewer: Viewer, outlet_code: str, at: datetime) -> list[WishLine]:
    """The wishes that count for parcels that stand with this outlet or are out; at most MOST. Three
    statements, however many couriers. Raises NotAllowed, NotFound."""
    require(viewer, Permission.SHIPMENT_READ)
    if not viewer.sees_outlet(outlet_code):
        raise NotFound()
    values: dict[str, Any] = {
        "outlet": get_outlet(outlet_code).id,
        "milestones": [milestone.value for milestone in IN_HAND],
        "since": at - GIVEN_UP,
        "at": at,
        "most": MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WISHED, values)
        rows = cursor.fetchall()
    wishes = DeliveryPreference.objects.in_bulk({wish_id for *_parcel, wish_id in rows})
    return [
        WishLine(
            waybill_no=waybill_no,
            carrier=carrier,
            courier=courier,
            kind=wishes[wish_id].kind,
            value=wishes[wish_id].value,
            address=mask_address(wishes[wish_id].address),
        )
        for waybill_no, carrier, courier, wish_id in rows
        if wish_id in wishes
    ]
