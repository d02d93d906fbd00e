"""The public record of a parcel: what anybody with its number may know, by two statements and an estimate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from yishi.kit.hot import hot_cursor
from yishi.kit.personal import unseal
from yishi.network.rules import carrier_of
from yishi.shipments.queries.eta import find_estimate
from yishi.shipments.rules.eta import Estimate
from yishi.shipments.rules.redaction import for_strangers
from yishi.shipments.rules.waybills import normalise_waybill_no

# a parcel that was scanned more often is a fault of somebody's machine
MOST_EVENTS = 300


@dataclass(frozen=True)
class PublicEvent:
    happened_at: datetime
    kind: str
    city: str
    text: str


@dataclass(frozen=True)
class PublicShipment:
    """What anybody with the number may know of a parcel; events oldest first."""

    shipment_id: int
    waybill_no: str
    carrier: str
    also_carriers: tuple[str, ...]
    milestone: str
    promised_at: datetime | None
    eta: datetime | None
    eta_range: Estimate | None
    events: tuple[PublicEvent, ...]
    outlet_id: int | None
    outlet_code: str
    outlet_name: str
    outlet_phone: str


class _Head(NamedTuple):
    """A parcel with its outlet, and the sealed words that its own scans may hold."""

    pk: int
    waybill_no: str
    carrier: str
    milestone: str
    promised_at: datetime | None
    moved_at: datetime | None
    moved_rank: int
    last_city: str
    outlet_id: int | None
    outlet_code: str | None
    outlet_name: str | None
    outlet_phone: str | None
    consignee: bytes | None
    shipper: bytes | None
    address: bytes | None
    shipper_address: bytes | None

    @property
    def people(self) -> list[str]:
        """Names and addresses as master data knows them: a carrier may write them anywhere in its words."""
        sealed = (self.consignee, self.shipper, self.address, self.shipper_address)
        return [word for word in map(unseal, sealed) if word]


# both kept prepared: they stand behind every look of a stranger
_HEADS = """
SELECT s.id, s.waybill_no, s.carrier, s.milestone, s.promised_at, s.moved_at, s.moved_rank, s.last_city,
       o.id, o.code, o.name, o.phone, c.name, p.name, d.address, d.shipper_address
  FROM shipments_shipment s
  LEFT JOIN network_outlet o ON o.id = s.outlet_id
  LEFT JOIN shipments_details d ON d.shipment_id = s.id
  LEFT JOIN consignees_contact c ON c.id = d.consignee_id
  LEFT JOIN consignees_contact p ON p.id = d.shipper_id
 WHERE s.waybill_no = %s AND s.merged_into_id IS NULL
 ORDER BY s.last_event_at DESC NULLS LAST, s.carrier
"""
_STORY = """
SELECT happened_at, kind, city, text FROM shipments_event WHERE shipment_id = %s
 ORDER BY happened_at DESC, identity DESC LIMIT %s
"""


def get_public_shipment(
    waybill_no: str, carrier: str | None = None, *, at: datetime | None = None
) -> PublicShipment | None:
    """The public record of a number (of the carrier with the newest event unless one is named), or None.

    With its estimate of arrival as of `at`; without `at` none is made.
    """
    number = normalise_waybill_no(waybill_no)
    rows = hot_cursor().execute(_HEADS, [number], prepare=True).fetchall() if number else []
    heads = [_Head(*row) for row in rows]
    head = next((h for h in heads if not carrier or h.carrier == carrier_of(carrier)), None)
    if head is None:
        return None
    estimate = find_estimate(head, at=at) if at else None
    return PublicShipment(
        shipment_id=head.pk,
        waybill_no=head.waybill_no,
        carrier=head.carrier,
        also_carriers=tuple(h.carrier for h in heads if h is not head),
        milestone=head.milestone,
        promised_at=head.promised_at,
        eta=estimate.likely_at if estimate else None,
        eta_range=estimate,
        events=_events(head.pk, head.people),
        outlet_id=head.outlet_id,
        outlet_code=head.outlet_code or "",
        outlet_name=head.outlet_name or "",
        outlet_phone=head.outlet_phone or "",
    )


def _events(shipment_id: int, people: Sequence[str]) -> tuple[PublicEvent, ...]:
    rows = hot_cursor().execute(_STORY, [shipment_id, MOST_EVENTS], prepare=True).fetchall()
    return tuple(
        PublicEvent(happened_at, kind, city, for_strangers(text, people))
        for happened_at, kind, city, text in reversed(rows)
    )
