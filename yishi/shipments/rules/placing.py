"""May a parcel be left elsewhere than in its person's hand? Only against a yes; some wishes say no. Pure."""

from collections.abc import Iterable

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
