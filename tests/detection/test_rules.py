"""Each kind of trouble by a table: exactly at the hour, a minute before and after, at night, healed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from yishi.detection.rules.judge import RULES, judge
from yishi.detection.rules.kinds import Certainty, Finding, Kind, Party
from yishi.detection.rules.parcel import (
    Allowance,
    Attempt,
    Habit,
    Parcel,
    Scan,
    Stop,
    Wish,
    middle,
    position_of,
    story_of,
)
from yishi.detection.rules.settings import SHIPPED, Scope, Terms, book_of, fault_of, shipped
from yishi.shipments.rules.milestones import MILESTONE_OF

ZONE = ZoneInfo("Asia/Shanghai")
# ten in the morning there
T = datetime(2026, 3, 2, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOME, FAR = (31.45, 121.10), (31.47, 121.10)
KNOWN = Habit(signed=200, batch_share=10, contact_share=90, drift_m=100)


def h(hours: float) -> datetime:
    return T + timedelta(hours=hours)


def scan(hours: float, kind: str, place: str = "A", **more) -> Scan:
    more.setdefault("courier", "C1")
    return Scan(h(hours), kind, MILESTONE_OF.get(kind, ""), outlet=place, **more)


def look(kind: Kind, hours: float, *scans: Scan, **about):
    parcel = Parcel(scans=tuple(scans), **about)
    return RULES[kind](parcel, story_of(parcel), shipped(kind, ZONE), h(hours))


def reason(kind: Kind, hours: float, *scans: Scan, **about) -> str:
    said = look(kind, hours, *scans, **about)
    return said.reason if isinstance(said, Finding) else ""


# kind, what was scanned, hours after which it is found exactly
SILENCES = [
    (Kind.NO_FIRST_EVENT, [scan(0, "created")], 48),
    (Kind.STALLED, [scan(0, "accepted"), scan(1, "arrived_hub")], 49),
    (Kind.STALLED, [scan(0, "accepted"), scan(1, "arrived_hub"), scan(2, "weight_changed")], 50),
    (Kind.STALLED, [scan(0, "accepted"), scan(1, "arrived_hub"), scan(30, "stalled")], 49),
    (Kind.SENT_NOT_ARRIVED, [scan(0, "accepted"), scan(1, "departed_hub")], 37),
    # ten at night: nobody loads before seven
    (Kind.ARRIVED_NOT_OUT, [scan(0, "arrived_at_outlet")], 21),
    (Kind.ARRIVED_NOT_OUT, [scan(-4, "arrived_at_outlet"), scan(-2, "arrived_at_outlet")], 8),
    (Kind.OUT_NOT_SIGNED, [scan(-3, "out_for_delivery")], 11),
    (Kind.OUT_NOT_SIGNED, [scan(0, "out_for_delivery")], 21),
    (Kind.PICKUP_OVERDUE, [scan(0, "stored_at_pickup_point", detail="station")], 120),
    (Kind.PICKUP_OVERDUE, [scan(6, "stored_at_pickup_point", detail="locker")], 24),
]


@pytest.mark.parametrize(("kind", "scans", "hours"), SILENCES)
def test_a_silence_is_found_exactly_at_its_hour(kind: Kind, scans: list[Scan], hours: float) -> None:
    before = look(kind, hours - 1 / 60, *scans)
    assert before == h(hours)
    assert isinstance(look(kind, hours, *scans), Finding)
    assert isinstance(look(kind, hours + 1 / 60, *scans), Finding)


@pytest.mark.parametrize(("kind", "scans", "hours"), SILENCES)
def test_a_silence_is_one_kind_and_healed_by_the_next_step(
    kind: Kind, scans: list[Scan], hours: float
) -> None:
    silent = {case[0] for case in SILENCES}
    parcel = Parcel(scans=tuple(scans))
    book = book_of([], Scope(), T.date(), ZONE)
    found = [one.kind for one in judge(parcel, book, h(hours + 200)).findings if one.kind in silent]
    assert found == [kind]
    assert not reason(kind, hours + 2, *scans, scan(hours + 1, "delivered"))


def test_an_order_without_any_scan_counts_from_when_we_were_told() -> None:
    assert look(Kind.NO_FIRST_EVENT, 1) is None
    assert look(Kind.NO_FIRST_EVENT, 47, expected_since=T) == h(48)
    assert reason(Kind.NO_FIRST_EVENT, 48, expected_since=T) == "never_picked_up"


def test_an_agreed_later_day_is_no_delay_of_the_outlet() -> None:
    agreed = [scan(0, "arrived_at_outlet"), scan(1, "delivery_scheduled")]
    assert look(Kind.ARRIVED_NOT_OUT, 100, *agreed) is None


LATE = [(0, ""), (1 / 60, "promise_passed"), (5, "promise_passed")]


@pytest.mark.parametrize(("hours", "expected"), LATE)
def test_to_arrive_exactly_at_the_promise_keeps_it(hours: float, expected: str) -> None:
    assert reason(Kind.LATE, hours, scan(-5, "in_transit"), promised_at=T) == expected
    assert not reason(Kind.LATE, hours, scan(-5, "in_transit"), scan(-1, "delivered"), promised_at=T)


FAILURES = [
    ([0], ""),
    ([0, 59 / 60], ""),
    ([0, 1], "tried_in_vain"),
    ([0, 0.5, 1], "tried_in_vain"),
]


@pytest.mark.parametrize(("tries", "expected"), FAILURES)
def test_two_feeds_telling_of_one_try_are_one(tries: list[float], expected: str) -> None:
    scans = [scan(hours, "delivery_failed") for hours in tries]
    assert reason(Kind.FAILED_TWICE, 2, *scans) == expected
    assert not reason(Kind.FAILED_TWICE, 4, *scans, scan(3, "delivered"))


LADDER = [
    ([], 24 - 1 / 60, ""),
    ([], 24, "not_called"),
    ([1], 24, ""),
    ([1], 48, "not_called"),
    ([1, 25], 71.9, ""),
    ([1, 25, 49], 72, "unreachable"),
    ([1], 72, "kept_uncalled"),
]


@pytest.mark.parametrize(("calls", "hours", "expected"), LADDER)
def test_what_is_kept_is_called_every_day(calls: list[float], hours: float, expected: str) -> None:
    attempts = tuple(Attempt(h(call), "CALL") for call in calls)
    kept = [scan(0, "delivery_failed"), scan(2, "arrived_at_outlet")]
    assert reason(Kind.HELD_AT_OUTLET, hours, *kept, attempts=attempts) == expected
    out = scan(hours, "out_for_delivery")
    assert not reason(Kind.HELD_AT_OUTLET, hours, *kept, out, attempts=attempts)
    agreed = scan(3, "redelivery_scheduled")
    assert not reason(Kind.HELD_AT_OUTLET, hours, *kept, agreed, attempts=attempts)


ROADS = [
    (Kind.DAMAGED, [scan(0, "in_transit"), scan(1, "damaged")], "scanned_damaged"),
    (Kind.DAMAGED, [scan(0, "in_transit")], ""),
    (Kind.MISROUTED, [scan(0, "missorted", "B")], "missorted"),
    (Kind.MISROUTED, [scan(0, "missorted", "B"), scan(1, "arrived_at_outlet")], ""),
    (Kind.MISROUTED, [scan(0, "out_for_delivery", "B")], "out_elsewhere"),
    (Kind.MISROUTED, [scan(0, "out_for_delivery", "A")], ""),
    (Kind.MISROUTED, [scan(0, "out_for_delivery", "")], ""),
    (Kind.BOUNCING, [scan(i, "arrived_hub", p) for i, p in enumerate("ABA")], ""),
    (Kind.BOUNCING, [scan(i, "arrived_hub", p) for i, p in enumerate("ABAA")], ""),
    (Kind.BOUNCING, [scan(i, "arrived_hub", p) for i, p in enumerate("ABAB")], "to_and_fro"),
    (Kind.RETURN_LOOP, [scan(0, "returning"), scan(1, "returning")], ""),
    (
        Kind.RETURN_LOOP,
        [scan(0, "returning"), scan(1, "arrived_at_outlet"), scan(2, "returning")],
        "returned_again",
    ),
    (Kind.REFUSED_OUT, [scan(0, "refused"), scan(0.5, "out_for_delivery")], ""),
    (Kind.REFUSED_OUT, [scan(0, "refused"), scan(0.52, "out_for_delivery")], "refused_but_out"),
    (
        Kind.REFUSED_OUT,
        [scan(0, "refused"), scan(1, "redelivery_scheduled"), scan(2, "out_for_delivery")],
        "",
    ),
    (Kind.MOVED_AFTER_DELIVERY, [scan(0, "delivered"), scan(0.5, "out_for_delivery")], ""),
    (
        Kind.MOVED_AFTER_DELIVERY,
        [scan(0, "delivered"), scan(0.52, "out_for_delivery")],
        "moved_after_signing",
    ),
    (
        Kind.MOVED_AFTER_DELIVERY,
        [scan(0, "delivered"), scan(1, "out_for_delivery"), scan(2, "delivered")],
        "",
    ),
]


@pytest.mark.parametrize(("kind", "scans", "expected"), ROADS)
def test_the_wrong_way(kind: Kind, scans: list[Scan], expected: str) -> None:
    assert reason(kind, 10, *scans, own_outlets=frozenset({"A"})) == expected


STOPS = [
    ("INTERCEPTED", "out_for_delivery", 0.5, ""),
    ("INTERCEPTED", "out_for_delivery", 0.52, "passed_a_stop"),
    ("FREIGHT_UNPAID", "out_for_delivery", 5, ""),
    ("FREIGHT_UNPAID", "delivered", 5, "passed_a_stop"),
    ("INTERCEPTED", "returning", 5, ""),
]


@pytest.mark.parametrize(("why", "kind", "hours", "expected"), STOPS)
def test_a_stopped_parcel_must_not_pass(why: str, kind: str, hours: float, expected: str) -> None:
    assert reason(Kind.INTERCEPT_MISSED, 9, scan(hours, kind), stops=(Stop(T, why),)) == expected


PUT = [
    ("locker", {"NO_LOCKER"}, None, [], "against_wish"),
    ("station", {"NO_LOCKER"}, None, [-1], ""),
    ("station", {"DOOR"}, None, [-1], "against_wish"),
    ("locker", {"NO_LOCKER"}, True, [], ""),
    ("locker", set(), False, [-1], "refused_consent"),
    ("locker", set(), None, [], "no_word"),
    ("locker", set(), None, [-24], ""),
    ("locker", set(), None, [-24.1], "no_word"),
]


@pytest.mark.parametrize(("where", "wishes", "consent", "calls", "expected"), PUT)
def test_put_away_without_his_word(where, wishes, consent, calls, expected) -> None:
    put = scan(0, "stored_at_pickup_point", detail=where, consent=consent)
    attempts = tuple(Attempt(h(call), "CALL") for call in calls)
    about = {"wishes": tuple(Wish(kind, h(-9)) for kind in wishes), "attempts": attempts, "habit": KNOWN}
    assert reason(Kind.UNCONSENTED_PLACEMENT, 1, put, **about) == expected
    assert not reason(Kind.UNCONSENTED_PLACEMENT, 3, put, scan(2, "retrieved_by_courier"), **about)


WISHED = [
    # (from when until when he wanted no locker, what is said): the moment of placing decides
    (-1, None, "against_wish"),
    (0, None, "against_wish"),
    (0.1, None, ""),
    (-1, 0.1, "against_wish"),
    (-1, 0, ""),
]


@pytest.mark.parametrize(("since", "until", "expected"), WISHED)
def test_a_wish_counts_that_stood_when_it_was_placed(since, until, expected) -> None:
    put = scan(0, "stored_at_pickup_point", detail="locker")
    wish = Wish("NO_LOCKER", h(since), None if until is None else h(until))
    about = {"wishes": (wish,), "attempts": (Attempt(h(-1), "CALL"),), "habit": KNOWN}
    assert reason(Kind.UNCONSENTED_PLACEMENT, 1, put, **about) == expected


ALLOWED = [
    # (where, what was allowed from when until when, what is said)
    ("locker", [("LOCKER", -1, None)], ""),
    ("locker", [("LOCKER", 0, None)], ""),
    ("locker", [("LOCKER", 0.1, None)], "against_wish"),
    ("locker", [("STATION", -1, None)], "against_wish"),
    # withdrawn after the placing it was allowed still; in that moment it was not
    ("locker", [("LOCKER", -1, 0.1)], ""),
    ("locker", [("LOCKER", -1, 0)], "against_wish"),
    ("locker_or_station", [("LOCKER", -1, None)], "against_wish"),
    ("locker_or_station", [("LOCKER", -1, None), ("STATION", -1, None)], ""),
]


@pytest.mark.parametrize(("where", "allowed", "expected"), ALLOWED)
def test_put_away_as_the_ledger_allows(where, allowed, expected) -> None:
    put = scan(0, "stored_at_pickup_point", detail=where)
    rows = tuple(
        Allowance(kind, h(since), None if until is None else h(until)) for kind, since, until in allowed
    )
    about = {"wishes": (Wish("DOOR", h(-9)),), "allowed": rows, "habit": KNOWN}
    assert reason(Kind.UNCONSENTED_PLACEMENT, 1, put, **about) == expected


def test_of_a_courier_whose_calls_we_never_see_silence_says_nothing() -> None:
    put = scan(0, "stored_at_pickup_point", detail="locker")
    assert look(Kind.UNCONSENTED_PLACEMENT, 1, put, habit=KNOWN._replace(contact_share=49)) is None


def signs(hours: float = 0, more=None, **about) -> str:
    signed = scan(hours, "delivered", **(more or {}))
    said = look(Kind.SUSPECTED_FALSE_SIGN_OFF, hours + 1, signed, **about)
    return str(said.values["signs"]) if isinstance(said, Finding) else ""


BATCHES = KNOWN._replace(batch_share=30)
SIGNS = [
    # one sign is none, whichever it is
    (0, {}, {"habit": KNOWN}, ""),
    (0, {"position": FAR}, {"home": HOME}, ""),
    (13, {}, {}, ""),
    (0, {"position": FAR}, {"home": HOME, "habit": KNOWN}, "no_contact far"),
    (13, {}, {"habit": KNOWN}, "no_contact night"),
    (0, {"detail": "proxy"}, {"habit": KNOWN}, "no_contact no_consent"),
    (0, {"detail": "proxy", "consent": True}, {"habit": KNOWN}, ""),
    (0, {}, {"habit": KNOWN._replace(complaints=3)}, "no_contact complaints"),
    (0, {}, {"habit": KNOWN._replace(complaints=2)}, ""),
    # batch signing and drift are compared with what is usual for him
    (0, {}, {"habit": KNOWN, "same_minute": 8}, "no_contact batch"),
    (0, {}, {"habit": KNOWN, "same_minute": 7}, ""),
    (0, {}, {"habit": BATCHES, "same_minute": 40}, ""),
    (0, {"position": FAR}, {"home": HOME, "habit": KNOWN._replace(drift_m=1_200)}, ""),
    # night and batch are one sign
    (13, {}, {"habit": KNOWN._replace(contact_share=0), "same_minute": 40}, ""),
    (13, {}, {"habit": KNOWN._replace(night_share=30)}, ""),
    # a courier of whom we know little is not judged by habit
    (0, {}, {"habit": KNOWN._replace(signed=29), "same_minute": 40}, ""),
]


@pytest.mark.parametrize(("hours", "more", "about", "expected"), SIGNS)
def test_two_independent_signs_against_his_own_habit(hours, more, about, expected) -> None:
    assert signs(hours, more, **about) == expected


@pytest.mark.parametrize(
    ("called", "expected"),
    [(-24, ""), (-24.1, "no_contact far"), (10 / 60, ""), (11 / 60, "no_contact far"), (-0.1, "")],
)
def test_a_call_counts_although_the_scanner_runs_ten_minutes_slow(called: float, expected: str) -> None:
    about = {"habit": KNOWN, "home": HOME, "attempts": (Attempt(h(called), "CALL"),)}
    assert signs(0, {"position": FAR}, **about) == expected


def test_a_signing_is_watched_for_a_week_then_let_go_and_taken_out_again_it_is_over() -> None:
    signed = scan(0, "delivered", position=FAR)
    about = {"habit": KNOWN, "home": HOME}
    said = look(Kind.SUSPECTED_FALSE_SIGN_OFF, 1, signed, **about)
    assert isinstance(said, Finding)
    assert (said.party, said.certainty, said.due_at) == (Party.COURIER, Certainty.SUSPECTED, h(168))
    assert look(Kind.SUSPECTED_FALSE_SIGN_OFF, 168, signed, **about) is None
    assert look(Kind.SUSPECTED_FALSE_SIGN_OFF, 2, signed, scan(1, "out_for_delivery"), **about) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31.45,121.1", (31.45, 121.1)), ("0,0", None), ("0.0, 0.0", None), ("", None), ("north", None),
        ("nan,1", None), ("91,1", None), ("1,181", None), ("1,inf", None), ("a,b", None),
    ],
)  # fmt: skip
def test_a_position_of_zero_is_none(text: str, expected: object) -> None:
    assert position_of(text) == expected


def test_one_door_may_be_a_mistake_two_are_known() -> None:
    assert middle([HOME]) is None
    assert middle([HOME, HOME, FAR]) == HOME


def test_the_most_specific_setting_counts_while_it_is_valid() -> None:
    day = T.date()
    any_, lane, late = (
        Terms(kind=Kind.STALLED, numbers={"after_hours": hours}, valid_from=day, setting_id=hours, **more)
        for hours, more in ((30, {}), (20, {"destination": "太仓"}), (10, {"outlet": "TC01"}))
    )
    here = Scope("sto", "", "广州", "太仓", "TC01")

    def hours(terms: list[Terms], scope: Scope = here, on=day) -> int:
        return book_of(terms, scope, on, ZONE)[Kind.STALLED].numbers["after_hours"]

    assert hours([any_, lane, late]) == 10
    assert hours([any_, lane]) == 20
    assert hours([any_, lane], Scope("sto")) == 30
    assert hours([any_], on=day - timedelta(days=1)) == 48
    assert book_of([any_], here, day, ZONE)[Kind.STALLED].is_shadow


def test_every_kind_has_a_rule_and_parameters_that_may_be_used() -> None:
    assert set(RULES) == set(SHIPPED) == set(Kind)
    assert not [kind for kind, numbers in SHIPPED.items() if fault_of(kind, numbers)]
    assert fault_of(Kind.STALLED, {"after_hours": 0}) == "after_hours"
    assert fault_of(Kind.STALLED, {"nights": 1}) == "nights"
