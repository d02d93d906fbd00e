"""Reads of parcels for those who work with them: the staff's door, and references for routing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from yishi.kit.errors import NotFound
from yishi.kit.hot import hot_cursor
from yishi.kit.personal import unseal
from yishi.network.rules import carrier_of
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.shipments.models.parcels import ContactAttempt, Shipment, ShipmentDetails, TrackingEvent
from yishi.shipments.queries.eta import find_estimate
from yishi.shipments.queries.public import MOST_EVENTS
from yishi.shipments.rules.eta import Estimate
from yishi.shipments.rules.milestones import Milestone
from yishi.shipments.rules.waybills import normalise_waybill_no

FILE = "file:"
"""With the id of a photo that we keep: what an attempt refers to."""


@dataclass(frozen=True)
class StaffEvent:
    happened_at: datetime
    received_at: datetime
    kind: str
    detail: str
    city: str
    outlet: str
    courier: str
    text: str
    source_code: str
    signed_by: str
    consent: bool | None


@dataclass(frozen=True)
class ContactMade:
    """One attempt to reach the consignee."""

    kind: str
    at: datetime
    outcome: str
    courier: str
    position: str
    file_id: str = ""


@dataclass(frozen=True)
class Details:
    """Master data; whom `consignee_id` and `shipper_id` are, `consignees` tells, masked."""

    product: str
    merchant_id: int | None
    shipper_id: int | None
    consignee_id: int | None
    address: str
    city: str
    district: str
    goods: str
    handling: tuple[str, ...]
    freight_fen: int | None
    freight_collect: bool | None
    declared_value_fen: int | None
    insured: bool | None
    cash_on_delivery_fen: int | None
    platform: str
    origin_outlet_id: int | None
    destination_outlet_id: int | None


@dataclass(frozen=True)
class StaffShipment:
    """A parcel as staff see it; events oldest first. `address` in `details` is in full: pages mask it."""

    shipment_id: int
    waybill_no: str
    carrier: str
    also_carriers: tuple[str, ...]
    milestone: str
    outlet_id: int | None
    outlet: str | None
    outlet_name: str
    courier: str | None
    promised_at: datetime | None
    promise_source: str
    eta: datetime | None
    eta_range: Estimate | None
    events: tuple[StaffEvent, ...]
    contacts: tuple[ContactMade, ...]
    details: Details | None


@dataclass(frozen=True)
class ShipmentRef:
    """A parcel as routing needs it."""

    id: int
    carrier: str
    waybill_no: str
    milestone: str
    outlet_id: int | None
    courier_number: str
    promised_at: datetime | None
    destination_outlet_id: int | None
    city: str
    district: str
    address: str


def _rows(waybill_no: str) -> list[Shipment]:
    """The parcels of that number, the one with the newest event first."""
    number = normalise_waybill_no(waybill_no)
    if number is None:
        return []
    return list(
        Shipment.objects.filter(waybill_no=number, merged_into__isnull=True)
        .select_related("outlet")
        .order_by(F("last_event_at").desc(nulls_last=True), "carrier")
    )


def _chosen(waybill_no: str, carrier: str | None) -> tuple[Shipment | None, tuple[str, ...]]:
    """The parcel meant, and the other carriers that have one of this number."""
    rows = _rows(waybill_no)
    meant = next((s for s in rows if not carrier or s.carrier == carrier_of(carrier)), None)
    return meant, tuple(s.carrier for s in rows if s is not meant)


def _events(shipment: Shipment) -> Sequence[TrackingEvent]:
    newest = TrackingEvent.objects.filter(shipment=shipment).order_by("-happened_at", "-identity")[
        :MOST_EVENTS
    ]
    return list(reversed(newest))


def access_shipment(
    viewer: Viewer, waybill_no: str, carrier: str | None = None, *, at: datetime | None = None
) -> StaffShipment:
    """The door of staff to a parcel. Raises NotAllowed for a role without sight, NotFound when unknown or
    foreign."""
    require(viewer, Permission.SHIPMENT_READ)
    shipment, also = _chosen(waybill_no, carrier)
    if shipment is None:
        raise NotFound
    details = (
        ShipmentDetails.objects.filter(pk=shipment.pk)
        .select_related("origin_outlet", "destination_outlet")
        .first()
    )
    outlet = shipment.outlet
    concerned = {outlet.code if outlet else None}
    if details is not None:
        ends = (details.origin_outlet, details.destination_outlet)
        concerned |= {outlet.code for outlet in ends if outlet is not None}
    if not any(viewer.sees_outlet(code) for code in concerned):
        raise NotFound
    estimate = find_estimate(shipment, at=at) if at else None
    return StaffShipment(
        shipment_id=shipment.pk,
        waybill_no=shipment.waybill_no,
        carrier=shipment.carrier,
        also_carriers=also,
        milestone=shipment.milestone,
        outlet_id=shipment.outlet_id,
        outlet=outlet.code if outlet else None,
        outlet_name=outlet.name if outlet else "",
        courier=shipment.courier_number or None,
        promised_at=shipment.promised_at,
        promise_source=_promise_source(shipment),
        eta=estimate.likely_at if estimate else None,
        eta_range=estimate,
        events=tuple(_staff_event(e) for e in _events(shipment)),
        contacts=list_contacts(shipment.pk),
        details=_details(details) if details else None,
    )


def _promise_source(shipment: Shipment) -> str:
    """STATED by the shipper's side, RULE of the operator, or '' for no promise."""
    if shipment.promised_at is None:
        return ""
    return "STATED" if shipment.promise_rule_id is None else "RULE"


