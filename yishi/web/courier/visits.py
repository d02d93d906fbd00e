"""When a courier can come again: the times that are offered at the door, as their form writes them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from yishi.kit.errors import Invalid
from yishi.shipments.rules.visits import Visit, chosen, visits_after

_DAYS = 3


def visits_from(at: datetime) -> list[Visit]:
    """The times from now on over three days; one that has begun is past."""
    return visits_after(at, ZoneInfo(settings.TIME_ZONE), days=_DAYS)


def visit_of(key: str, *, at: datetime) -> Visit:
    """The one that was chosen. Raises Invalid for one that is past or was never offered."""
    found = chosen(visits_from(at), key)
    if found is None:
        raise Invalid([("/visit", "bad_value", "选下次来的时间")])
    return found
