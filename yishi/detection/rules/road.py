"""The wrong way: damaged, misrouted, sent to and fro, turned back again and again. Pure."""

from datetime import datetime

from yishi.detection.rules.kinds import Certainty, Finding, Kind, Look, Party
from yishi.detection.rules.parcel import Parcel, Story
from yishi.detection.rules.settings import Params

_OVER = frozenset({"DELIVERED", "RETURNED", "CANCELLED", "LOST"})
_UNDER_WAY = frozenset({"ACCEPTED", "IN_TRANSIT", "AT_OUTLET"})
_ARRIVALS = frozenset({"arrived_hub", "arrived_destination_city", "arrived_at_outlet"})


def damaged(parcel: Parcel, story: Story, params: Params, at: datetime) -> Look:
    """破损: scanned as damaged, until it is handed over or has gone back."""
    found = story.damaged
    if found is None or story.phase in _OVER:
        return None
    return Finding(
        kind=Kind.DAMAGED,
        party=Party.CARRIER,
        certainty=Certainty.KNOWN,
        reason="scanned_damaged",
        since=found.at,
        cause=found.place,
        courier=found.courier,
    )


def misrouted(parcel: Parcel, story: Story, params: Params, at: datetime) -> Look:
    """错分: scanned as missorted and not yet at its own outlet, or out at an outlet that is not its own."""
    if story.phase in _OVER or story.moved is None:
        return None
    wrong, own = story.missorted, parcel.own_outlets
    if wrong is not None and story.phase in ("ACCEPTED", "IN_TRANSIT"):
        return Finding(
            kind=Kind.MISROUTED,
            party=Party.CARRIER,
            certainty=Certainty.KNOWN,
            reason="missorted",
            since=wrong.at,
            cause=wrong.place,
        )
    out = story.out
    if story.phase != "OUT_FOR_DELIVERY" or out is None or not own or not out.outlet or out.outlet in own:
        return None
    return Finding(
        kind=Kind.MISROUTED,
        party=Party.OUTLET,
        certainty=Certainty.SUSPECTED,
        reason="out_elsewhere",
        since=out.at,
        cause=out.outlet,
        courier=out.courier,
    )


def bouncing(parcel: Parcel, story: Story, params: Params, at: datetime) -> Look:
    """往返中转: arrived again, so many times, where it had been before, with another place in between."""
    # two returns to places need five arrivals at the least
    if story.phase not in _UNDER_WAY or len(parcel.scans) < 4:
        return None
    seen, here, again, last = set[str](), "", 0, None
    for scan in parcel.scans:
        place = scan.outlet or scan.city
        if scan.kind not in _ARRIVALS or not place or place == here:
            continue
        if place in seen:
            again, last = again + 1, scan
        seen.add(place)
        here = place
    if last is None or again < params.numbers["times"]:
        return None
    return Finding(
        kind=Kind.BOUNCING,
        party=Party.CARRIER,
        certainty=Certainty.KNOWN,
        reason="to_and_fro",
        since=last.at,
        values={"times": again},
    )


def return_loop(parcel: Parcel, story: Story, params: Params, at: datetime) -> Look:
    """反复退回: turned back, sent on, and turned back again."""
    if story.returns < params.numbers["times"] or story.phase in _OVER:
        return None
    assert story.moved is not None
    return Finding(
        kind=Kind.RETURN_LOOP,
        party=Party.CARRIER,
        certainty=Certainty.KNOWN,
        reason="returned_again",
        since=story.moved.at,
        values={"times": story.returns},
    )
