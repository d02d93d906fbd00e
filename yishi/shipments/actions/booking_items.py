"""Bookings of a corporate shipper item by item, as its own program sends them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from yishi.kit.errors import NotFound
from yishi.network.queries import list_shippers
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.shipments.actions.bookings import Desk, book_checked, taken_numbers
from yishi.shipments.models.bookings import Booking
from yishi.shipments.queries.booking_words import fault_words
from yishi.shipments.queries.goods import running_book
from yishi.shipments.rules.bookings import Checked, Order, Party, check_order
from yishi.shipments.rules.completeness import Doubt
from yishi.shipments.rules.waybills import normalise_waybill_no

MOST_ITEMS = 500


@dataclass(frozen=True)
class Taken:
    """What became of one item: `result` is accepted, duplicate or rejected; each mark with its words."""

    result: str
    booking_id: int | None
    faults: tuple[tuple[Doubt, str], ...]


@transaction.atomic
def take_items(*, merchant: str, orders: Sequence[Order], by: Viewer, at: datetime) -> list[Taken]:
    """Takes down every item that nothing surely wrong speaks against. Raises NotAllowed, NotFound for a
    shipper that is unknown or out of sight."""
    require(by, Permission.INGEST)
    shipper = next((one for one in list_shippers(by) if one.code == merchant), None)
    if shipper is None:
        raise NotFound
    own = Party(shipper.contact_name or shipper.name, shipper.contact_phone)
    book = running_book()
    checked = [
        check_order(order if order.sender.name or order.sender.phone else replace(order, sender=own), book)
        for order in orders
    ]
    known = dict(
        Booking.objects.filter(
            merchant_id=shipper.id, reference__in={o.reference for o in orders if o.reference}
        ).values_list("reference", "id")
    )
    judged = [one.against for one in checked]
    fresh = _fresh(checked, judged, known)
    desk = Desk(source="API", outlet_id=shipper.outlet_id, merchant_id=shipper.id)
    numbers = iter(book_checked(checked=[checked[i] for i in fresh], desk=desk, by=by, at=at))
    booked = {index: next(numbers) for index in fresh}
    first = known | {checked[i].order.reference: booked[i] for i in fresh if checked[i].order.reference}
    return [_taken(one, index, booked, first) for index, one in enumerate(checked)]


def _fresh(
    checked: Sequence[Checked], judged: Sequence[tuple[Doubt, ...]], known: dict[str, int]
) -> list[int]:
    """The items to take down: nothing against them, each reference and waybill once."""
    numbers = [no for one in checked if (no := normalise_waybill_no(one.order.waybill_no))]
    seen, used = set(known), taken_numbers(numbers) if numbers else set()
    fresh = []
    for index, one in enumerate(checked):
        number = normalise_waybill_no(one.order.waybill_no)
        if judged[index] or one.order.reference in seen - {""} or (number is not None and number in used):
            continue
        seen.add(one.order.reference)
        used |= {number} if number else set()
        fresh.append(index)
    return fresh


def _taken(one: Checked, index: int, booked: dict[int, int], first: dict[str, int]) -> Taken:
    faults = tuple((fault, fault_words(fault.code)) for fault in one.faults)
    if index in booked:
        return Taken("accepted", booked[index], faults)
    if not one.against and (number := first.get(one.order.reference)) is not None:
        return Taken("duplicate", number, ())
    if not one.against:
        taken = Doubt("waybill_no", "waybill_taken", is_sure=True)
        return Taken("rejected", None, ((taken, fault_words(taken.code)),))
    return Taken("rejected", None, faults)
