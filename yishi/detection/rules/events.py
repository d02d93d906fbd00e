"""Mass events that a person declares: what they may be, how long, whom they hold up. Pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from yishi.detection.rules.kinds import Kind
from yishi.shipments.rules.milestones import Milestone


class Declared(StrEnum):
    """Kinds of events; each is a mass incident without a finding of ours."""

    STORM = "STORM"
    ROAD_CLOSED = "ROAD_CLOSED"
    HUB_STOPPED = "HUB_STOPPED"


LONGEST = timedelta(days=7)
"""Nobody knows more than that; what lasts longer is declared anew."""
LOOKED_AGAIN = timedelta(minutes=15)
"""So often parcels and cases that came meanwhile are looked for."""
REPORTED_AFTER = timedelta(hours=23)
"""When the report of an event that still runs goes out: it is owed within 24 hours of the declaration."""
FORGOTTEN = timedelta(days=60)
"""Who has heard nothing of a parcel for so long waits for another word than this."""
DECLARED = "declared"
"""The reason of a mass incident that a person declared."""
MAX_TEXT, MAX_PLACES, MAX_PLACE = 100, 50, 40

HELD_UP = frozenset(
    {
        Kind.STALLED, Kind.LATE, Kind.SENT_NOT_ARRIVED, Kind.ARRIVED_NOT_OUT, Kind.OUT_NOT_SIGNED,
        Kind.HELD_AT_OUTLET, Kind.PICKUP_OVERDUE, Kind.NO_FIRST_EVENT,
    }
)  # fmt: skip
"""Trouble that such an event explains: it asks nobody for anything of its own while the event runs."""

ON_THE_WAY = (
    Milestone.CREATED, Milestone.ACCEPTED, Milestone.IN_TRANSIT, Milestone.AT_OUTLET,
    Milestone.OUT_FOR_DELIVERY, Milestone.DELIVERY_FAILED, Milestone.RETURNING,
)  # fmt: skip
"""Parcels that an event can hold up: neither handed over nor waiting to be collected."""


@dataclass(frozen=True, kw_only=True)
class Area:
    """Where: outlets, codes of hubs as scans name them, cities. A parcel is concerned that stands there, or
    is on its way to such an outlet or city."""

    outlet_ids: tuple[int, ...] = ()
    hubs: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    names: tuple[str, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        return not (self.outlet_ids or self.hubs or self.cities)


def faults_of(
    *, kind: str, area: Area, text: str, since: datetime, until: datetime, at: datetime
) -> list[tuple[str, str, str]]:
    """What is wrong with a declaration: (pointer, code, words)."""
    faults = []
    if kind not in frozenset(one.value for one in Declared):
        faults.append(("/kind", "unknown_kind", "选一种：恶劣天气、道路中断、转运中心停运"))
    if area.is_empty:
        faults.append(("/area", "missing_field", "写明哪里受影响"))
    places = (*area.hubs, *area.cities)
    if len(places) > MAX_PLACES or any(len(one) > MAX_PLACE or not one.isprintable() for one in places):
        faults.append(("/area", "too_long", "最多 50 处，每处 40 字以内"))
    if not text.strip() or len(text) > MAX_TEXT or not text.isprintable():
        faults.append(("/text", "missing_field", "写给收件人的话，100 字以内"))
    if since > at:
        faults.append(("/since", "in_future", "开始不能晚于现在"))
    if not at < until <= at + LONGEST:
        faults.append(("/until", "out_of_range", "结束在现在之后，最长 7 天"))
    return faults
