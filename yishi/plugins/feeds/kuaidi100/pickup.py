"""快递100's answer to which code opens the locker of a parcel: it says neither for whom nor since when."""

from datetime import datetime

from yishi.feeds.port import Parsed, ParsedPickupCode, Unreadable
from yishi.plugins.common.reading import load_json, word


def read_pickup_answer(body: bytes, *, phone: str, at: datetime) -> Parsed:
    """The code that the answer holds, for the `phone` that was asked for at the moment `at`; nothing where
    the parcel waits nowhere. Raises Unreadable, `refused` where the source would not say.
    """
    said = load_json(body)
    if not isinstance(said, dict):
        raise Unreadable("bad_json", "the answer is no object")
    if word(said.get("code")) != "200":
        raise Unreadable("refused", f"{word(said.get('code'))} {word(said.get('message'))}".strip())
    data = said.get("data")
    number = word(data.get("kuaidinum")) if isinstance(data, dict) else ""
    if not isinstance(data, dict) or not number:
        raise Unreadable("missing_field", "data.kuaidinum")
    if not (code := word(data.get("pickUpCode"))):
        return Parsed()
    found = ParsedPickupCode(
        waybill_no=number,
        code=code,
        happened_at=at,
        carrier=word(data.get("kuaidicom")),
        place=word(data.get("pickUpStation")),
        address=word(data.get("pickUpAddress")),
        phone=phone,
    )
    return Parsed(pickup_codes=[found])
