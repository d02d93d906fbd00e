"""Bookings are taken down, refused where something speaks against them, told of once the carrier has them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from yishi.consignees.actions.contacts import keep_contacts
from yishi.consignees.rules import ContactRow
from yishi.feeds.port import Parsed, ParsedShipment, Person
from yishi.feeds.queries.sources import SourceCard
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.hot import hot_cursor
from yishi.kit.texts import clean_text
from yishi.network.queries import merchant_codes
from yishi.people.queries import require, within_scope
from yishi.people.rules import Permission, Viewer
from yishi.shipments.actions.take_in import take_parsed
from yishi.shipments.models.bookings import Booking, BookingSlip
from yishi.shipments.models.parcels import Shipment, ShipmentDetails
from yishi.shipments.queries.booking_words import fault_words
from yishi.shipments.queries.eta import zone
from yishi.shipments.queries.goods import running_book
from yishi.shipments.queries.parcels import find_shipment_refs
from yishi.shipments.rules.addresses import city_and_district
from yishi.shipments.rules.bookings import Checked, Order, Party, check_order
from yishi.shipments.rules.waybills import normalise_waybill_no

TELL_AFTER = timedelta(minutes=10)
"""So long is waited for further parcels of the same sender: one letter tells of all."""


class MustOpen(Refusal):
    """这类物品要当面打开看过才能收，看过后勾上“已开箱验视”"""

    code = "must_open"
    status = 422


class StillAsked(Refusal):
    """还有几处要问清楚；问过就是这样的，勾上“问过了，就是这样”"""

    code = "still_asked"
    status = 422


class BookedAlready(Refusal):
    """这个订单号已经登记过"""

    code = "booked_already"
    status = 409


class WaybillTaken(Refusal):
    """这个运单号已经是别的件"""

    code = "waybill_taken"
    status = 409


class SlipBookedAlready(Refusal):
    """这张寄件单已经登记过"""

    code = "slip_booked_already"
    status = 409


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where and how a booking was taken down."""

    source: str
    outlet_id: int | None
    merchant_id: int | None = None
    slip_id: int | None = None


def book(*, order: Order, desk: Desk, by: Viewer, at: datetime) -> int:
    """Takes down one booking; its number. Raises NotAllowed, Invalid with a pointer for every field that is
    surely wrong (forbidden goods too), MustOpen, StillAsked, BookedAlready,
    SlipBookedAlready, WaybillTaken."""
    require(by, Permission.CONTACT_WRITE)
    checked = check_order(order, running_book())
    check_may_book(checked)
    return book_checked(checked=[checked], desk=desk, by=by, at=at)[0]


def check_may_book(checked: Checked) -> None:
    """Raises what speaks against it."""
    if checked.against:
        raise Invalid(
            [
                (f"/{one.where.replace('.', '/')}", one.code.partition(":")[0], str(fault_words(one.code)))
                for one in checked.against
            ]
        )
    if checked.advice.must_open and not checked.order.is_opened:
        raise MustOpen()
    if checked.asked and not checked.order.is_asked:
        raise StillAsked()


@transaction.atomic
def book_checked(*, checked: Sequence[Checked], desk: Desk, by: Viewer, at: datetime) -> list[int]:
    """Takes down bookings of one source at once, all or none; their numbers in order. What speaks against one
    was looked at before, save what is known elsewhere. Raises BookedAlready, WaybillTaken."""
    orders = [one.order for one in checked]
    _check_new(orders, desk)
    people = [each for order in orders for each in (order.sender, order.receiver)]
    contacts = keep_contacts([ContactRow(name=_plain(one.name), phone=one.phone) for one in people], at)
    rows = [
        _row(one, desk, by, at, contacts[2 * place], contacts[2 * place + 1])
        for place, one in enumerate(checked)
    ]
    Booking.objects.bulk_create(rows, batch_size=500)
    _make_parcels(orders, rows, at)
    return [row.pk for row in rows]


def _check_new(orders: Sequence[Order], desk: Desk) -> None:
    if desk.slip_id is not None:
        BookingSlip.objects.select_for_update().filter(pk=desk.slip_id).first()
        if Booking.objects.filter(slip_id=desk.slip_id).exists():
            raise SlipBookedAlready()
    references = {order.reference for order in orders if order.reference}
    if desk.merchant_id is not None and references:
        known = Booking.objects.filter(merchant_id=desk.merchant_id, reference__in=references)
        if known.exists():
            raise BookedAlready()
    numbers = [no for order in orders if (no := normalise_waybill_no(order.waybill_no))]
    if len(set(numbers)) < len(numbers) or taken_numbers(numbers):
        raise WaybillTaken()


