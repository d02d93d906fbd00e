"""The line, the forecast, Erlang and the waves: values against ones worked out another way."""

from datetime import UTC, datetime, time, timedelta
from math import factorial, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.stations.rules.queue import (
    Expected,
    Place,
    before,
    expected_wait,
    in_order,
    middle_and_late,
    ticket_no,
)
from yishi.stations.rules.staffing import (
    blocked,
    counters_for,
    mean_wait_s,
    must_wait,
    served_within,
)
from yishi.stations.rules.waves import EVERY, MOST_AHEAD, NEVER, after_quiet, next_slot

AT = datetime(2026, 11, 11, 10, tzinfo=UTC)
STEADY = [60.0] * 5


def wait(ahead, counters=1, busy=1, last_hour=(), weeks=()):
    return expected_wait(ahead=ahead, counters=counters, busy=busy, last_hour=last_hour, weeks=weeks)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"ahead": 0, "busy": 0}, Expected(0, 0)),  # somebody is free: measured or not
        ({"ahead": 1, "counters": 2, "busy": 0}, Expected(0, 0)),
        ({"ahead": 0, "last_hour": STEADY}, Expected(1, 1)),
        ({"ahead": 3, "last_hour": STEADY}, Expected(4, 4)),
        ({"ahead": 3, "counters": 2, "busy": 2, "last_hour": STEADY}, Expected(2, 2)),
        # the mean is 80 s, its spread 44.7: five ends last 400 s ± 128
        ({"ahead": 4, "last_hour": [40, 40, 80, 120, 120]}, Expected(4, 9)),
        ({"ahead": 3, "last_hour": STEADY[:4]}, None),  # too few to say anything
        ({"ahead": 3, "last_hour": STEADY[:4], "weeks": STEADY}, Expected(4, 4)),
        ({"ahead": 3, "last_hour": [*STEADY[:4], 3, 4000]}, None),  # pressed away, forgotten
        ({"ahead": 3, "counters": 0, "busy": 0, "last_hour": STEADY}, None),
    ],
)
def test_how_long_one_waits(said, expected):
    assert wait(**said) == expected


@given(st.integers(0, 300), st.integers(0, 20), st.integers(0, 20), st.lists(st.floats(0, 5000), max_size=30))
def test_a_wait_is_never_negative_and_longer_behind_more(ahead, counters, busy, measured):
    found, behind = (wait(n, counters, busy, measured) for n in (ahead, ahead + 1))
    assert found is None or 0 <= found.low_min <= found.high_min
    assert found is None or behind is None or behind.high_min >= found.high_min


@given(st.sets(st.integers(1, 2000), min_size=1, max_size=40), st.data())
def test_whom_we_failed_goes_first_and_nobody_overtakes_his_like(numbers, data):
    first = data.draw(st.sets(st.sampled_from(sorted(numbers))))
    places = [Place(number, number in first) for number in numbers]
    order = in_order(places)
    assert [one.number for one in order] == sorted(first) + sorted(numbers - first)
    assert [before(places, one.number) for one in order] == list(range(len(order)))


def test_numbers_and_waits_as_they_are_read():
    assert [ticket_no(n) for n in (1, 999, 1000)] == ["A001", "A999", "B001"]
    assert middle_and_late([]) is None and middle_and_late([float(n) for n in range(1, 11)]) == (5, 9)


def erlang_c(counters, load):
    """The textbook sum, not the recurrence."""
    tail = load**counters / factorial(counters) * counters / (counters - load)
    return tail / (sum(load**k / factorial(k) for k in range(counters)) + tail)


@pytest.mark.parametrize(("counters", "load"), [(1, 0.5), (2, 1.0), (3, 2.5), (12, 10.0), (55, 50.0)])
def test_erlang_is_the_textbooks(counters, load):
    assert must_wait(counters, load) == pytest.approx(erlang_c(counters, load), rel=1e-9)


@pytest.mark.parametrize(
    ("counters", "load", "waits"),
    [(1, 0.5, 0.5), (2, 1.0, 1 / 3), (3, 2.0, 4 / 9), (2, 2.0, 1.0), (1, 0.0, 0.0)],
)
def test_erlang_by_hand(counters, load, waits):
    assert must_wait(counters, load) == pytest.approx(waits)


