"""Which outlet answers for a case, by tables of scans (hours, kind, outlet), oldest first; hour 100: now."""

from datetime import timedelta

import pytest

from tests.world import START
from yishi.routing.rules.custody import Decision, Fault, Scan, at_fault, has_left, responsible_outlet

SENDER, NEAR, CLOSED = 1, 2, 9
OPEN = {SENDER, NEAR, 3}

ROAD = [(0, "accepted", SENDER), (2, "departed_origin_outlet", SENDER), (20, "arrived_hub", None)]
OUT = [*ROAD, (30, "arrived_at_outlet", NEAR), (32, "out_for_delivery", NEAR)]
SIGNED = [*OUT, (34, "delivered", None)]


def story(rows):
    return [Scan(START + timedelta(hours=hour), kind, outlet) for hour, kind, outlet in rows]


@pytest.mark.parametrize(
    ("category", "rows", "fault"),
    [
        # who delivered: a scan without a place is of whoever had it out
        ("SIGNED_NOT_RECEIVED", SIGNED, Fault(NEAR, "DELIVERED_HERE")),
        ("ATTITUDE", OUT, Fault(NEAR, "DELIVERED_HERE")),
        ("UNCONSENTED_PLACEMENT", [*OUT, (34, "stored_at_pickup_point", 3)], Fault(3, "DELIVERED_HERE")),
        ("NO_DOOR_DELIVERY", [*SIGNED, (60, "arrived_at_outlet", SENDER)], Fault(NEAR, "DELIVERED_HERE")),
        ("MISDELIVERED", ROAD, None),
        ("SIGNED_NOT_RECEIVED", [*ROAD, (40, "delivered", None)], None),
        # the first note of damage, wherever it went afterwards; nobody noted any: who handed it over
        ("DAMAGED", [*ROAD[:1], (1, "damaged", SENDER), *SIGNED[1:]], Fault(SENDER, "DAMAGE_NOTED")),
        ("DAMAGED", [*OUT[:4], (31, "damaged", None), *OUT[4:]], Fault(NEAR, "DAMAGE_NOTED")),
        ("DAMAGED", [*ROAD, (21, "damaged", None), *OUT[3:]], Fault(NEAR, "DELIVERED_HERE")),
        ("SHORT", [*ROAD[:1], (1, "weight_changed", SENDER)], Fault(SENDER, "DAMAGE_NOTED")),
        # where it stood longest, until now while it is not delivered; a hub is nobody of ours
        ("DELAY", OUT, Fault(NEAR, "LONGEST_GAP", 68)),
        ("DELAY", [*ROAD[:2], (60, "arrived_at_outlet", NEAR), (61, "delivered", NEAR)],
         Fault(SENDER, "LONGEST_GAP", 58)),
        ("DELAY", [*ROAD[:1], (70, "arrived_at_outlet", NEAR), (71, "delayed", NEAR)],
         Fault(SENDER, "LONGEST_GAP", 70)),
        ("DELAY", ROAD, None),
        ("DELAY", SIGNED, Fault(SENDER, "LONGEST_GAP", 18)),
        ("DELAY", [(0, "accepted", SENDER), (11, "delivered", SENDER)], None),
        ("DELAY", [(0, "accepted", SENDER), (12, "delivered", SENDER)], Fault(SENDER, "LONGEST_GAP", 12)),
        # lost: whoever had it last, also where it has left
        ("LOST", ROAD, Fault(SENDER, "LAST_HOLDER")),
        ("LOST", OUT, Fault(NEAR, "LAST_HOLDER")),
        # sending
        ("ACCEPTANCE", OUT, Fault(SENDER, "ACCEPTED_HERE")),
        ("OVERCHARGE", [(30, "arrived_at_outlet", NEAR)], Fault(3, "ACCEPTED_HERE")),
        # who can put a hand on it now
        ("INTERCEPT", OUT, Fault(NEAR, "HOLDS_NOW")),
        ("INTERCEPT", ROAD[:2], None),
        ("RETURN", ROAD, None),
        ("URGE", ROAD[:1], Fault(SENDER, "HOLDS_NOW")),
        # nothing is known, or the outlet is closed
        ("DELAY", [], None),
        ("LOST", [(0, "accepted", CLOSED)], None),
    ],
)  # fmt: skip
def test_who_had_it_when_it_went_wrong(category, rows, fault):
    now = START + timedelta(hours=100)
    origin = 3 if rows and rows[0][1] != "accepted" else None
    assert at_fault(category, story(rows), origin=origin, at=now, working=OPEN) == fault


@pytest.mark.parametrize(
    ("rows", "on_the_road"), [([], False), (ROAD[:1], False), (ROAD[:2], True), (ROAD, True), (SIGNED, False)]
)
def test_on_the_road(rows, on_the_road):
    assert has_left(story(rows)) is on_the_road


@pytest.mark.parametrize(
    ("fault", "held", "destination", "serving", "working", "decision"),
    [
        (Fault(3, "LONGEST_GAP", 60), 1, 2, None, OPEN, Decision(3, "LONGEST_GAP", 60)),
        (Fault(CLOSED, "LAST_HOLDER"), 1, 2, None, OPEN, Decision(1, "LAST_HELD")),
        (None, 1, 2, 3, OPEN, Decision(1, "LAST_HELD")),
        (None, None, 2, 3, OPEN, Decision(2, "DESTINATION")),
        (None, 1, 2, None, {2}, Decision(2, "DESTINATION")),
        (None, None, None, 3, OPEN, Decision(3, "SERVICE_AREA")),
        (None, 1, None, None, set(), Decision(None, "NO_OUTLET")),
    ],
)
def test_responsible_outlet(fault, held, destination, serving, working, decision):
    known = {"held": held, "destination": destination, "serving": serving, "working": working}
    assert responsible_outlet(is_known=True, fault=fault, **known) == decision


def test_on_the_road_the_destination_can_do_more_than_who_let_it_go():
    known = {"held": 1, "destination": 2, "serving": None, "working": OPEN}
    decision = responsible_outlet(is_known=True, fault=None, is_on_the_road=True, **known)
    assert decision == Decision(2, "DESTINATION")


def test_an_unknown_parcel_is_head_offices():
    known = {"held": None, "destination": None, "serving": None, "working": set()}
    assert responsible_outlet(is_known=False, fault=None, **known) == Decision(None, "UNKNOWN_PARCEL")
