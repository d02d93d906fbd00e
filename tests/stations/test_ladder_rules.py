"""When a person hears again of a parcel that waits: by table, boundaries included."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from yishi.stations.rules.ladder import LadderRule, Step, first_ten, next_step, step_due, steps_of

HERE = ZoneInfo("Asia/Shanghai")
BOOKED = datetime(2026, 11, 22, 22, 10, tzinfo=HERE)
UNTIL = datetime(2026, 11, 27, 21, 0, tzinfo=HERE)
RULE = LadderRule()


def day(number, hour=10, minute=0):
    return datetime(2026, 11, number, hour, minute, tzinfo=HERE)


def test_the_ladder_as_shipped():
    assert steps_of(BOOKED, UNTIL, RULE) == [
        (day(24, 22, 10), Step.AGAIN),
        (day(26), Step.LAST_DAY),
        (day(28), Step.OVERDUE),
        (day(29), Step.CALL),
        (day(30), Step.LAST_WORD),
    ]


@pytest.mark.parametrize(
    ("rule", "until", "left"),
    [
        (LadderRule(remind_after_hours=0), UNTIL, "LAST_DAY OVERDUE CALL LAST_WORD"),
        (RULE, day(25, 22), "LAST_DAY OVERDUE CALL LAST_WORD"),  # 48 h is too near to the last day
        (RULE, day(23, 9), "OVERDUE CALL LAST_WORD"),  # less than twelve hours to the last day
        (LadderRule(call_after_days=0, return_after_days=1), UNTIL, "AGAIN LAST_DAY OVERDUE CALL LAST_WORD"),
    ],
)
def test_a_stations_own_rule(rule, until, left):
    assert [step.value for _at, step in steps_of(BOOKED, until, rule)] == left.split()


def test_who_was_silent_for_days_says_the_last_word_only():
    assert step_due(BOOKED, UNTIL, RULE, at=day(26, 9, 59)) == Step.AGAIN
    assert step_due(BOOKED, UNTIL, RULE, at=day(26)) == Step.LAST_DAY
    assert step_due(BOOKED, UNTIL, RULE, at=day(30, 12)) == Step.LAST_WORD
    assert step_due(BOOKED, UNTIL, RULE, at=BOOKED) is None
    assert next_step(BOOKED, UNTIL, RULE, after=day(26)) == (day(28), Step.OVERDUE)
    assert next_step(BOOKED, UNTIL, RULE, after=day(30)) is None


def test_ten_in_the_morning():
    assert first_ten(day(27)) == day(27) and first_ten(day(27) + timedelta(microseconds=1)) == day(28)
