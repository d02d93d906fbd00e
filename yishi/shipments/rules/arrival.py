"""From when to when a parcel that is out today will be there, learned from the hours at which it is signed.

Groups, widest first: the outlet; its courier (his number at a brand); that courier in that district. What a
group's history shows is said with the width that holds 80 % of it (`rules.eta`), its ends at half hours
outward, so that what is told is never narrower than history supports. Learning and its measure are those of
`rules.learning`: days are told apart, later ones are held back.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from yishi.shipments.rules.eta import Estimate, Hours, as_told, estimate_of
from yishi.shipments.rules.learning import Example

USUAL = Hours(9 * 60, 20 * 60)
"""Delivery hours of an outlet of whose past nothing is known."""
_LAST_CALL = timedelta(minutes=30)
"""Who is told an hour today has at least so long until nobody delivers any more."""


@dataclass(frozen=True, slots=True)
class Round:
    """What an arrival depends on: whose courier, and where he goes."""

    outlet_id: int | None
    carrier: str
    courier: str
    district: str


def keys_of_round(one: Round) -> tuple[str, ...]:
    """The names of its groups, widest first; () where not even the outlet is known."""
    if one.outlet_id is None:
        return ()
    keys = [f"1|{one.outlet_id}"]
    if one.courier:
        keys.append(f"2|{one.carrier}|{one.courier}")
        if one.district:
            keys.append(f"3|{one.carrier}|{one.courier}|{one.district}")
    return tuple(keys)


def example_of(one: Round, *, out_at: datetime, signed_at: datetime, zone: ZoneInfo) -> Example | None:
    """What a delivered parcel teaches: at which minute of the day it was signed, of one that went out the
    same day; None for what was signed on another day than it last went out."""
    out, signed = out_at.astimezone(zone), signed_at.astimezone(zone)
    keys = keys_of_round(one)
    if not keys or out.date() != signed.date() or signed_at < out_at:
        return None
    return Example(out_at, keys, _minute(signed), _minute(out), keys[0])


def _minute(local: datetime) -> float:
    return local.hour * 60 + local.minute + local.second / 60


@dataclass(frozen=True)
class Window:
    """From when to when; `is_learned` where history speaks, else these are the hours of delivery."""

    from_at: datetime
    until_at: datetime
    is_learned: bool


Learned = tuple[list[float], float]
"""A group's quantiles (minutes of the day) and its stretch."""


def window_today(learned: Learned | None, hours: Hours, *, at: datetime, zone: ZoneInfo) -> Window | None:
    """The window of a parcel that is out and not signed at `at`; None when it will hardly come today."""
    opens, closes = _ends(hours, at, zone)
    if at > closes - _LAST_CALL:
        return None
    said = _said(learned, hours, _midnight(at, zone), at, zone)
    if said is not None and said.until_at > at + _LAST_CALL:
        return Window(said.from_at, min(said.until_at, closes), True)
    begins = max(_half_hour_before(at, zone), opens)
    return Window(begins, closes, False)


def window_next_day(learned: Learned | None, hours: Hours, *, at: datetime, zone: ZoneInfo) -> Window:
    """The window of tomorrow, for a parcel that did not come today."""
    day = _midnight(at, zone) + timedelta(days=1)
    said = _said(learned, hours, day, day, zone)
    if said is not None:
        return Window(said.from_at, said.until_at, True)
    return Window(*_ends(hours, day, zone), False)


def _said(
    learned: Learned | None, hours: Hours, since: datetime, at: datetime, zone: ZoneInfo
) -> Estimate | None:
    if learned is None:
        return None
    found = estimate_of(learned[0], learned[1], since, at)
    return as_told(found, hours, zone) if found else None


def _midnight(at: datetime, zone: ZoneInfo) -> datetime:
    return datetime.combine(at.astimezone(zone).date(), time(0), zone)


def _ends(hours: Hours, at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    day = _midnight(at, zone)
    return day + timedelta(minutes=hours.opens), day + timedelta(minutes=hours.closes)


def _half_hour_before(at: datetime, zone: ZoneInfo) -> datetime:
    local = at.astimezone(zone)
    return local.replace(minute=local.minute // 30 * 30, second=0, microsecond=0)
