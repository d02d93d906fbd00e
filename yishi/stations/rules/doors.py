"""When a station can bring a parcel to the door. Pure; moments are those of the station's own zone."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

WINDOWS = ((time(9), time(12)), (time(12), time(15)), (time(15), time(18)), (time(18), time(20, 30)))
AHEAD = timedelta(hours=1)
DAYS = 3


@dataclass(frozen=True)
class Slot:
    """From when until when somebody comes."""

    starts: datetime
    ends: datetime


def slots(local: datetime, *, until: datetime, opens: time | None, closes: time | None) -> list[Slot]:
    """The windows of today and the next two days that begin an hour from now or later, while the station is
    open and keeps the parcel."""
    found = []
    for day in range(DAYS):
        date = (local + timedelta(days=day)).date()
        for starts, ends in WINDOWS:
            is_open = opens is None or closes is None or (opens <= starts and ends <= closes)
            slot = Slot(
                datetime.combine(date, starts, local.tzinfo), datetime.combine(date, ends, local.tzinfo)
            )
            if is_open and slot.starts >= local + AHEAD and slot.ends <= until:
                found.append(slot)
    return found
