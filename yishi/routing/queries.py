"""What routing must know of outlets: whether they work, what they are called, who is on duty now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from yishi.kit.hot import hot_cursor
from yishi.network.rules import Shift, person_on_duty


@dataclass(frozen=True)
class Place:
    """A working outlet, and who answers for it at the moment asked about."""

    code: str
    name: str
    on_duty: int | None


# one statement for all candidates: it runs inside the opening of every case
_PLACES = """
SELECT o.id, o.code, o.name, s.user_id, s.starts, s.ends, s.weekday, s.date, s.is_fallback
  FROM network_outlet o
  LEFT JOIN (network_duty_shift s JOIN people_user u ON u.id = s.user_id AND u.is_active)
    ON s.outlet_id = o.id
 WHERE o.id = ANY(%s) AND o.is_active
"""


def working_places(outlet_ids: Collection[int], at: datetime) -> dict[int, Place]:
    """The outlets among these that are not closed, in one statement."""
    if not outlet_ids:
        return {}
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    names: dict[int, tuple[str, str]] = {}
    shifts: dict[int, list[Shift]] = {}
    for outlet_id, code, name, user_id, *shift in hot_cursor().execute(
        _PLACES, [list(outlet_ids)], prepare=True
    ):
        names[outlet_id] = (code, name)
        if user_id is not None:
            shifts.setdefault(outlet_id, []).append(Shift(user_id, *shift))
    return {
        outlet_id: Place(code, name, person_on_duty(shifts.get(outlet_id, ()), local=local))
        for outlet_id, (code, name) in names.items()
    }
