"""Intercepting a parcel: who has it now, until when it can still be stopped, and how it came out. Pure.

"Latest transfer" is the moment after which the parcel is out of the present holder's hands: the evening
departure, the next round of delivery, or at once where a courier or a station has it.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from yishi.shipments.rules.stops import Asked


class State(StrEnum):
    """RUNNING, or how it came out. TOO_LATE: it could not be stopped any more when it was asked."""

    RUNNING = "RUNNING"
    STOPPED = "STOPPED"
    TOO_LATE = "TOO_LATE"
    REFUSED = "REFUSED"
    MISSED = "MISSED"
    WITHDRAWN = "WITHDRAWN"


CHOSEN_BY_HAND = frozenset({State.STOPPED, State.REFUSED, State.MISSED})
"""What a person may say that it came to; the rest is known from the parcel or the case."""


class Holder(StrEnum):
    """Whose hands the parcel is in, by its record."""

    ORIGIN = "ORIGIN"
    ROAD = "ROAD"
    HUB = "HUB"
    DESTINATION = "DESTINATION"
    COURIER = "COURIER"
    STATION = "STATION"
    UNSEEN = "UNSEEN"
    NOBODY = "NOBODY"


# why a moment is the latest; or why it is too late
BEFORE_DEPARTURE, BEFORE_ROUND, AT_ONCE = "BEFORE_DEPARTURE", "BEFORE_ROUND", "AT_ONCE"
SIGNED, GOES_BACK, CANCELLED, LOST = "SIGNED", "GOES_BACK", "CANCELLED", "LOST"

_TOO_LATE = {
    "DELIVERED": SIGNED, "RETURNING": GOES_BACK, "RETURNED": GOES_BACK, "CANCELLED": CANCELLED, "LOST": LOST,
}  # fmt: skip
_IN_A_HUB = frozenset({"arrived_hub", "missorted", "customs", "intercepted"})
_NEW_ADDRESS = frozenset({"address_changed", "forwarded"})
# it was carried on although it was stopped
_CARRIED_ON = frozenset({"OUT_FOR_DELIVERY", "AT_PICKUP_POINT"})


@dataclass(frozen=True)
class CutOffs:
    """The operator's habits, in local time: when the line-haul departs, when couriers go out, and how soon
    a courier or station that has the parcel must act."""

    departs: tuple[time, ...] = (time(19),)
    rounds: tuple[time, ...] = (time(7, 30), time(13, 30))
    at_once: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the parcel's record says; outlets are ours, `eta` is when it will probably be delivered."""

    milestone: str
    kind: str = ""
    moved_at: datetime | None = None
    outlet_id: int | None = None
    origin_id: int | None = None
    destination_id: int | None = None
    courier: str = ""
    eta: datetime | None = None


@dataclass(frozen=True)
class Chance:
    """Who must act (an outlet; None = head office) and until when; no `until` = it is too late."""

    holder: Holder
    why: str
    until: datetime | None = None
    outlet_id: int | None = None
    courier: str = ""

    @property
    def is_possible(self) -> bool:
        return self.until is not None


@dataclass(frozen=True)
class Outcome:
    """How it came out by the parcel's own scans; `frees`: the parcel goes its new way, nothing holds it."""

    state: State
    why: str
    frees: bool = True


def chance_of(known: Known, cut_offs: CutOffs, *, zone: ZoneInfo, at: datetime) -> Chance:
    """Who can still stop the parcel, and until when."""
    if known.milestone in _TOO_LATE:
        return Chance(Holder.NOBODY, _TOO_LATE[known.milestone])
    if known.milestone in ("CREATED", "ACCEPTED"):
        until = next_of(cut_offs.departs, zone, at)
        return Chance(Holder.ORIGIN, BEFORE_DEPARTURE, until, known.outlet_id or known.origin_id)
    here = known.outlet_id or known.destination_id
    if known.milestone in ("OUT_FOR_DELIVERY", "DELIVERY_FAILED"):
        return Chance(Holder.COURIER, AT_ONCE, at + cut_offs.at_once, here, known.courier)
    if known.milestone == "AT_PICKUP_POINT":
        return Chance(Holder.STATION, AT_ONCE, at + cut_offs.at_once, here)
    until = _round_before(known.eta, cut_offs, zone, at)
    if known.milestone == "AT_OUTLET":
        return Chance(Holder.DESTINATION, BEFORE_ROUND, next_of(cut_offs.rounds, zone, at), here)
    if known.milestone == "IN_TRANSIT":
        holder = Holder.HUB if known.kind in _IN_A_HUB else Holder.ROAD
        return Chance(holder, BEFORE_ROUND, until, known.destination_id)
    return Chance(Holder.UNSEEN, BEFORE_ROUND, until, known.origin_id or here)


def next_of(times: tuple[time, ...], zone: ZoneInfo, at: datetime) -> datetime:
    """The first of these times of day after `at`; at the very moment it is too late for that one."""
    local = at.astimezone(zone)
    days = (local.date(), local.date() + timedelta(days=1))
    moments = [datetime.combine(day, each, zone) for day in days for each in times]
    return min(moment.astimezone(at.tzinfo) for moment in moments if moment > at)


def _round_before(eta: datetime | None, cut_offs: CutOffs, zone: ZoneInfo, at: datetime) -> datetime:
    """The round with which it will go out: the last one before its expected arrival, else the next one."""
    first = next_of(cut_offs.rounds, zone, at)
    if eta is None or eta <= first:
        return first
    local = eta.astimezone(zone)
    days = (local.date() - timedelta(days=1), local.date())
    moments = [datetime.combine(day, each, zone) for day in days for each in cut_offs.rounds]
    return max(first, max(moment.astimezone(at.tzinfo) for moment in moments if moment <= eta))


def outcome_of(known: Known, *, asked: str, since: datetime) -> Outcome | None:
    """How an interception asked at `since` came out by what the parcel did; None while it is open."""
    is_after = known.moved_at is not None and known.moved_at > since
    if known.milestone == "DELIVERED":
        return Outcome(State.MISSED if is_after else State.TOO_LATE, SIGNED)
    if known.milestone in ("RETURNING", "RETURNED", "CANCELLED"):
        return Outcome(State.STOPPED, _TOO_LATE[known.milestone])
    if known.milestone == "LOST":
        return Outcome(State.TOO_LATE, LOST)
    if is_after and asked == Asked.NEW_ADDRESS and known.kind in _NEW_ADDRESS:
        return Outcome(State.STOPPED, "NEW_ADDRESS")
    if is_after and known.kind == "intercepted":
        return Outcome(State.STOPPED, "SCANNED", frees=False)
    return None


def was_carried_on(known: Known, since: datetime) -> bool:
    """Whether it was sent out or put down after it had been stopped: a scan of before tells nothing."""
    return known.milestone in _CARRIED_ON and known.moved_at is not None and known.moved_at > since
