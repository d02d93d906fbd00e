"""Decisions of a station, by tables: codes, places, days and money, standing, locks, one-time codes."""

from datetime import UTC, datetime, time, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.stations.rules.codes import Parts, codes_from, make_code, plain_code, template_faults
from yishi.stations.rules.keeping import KeepingRule, extensions, fee_fen, kept_until
from yishi.stations.rules.lockout import Try, lock_on
from yishi.stations.rules.moments import is_of_now, one_time, read_shown, scanned_at, shown, step_of
from yishi.stations.rules.overdue import Look, standing_of
from yishi.stations.rules.packing import standard_of
from yishi.stations.rules.refusals import Stay, why_refused
from yishi.stations.rules.shelves import Place, suggest

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
PARTS = Parts(shelf="12", layer=3, number=4006, tail="8901", phone="5678", random=123456)


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("{shelf}-{layer}-{number:4}", "12-3-4006"),
        ("{shelf}-{layer}-{tail:4}", "12-3-8901"),
        ("{shelf}-{phone}", "12-5678"),
        ("a-{number:3}", "A-006"),
        ("{random:6}", "123456"),
    ],
)
def test_a_code_is_what_the_template_says(template, code):
    assert template_faults(template) == ""
    assert make_code(template, PARTS) == code


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("", "too_long"),
        ("{shelf}-{x}", "unknown_field"),
        ("{shelf}-{layer}", "always_same"),
        ("码{tail}", "bad_sign"),
    ],
)
def test_a_template_that_will_not_do(template, fault):
    assert template_faults(template) == fault


def test_what_is_not_known_leaves_no_hyphen():
    assert make_code("{shelf}-{layer}-{number:4}", Parts(number=7)) == "0007"
    assert make_code("{phone}", Parts(number=7)) == "0007"


def test_a_tail_that_is_taken_gets_a_number_behind_it():
    assert list(islice(codes_from("{shelf}-{tail:4}", PARTS), 3)) == ["12-8901", "12-8901-2", "12-8901-3"]
    assert list(islice(codes_from("{shelf}-{number:4}", PARTS), 2)) == ["12-4006", "12-4007"]


@given(
    st.sampled_from(["{shelf}-{layer}-{number:4}", "{tail}", "{random:6}", "{shelf}-{phone}"]),
    st.integers(0, 10**9),
    st.text("0123456789", min_size=4, max_size=4),
)
def test_the_codes_to_try_all_differ(template, number, tail):
    codes = list(islice(codes_from(template, Parts(shelf="1", number=number, tail=tail, random=number)), 50))
    assert len({plain_code(code) for code in codes}) == len(codes) >= 1


@pytest.mark.parametrize("typed", ["12-3-4006", " 12 3 4006", "１２－３－４００６", "1234006"])
def test_a_code_is_known_however_it_is_typed(typed):
    assert plain_code(typed) == "1234006"


def place(shelf, layer=1, load=0, size="", *, temporary=False):
    return Place(int(shelf), shelf, layer, load, 4, size, temporary)


@pytest.mark.parametrize(
    ("places", "size", "beside", "expected"),
    [
        ([place("1", load=3), place("2", load=1)], "", (), "2-1"),
        ([place("1", load=3), place("2", load=1)], "", ((1, 1),), "1-1"),
        ([place("1", load=4), place("2", load=1)], "", ((1, 1),), "2-1"),
        ([place("1", size="S"), place("2", size="L")], "L", (), "2-1"),
        ([place("1", size="L"), place("2", size="S", load=3)], "S", (), "2-1"),
        ([place("1", temporary=True), place("2", load=3)], "", (), "2-1"),
        ([place("1", load=9), place("2", load=5)], "", (), "2-1"),
        ([place("1", size="S", load=4)], "L", (), "1-1"),
    ],
)
def test_the_place_that_is_suggested(places, size, beside, expected):
    assert suggest(places, size=size, beside=beside).label == expected


def test_no_shelves_no_place():
    assert suggest([]) is None


RULE = KeepingRule(keep_days=3, extend_days=4, free_days=5, fee_fen=50, fee_cap_fen=120)


def test_kept_until_the_station_closes():
    assert kept_until(AT, RULE, time(21, 30)) == AT.replace(day=25, hour=21, minute=30)
    assert kept_until(AT, RULE, None) == AT.replace(day=25, hour=23, minute=59)


@pytest.mark.parametrize(("days", "fen"), [(0, 0), (5, 0), (6, 50), (7, 100), (8, 120), (60, 120)])
def test_a_fee_for_each_day_after_the_free_ones(days, fen):
    assert fee_fen(AT, AT + timedelta(days=days), RULE) == fen


def test_the_last_free_day_is_free_to_its_end():
    assert fee_fen(AT, (AT + timedelta(days=5)).replace(hour=23, minute=59), RULE) == 0
    assert fee_fen(AT, (AT + timedelta(days=6)).replace(hour=0, minute=0), RULE) == 50


