"""What a consignee may choose for a parcel that is on its way to him, and when it is too late. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

TIME, NEIGHBOUR, GUARD, STATION, DOOR, HOME = "TIME", "NEIGHBOUR", "GUARD", "STATION", "DOOR", "HOME"
KINDS = frozenset({TIME, NEIGHBOUR, GUARD, STATION, DOOR, HOME})
"""HOME: he said that he is in now; it asks for nothing else than to come."""
LEFT = (NEIGHBOUR, GUARD, STATION)
"""Left with somebody: that needs his consent (快递暂行条例 28)."""
LINK, VOICE, COURIER = "link", "voice", "courier"

_OPEN = frozenset({"ACCEPTED", "IN_TRANSIT", "AT_OUTLET", "OUT_FOR_DELIVERY", "DELIVERY_FAILED"})


class TooLate(StrEnum):
    """Why nothing can be chosen any more."""

    DELIVERED = "DELIVERED"
    AT_POINT = "AT_POINT"
    GOES_BACK = "GOES_BACK"
    STOPPED = "STOPPED"
    OVER = "OVER"


def why_too_late(*, milestone: str, is_stopped: bool) -> TooLate | None:
    """Why a parcel in this state takes no choice; None while it is on its way."""
    if milestone == "DELIVERED":
        return TooLate.DELIVERED
    if milestone == "AT_PICKUP_POINT":
        return TooLate.AT_POINT
    if milestone in ("RETURNING", "RETURNED"):
        return TooLate.GOES_BACK
    if is_stopped:
        return TooLate.STOPPED
    return None if milestone in _OPEN else TooLate.OVER


# a choice, and the wishes (or consents, MAY_…) that cannot hold beside it
_AGAINST = {
    STATION: ("NO_STATION", "DOOR", "GUARD", "NEIGHBOUR"),
    GUARD: ("DOOR", "NEIGHBOUR"),
    NEIGHBOUR: ("DOOR", "GUARD"),
    DOOR: ("GUARD", "NEIGHBOUR"),
    TIME: ("TIME_WINDOW",),
    HOME: (),
}
# with these something said before is turned round: the person is asked whether he means it
_ASKED = {STATION: ("NO_STATION", "DOOR"), GUARD: ("DOOR",), NEIGHBOUR: ("DOOR",)}


def overruled(kind: str, wishes: Iterable[str]) -> list[str]:
    """Which standing wishes do not count for this parcel because of what was chosen for it."""
    return [wish for wish in wishes if wish in _AGAINST.get(kind, ())]


def to_ask(kind: str, wishes: Iterable[str]) -> str:
    """The standing wish that this choice turns round, the plainest first; '' where none."""
    said = set(wishes)
    return next((wish for wish in _ASKED.get(kind, ()) if wish in said), "")


def nearest(address: str, places: Sequence[tuple[int, str]], *, most: int = 4) -> list[int]:
    """The numbers of the places whose address is written most like this one: no map is asked.

    Two signs in a row that both have (东山, 街道) count; ties stay in their order.
    """
    here = _pairs(address)
    ranked = sorted(range(len(places)), key=lambda at: -len(here & _pairs(places[at][1])))
    return [places[at][0] for at in ranked[:most]]


def _pairs(text: str) -> set[str]:
    plain = "".join(text.split())
    return {plain[at : at + 2] for at in range(len(plain) - 1)}


def is_past(until_at: datetime | None, at: datetime) -> bool:
    """Whether an agreed time is over."""
    return until_at is not None and until_at <= at