def _staff_event(e: TrackingEvent) -> StaffEvent:
    return StaffEvent(
        e.happened_at, e.received_at, e.kind, e.detail, e.city, e.outlet, e.courier, e.text, e.source_code,
        e.signed_by, e.consent,
    )  # fmt: skip


def _details(d: ShipmentDetails) -> Details:
    return Details(
        d.product, d.merchant_id, d.shipper_id, d.consignee_id, d.address, d.city, d.district, d.goods,
        tuple(d.handling), d.freight_fen, d.freight_collect, d.declared_value_fen, d.insured,
        d.cash_on_delivery_fen, d.platform, d.origin_outlet_id, d.destination_outlet_id,
    )  # fmt: skip


def has_arrived(shipment_id: int) -> bool:
    """Whether the parcel was handed over, or waits for its person, or went back."""
    over = (
        Milestone.DELIVERED, Milestone.AT_PICKUP_POINT, Milestone.RETURNING, Milestone.RETURNED,
        Milestone.CANCELLED, Milestone.LOST,
    )  # fmt: skip
    return Shipment.objects.filter(pk=shipment_id, milestone__in=over).exists()


def list_contacts(shipment_id: int) -> tuple[ContactMade, ...]:
    """The attempts to reach this parcel's consignee, oldest first."""
    rows = ContactAttempt.objects.filter(shipment_id=shipment_id).order_by("at", "id")
    return tuple(
        ContactMade(c.kind, c.at, c.outcome, c.courier_number, c.position, _file_of(c.reference))
        for c in rows
    )


def _file_of(reference: str | None) -> str:
    """The id of the photo that belongs to an attempt; '' for none of ours."""
    said = reference or ""
    return said.removeprefix(FILE) if said.startswith(FILE) else ""


def find_shipment_refs(waybill_no: str) -> list[ShipmentRef]:
    """The parcels of a number as routing needs them, the one with the newest event first."""
    number = normalise_waybill_no(waybill_no)
    if number is None:
        return []
    rows = hot_cursor().execute(_REFS, [number], prepare=True).fetchall()
    return [ShipmentRef(*(*row[:-1], unseal(row[-1]))) for row in rows]


# one statement, kept prepared: it stands before the opening of every case
_REFS = """
SELECT s.id, s.carrier, s.waybill_no, s.milestone, s.outlet_id, s.courier_number, s.promised_at,
       d.destination_outlet_id, COALESCE(d.city, ''), COALESCE(d.district, ''), d.address
  FROM shipments_shipment s LEFT JOIN shipments_details d ON d.shipment_id = s.id
 WHERE s.waybill_no = %s AND s.merged_into_id IS NULL
 ORDER BY s.last_event_at DESC NULLS LAST, s.carrier
"""


@dataclass(frozen=True)
class Sender:
    """Who sent a parcel: a corporate shipper, or a person."""

    merchant_id: int | None
    contact_id: int | None


def senders_of(shipment_id: int) -> Sender:
    """Who sent it; nobody where nothing is known."""
    row = ShipmentDetails.objects.filter(pk=shipment_id).values_list("merchant_id", "shipper_id").first()
    return Sender(*row) if row is not None else Sender(None, None)


def ref_of(shipment_id: int) -> ShipmentRef:
    """One parcel as routing needs it; the row that holds its record where it was joined. Raises NotFound."""
    row = Shipment.objects.filter(pk=shipment_id).select_related("merged_into").first()
    if row is None:
        raise NotFound()
    meant = row.merged_into or row
    return next(ref for ref in find_shipment_refs(meant.waybill_no) if ref.id == meant.pk)
