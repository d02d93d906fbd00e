"""The arithmetic of promises: boundaries by tables, pauses by properties."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.kit.calendar import Shift, WorkCalendar, elapsed_within
from yishi.sla.rules.clocks import (
    TICK,
    Deed,
    Outcome,
    State,
    after_pause,
    deed_at,
    marks,
    next_act,
    outcome,
    pause_ends,
)

HOUR = timedelta(hours=1)
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
DAYS = WorkCalendar("Asia/Shanghai", {day: (Shift(time(8), time(20)),) for day in range(7)})


def local(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - 8 * HOUR


@pytest.mark.parametrize(
    ("start", "begins", "due"),
    [
        (local(22, 12), local(22, 12), local(22, 14)),
        (local(22, 19), local(22, 19), local(23, 9)),
        (local(22, 18), local(22, 18), local(22, 20)),
        (local(22, 22), local(23, 8), local(23, 10)),
        (local(22, 3), local(22, 8), local(22, 10)),
        (local(22, 20), local(23, 8), local(23, 10)),
    ],
    ids=["by day", "over the night", "to the last minute", "at night", "before opening", "at closing"],
)
def test_two_hours_of_service(start, begins, due):
    given_marks = marks(start, 2 * HOUR, DAYS)
    assert (given_marks.started_at, given_marks.due_at) == (begins, due)


def test_natural_hours_do_not_sleep():
    given_marks = marks(local(22, 22), 10 * HOUR, None)
    assert given_marks.half_at == local(23, 3) and given_marks.most_at == local(23, 6)
    assert given_marks.due_at == local(23, 8)


@pytest.mark.parametrize(
    ("met", "at", "result"),
    [
        (NOON, NOON + HOUR, Outcome.MET),
        (NOON + TICK, NOON + HOUR, Outcome.BREACHED),
        (None, NOON, Outcome.RUNNING),
        (None, NOON + TICK, Outcome.BREACHED),
    ],
)
def test_exactly_at_the_deadline_is_kept(met, at, result):
    assert outcome(met_at=met, due_at=NOON, at=at) is result


def state(**changed):
    values = {
        "half_at": NOON,
        "most_at": NOON + 3 * HOUR,
        "due_at": NOON + 5 * HOUR,
    }
    return State(**{**values, **changed})


@pytest.mark.parametrize(
    ("changed", "hours", "deed"),
    [
        ({}, -1, Deed.NOTHING),
        ({}, 0, Deed.WARN_HALF),
        ({"warned_share": 50}, 1, Deed.NOTHING),
        ({"warned_share": 50}, 3, Deed.WARN_MOST),
        ({}, 4, Deed.WARN_MOST),
        ({"warned_share": 80}, 5, Deed.NOTHING),
        ({}, 6, Deed.BREACH),
        ({"breached_at": NOON + 5 * HOUR, "act_at": NOON + 7 * HOUR}, 6, Deed.NOTHING),
        ({"breached_at": NOON + 5 * HOUR, "act_at": NOON + 7 * HOUR}, 7, Deed.ESCALATE),
        ({"breached_at": NOON + 5 * HOUR, "act_at": None}, 99, Deed.NOTHING),
    ],
)
def test_what_is_done_when(changed, hours, deed):
    assert deed_at(state(**changed), NOON + hours * HOUR) is deed


def test_the_breach_comes_just_after_the_last_moment():
    assert next_act(state(warned_share=80)) == NOON + 5 * HOUR + TICK
    assert deed_at(state(warned_share=80), NOON + 5 * HOUR + TICK) is Deed.BREACH


def test_pauses_share_one_limit():
    assert pause_ends(72 * HOUR, NOON, 70 * HOUR) == NOON + 2 * HOUR
    assert pause_ends(72 * HOUR, NOON, 80 * HOUR) == NOON


moments = st.integers(0, 365 * 24 * 3600).map(
    lambda s: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=s)
)
lengths = st.timedeltas(timedelta(minutes=1), timedelta(days=4))
calendars = st.sampled_from([None, DAYS])


@given(start=moments, within=lengths, calendar=calendars)
def test_marks_stand_in_order_and_hold_the_promise(start, within, calendar):
    told = marks(start, within, calendar)
    assert start <= told.started_at <= told.half_at <= told.most_at <= told.due_at
    assert elapsed_within(start, told.due_at, calendar) == within


@given(
    start=moments,
    within=lengths,
    calendar=calendars,
    pauses=st.lists(st.tuples(lengths, st.timedeltas(timedelta(0), timedelta(days=2))), max_size=4),
)
def test_time_outside_pauses_is_the_promise(start, within, calendar, pauses):
    """However often a clock is paused, the time that counts adds up to what was promised."""
    now, counted, told = start, timedelta(0), marks(start, within, calendar)
    for run, pause in pauses:
        if now + run >= told.due_at:
            break
        counted += elapsed_within(now, now + run, calendar)
        paused_at, now = now + run, now + run + pause
        told = after_pause(told, within=within, paused_at=paused_at, resumed_at=now, calendar=calendar)
        assert told.half_at <= told.most_at <= told.due_at
    assert counted + elapsed_within(now, told.due_at, calendar) == within


@given(start=moments, within=lengths, ahead=lengths)
def test_a_broken_promise_is_not_mended_by_a_pause(start, within, ahead):
    told = marks(start, within, None)
    late = told.due_at + ahead
    assert after_pause(told, within=within, paused_at=late, resumed_at=late + HOUR, calendar=None) == told


@given(start=moments, within=lengths, back=lengths)
def test_a_clock_set_back_while_paused_moves_nothing(start, within, back):
    told = marks(start, within, None)
    assert after_pause(told, within=within, paused_at=start, resumed_at=start - back, calendar=None) == told


@given(
    start=moments, within=lengths, looks=st.lists(st.timedeltas(timedelta(0), timedelta(days=9)), max_size=12)
)
def test_whatever_the_looks_each_deed_is_done_once(start, within, looks):
    """Sweeps at any moments, also with the clock set back: one breach, warnings at most once, in order."""
    told, deeds = marks(start, within, None), []
    values = {"warned_share": 0, "breached_at": None, "act_at": None}
    for look in looks:
        now = State(half_at=told.half_at, most_at=told.most_at, due_at=told.due_at, **values)
        deed = deed_at(now, start + look)
        if deed is Deed.NOTHING:
            continue
        deeds.append(deed)
        if deed is Deed.BREACH:
            values |= {"breached_at": told.due_at, "act_at": told.due_at + HOUR}
        elif deed is Deed.ESCALATE:
            values |= {"act_at": None}
        else:
            values |= {"warned_share": 50 if deed is Deed.WARN_HALF else 80}
    order = [Deed.WARN_HALF, Deed.WARN_MOST, Deed.BREACH, Deed.ESCALATE]
    assert deeds == [deed for deed in order if deed in deeds]
