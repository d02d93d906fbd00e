"""A pickup code made ready to be kept, or refused with a reason."""

from datetime import datetime

import msgspec

from yishi.feeds.port import ParsedPickupCode
from yishi.network.rules import carrier_of
from yishi.shipments.rules.waybills import (
    LONGEST_CODE,
    LONGEST_WORD,
    fit_text,
    normalise_waybill_no,
    reason_against_time,
)

LONGEST_ADDRESS = 500


def plain_code(code: ParsedPickupCode, *, carrier: str, at: datetime) -> ParsedPickupCode | str:
    """The code with its number and texts made plain, or the reason against it. `carrier` is the source's."""
    waybill_no = normalise_waybill_no(code.waybill_no)
    if waybill_no is None:
        return "bad_waybill_no"
    if reason := reason_against_time(code.happened_at, at=at):
        return reason
    words = {
        name: fit_text(getattr(code, name)).strip() for name in ("code", "place", "place_phone", "phone")
    }
    address = fit_text(code.address).strip()
    if not words["code"]:
        return "missing_field"
    if (
        len(words["code"]) > LONGEST_CODE
        or len(code.carrier) > LONGEST_CODE
        or len(address) > LONGEST_ADDRESS
        or any(len(word) > LONGEST_WORD for word in words.values())
    ):
        return "too_long"
    kept_carrier = carrier_of(fit_text(code.carrier or carrier))
    return msgspec.structs.replace(
        code, waybill_no=waybill_no, carrier=kept_carrier, address=address, **words
    )