def test_how_long_it_can_be_kept():
    found = extensions(AT, kept_until(AT, RULE, None), RULE, None)
    assert [(one.until.day, one.fee_fen) for one in found] == [(26, 0), (27, 0), (28, 50), (29, 100)]
    assert extensions(AT, found[-1].until, RULE, None) == []


@given(st.integers(0, 400), st.integers(0, 30), st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_fee_never_falls_and_never_passes_its_cap(days, free, fen, cap):
    rule = KeepingRule(free_days=free, fee_fen=fen, fee_cap_fen=cap)
    today, tomorrow = (fee_fen(AT, AT + timedelta(days=d), rule) for d in (days, days + 1))
    assert 0 <= today <= tomorrow and (not cap or tomorrow <= cap)


@pytest.mark.parametrize(
    ("said", "hours", "standing"),
    [
        ({}, 0, "NORMAL"),
        ({}, 0.1, "OVERDUE"),
        ({}, 72, "TO_RETURN"),
        ({"is_unwanted": True}, -9, "TO_RETURN"),
        ({"has_contact": False}, -9, "UNKNOWN"),
        ({"is_released": True, "is_unwanted": True}, -9, "RELEASED"),
        ({"is_stopped": True, "is_released": True}, -9, "PROBLEM"),
        ({"is_damaged": True}, -9, "PROBLEM"),
    ],
)
def test_six_kinds(said, hours, standing):
    assert standing_of(Look(keep_until=AT, **said), at=AT + timedelta(hours=hours)) == standing


def tries(count, *, code=b"a", target=None, by="user:1", age=1):
    return [Try(code, target, by, AT - timedelta(minutes=age))] * count


def locked(found, *, code=b"z", target=None, by="user:1", attended=True):
    lock = lock_on(found, code_hash=code, target_hash=target, tried_by=by, is_attended=attended, at=AT)
    return lock.what if lock else ""


@pytest.mark.parametrize(
    ("found", "asked", "what"),
    [
        (tries(4), {}, ""),
        (tries(5), {}, "PLACE"),
        (tries(5), {"by": "user:2"}, ""),
        (tries(5), {"by": "user:2", "code": b"a"}, "CODE"),
        (tries(5, target=b"t"), {"by": "user:2", "target": b"t"}, "PERSON"),
        (tries(5, age=30), {}, ""),
        (
            [t for i in range(20) for t in tries(1, by=f"kiosk:{i}")],
            {"by": "kiosk:x", "attended": False},
            "STATION",
        ),
        ([t for i in range(20) for t in tries(1, by=f"kiosk:{i}")], {"by": "user:2"}, ""),
    ],
)
def test_the_sixth_try_is_locked(found, asked, what):
    assert locked(found, **asked) == what


@pytest.mark.parametrize(
    ("stays", "reason"),
    [
        ([], "unknown"),
        ([Stay("UNDONE", AT)], "unknown"),
        ([Stay("HANDED_OUT", AT), Stay("RETURNED", AT - timedelta(days=9))], "handed_out"),
        ([Stay("INSIDE", None, "仙林")], "wrong_station"),
        ([Stay("RETURNED", AT), Stay("INSIDE", None, "仙林")], "returned"),
    ],
)
def test_why_a_code_opens_nothing(stays, reason):
    assert why_refused(stays)[0] == reason


def test_a_one_time_code_lasts_a_minute_and_the_next():
    digits = one_time(b"s", 7, step_of(AT))
    assert read_shown(shown(b"s", 7, AT)) == (7, digits)
    assert is_of_now(b"s", 7, digits, AT) and is_of_now(b"s", 7, digits, AT + timedelta(seconds=119))
    assert not is_of_now(b"s", 7, digits, AT + timedelta(seconds=120))
    assert not is_of_now(b"s", 7, digits, AT - timedelta(seconds=1))
    assert not is_of_now(b"s", 8, digits, AT) and not is_of_now(b"t", 7, digits, AT)


@pytest.mark.parametrize(
    ("scanned", "sent", "ago_s"),
    [(None, None, 0), (0, 60, 60), (7200, 7260, 60), (60, 0, 0), (0, 200_000, 0)],
)
def test_a_scan_is_dated_by_how_long_the_scanner_held_it(scanned, sent, ago_s):
    by_its_clock = [None if s is None else AT + timedelta(days=3, seconds=s) for s in (scanned, sent)]
    assert scanned_at(scanned=by_its_clock[0], sent=by_its_clock[1], at=AT) == AT - timedelta(seconds=ago_s)


@pytest.mark.parametrize(
    ("goods", "codes"),
    [("玻璃杯 2 个", ["FOAM", "BOX"]), ("杯", ["BOX"]), ("", []), ("书", []), ("BOOKS", ["BAG"])],
)
def test_the_standard_packing_is_that_of_its_goods(goods, codes):
    assert standard_of(goods, {"BOX": ["杯"], "FOAM": ["玻璃", ""], "BAG": ["books"], "TAPE": []}) == codes
