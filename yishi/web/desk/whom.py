"""One choice for "to whom": a person of mine, an outlet, or head office; as one value of a form."""

from typing import NamedTuple

from yishi.people.queries import colleagues_by_outlet
from yishi.people.rules import Viewer
from yishi.web.desk.choices import outlets_in_sight
from yishi.web.desk.once import once

MOST_PLACES = 4


class Whom(NamedTuple):
    """`outlet` is a code, `HQ`, or empty for where the case stands; `user` 0 names nobody."""

    outlet: str
    user: int

    @staticmethod
    def read(said: str) -> "Whom":
        """From `DS01:7`, `DS01:`, `HQ:` or nothing."""
        outlet, _, user = said.partition(":")
        number = int(user) if user.isascii() and user.isdigit() and len(user) < 10 else 0
        return Whom(outlet[:40], number)

    @staticmethod
    def write(outlet: str, user: int) -> str:
        return f"{outlet}:{user or ''}" if outlet or user else ""


def whom_choices(viewer: Viewer) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(outlet's code, its name, its people as (value, name)) in sight; only where the places are few."""
    outlets = outlets_in_sight(viewer)
    few = outlets if len(outlets) <= MOST_PLACES else []
    mates = once(colleagues_by_outlet, viewer, tuple(place.code for place in few))
    return [
        (place.code, place.name, [(Whom.write(place.code, m.user_id), m.name) for m in mates[place.code]])
        for place in few
    ]
