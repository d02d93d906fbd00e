"""Master data made ready to be kept: numbers normalised, texts fit, or refused with a reason."""

from datetime import datetime

import msgspec

from yishi.feeds.port import ParsedShipment, Person
from yishi.network.rules import carrier_of
from yishi.shipments.rules.waybills import (
    LONGEST_CODE,
    LONGEST_WORD,
    fit_text,
    normalise_waybill_no,
)

LONGEST_ADDRESS = 500
MOST_HANDLING = 20
# bigint holds more, but nobody sends a parcel for a hundred million yuan
MOST_FEN = 10_000_000_000


def plain_shipment(item: ParsedShipment, *, carrier: str, at: datetime) -> ParsedShipment | str:
    """The item with its number and texts made plain, or the reason against it."""
    waybill_no = normalise_waybill_no(item.waybill_no)
    if waybill_no is None:
        return "bad_waybill_no"
    moments = [item.promised_at, item.consignee.valid_until if item.consignee else None]
    if reason := _against_times(moments):
        return reason
    if _is_too_long(item):
        return "too_long"
    if any(not 0 <= (fen or 0) <= MOST_FEN for fen in _amounts(item)):
        return "bad_amount"
    texts = {
        name: fit_text(getattr(item, name))
        for name in ("product", "merchant", "goods", "platform", "origin_outlet", "destination_outlet")
    }
    return msgspec.structs.replace(
        item,
        waybill_no=waybill_no,
        carrier=carrier_of(fit_text(item.carrier or carrier)),
        shipper=_fit(item.shipper),
        consignee=_fit(item.consignee),
        handling=tuple(fit_text(word) for word in item.handling),
        **texts,
    )


def _against_times(moments: list[datetime | None]) -> str | None:
    for moment in moments:
        if moment is not None and moment.tzinfo is None:
            return "time_without_offset"
        if moment is not None and not 2000 <= moment.year <= 2100:
            return "time_out_of_range"
    return None


def _amounts(item: ParsedShipment) -> tuple[int | None, ...]:
    return item.freight_fen, item.declared_value_fen, item.cash_on_delivery_fen


def _is_too_long(item: ParsedShipment) -> bool:
    people = [p for p in (item.shipper, item.consignee) if p is not None]
    words = [item.product, item.merchant, item.platform, item.origin_outlet, item.destination_outlet]
    words += [
        word for p in people for word in (p.name, p.phone, p.phone_tail, p.virtual, p.extension, p.email)
    ]
    return (
        len(item.carrier) > LONGEST_CODE
        or len(item.handling) > MOST_HANDLING
        or any(len(word) > LONGEST_WORD for word in (*words, *item.handling))
        or any(len(text) > LONGEST_ADDRESS for text in (item.goods, *(p.address for p in people)))
    )


def _fit(person: Person | None) -> Person | None:
    if person is None:
        return None
    return Person(
        name=fit_text(person.name).strip(),
        phone=fit_text(person.phone).strip(),
        phone_tail=fit_text(person.phone_tail).strip(),
        virtual=fit_text(person.virtual).strip(),
        extension=fit_text(person.extension).strip(),
        valid_until=person.valid_until,
        address=fit_text(person.address).strip(),
        email=fit_text(person.email).strip(),
    )
