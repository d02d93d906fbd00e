"""Signed for, or put somewhere: by whom, with whose consent, and is that so? Pure.

A false sign-off is never concluded from one sign, and what is daily practice with a courier (signing a whole
round at once, a device that stands beside the truth) is no sign in his case.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from yishi.detection.rules.kinds import Certainty, Finding, Kind, Look, Party
from yishi.detection.rules.parcel import Habit, Parcel, Scan, Story, metres
from yishi.detection.rules.settings import Params
from yishi.shipments.rules.stops import holds_back

_NO_PUT = {"locker": "NO_LOCKER", "station": "NO_STATION", "agent": "NO_STATION", "sf_store": "NO_STATION"}
# where it is not told which of the two, both must be allowed
_ALLOWS = {
    **{detail: ("STATION",) for detail, wish in _NO_PUT.items() if wish == "NO_STATION"},
    "locker_or_station": ("LOCKER", "STATION"),
}
_PROXY = frozenset({"proxy", "pickup_point"})
_ON_ITS_WAY = frozenset({"IN_TRANSIT", "AT_OUTLET", "OUT_FOR_DELIVERY", "AT_PICKUP_POINT"})
_SCANS = {"OUT_FOR_DELIVERY": "OUT_FOR_DELIVERY", "DELIVERED": "SIGN", "AT_PICKUP_POINT": "SIGN"}


def suspected_false_sign_off(parcel: Parcel, story: Story, params: Params, at: datetime) -> Look:
    """疑似虚假签收: at least two independent signs; watched for some days after the signing, then let go."""
    signed = story.delivered
    if signed is None or story.phase != "DELIVERED":
        return None
    ends = signed.at + params.spans["watch_hours"]
    if at >= ends:
        return None
    signs = list(signs_of(parcel, signed, params))
    if len(signs) < params.numbers["signs"]:
        return ends
    return Finding(
        kind=Kind.SUSPECTED_FALSE_SIGN_OFF,
        party=Party.COURIER,
        certainty=Certainty.SUSPECTED,
        reason="signs",
        since=signed.at,
        courier=signed.courier,
        values={"signs": " ".join(signs), "count": len(signs)},
        due_at=ends,
    )


def signs_of(parcel: Parcel, signed: Scan, params: Params) -> Iterator[str]:
    """What speaks against a signing, each sign from another source of knowledge."""
    numbers, habit = params.numbers, parcel.habit
    knows_him = habit is not None and habit.signed >= numbers["known_parcels"]
    if _uncalled(parcel, signed, params, habit):
        yield "no_contact"
    if signed.detail in _PROXY and not signed.consent and not _may_take_in(parcel, signed):
        yield "no_consent"
    if _is_far(parcel, signed, numbers["far_metres"], habit):
        yield "far"
    usual = numbers["usual_percent"]
    # night and batch are both about the moment: one sign
    if params.is_night(signed.at) and not (habit is not None and knows_him and habit.night_share >= usual):
        yield "night"
    elif parcel.same_minute >= numbers["batch_parcels"] and habit and knows_him and habit.batch_share < usual:
        yield "batch"
    if habit is not None and habit.complaints >= numbers["complaints"]:
        yield "complaints"


def _uncalled(parcel: Parcel, signed: Scan, params: Params, habit: Habit | None) -> bool:
    """No attempt before the signing, by somebody whose attempts we usually get to know."""
    if habit is None or habit.contact_share < params.numbers["recorded_percent"]:
        return False
    begins = signed.at - params.spans["contact_hours"]
    ends = signed.at + params.spans["skew_minutes"]
    return not any(begins <= attempt.at <= ends for attempt in parcel.attempts)


def _is_far(parcel: Parcel, signed: Scan, far_metres: int, habit: Habit | None) -> bool:
    if signed.position is None or parcel.home is None:
        return False
    usual = habit.drift_m if habit is not None else 0
    return metres(signed.position, parcel.home) > max(far_metres, 2 * usual)


def unconsented_placement(parcel: Parcel, story: Story, params: Params, at: datetime) -> Look:
    """疑似违愿投柜/站: put where he did not want it (known), or without a word to him (suspected)."""
    put = story.put
    if put is None or story.phase != "AT_PICKUP_POINT" or put.consent or _was_allowed(parcel, put):
        return None
    wish = _NO_PUT.get(put.detail, "NO_LOCKER")
    wishes = wished_at(parcel, put.at)
    against = wish in wishes or "DOOR" in wishes
    if not against and put.detail == "locker_or_station":
        against = wishes >= {"NO_LOCKER", "NO_STATION"}
    reason = "against_wish" if against else "refused_consent" if put.consent is False else "no_word"
    if reason == "no_word":
        habit = parcel.habit
        if habit is None or habit.contact_share < params.numbers["recorded_percent"]:
            return None
        if any(put.at - timedelta(hours=24) <= attempt.at <= put.at for attempt in parcel.attempts):
            return None
    return Finding(
        kind=Kind.UNCONSENTED_PLACEMENT,
        party=Party.COURIER,
        certainty=Certainty.SUSPECTED if reason == "no_word" else Certainty.KNOWN,
        reason=reason,
        since=put.at,
        cause=put.place,
        courier=put.courier,
        values={"where": put.detail},
    )


def _was_allowed(parcel: Parcel, put: Scan) -> bool:
    """Whether the ledger holds a consent for the moment of placing; one withdrawn later does not matter."""
    return allowed_at(parcel, put.at).issuperset(_ALLOWS.get(put.detail, ("LOCKER",)))


def _may_take_in(parcel: Parcel, signed: Scan) -> bool:
    """Whether others might sign for it: by name nobody is known, so any of those whom he allowed will do."""
    others = {"GUARD", "NEIGHBOUR"} if signed.detail == "proxy" else {"STATION", "LOCKER"}
    return bool(allowed_at(parcel, signed.at) & others)


def wished_at(parcel: Parcel, at: datetime) -> frozenset[str]:
    """The wishes that stood at a moment: one stated or taken back since is nobody's fault."""
    return frozenset(w.kind for w in parcel.wishes if w.since <= at and (w.until is None or at < w.until))