def taken_numbers(numbers: Sequence[str]) -> set[str]:
    """Those of these numbers that belong to somebody's parcel: booked, or known with whom it is for."""
    booked = Shipment.objects.filter(waybill_no__in=numbers, bookings__isnull=False)
    known = ShipmentDetails.objects.filter(shipment__waybill_no__in=numbers).exclude(consignee=None)
    return {
        *booked.values_list("waybill_no", flat=True),
        *known.values_list("shipment__waybill_no", flat=True),
    }


def _plain(text: str) -> str:
    return clean_text(text)[0]


def party_text(party: Party) -> str:
    """A person of a booking as it is kept."""
    return json.dumps({name: _plain(value) for name, value in vars(party).items()}, ensure_ascii=False)


def _row(
    one: Checked, desk: Desk, by: Viewer, at: datetime, sender: int | None, receiver: int | None
) -> Booking:
    order = one.order
    city, district = city_and_district(order.receiver.address)
    return Booking(
        merchant_id=desk.merchant_id,
        outlet_id=desk.outlet_id,
        slip_id=desk.slip_id,
        sender_contact_id=sender,
        receiver_contact_id=receiver,
        reference=_plain(order.reference),
        sender=party_text(order.sender),
        receiver=party_text(order.receiver),
        place=f"{city}{district}",
        goods=_plain(order.goods),
        goods_kinds=[kind.key for kind in one.advice.kinds],
        verdict=one.advice.verdict,
        is_opened=order.is_opened,
        declared_value_fen=order.declared_value_fen,
        is_insured=order.is_insured,
        doubts=[f"{fault.where}:{fault.code}" for fault in one.asked],
        source=desk.source,
        booked_at=at,
        booked_by=by.label,
    )


def _make_parcels(orders: Sequence[Order], rows: Sequence[Booking], at: datetime) -> None:
    """Bookings with a waybill are parcels already: what was said of them is their master data."""
    with_number = [
        (order, row)
        for order, row in zip(orders, rows, strict=True)
        if normalise_waybill_no(order.waybill_no)
    ]
    if not with_number:
        return
    merchants = merchant_codes({row.merchant_id for _order, row in with_number if row.merchant_id})
    said = [_parcel(order, merchants.get(row.merchant_id or 0, "")) for order, row in with_number]
    ours = SourceCard(0, "bookings", "", "", {}, zone(), False, b"")
    take_parsed(source=ours, parsed=Parsed(master_data=said), at=at)
    found = {order.waybill_no: find_shipment_refs(order.waybill_no) for order, _row in with_number}
    for order, row in with_number:
        if refs := found[order.waybill_no]:
            row.shipment_id = refs[0].id
    Booking.objects.bulk_update([row for _order, row in with_number], ["shipment"], batch_size=500)
    note_accepted(shipment_ids=[row.shipment_id for _o, row in with_number if row.shipment_id], at=at)


def _parcel(order: Order, merchant: str) -> ParsedShipment:
    return ParsedShipment(
        waybill_no=order.waybill_no,
        carrier=order.carrier,
        merchant=merchant,
        shipper=Person(name=order.sender.name, phone=order.sender.phone, address=order.sender.address),
        consignee=Person(
            name=order.receiver.name, phone=order.receiver.phone, address=order.receiver.address
        ),
        goods=order.goods,
        declared_value_fen=order.declared_value_fen,
        insured=order.is_insured or None,
    )


@transaction.atomic
def give_waybill(*, booking_id: int, waybill_no: str, carrier: str, by: Viewer, at: datetime) -> None:
    """The slip has its waybill number now. Raises NotAllowed, NotFound, Invalid, WaybillTaken."""
    require(by, Permission.CONTACT_WRITE)
    seen = Booking.objects.filter(within_scope(by, "outlet__code"), pk=booking_id)
    row = seen.select_for_update(of=("self",)).first()
    if row is None or row.shipment_id is not None:
        raise NotFound
    number = normalise_waybill_no(waybill_no)
    if number is None:
        raise Invalid([("/waybill_no", "bad_waybill_no", str(fault_words("bad_waybill_no")))])
    if taken_numbers([number]):
        raise WaybillTaken()
    order = Order(
        sender=Party(**json.loads(row.sender)),
        receiver=Party(**json.loads(row.receiver)),
        goods=row.goods,
        declared_value_fen=row.declared_value_fen,
        is_insured=row.is_insured,
        waybill_no=number,
        carrier=carrier,
    )
    _make_parcels([order], [row], at)


_ACCEPTED = """
UPDATE shipments_booking b SET accepted_at = %s, tell_at = %s
  FROM shipments_shipment s
 WHERE s.id = b.shipment_id AND b.accepted_at IS NULL AND b.shipment_id = ANY(%s)
   AND s.milestone NOT IN ('UNKNOWN', 'CREATED')
"""


def note_accepted(*, shipment_ids: Sequence[int], at: datetime) -> None:
    """The carrier has them: those that were booked here are due to be told of, a while later."""
    if shipment_ids:
        hot_cursor().execute(_ACCEPTED, [at, at + TELL_AFTER, list(shipment_ids)])
