"""The forecast of an hour: shrunk means, ranges, the survival curve, checked by what was known then."""

from dataclasses import replace
from datetime import date, timedelta
from math import exp

import pytest

from tests.stations.invented_station import HOURS, TODAY, invented
from yishi.stations.rules.fetching import Stays, day_level, day_table, fetched_in, standing
from yishi.stations.rules.forecast import (
    Check,
    accuracy,
    like,
    off_by_chance,
    range_of,
    usual_hours,
)
from yishi.stations.rules.outlook import forecast, learn, views_of

MONDAY = date(2026, 11, 2)


def days(*counts, end=MONDAY):
    """One hour of the days before, the newest last."""
    return {end - timedelta(days=len(counts) - n): {10: float(c)} for n, c in enumerate(counts)}


@pytest.mark.parametrize(
    ("past", "said", "stands_on"),
    [
        ({}, None, 0),
        (days(5, 5, 5, 5), None, 0),  # four days are no usual day
        (days(5, 5, 5, 5, 5), 5, 0),  # no Monday among them: the station's mean
        (days(*[8] * 56), 8, 8),
        ({MONDAY - timedelta(days=60): {10: 9.0}, **days(*[2] * 7)}, 2, 1),  # older than eight weeks
    ],
)
def test_an_hour_by_its_own_past(past, said, stands_on):
    found, n = usual_hours(past, day=MONDAY, until=MONDAY, likeness=like)
    assert n == stands_on and (found.get(10) if said is None else found[10]) == pytest.approx(said)


def test_a_single_odd_monday_is_held_towards_the_usual_day():
    past = days(*[10] * 7)
    past[MONDAY - timedelta(days=7)] = {10: 40.0}
    found, _n = usual_hours(past, day=MONDAY, until=MONDAY, likeness=like)
    assert 14 < found[10] < 30


@pytest.mark.parametrize(
    ("day", "weekday"),
    [(MONDAY, 0), (date(2026, 10, 1), 6), (date(2026, 10, 10), 4), (date(2026, 10, 11), 4)],
)
def test_feasts_are_like_sundays_and_worked_weekends_like_fridays(day, weekday):
    worked = {date(2026, 10, 10), date(2026, 10, 11)}
    assert like(day, feasts={date(2026, 10, 1)}, worked=worked) == weekday


@pytest.mark.parametrize(
    ("mean", "spread", "low", "high"),
    [(0, 1, 0, 0), (1, 1, 0, 2), (10, 1, 6, 14), (10, 3, 4, 17), (100, 1, 87, 113)],
)
def test_the_range_holds_four_of_five(mean, spread, low, high):
    assert range_of(mean, spread) == (low, high)


def test_off_by_chance_is_the_mean_deviation_of_poisson():
    for mean in (0.4, 3.0, 11.5):
        chance, whole = exp(-mean), 0.0
        for n in range(80):
            whole += abs(n - mean) * chance
            chance *= mean / (n + 1)
        assert off_by_chance(mean) == pytest.approx(whole)


def test_wape_weighs_visits_and_compares_the_same_hours():
    one = Check(MONDAY, 10, 12, 8, 14, 20.0, 10)
    assert accuracy([one] * 39) is None
    found = accuracy([one] * 30 + [replace(one, said=0.0, low=0, high=0, came=1, naive=None)] * 40)
    assert found is None  # only hours in which the baseline could speak
    found = accuracy([one] * 30 + [replace(one, said=2.0, low=0, high=3, came=4, naive=2.0)] * 10)
    assert found.wape == pytest.approx((60 + 20) / 340) and found.naive == pytest.approx((300 + 20) / 340)
    assert (found.hours, found.covered) == (40, 0.75)


BEFORE, THEN = MONDAY - timedelta(days=1), MONDAY
STAYS = Stays(
    came={BEFORE: {9: 10.0}, THEN: {9: 8.0, 14: 4.0}},
    fetched={BEFORE: {BEFORE: {18: 4}, THEN: {10: 3}}, THEN: {THEN: {18: 6}}},
    gone={BEFORE: {THEN: {12: 1}}},
)


@pytest.mark.parametrize(
    ("hour", "stands"), [(0, {0: 0, 1: 6}), (10, {0: 8, 1: 6}), (13, {0: 8, 1: 2}), (19, {0: 6, 1: 2})]
)
def test_what_stands_at_an_hour(hour, stands):
    found = standing(STAYS, THEN, hour)
    assert {age: n for age, n in found.items() if age < 2} == stands


def test_the_survival_curve_of_a_day_and_what_it_says():
    table = day_table(STAYS, THEN)
    assert table[(1, 10)] == (6, 3) and table[(1, 13)] == (2, 0) and table[(0, 18)] == (12, 6)
    shares = {(1, 10): 0.5, (0, 18): 0.5}
    found = fetched_in(shares, inside={1: 6.0}, coming={9: 8.0, 14: 4.0}, since=10)
    assert found[10] == 3 and found[18] == 2 and found[11] == 0  # nine o'clock is over: what came then stands


def test_what_was_on_its_way_makes_a_day_fuller_only_where_it_is_known():
    came = {THEN - timedelta(days=n): {9: 30.0} for n in range(1, 9)}
    on_way = dict.fromkeys(came, 60)
    stays = Stays(came=came, fetched={}, gone={}, on_way={**on_way, THEN: 90})
    assert day_level(stays, THEN, usual=30) == pytest.approx(1.5)
    assert day_level(replace(stays, on_way={**on_way, THEN: 600}), THEN, usual=30) == 2
    assert day_level(replace(stays, on_way=on_way), THEN, usual=30) == 1
    assert day_level(replace(stays, on_way={THEN: 90}), THEN, usual=30) == 1


@pytest.mark.parametrize(("parcels", "level"), [(260, 0.35), (60, 0.6)])
def test_it_is_better_than_last_week_and_near_what_chance_allows(parcels, level):
    learned = learn(invented(parcels=parcels, level=level), today=TODAY, hours=HOURS)
    found = accuracy(learned.checks)
    assert found.wape < 0.75 * found.naive and found.wape < 1.15 * found.chance
    assert 0.75 <= found.covered <= 0.95 and learned.share >= 0.5


def test_nothing_is_used_that_was_not_known_then():
    """All that happened from a day's opening on is taken away: what is said of that day stays the same."""
    past, day = invented(), TODAY - timedelta(days=10)
    whole = views_of(past, day, today=day, since=8)
    ends = {
        came: {ended: hours for ended, hours in by_day.items() if ended < day}
        for came, by_day in past.stays.fetched.items()
    }
    cut = replace(
        past,
        visits={one: hours for one, hours in past.visits.items() if one < day},
        stays=replace(
            past.stays,
            came={one: hours for one, hours in past.stays.came.items() if one < day},
            fetched=ends,
            on_way={one: n for one, n in past.stays.on_way.items() if one <= day},
        ),
        _tables={},
    )
    known = views_of(cut, day, today=day, since=8)
    assert whole.usual == pytest.approx(known.usual) and whole.by_parcels == pytest.approx(known.by_parcels)


def test_hours_that_are_over_keep_what_the_morning_said():
    past = invented()
    learned = learn(past, today=TODAY, hours=HOURS)
    said = {"past": past, "day": TODAY, "today": TODAY, "opens": 8, "hours": HOURS, "learned": learned}
    morning, _views = forecast(**said, now_hour=8)
    evening, _views = forecast(**said, now_hour=18)
    assert [morning[h] for h in range(8, 18)] == [evening[h] for h in range(8, 18)]
    assert morning[18] != evening[18]  # by then it is known what came today (nothing)
