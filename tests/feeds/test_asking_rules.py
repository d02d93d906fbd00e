"""When a source is asked: back-off, quotas, and what is done with a parcel that is due. No database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.feeds.rules import WINDOW, Followed, Step, may_subscribe_at, next_step, next_try, silence_due

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
UNTIL = AT + timedelta(days=9)


def days(*numbers):
    return [AT + timedelta(days=n) for n in numbers]


@pytest.mark.parametrize(
    ("tries", "spread", "minutes"),
    [(0, 0.0, 1), (1, 0.0, 1), (2, 0.0, 2), (5, 0.0, 16), (9, 0.0, 256), (10, 0.0, 360), (999, 0.0, 360),
     (1, 1.0, 1.25), (999, 1.0, 450)],
)  # fmt: skip
def test_pauses_double_up_to_six_hours(tries, spread, minutes):
    assert next_try(tries, spread) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ([], 0),
        ([0, 0, 0], 0),
        ([-29, -20, -10, -1], 1),
        ([-30, -20, -10, -1], 0),
        ([-1, -10, -20, -29], 1),
        ([-50, -40, -9, -8, -7, -6], 21),
        ([0, 0, 0, 0], 30),
    ],
)
def test_the_fifth_waits_until_the_first_is_thirty_days_old(asked, first):
    assert may_subscribe_at(days(*asked), at_most=4, at=AT) == days(first)[0]


@given(st.lists(st.integers(min_value=0, max_value=200 * 24), max_size=60), st.integers(1, 5))
def test_no_thirty_days_hold_more_than_the_quota(hours, at_most):
    asked = []
    for hour in hours:
        at = AT + timedelta(hours=hour)
        if may_subscribe_at(asked, at_most=at_most, at=at) == at:
            asked.append(at)
    for begin in asked:
        assert sum(begin <= moment < begin + WINDOW for moment in asked) <= at_most


@given(st.lists(st.floats(min_value=0, max_value=90), max_size=40))
def test_waiting_until_the_moment_named_is_enough(pauses):
    asked, at = [], AT
    for pause in pauses:
        at = may_subscribe_at(asked, at_most=4, at=at + timedelta(days=pause / 30))
        assert may_subscribe_at(asked, at_most=4, at=at) == at
        asked.append(at)
    assert all(sum(b <= m < b + WINDOW for m in asked) <= 4 for b in asked)


FULL = days(-4, -3, -2, -1)


@pytest.mark.parametrize(
    ("parcel", "at_most", "query_every", "step", "when"),
    [
        (Followed(True, UNTIL), 4, None, Step.SUBSCRIBE, AT),
        (Followed(True, UNTIL), 4, HALF_HOUR, Step.SUBSCRIBE, AT),
        (Followed(True, UNTIL), None, HALF_HOUR, Step.QUERY, AT),
        (Followed(False, UNTIL), 4, HALF_HOUR, Step.QUERY, AT),
        (Followed(False, UNTIL), 4, None, Step.WAIT, UNTIL),
        (Followed(True, UNTIL), None, None, Step.END, AT),
        (Followed(True, AT), 4, HALF_HOUR, Step.END, AT),
        # the quota is used up: it is queried meanwhile, or waits for its end
        (Followed(True, UNTIL, FULL), 4, HALF_HOUR, Step.QUERY, AT),
        (Followed(True, UNTIL, FULL), 4, None, Step.WAIT, UNTIL),
        (Followed(True, UNTIL + WINDOW, FULL), 4, None, Step.WAIT, AT + timedelta(days=26)),
        # exactly half an hour later is late enough, a second less is not
        (Followed(False, UNTIL, (), AT - HALF_HOUR), 4, HALF_HOUR, Step.QUERY, AT),
        (
            Followed(False, UNTIL, (), AT - timedelta(seconds=1799)),
            4,
            HALF_HOUR,
            Step.WAIT,
            AT + timedelta(seconds=1),
        ),
    ],
)
def test_what_is_done_with_a_parcel_that_is_due(parcel, at_most, query_every, step, when):
    assert next_step(parcel, at_most=at_most, query_every=query_every, at=AT) == (step, when)


def test_silence_is_due_with_the_slack_of_the_note():
    assert silence_due(AT, None) is None
    assert silence_due(AT, timedelta(hours=4)) == AT + timedelta(hours=4, minutes=5)
