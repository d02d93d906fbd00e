"""Where a parcel should stand. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

SIZES = ("S", "M", "L")
NEARLY_FULL = 0.9


@dataclass(frozen=True)
class Place:
    """One layer of a shelf: how many stand there, how many fit, of which size ('' = any)."""

    shelf_id: int
    shelf: str
    layer: int
    load: int
    capacity: int
    size: str = ""
    is_temporary: bool = False

    @property
    def is_full(self) -> bool:
        return self.load >= self.capacity

    @property
    def label(self) -> str:
        """12-3: what stands on the sticker of the shelf."""
        return f"{self.shelf}-{self.layer}"


def fits(place: Place, size: str) -> bool:
    """Whether a parcel of this size may stand there; an unknown size fits anywhere."""
    return not place.size or not size or SIZES.index(size) <= SIZES.index(place.size)


def suggest(
    places: Sequence[Place], *, size: str = "", beside: Sequence[tuple[int, int]] = ()
) -> Place | None:
    """The place for a parcel: beside the same person's, where one fits; else the emptiest fitting one, its
    own size before a bigger one and real shelves before temporary ones.

    When all are full the one that overflows least; None only where there are no shelves at all.
    """
    fitting = [place for place in places if fits(place, size)] or list(places)
    free = [place for place in fitting if not place.is_full]
    together = [place for place in free if (place.shelf_id, place.layer) in beside]
    if together:
        return max(together, key=lambda place: beside.count((place.shelf_id, place.layer)))
    return min(free or fitting, key=lambda place: _order(place, size), default=None)


def _order(place: Place, size: str) -> tuple[bool, int, float, str, int]:
    distance = SIZES.index(place.size) - SIZES.index(size) if place.size and size else len(SIZES) * bool(size)
    return place.is_temporary, distance, place.load / place.capacity, place.shelf.zfill(8), place.layer
