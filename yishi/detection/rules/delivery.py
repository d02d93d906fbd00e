"""Brought in vain: late, tried twice, kept without calling, sent out although refused. Pure."""

from datetime import datetime

from yishi.detection.rules.kinds import Certainty, Finding, Kind, Look, Party
from yishi.detection.rules.parcel import Parcel, Story
from yishi.detection.rules.settings import Params

_HANDED = frozenset({"DELIVERED", "AT_PICKUP_POINT", "RETURNING", "RETURNED", "CANCELLED", "LOST"})
LADDER = 3
"""The rungs of the contact ladder: a call on each of three days (product.md 2.1)."""


def late(parcel: Parcel, story: Story, params: Params, at: datetime) -> Look:
    """超承诺时效: promised, and not there. To arrive exactly at the promised moment keeps it."""
    if parcel.promised_at is None or story.phase in _HANDED or story.phase in ("", "CREATED"):
        return None
    due = parcel.promised_at + params.spans["grace_minutes"]
    if at < due:
        return due
    at_outlet = story.phase in ("AT_OUTLET", "OUT_FOR_DELIVERY", "DELIVERY_FAILED")
    return Finding(
        kind=Kind.LATE,
        party=Party.OUTLET if at_outlet else Party.CARRIER,
        certainty=Certainty.SUSPECTED,
        reason="promise_passed",
        since=parcel.promised_at,
    )


def failed_twice(parcel: Parcel, story: Story, params: Params, at: datetime) -> Look:
    """两次派送不成功: so many tries, each some time after the other; two feeds telling of one try are one."""
    if len(story.failures) < 2 or story.phase in _HANDED:
        return None
    apart, tries, last = params.spans["apart_minutes"], 1, story.failures[0]
    for failure in story.failures[1:]:
        if failure.at - last.at >= apart:
            tries, last = tries + 1, failure
    if tries < params.numbers["times"]:
        return None
    return Finding(
        kind=Kind.FAILED_TWICE,
        party=Party.OUTLET,
        certainty=Certainty.SUSPECTED,
        reason="tried_in_vain",
        since=last.at,
        courier=last.courier,
        values={"times": tries},
    )


def held_at_outlet(parcel: Parcel, story: Story, params: Params, at: datetime) -> Look:
    """留仓: brought back to the outlet. Each day without a contact is a missed rung of the ladder; after the
    last one it is to be asked what shall become of it. An agreed later day is no keeping."""
    if not story.failures or story.phase not in ("DELIVERY_FAILED", "AT_OUTLET") or story.refused is not None:
        return None
    since = story.failures[0].at
    if story.agreed is not None and story.agreed.at >= since:
        return None
    step, after = params.spans["step_hours"], params.spans["after_hours"]
    tried = sum(attempt.at >= since for attempt in parcel.attempts)
    for rung in range(1, LADDER + 1):
        due = since + step * rung
        if due > at:
            return min(due, since + after) if since + after > at else _held(story, parcel, at)
        if tried < rung:
            return _held(story, parcel, at, missed=rung, due_at=since + after if since + after > at else None)
    return since + after if since + after > at else _held(story, parcel, at)


def _held(
    story: Story, parcel: Parcel, at: datetime, *, missed: int = 0, due_at: datetime | None = None
) -> Finding:
    since = story.failures[0].at
    tried = sum(attempt.at >= since for attempt in parcel.attempts)
    is_kept_long = missed == 0 or due_at is None
    return Finding(
        kind=Kind.HELD_AT_OUTLET,
        party=Party.OUTLET if missed else Party.CONSIGNEE,
        certainty=Certainty.KNOWN if missed else Certainty.SUSPECTED,
        reason=("kept_uncalled" if is_kept_long else "not_called") if missed else "unreachable",
        since=since,
        courier=story.failures[0].courier,
        values={"times": tried, "days": max(missed, (at - since).days)},
        due_at=due_at,
    )


def refused_out(parcel: Parcel, story: Story, params: Params, at: datetime) -> Look:
    """拒收后仍派: refused, and out again without anything having been agreed."""
    refused, out = story.refused, story.out
    if refused is None or out is None or story.phase not in ("OUT_FOR_DELIVERY", "DELIVERED"):
        return None
    if out.at <= refused.at + params.spans["grace_minutes"]:
        return None
    if story.agreed is not None and refused.at <= story.agreed.at <= out.at:
        return None
    if story.phase == "DELIVERED":
        return None
    return Finding(
        kind=Kind.REFUSED_OUT,
        party=Party.OUTLET,
        certainty=Certainty.KNOWN,
        reason="refused_but_out",
        since=out.at,
        cause=out.place,
        courier=out.courier,
    )
