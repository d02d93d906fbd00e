"""Which of two wishes holds, what a complaint lets us guess, and which hours a wish names."""

from datetime import timedelta

import pytest

from tests.world import START
from yishi.consignees.rules import Stated, Why, Window, contradict, is_for, learned_from, settle, window_of

DAY = timedelta(days=1)
ALL = frozenset(range(7))


def said(kind, source="CONSUMER", day=0, **more):
    return Stated(kind=kind, source=source, at=START + day * DAY, **more)


CONTRADICTIONS = [
    # (one, other, whether both cannot hold)
    (said("DOOR"), said("MAY_LOCKER"), True),
    (said("NO_LOCKER"), said("MAY_LOCKER"), True),
    (said("NO_LOCKER"), said("MAY_STATION"), False),
    (said("DOOR"), said("NO_LOCKER"), False),
    (said("DOOR"), said("GUARD"), True),
    (said("CALL_FIRST"), said("DOOR"), False),
    (said("GUARD", value="南门"), said("GUARD", value="北门"), True),
    (said("DOOR", address="东山街道 1 号"), said("GUARD"), False),
    (said("DOOR", address="东山街道 1 号"), said("GUARD", address="东山街道1号"), True),
    (said("TIME_WINDOW", value="工作日 18:00-21:00"), said("TIME_WINDOW", value="周末 10:00-12:00"), False),
    (said("TIME_WINDOW", value="18:00-21:00"), said("TIME_WINDOW", value="周末 10:00-12:00"), True),
    (said("TIME_WINDOW", value="晚上"), said("TIME_WINDOW", value="周末 10:00-12:00"), True),
    # one begins in the moment in which the other ends, or a moment later
    (said("DOOR", valid_until=START), said("GUARD", valid_from=START), True),
    (said("DOOR", valid_until=START), said("GUARD", valid_from=START + timedelta(seconds=1)), False),
]


@pytest.mark.parametrize(("one", "other", "is_so"), CONTRADICTIONS)
def test_what_cannot_both_hold(one, other, is_so):
    assert contradict(one, other) is contradict(other, one) is is_so


@pytest.mark.parametrize(
    ("new", "old", "why_new_loses", "why_old_ends"),
    [
        (said("DOOR", day=1), said("GUARD"), None, Why.CONTRADICTED),
        (said("GUARD", day=1, value="北门"), said("GUARD"), None, Why.CHANGED),
        # the person's own word stands against whoever noted something else, however new
        (said("GUARD", "courier", day=9), said("DOOR"), Why.OVERRULED, None),
        (said("DOOR", day=-9), said("GUARD", "courier"), None, Why.CONTRADICTED),
        (said("GUARD", "group_chat", day=1), said("DOOR", "courier"), None, Why.CONTRADICTED),
        # an offline note that arrives late
        (said("GUARD", "courier", day=-1), said("DOOR", "agent"), Why.OLDER, None),
        # confirmed is his word as well: the newer holds, in the same moment what he said himself
        (said("DOOR", "LEARNED", day=1), said("GUARD"), None, Why.CONTRADICTED),
        (said("GUARD", day=1), said("DOOR", "LEARNED"), None, Why.CONTRADICTED),
        (said("DOOR", "LEARNED"), said("GUARD"), Why.OLDER, None),
        (said("GUARD"), said("DOOR", "LEARNED"), None, Why.CONTRADICTED),
        # a consent is his own word: a courier's note does not take it away, his own wish does
        (said("NO_LOCKER", "courier", day=1), said("MAY_LOCKER"), Why.OVERRULED, None),
        (said("NO_LOCKER", day=1), said("MAY_LOCKER"), None, Why.CONTRADICTED),
        (said("CALL_FIRST", day=1), said("DOOR"), None, None),
    ],
)
def test_which_holds(new, old, why_new_loses, why_old_ends):
    settled = settle(new, [old])
    assert (settled.why, settled.ends.get(0)) == (why_new_loses, why_old_ends)


def test_what_loses_ends_nothing():
    settled = settle(said("DOOR", "courier", day=1), [said("NEIGHBOUR", "agent"), said("GUARD")])
    assert (settled.loses_to, settled.why, settled.ends) == (1, Why.OVERRULED, {})


@pytest.mark.parametrize(
    ("found", "validity", "placed", "kinds"),
    [
        ("NO_DOOR_DELIVERY", "VALID", "", ("DOOR",)),
        ("NO_DOOR_DELIVERY", "INVALID", "", ()),
        ("NO_DOOR_DELIVERY", "", "", ()),
        ("UNCONSENTED_PLACEMENT", "PARTLY", "locker", ("NO_LOCKER",)),
        ("UNCONSENTED_PLACEMENT", "VALID", "sf_store", ("NO_STATION",)),
        ("UNCONSENTED_PLACEMENT", "VALID", "locker_or_station", ("NO_LOCKER", "NO_STATION")),
        ("UNCONSENTED_PLACEMENT", "VALID", "", ("NO_LOCKER", "NO_STATION")),
        ("DELAY", "VALID", "locker", ()),
    ],
)
def test_what_a_complaint_lets_us_guess(found, validity, placed, kinds):
    assert learned_from(found=found, validity=validity, placed=placed) == kinds


@pytest.mark.parametrize(
    ("value", "days", "hours"),
    [
        ("18:00-21:00", ALL, (18, 21)),
        ("每天 ８:00～9:00", ALL, (8, 9)),
        ("周末 18:00至21:00", {5, 6}, (18, 21)),
        ("工作日 9:00-12:00", set(range(5)), (9, 12)),
        ("21:00-18:00", None, None),
        ("18:00-18:00", None, None),
        ("18:00-25:00", None, None),
        ("晚上", None, None),
        ("", None, None),
    ],
)
def test_the_hours_that_a_wish_names(value, days, hours):
    found = window_of(value)
    assert (found is None) if days is None else isinstance(found, Window)
    if found is not None:
        assert (found.days, (found.begins.hour, found.ends.hour)) == (days, hours)


PLACES = [
    # (where the wish is meant, the parcel's address, whether it counts there)
    ("", "江苏省南京市玄武区翠屏路 8 号 3 栋 501", True),
    ("翠屏路8号3栋", "江苏省南京市玄武区翠屏路 8 号 3 栋 501", True),
    ("江苏省南京市玄武区翠屏路8号3栋501室", "翠屏路8号3栋501", True),
    ("翠屏路8号3栋", "江苏省南京市鼓楼区学府路 2 号", False),
    ("翠屏路8号3栋", "", True),
]


@pytest.mark.parametrize(("place", "address", "expected"), PLACES)
def test_a_wish_for_one_address_says_nothing_of_another(place, address, expected) -> None:
    assert is_for(place, address) is expected
