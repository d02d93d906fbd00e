"""Who can still stop a parcel and until when, by tables; how it came out by the parcel's own scans."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from yishi.cases.rules.interceptions import CutOffs, Known, chance_of, outcome_of, was_carried_on

ZONE = ZoneInfo("Asia/Shanghai")
HABITS = CutOffs()
HERE, THERE, ORIGIN = 1, 2, 3


def at(said: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{said}").replace(tzinfo=ZONE)


def known(milestone, kind="", **more) -> Known:
    places = {"outlet_id": HERE, "origin_id": ORIGIN, "destination_id": THERE}
    return Known(milestone=milestone, kind=kind, **{**places, **more})


@pytest.mark.parametrize(
    ("now", "parcel", "holder", "outlet", "until"),
    [
        # before the evening departure; at the very moment it is tomorrow's
        ("22 10:00", known("ACCEPTED"), "ORIGIN", HERE, "22 19:00"),
        ("22 18:59", known("CREATED", outlet_id=None), "ORIGIN", ORIGIN, "22 19:00"),
        ("22 19:00", known("ACCEPTED"), "ORIGIN", HERE, "23 19:00"),
        ("22 23:30", known("ACCEPTED"), "ORIGIN", HERE, "23 19:00"),
        # on the road: the round before it is expected, else the next one; who waits at the other end acts
        ("22 10:00", known("IN_TRANSIT", "departed_hub"), "ROAD", THERE, "22 13:30"),
        ("22 10:00", known("IN_TRANSIT", eta=at("24 11:00")), "ROAD", THERE, "24 07:30"),
        ("22 10:00", known("IN_TRANSIT", eta=at("24 06:00")), "ROAD", THERE, "23 13:30"),
        ("22 10:00", known("IN_TRANSIT", eta=at("24 07:30")), "ROAD", THERE, "24 07:30"),
        ("22 10:00", known("IN_TRANSIT", eta=at("22 09:00")), "ROAD", THERE, "22 13:30"),
        ("22 10:00", known("IN_TRANSIT", "arrived_hub"), "HUB", THERE, "22 13:30"),
        ("22 10:00", known("IN_TRANSIT", "arrived_hub", destination_id=None), "HUB", None, "22 13:30"),
        # at the outlet: before the next round
        ("22 07:29", known("AT_OUTLET"), "DESTINATION", HERE, "22 07:30"),
        ("22 07:30", known("AT_OUTLET"), "DESTINATION", HERE, "22 13:30"),
        ("22 20:00", known("AT_OUTLET", outlet_id=None), "DESTINATION", THERE, "23 07:30"),
        # a courier or a station has it: at once
        ("22 10:00", known("OUT_FOR_DELIVERY", courier="YT0001"), "COURIER", HERE, "22 10:30"),
        ("22 10:00", known("DELIVERY_FAILED"), "COURIER", HERE, "22 10:30"),
        ("22 23:50", known("AT_PICKUP_POINT"), "STATION", HERE, "23 00:20"),
        # nothing was seen yet
        ("22 10:00", known("UNKNOWN", outlet_id=None), "UNSEEN", ORIGIN, "22 13:30"),
        # too late
        *(
            ("22 10:00", known(milestone), "NOBODY", None, None)
            for milestone in ("DELIVERED", "RETURNING", "RETURNED", "CANCELLED", "LOST")
        ),
    ],
)
def test_the_latest_transfer(now, parcel, holder, outlet, until):
    chance = chance_of(parcel, HABITS, zone=ZONE, at=at(now))
    assert (chance.holder, chance.outlet_id) == (holder, outlet)
    assert chance.until == (at(until) if until else None) and chance.is_possible == bool(until)


@pytest.mark.parametrize(
    ("parcel", "asked", "minutes", "state", "frees"),
    [
        (known("DELIVERED"), "RETURN", 1, "MISSED", True),
        (known("DELIVERED"), "RETURN", 0, "TOO_LATE", True),  # signed at the very moment it was asked
        (known("DELIVERED"), "HOLD", -5, "TOO_LATE", True),  # a scan that came in late
        (known("RETURNING"), "RETURN", 5, "STOPPED", True),
        (known("CANCELLED"), "HOLD", 5, "STOPPED", True),
        (known("IN_TRANSIT", "intercepted"), "HOLD", 5, "STOPPED", False),
        (known("IN_TRANSIT", "intercepted"), "HOLD", -5, None, None),
        (known("IN_TRANSIT", "address_changed"), "NEW_ADDRESS", 5, "STOPPED", True),
        (known("IN_TRANSIT", "address_changed"), "RETURN", 5, None, None),
        (known("OUT_FOR_DELIVERY"), "RETURN", 5, None, None),
        (known("LOST"), "RETURN", 5, "TOO_LATE", True),
    ],
)
def test_how_it_came_out(parcel, asked, minutes, state, frees):
    since = at("22 10:00")
    moved = Known(**{**vars(parcel), "moved_at": since + timedelta(minutes=minutes)})
    outcome = outcome_of(moved, asked=asked, since=since)
    assert (outcome.state, outcome.frees) == (state, frees) if state else outcome is None


@pytest.mark.parametrize(
    ("milestone", "minutes", "is_carried_on"),
    [("OUT_FOR_DELIVERY", 1, True), ("AT_PICKUP_POINT", 1, True), ("OUT_FOR_DELIVERY", 0, False),
     ("OUT_FOR_DELIVERY", -30, False), ("AT_OUTLET", 1, False), ("DELIVERED", 1, False)],
)  # fmt: skip
def test_a_parcel_carried_on_although_it_was_stopped(milestone, minutes, is_carried_on):
    since = at("22 10:00")
    moved = Known(milestone=milestone, moved_at=since + timedelta(minutes=minutes))
    assert was_carried_on(moved, since) is is_carried_on