def test_staff_for_an_hour():
    assert blocked(2, 1.0) == pytest.approx(0.2)
    # M/M/1 at half load: the mean wait is the service itself; exp(-0.5·t/s) of those who wait still do
    assert mean_wait_s(1, 0.5, service_s=60) == pytest.approx(60) and mean_wait_s(1, 1.0, service_s=60) == inf
    assert served_within(1, 0.5, service_s=60, within_s=120) == pytest.approx(1 - 0.5 * 2.718281828**-1)
    # 120 visits of 60 s are 2 Erlang: three counters let 1 - 4/9·e⁻³ through within three minutes, two never
    assert counters_for(120, service_s=60) == 3
    assert [counters_for(visits, service_s=60) for visits in (0, 30, 40, 600)] == [1, 1, 2, 11]
    assert counters_for(1e6, service_s=60) == 50


@given(st.integers(1, 40), st.floats(0.01, 39), st.floats(0.01, 5), st.floats(5, 600))
def test_more_counters_never_serve_worse_and_more_people_never_better(counters, load, more, service_s):
    share = served_within(counters, load, service_s=service_s, within_s=180)
    assert 0 <= share <= 1 and 0 <= must_wait(counters, load) <= 1
    assert served_within(counters + 1, load, service_s=service_s, within_s=180) >= share - 1e-9
    assert served_within(counters, load + more, service_s=service_s, within_s=180) <= share + 1e-9
    assert mean_wait_s(counters, load, service_s=service_s) >= 0


NIGHT = (time(21, 30), time(8))


def slots_of(parcels, *, at=AT, size=3, quiet=NEVER, wave=None, apart=timedelta(0)):
    slots = []
    for n in range(parcels):
        slot, wave = next_slot(at=at + n * apart, wave=wave, size=size, quiet=quiet)
        slots.append(slot)
    return slots


def test_notices_go_in_waves():
    assert [(slot - AT) / EVERY for slot in slots_of(7)] == [0, 0, 0, 1, 1, 1, 2]
    # one that comes inside a wave goes at once; ten minutes are counted from the wave's begin, not from it
    few = slots_of(4, apart=timedelta(minutes=4))
    assert [(slot - AT) / timedelta(minutes=1) for slot in few] == [0, 4, 8, 12]


def test_nobody_waits_longer_than_was_promised():
    slots = slots_of(300)
    assert max(slots) == AT + MOST_AHEAD and slots == sorted(slots)
    assert slots.count(AT + MOST_AHEAD) == 300 - 36 * 3  # the last thirty-six waves were full


def test_what_comes_in_the_evening_goes_in_waves_in_the_morning():
    late = AT.replace(hour=21, minute=5)
    slots = slots_of(14, at=late, quiet=NIGHT)
    morning = late.replace(day=12, hour=8, minute=0)
    assert slots[:9] == [late + n // 3 * EVERY for n in range(9)]
    assert slots[9:] == [morning] * 3 + [morning + EVERY] * 2
    assert slots_of(4, at=AT.replace(hour=23), quiet=NIGHT)[2:] == [morning, morning + EVERY]
    # six hours of which twenty-five minutes are before the night
    assert max(slots_of(400, at=late, quiet=NIGHT)) == morning + MOST_AHEAD - timedelta(minutes=25)


@pytest.mark.parametrize(
    ("said", "quiet", "then"),
    [
        ((21, 29), NIGHT, (11, 21, 29)), ((21, 30), NIGHT, (12, 8, 0)), ((7, 59), NIGHT, (11, 8, 0)),
        ((8, 0), NIGHT, (11, 8, 0)), ((13, 0), (time(12), time(14)), (11, 14, 0)),
        ((3, 0), NEVER, (11, 3, 0)),
    ],
)  # fmt: skip
def test_quiet_hours_end_when_they_say(said, quiet, then):
    moment = AT.replace(hour=said[0], minute=said[1])
    assert after_quiet(moment, quiet) == AT.replace(day=then[0], hour=then[1], minute=then[2])
