"""Bookings from a corporate shipper's own program, each item answered by itself."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from yishi.api.auth import viewer_of
from yishi.api.problems import Problem
from yishi.api.schemas import Strict
from yishi.kit.clock import now
from yishi.people.rules import Permission
from yishi.shipments.actions.booking_items import MOST_ITEMS, take_items
from yishi.shipments.rules.bookings import Order, Party

router = Router(tags=["bookings"])


class PartyIn(Strict):
    """A person; the address as one line, from the province to the door."""

    name: str = Field("", max_length=100)
    phone: str = Field("", max_length=40)
    address: str = Field("", max_length=500)


class BookingIn(Strict):
    """One parcel to be sent; `reference` is the shipper's own number, by which it is known again."""

    reference: str = Field("", max_length=100)
    receiver: PartyIn
    sender: PartyIn | None = None
    goods: str = Field("", max_length=500)
    declared_value_fen: int | None = None
    insured: bool = False
    waybill_no: str = Field("", max_length=64)
    carrier: str = Field("", max_length=64)


class BookingsIn(Strict):
    """The bookings of one corporate shipper, whose code `merchant` is."""

    merchant: str = Field(max_length=64)
    items: list[BookingIn] = Field(min_length=1, max_length=MOST_ITEMS)


class FaultOut(Schema):
    """What is wrong or is to be asked, and in which field (`receiver.address`)."""

    field: str
    code: str
    detail: str
    is_sure: bool


class ItemOut(Schema):
    """`result` is accepted, duplicate or rejected."""

    index: int
    result: str
    booking_no: int | None
    faults: list[FaultOut]


class BookingsOut(Schema):
    """accepted + duplicate + rejected = sent."""

    accepted: int
    duplicate: int
    rejected: int
    items: list[ItemOut]


RESULTS = ("accepted", "duplicate", "rejected")
REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 422), Problem)


@router.post("/bookings", response={200: BookingsOut, **REFUSALS})
def post_bookings(request: HttpRequest, body: BookingsIn) -> Any:
    """Takes down what nothing speaks against; the rest is answered with what does. Every sure fault rejects
    an item, what is only asked does not. The same `reference` again is a duplicate, with the first number."""
    viewer = viewer_of(request, Permission.INGEST)
    taken = take_items(
        merchant=body.merchant, orders=[_order(item) for item in body.items], by=viewer, at=now()
    )
    counts = {
        name: sum(one.result == name for one in taken) for name in ("accepted", "duplicate", "rejected")
    }
    items = [
        {
            "index": index,
            "result": one.result,
            "booking_no": one.booking_id,
            "faults": [
                {"field": f.where, "code": f.code.partition(":")[0], "detail": words, "is_sure": f.is_sure}
                for f, words in one.faults
            ],
        }
        for index, one in enumerate(taken)
    ]
    return {**counts, "items": items}


def _order(item: BookingIn) -> Order:
    sender = item.sender
    return Order(
        sender=Party(sender.name, sender.phone, sender.address) if sender else Party(),
        receiver=Party(item.receiver.name, item.receiver.phone, item.receiver.address),
        goods=item.goods,
        declared_value_fen=item.declared_value_fen,
        is_insured=item.insured,
        reference=item.reference,
        waybill_no=item.waybill_no,
        carrier=item.carrier,
        is_asked=True,
    )
