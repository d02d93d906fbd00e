"""Parcels in a line each: several numbers at once for anybody, and a proven person's own for that person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import F, Q

from yishi.consignees.queries import find_contact_ids
from yishi.kit.personal import log_look
from yishi.people.queries import within_scope
from yishi.people.rules import Viewer
from yishi.shipments.models.parcels import Shipment, ShipmentDetails, TrackingEvent
from yishi.shipments.queries.public import MOST_EVENTS, PublicEvent, PublicShipment

MOST_LINES = 50


@dataclass(frozen=True)
class ParcelLine:
    """State, last city and last moment of a parcel: nothing of any person."""

    waybill_no: str
    carrier: str
    milestone: str
    city: str
    last_event_at: datetime | None


@dataclass(frozen=True)
class OwnParcels:
    """The parcels of one phone, newest first, at most `MOST_LINES` each."""

    received: tuple[ParcelLine, ...]
    sent: tuple[ParcelLine, ...]


@dataclass(frozen=True)
class OwnShipment:
    """A parcel as its own consignee sees it: the carrier's words untouched, and the address it goes to."""

    public: PublicShipment
    address: str


# letters before the digits of the numbers that are in use (rules/numbers.py)
_LETTERS = ("SF", "YT", "JD", "JDV", "JT", "ZT", "ZTO", "ST", "STO", "YD", "DP", "DPK", "LP", "BEST", "TT")
_MOST_ENDINGS = 2


def numbers_ending(digits: str) -> list[str]:
    """Up to two waybill numbers that are these digits, letters before them or not."""
    exact = [prefix + digits for prefix in _LETTERS]
    rows = Shipment.objects.filter(waybill_no__in=[digits, *exact], merged_into__isnull=True)
    return list(dict.fromkeys(rows.values_list("waybill_no", flat=True)))[:_MOST_ENDINGS]


_NEWEST_FIRST = (F("last_event_at").desc(nulls_last=True), "carrier", "waybill_no")


def list_public_lines(numbers: Sequence[str]) -> list[ParcelLine]:
    """The parcels of these normalised numbers that are known, in their order, one query; of a number that two
    carriers have, the one with the newest event."""
    rows = Shipment.objects.filter(waybill_no__in=numbers, merged_into__isnull=True).order_by(*_NEWEST_FIRST)
    newest: dict[str, ParcelLine] = {}
    for shipment in rows:
        newest.setdefault(shipment.waybill_no, _line(shipment))
    return [newest[number] for number in dict.fromkeys(numbers) if number in newest]


def list_own_parcels(*, phone: str, at: datetime) -> OwnParcels:
    """The parcels that come to a phone, and those it sent; the caller proved that he holds it. Logged."""
    contacts = find_contact_ids(phone)
    if not contacts:
        return OwnParcels((), ())
    log_look(
        viewer=f"consignee:{contacts[0]}",
        subject=f"contact:{contacts[0]}",
        field="parcels",
        reason="own",
        is_silent=True,
        at=at,
    )
    return OwnParcels(
        _lines(Q(details__consignee_id__in=contacts)), _lines(Q(details__shipper_id__in=contacts))
    )


def find_own_shipment(*, phone: str, public: PublicShipment) -> OwnShipment | None:
    """The same parcel with what its consignee may see beyond a stranger; None when it is not his.

    The caller proved that he holds the phone. A shipper sees what a stranger sees: the door is not his.
    """
    contacts = find_contact_ids(phone)
    details = ShipmentDetails.objects.filter(pk=public.shipment_id, consignee_id__in=contacts).first()
    if details is None:
        return None
    newest = TrackingEvent.objects.filter(shipment_id=public.shipment_id).order_by(
        "-happened_at", "-identity"
    )
    events = tuple(PublicEvent(e.happened_at, e.kind, e.city, e.text) for e in newest[:MOST_EVENTS])
    return OwnShipment(replace(public, events=events[::-1]), details.address)


def is_party(*, phone: str, shipment_id: int) -> bool:
    """Whether a phone is the parcel's consignee's or shipper's; the caller proved that he holds it."""
    contacts = find_contact_ids(phone)
    mine = Q(consignee_id__in=contacts) | Q(shipper_id__in=contacts)
    return bool(contacts) and ShipmentDetails.objects.filter(mine, pk=shipment_id).exists()


def list_parcels_of_phone(*, viewer: Viewer, phone: str) -> list[ParcelLine]:
    """The parcels of a phone within a viewer's outlets, the latest moved first; nothing of persons."""
    contacts = find_contact_ids(phone)
    if not contacts:
        return []
    whose = Q(details__consignee_id__in=contacts) | Q(details__shipper_id__in=contacts)
    return list(_lines(whose & within_scope(viewer, "outlet__code")))


def _lines(whose: Q) -> tuple[ParcelLine, ...]:
    rows = Shipment.objects.filter(whose, merged_into__isnull=True).order_by(*_NEWEST_FIRST)[:MOST_LINES]
    return tuple(_line(shipment) for shipment in rows)


def _line(s: Shipment) -> ParcelLine:
    return ParcelLine(s.waybill_no, s.carrier, s.milestone, s.last_city, s.last_event_at)
