"""May a parcel be left elsewhere than in its person's hand? Only against a yes; some wishes say no. Pure."""

import re
from collections.abc import Iterable
from enum import StrEnum

PLACES = ("LOCKER", "STATION", "GUARD")
AGREED, TO_DOOR, LATER = "AGREED", "TO_DOOR", "LATER"
ANSWERS = (AGREED, TO_DOOR, LATER)

_AGAINST = {
    "LOCKER": ("NO_LOCKER", "DOOR"),
    "STATION": ("NO_STATION", "DOOR"),
    "GUARD": ("DOOR",),
}


def wish_against(place: str, wishes: Iterable[str]) -> str:
    """The wish that this place would break, the plainest first; '' where none speaks against it."""
    said = set(wishes)
    return next((kind for kind in _AGAINST[place] if kind in said), "")


class Promised(StrEnum):
    """What binds us to a parcel's door, the plainest first."""

    CHOSEN = "CHOSEN"  # the person chose for this very parcel
    WISH = "WISH"  # a wish of his that counts at its address
    SCHEDULED = "SCHEDULED"  # another visit was announced, and has not been made
    PRODUCT = "PRODUCT"  # the sender paid for delivery to the door


APPOINTED = ("delivery_scheduled", "redelivery_scheduled")
NO_VISIT = ("assigning", "contacted")
"""Details of a schedule that names no visit: a courier is being found, the person was written to."""
SETTLES_APPOINTMENT = ("delivery_failed", "refused", "stored_at_pickup_point", "delivered", "returning")
"""After one of these the visit was made, or nobody waits for it any more."""

# 上门取件 and 上门揽收 are of the sender's end
_TO_THE_DOOR = re.compile(
    r"送.{0,3}上门|上门(?:派|送|服务)|按需上门|door[ _-]?(?:to[ _-]?door|delivery)", re.IGNORECASE
)


def is_door_product(words: Iterable[str]) -> bool:
    """Whether a product's or a handling mark's words say that it is brought to the door."""
    return any(_TO_THE_DOOR.search(word) for word in words)


def promised_to_door(
    *, chosen: str, wishes: Iterable[str], newest_visit: str, words: Iterable[str]
) -> Promised | None:
    """Why a station must not take this parcel without asking; None where nothing speaks against it.

    `chosen` is what the person chose for this parcel ('' for nothing): STATION overrules whatever was said
    before it. `newest_visit` is the newest of its scans that announces or settles a visit.
    """
    if chosen == "STATION":
        return None
    if chosen:
        return Promised.CHOSEN
    if wish_against("STATION", wishes):
        return Promised.WISH
    if newest_visit in APPOINTED:
        return Promised.SCHEDULED
    return Promised.PRODUCT if is_door_product(words) else None