def allowed_at(parcel: Parcel, at: datetime) -> frozenset[str]:
    """The placements that the ledger allowed at a moment."""
    found = (one for one in parcel.allowed if one.since <= at and (one.until is None or at < one.until))
    return frozenset(one.placement for one in found)


def moved_after_delivery(parcel: Parcel, story: Story, params: Params, at: datetime) -> Look:
    """签收后再流转: signed for, and later seen on its way again; what was scanned out of order is not."""
    signed = story.delivered
    if signed is None or story.phase not in _ON_ITS_WAY or story.moved is None:
        return None
    if story.moved.at <= signed.at + params.spans["grace_minutes"]:
        return None
    return Finding(
        kind=Kind.MOVED_AFTER_DELIVERY,
        party=Party.COURIER,
        certainty=Certainty.SUSPECTED,
        reason="moved_after_signing",
        since=story.moved.at,
        courier=signed.courier,
    )


def intercept_missed(parcel: Parcel, story: Story, params: Params, at: datetime) -> Look:
    """拦截未拦: a parcel that is to be stopped was taken out, signed or put away all the same."""
    moved = story.moved
    if not parcel.stops or moved is None or (scan := _SCANS.get(moved.milestone)) is None:
        return None
    for stop in parcel.stops:
        if holds_back(stop.reason, scan) and moved.at > stop.since + params.spans["grace_minutes"]:
            return Finding(
                kind=Kind.INTERCEPT_MISSED,
                party=Party.OUTLET,
                certainty=Certainty.KNOWN,
                reason="passed_a_stop",
                since=moved.at,
                cause=stop.reason,
                courier=moved.courier,
                values={"stop": stop.reason},
            )
    return None
