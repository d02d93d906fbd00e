"""Nothing happens: one silence is one kind, told by the phase in which the parcel fell silent. Pure."""

from datetime import datetime, timedelta

from yishi.detection.rules.kinds import Certainty, Finding, Kind, Look, Party
from yishi.detection.rules.parcel import Parcel, Scan, Story
from yishi.detection.rules.settings import Params

_LEFT = frozenset({"departed_hub", "departed_origin_outlet"})
_HOUR = timedelta(hours=1)


def no_first_event(parcel: Parcel, story: Story, params: Params, at: datetime) -> Look:
    """有单无件: ordered, and never picked up."""
    since = story.phase_since if story.phase == "CREATED" else parcel.expected_since
    if story.phase not in ("", "CREATED") or since is None:
        return None
    due = since + params.spans["after_hours"]
    if at < due:
        return due
    return Finding(
        kind=Kind.NO_FIRST_EVENT,
        party=Party.SHIPPER,
        certainty=Certainty.SUSPECTED,
        reason="never_picked_up",
        since=since,
        values=_hours(since, at),
    )


def stalled(parcel: Parcel, story: Story, params: Params, at: datetime) -> Look:
    """轨迹停滞: under way, last seen somewhere, and no scan since."""
    if story.phase not in ("ACCEPTED", "IN_TRANSIT", "RETURNING") or _has_left(story):
        return None
    return _quiet(Kind.STALLED, "no_scan", story.heard, params, at)


def sent_not_arrived(parcel: Parcel, story: Story, params: Params, at: datetime) -> Look:
    """有发未到: left one place and has not been seen at the next."""
    if story.phase != "IN_TRANSIT" or not _has_left(story):
        return None
    return _quiet(Kind.SENT_NOT_ARRIVED, "left_not_arrived", story.heard, params, at)


def arrived_not_out(parcel: Parcel, story: Story, params: Params, at: datetime) -> Look:
    """有到未派: at the outlet, and not taken out. Nobody loads at night; an agreed later day is no delay."""
    if story.phase != "AT_OUTLET" or story.phase_since is None or story.failures or story.agreed:
        return None
    due = params.awake(story.phase_since + params.spans["after_hours"])
    if at < due:
        return due
    assert story.moved is not None
    return Finding(
        kind=Kind.ARRIVED_NOT_OUT,
        party=Party.OUTLET,
        certainty=Certainty.KNOWN,
        reason="arrived_not_out",
        since=story.phase_since,
        cause=story.moved.place,
        values=_hours(story.phase_since, at),
    )


def out_not_signed(parcel: Parcel, story: Story, params: Params, at: datetime) -> Look:
    """有派未签: taken out, and neither handed over nor brought back."""
    if story.phase != "OUT_FOR_DELIVERY" or story.out is None:
        return None
    due = params.awake(story.out.at + params.spans["after_hours"])
    if at < due:
        return due
    return Finding(
        kind=Kind.OUT_NOT_SIGNED,
        party=Party.COURIER,
        certainty=Certainty.KNOWN,
        reason="out_not_signed",
        since=story.out.at,
        cause=story.out.place,
        courier=story.out.courier,
        values=_hours(story.out.at, at),
    )


def pickup_overdue(parcel: Parcel, story: Story, params: Params, at: datetime) -> Look:
    """滞留未取: waits in a locker or station, and nobody comes; he is not reminded at night."""
    if story.phase != "AT_PICKUP_POINT" or story.phase_since is None or story.put is None:
        return None
    is_locker = story.put.detail == "locker"
    due = params.awake(story.phase_since + params.spans["locker_hours" if is_locker else "station_hours"])
    if at < due:
        return due
    return Finding(
        kind=Kind.PICKUP_OVERDUE,
        party=Party.CONSIGNEE,
        certainty=Certainty.SUSPECTED,
        reason="locker_not_emptied" if is_locker else "not_picked_up",
        since=story.phase_since,
        values=_hours(story.phase_since, at),
    )


def _has_left(story: Story) -> bool:
    return story.moved is not None and story.moved.kind in _LEFT


def _quiet(kind: Kind, reason: str, heard: Scan | None, params: Params, at: datetime) -> Look:
    """Found once the hours since the last scan have passed, exactly at that moment."""
    if heard is None:
        return None
    due = heard.at + params.spans["after_hours"]
    if at < due:
        return due
    return Finding(
        kind=kind,
        party=Party.CARRIER,
        certainty=Certainty.SUSPECTED,
        reason=reason,
        since=heard.at,
        cause=heard.place,
        values=_hours(heard.at, at),
    )


def _hours(since: datetime, at: datetime) -> dict[str, int]:
    return {"hours": (at - since) // _HOUR}
