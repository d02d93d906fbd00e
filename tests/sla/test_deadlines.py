"""When promises are due: by tables of 130 rows, and against an oracle that counts minute by minute."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sla.oracle import CALENDARS, calendar, due, is_working
from yishi.sla.rules.clocks import Outcome, Pause, broke_at, marks, outcome, replay

TICK = timedelta(microseconds=1)

# calendar | promised | hours | due | why: closing, feasts, 调休, split shifts, clocks changed elsewhere
DEADLINES = """
natural   | 2026-11-22T10:00+08:00 |    2 | 2026-11-22T12:00+08:00 | two hours
natural   | 2026-11-22T22:00+08:00 |   10 | 2026-11-23T08:00+08:00 | over midnight
natural   | 2026-12-31T23:30+08:00 |    1 | 2027-01-01T00:30+08:00 | over the year
natural   | 2028-02-28T12:00+08:00 |   24 | 2028-02-29T12:00+08:00 | leap day
natural   | 2027-02-28T12:00+08:00 |   24 | 2027-03-01T12:00+08:00 | no leap day
natural   | 2026-11-22T10:00+08:00 |  168 | 2026-11-29T10:00+08:00 | seven days
natural   | 2026-11-22T00:00+08:00 |  240 | 2026-12-02T00:00+08:00 | ten days
natural   | 2027-02-05T00:00+08:00 |   72 | 2027-02-08T00:00+08:00 | a feast does not stop it
natural   | 2026-11-22T10:00+08:00 | 0.25 | 2026-11-22T10:15+08:00 | a quarter
natural   | 2026-11-22T23:59+08:00 | 0.05 | 2026-11-23T00:02+08:00 | three minutes
daily     | 2026-11-22T12:00+08:00 |    2 | 2026-11-22T14:00+08:00 | by day
daily     | 2026-11-22T08:00+08:00 |    2 | 2026-11-22T10:00+08:00 | from opening
daily     | 2026-11-22T18:00+08:00 |    2 | 2026-11-22T20:00+08:00 | to the last minute
daily     | 2026-11-22T18:01+08:00 |    2 | 2026-11-23T08:01+08:00 | one minute over
daily     | 2026-11-22T19:00+08:00 |    2 | 2026-11-23T09:00+08:00 | over the night
daily     | 2026-11-22T19:59+08:00 |    2 | 2026-11-23T09:59+08:00 | one minute before closing
daily     | 2026-11-22T20:00+08:00 |    2 | 2026-11-23T10:00+08:00 | at closing
daily     | 2026-11-22T22:00+08:00 |    2 | 2026-11-23T10:00+08:00 | at night
daily     | 2026-11-22T03:00+08:00 |    2 | 2026-11-22T10:00+08:00 | before opening
daily     | 2026-11-22T07:59+08:00 |    2 | 2026-11-22T10:00+08:00 | a minute before opening
daily     | 2026-11-22T08:00+08:00 |   12 | 2026-11-22T20:00+08:00 | a whole day
daily     | 2026-11-22T08:01+08:00 |   12 | 2026-11-23T08:01+08:00 | a day and a minute
daily     | 2026-11-22T08:00+08:00 |   36 | 2026-11-24T20:00+08:00 | three days
daily     | 2026-11-22T20:00+08:00 |   12 | 2026-11-23T20:00+08:00 | from closing a whole day
daily     | 2026-11-22T12:00+08:00 |    6 | 2026-11-22T18:00+08:00 | six hours
daily     | 2026-11-22T15:00+08:00 |    6 | 2026-11-23T09:00+08:00 | six hours over the night
daily     | 2026-11-22T21:00+08:00 |    6 | 2026-11-23T14:00+08:00 | six hours handed over
daily     | 2026-12-31T19:00+08:00 |    2 | 2027-01-01T09:00+08:00 | over the year
office    | 2026-11-23T09:00+08:00 |    2 | 2026-11-23T11:00+08:00 | morning
office    | 2026-11-23T11:00+08:00 |    2 | 2026-11-23T14:30+08:00 | over noon
office    | 2026-11-23T12:00+08:00 |    1 | 2026-11-23T14:30+08:00 | at noon's closing
office    | 2026-11-23T12:30+08:00 |    1 | 2026-11-23T14:30+08:00 | at noon
office    | 2026-11-23T13:30+08:00 |    1 | 2026-11-23T14:30+08:00 | noon's opening
office    | 2026-11-23T09:00+08:00 |    3 | 2026-11-23T12:00+08:00 | to noon exactly
office    | 2026-11-23T09:00+08:00 |  7.5 | 2026-11-23T18:00+08:00 | a whole day
office    | 2026-11-23T17:00+08:00 |    2 | 2026-11-24T10:00+08:00 | over the night
office    | 2026-11-27T17:00+08:00 |    2 | 2026-11-28T10:00+08:00 | friday to saturday
office    | 2026-11-28T11:00+08:00 |    2 | 2026-11-30T10:00+08:00 | saturday noon to monday
office    | 2026-11-28T12:00+08:00 |    1 | 2026-11-30T10:00+08:00 | saturday closed
office    | 2026-11-29T10:00+08:00 |    1 | 2026-11-30T10:00+08:00 | sunday
office    | 2026-11-28T09:00+08:00 |    3 | 2026-11-28T12:00+08:00 | saturday exactly
office    | 2026-11-28T09:00+08:00 |  3.5 | 2026-11-30T09:30+08:00 | saturday and more
office    | 2026-12-30T17:00+08:00 |    2 | 2026-12-31T10:00+08:00 | before a short day
office    | 2026-12-31T11:00+08:00 |    2 | 2027-01-02T10:00+08:00 | short day, feast, saturday
office    | 2026-12-31T12:00+08:00 |    1 | 2027-01-02T10:00+08:00 | short day over
office    | 2027-01-01T10:00+08:00 |    1 | 2027-01-02T10:00+08:00 | on a feast
office    | 2027-01-30T11:00+08:00 |    2 | 2027-01-31T10:00+08:00 | saturday to a worked sunday
office    | 2027-01-31T09:00+08:00 |  7.5 | 2027-01-31T18:00+08:00 | a worked sunday
office    | 2027-01-31T17:30+08:00 |    1 | 2027-02-01T09:30+08:00 | worked sunday to monday
office    | 2027-02-04T17:00+08:00 |    1 | 2027-02-04T18:00+08:00 | to the eve's last minute
office    | 2027-02-04T17:00+08:00 |  1.5 | 2027-02-08T10:30+08:00 | over the feast to its worked hour
office    | 2027-02-04T17:00+08:00 |    2 | 2027-02-08T11:00+08:00 | the worked hour exactly
office    | 2027-02-04T17:00+08:00 |  2.5 | 2027-02-12T09:30+08:00 | over the feast
office    | 2027-02-05T10:00+08:00 |    1 | 2027-02-08T11:00+08:00 | in the feast
office    | 2027-02-08T10:00+08:00 |    1 | 2027-02-08T11:00+08:00 | the worked hour
office    | 2027-02-08T10:30+08:00 |    1 | 2027-02-12T09:30+08:00 | half in the worked hour
office    | 2027-02-08T11:00+08:00 |    1 | 2027-02-12T10:00+08:00 | after the worked hour
office    | 2027-02-11T23:59+08:00 |    1 | 2027-02-12T10:00+08:00 | the feast's last minute
office    | 2027-02-12T09:00+08:00 |    1 | 2027-02-12T10:00+08:00 | after the feast
office    | 2027-02-12T17:00+08:00 |    2 | 2027-02-13T10:00+08:00 | friday to saturday again
office    | 2027-02-13T11:00+08:00 |    2 | 2027-02-14T10:00+08:00 | to a worked sunday again
office    | 2027-02-14T12:15+08:00 |    1 | 2027-02-14T14:30+08:00 | noon of a worked sunday
office    | 2027-02-14T17:59+08:00 |    1 | 2027-02-15T09:59+08:00 | its last minute
office    | 2027-02-01T09:00+08:00 |   40 | 2027-02-13T10:30+08:00 | a week before the feast
office    | 2027-02-03T13:30+08:00 |   12 | 2027-02-04T18:00+08:00 | over the feast, two half days
night     | 2026-11-22T23:00+08:00 |    2 | 2026-11-23T01:00+08:00 | over midnight
night     | 2026-11-22T05:00+08:00 |    2 | 2026-11-22T23:00+08:00 | over the day
night     | 2026-11-22T06:00+08:00 |    1 | 2026-11-22T23:00+08:00 | at closing
night     | 2026-11-22T12:00+08:00 |    1 | 2026-11-22T23:00+08:00 | by day
night     | 2026-11-22T22:00+08:00 |    8 | 2026-11-23T06:00+08:00 | one night
night     | 2026-11-22T22:00+08:00 |  8.5 | 2026-11-23T22:30+08:00 | a night and more
night     | 2026-11-22T00:00+08:00 |    6 | 2026-11-22T06:00+08:00 | from midnight
night     | 2026-11-22T23:59+08:00 |    1 | 2026-11-23T00:59+08:00 | last minute of a day
new york  | 2026-03-07T16:00-05:00 |    3 | 2026-03-08T03:00-04:00 | evening before spring forward
new york  | 2026-03-08T00:00-05:00 |    3 | 2026-03-08T04:00-04:00 | the short night
new york  | 2026-03-08T00:00-05:00 |    4 | 2026-03-08T10:00-04:00 | short night and morning
new york  | 2026-03-08T01:59-05:00 |    1 | 2026-03-08T03:59-04:00 | over the gap
new york  | 2026-03-08T03:00-04:00 |    1 | 2026-03-08T04:00-04:00 | just after the gap
new york  | 2026-03-08T03:30-04:00 |    2 | 2026-03-08T10:30-04:00 | after the gap to morning
new york  | 2026-03-09T00:00-04:00 |    4 | 2026-03-09T04:00-04:00 | the night after
new york  | 2026-10-31T16:00-04:00 |    3 | 2026-11-01T01:00-05:00 | evening before fall back
new york  | 2026-11-01T00:00-04:00 |    4 | 2026-11-01T03:00-05:00 | the long night
new york  | 2026-11-01T00:00-04:00 |    5 | 2026-11-01T04:00-05:00 | the long night whole
new york  | 2026-11-01T00:00-04:00 |    6 | 2026-11-01T10:00-05:00 | long night and morning
new york  | 2026-11-01T01:30-04:00 |    1 | 2026-11-01T01:30-05:00 | first half past one
new york  | 2026-11-01T01:30-05:00 |    1 | 2026-11-01T02:30-05:00 | second half past one
new york  | 2026-11-02T00:00-05:00 |    4 | 2026-11-02T04:00-05:00 | the night after it
new york  | 2026-07-03T16:59-04:00 |    1 | 2026-07-04T00:59-04:00 | summer
new york  | 2026-12-31T16:59-05:00 |    1 | 2027-01-01T00:59-05:00 | winter
london    | 2026-03-28T04:00+00:00 |    2 | 2026-03-29T02:30+01:00 | before spring forward
london    | 2026-03-29T00:30+00:00 |    3 | 2026-03-29T04:30+01:00 | the short night
london    | 2026-03-29T00:30+00:00 |  3.5 | 2026-03-29T05:00+01:00 | short night exactly
london    | 2026-03-29T00:30+00:00 |    4 | 2026-03-30T01:00+01:00 | short night and more
london    | 2026-10-24T04:30+01:00 |    1 | 2026-10-25T01:00+01:00 | before fall back
london    | 2026-10-25T00:30+01:00 |  5.5 | 2026-10-25T05:00+00:00 | the long night exactly
london    | 2026-10-25T00:30+01:00 |    6 | 2026-10-26T01:00+00:00 | long night and more
london    | 2026-10-25T01:15+01:00 |    1 | 2026-10-25T01:15+00:00 | first quarter past one
london    | 2026-10-25T01:15+00:00 |    1 | 2026-10-25T02:15+00:00 | second quarter past one
lord howe | 2026-04-05T00:00+11:00 |    5 | 2026-04-05T04:30+10:30 | half an hour more
lord howe | 2026-04-05T00:00+11:00 |  5.5 | 2026-04-05T05:00+10:30 | long night exactly
lord howe | 2026-10-04T00:00+10:30 |  4.5 | 2026-10-04T05:00+11:00 | half an hour less
lord howe | 2026-10-04T00:00+10:30 |    5 | 2026-10-05T00:30+11:00 | short night and more
lord howe | 2026-10-05T00:00+11:00 |    5 | 2026-10-05T05:00+11:00 | an even night
"""

# calendar | promised | hours | waits (from/until, +n = days later) | due | why
WAITS = """
natural |2026-11-22T10:00+08:00| 4|11:00/13:00       |2026-11-22T16:00+08:00|two hours of waiting
natural |2026-11-22T10:00+08:00| 4|10:00/12:00       |2026-11-22T16:00+08:00|from the first moment
natural |2026-11-22T10:00+08:00| 4|13:59/20:00       |2026-11-22T20:01+08:00|in the last minute
natural |2026-11-22T10:00+08:00| 4|11:00/12:00, 12:30/13:30|2026-11-22T16:00+08:00|twice
natural |2026-11-22T10:00+08:00| 4|11:00/12:00, 12:00/13:00|2026-11-22T16:00+08:00|one wait after another
natural |2026-11-22T10:00+08:00| 4|11:00/11:01       |2026-11-22T14:01+08:00|a minute
natural |2026-11-22T10:00+08:00| 4|11:00/11:00       |2026-11-22T14:00+08:00|no time at all
natural |2026-11-22T10:00+08:00| 4|11:00/+3 11:00    |2026-11-25T14:00+08:00|three days
natural |2026-11-22T10:00+08:00|24|20:00/+1 08:00    |2026-11-23T22:00+08:00|over night
natural |2026-11-22T10:00+08:00| 4|14:00/18:00       |2026-11-22T14:00+08:00|at the deadline
natural |2026-11-22T10:00+08:00| 4|15:00/18:00       |2026-11-22T14:00+08:00|after the deadline
daily   |2026-11-22T18:00+08:00| 4|19:00/21:00       |2026-11-23T11:00+08:00|over closing
daily   |2026-11-22T18:00+08:00| 4|20:00/+1 08:00    |2026-11-23T10:00+08:00|only while closed
daily   |2026-11-22T18:00+08:00| 4|21:00/+1 07:00    |2026-11-23T10:00+08:00|inside the night
daily   |2026-11-22T18:00+08:00| 4|19:00/+1 10:00    |2026-11-23T13:00+08:00|over night into the day
daily   |2026-11-22T18:00+08:00| 4|+1 09:00/+1 11:00 |2026-11-23T12:00+08:00|the next morning
daily   |2026-11-22T08:00+08:00|12|12:00/13:00, 16:00/17:00|2026-11-23T10:00+08:00|twice a day
daily   |2026-11-22T22:00+08:00| 2|22:30/+1 08:30    |2026-11-23T10:30+08:00|begun before it ran
office  |2026-11-23T09:00+08:00| 4|11:00/14:00       |2026-11-23T16:00+08:00|over noon
office  |2026-11-27T15:00+08:00| 4|16:00/+3 10:00    |2026-11-30T14:30+08:00|over the weekend
office  |2027-02-04T15:00+08:00| 6|16:00/+8 10:00    |2027-02-12T16:30+08:00|over the feast
office  |2027-02-04T15:00+08:00| 6|+1 10:00/+4 10:30 |2027-02-12T11:30+08:00|its worked hour
office  |2027-01-30T10:00+08:00| 8|11:00/+1 10:00    |2027-02-01T09:30+08:00|worked sunday
office  |2027-02-04T17:00+08:00| 2|+1 08:00/+3 08:00 |2027-02-08T11:00+08:00|only in the feast
night   |2026-11-22T22:00+08:00| 4|23:00/+1 01:00    |2026-11-23T04:00+08:00|over midnight
new york|2026-03-08T00:00-05:00| 3|01:00/03:30       |2026-03-08T10:30-04:00|over spring forward
new york|2026-11-01T00:00-04:00| 5|00:30/03:00       |2026-11-01T12:30-05:00|over fall back
london  |2026-10-25T00:30+01:00| 5|00:45/02:30       |2026-10-26T02:45+00:00|over fall back in London
"""


def rows(table):
    each = [[part.strip() for part in line.split("|")] for line in table.strip().splitlines()]
    return [pytest.param(*row[:-1], id=f"{row[0]}: {row[-1]}") for row in each]


@pytest.mark.parametrize(("name", "start", "hours", "due_at"), rows(DEADLINES))
def test_due(name, start, hours, due_at):
    begin, end = datetime.fromisoformat(start), datetime.fromisoformat(due_at)
    told = marks(begin, timedelta(hours=float(hours)), calendar(name))
    assert told.due_at == end
    assert outcome(met_at=end, due_at=told.due_at, at=end) is Outcome.MET
    assert outcome(met_at=end + TICK, due_at=told.due_at, at=end + TICK) is Outcome.BREACHED


@pytest.mark.parametrize(("name", "start", "hours", "waits", "due_at"), rows(WAITS))
def test_due_after_waits(name, start, hours, waits, due_at):
    begin = datetime.fromisoformat(start)
    pauses = [Pause(*(moment(name, begin, part) for part in one.split("/"))) for one in waits.split(", ")]
    told = replay(begin, timedelta(hours=float(hours)), calendar(name), pauses)
    assert told.due_at == datetime.fromisoformat(due_at)


def moment(name, begin, text):
    """`13:30`, or `+2 13:30` two days after it was promised, on the wall of that calendar."""
    zone = ZoneInfo(CALENDARS[name]["zone"]) if CALENDARS[name] else ZoneInfo("Asia/Shanghai")
    days, clock = text.split(" ") if " " in text else ("0", text)
    day = begin.astimezone(zone).date() + timedelta(days=int(days))
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)


def test_a_promise_put_into_the_past_broke_when_it_was_put_there():
    noon = datetime(2026, 11, 22, 4, tzinfo=UTC)
    assert broke_at(noon, None) == noon == broke_at(noon, noon - TICK)
    assert broke_at(noon, noon + TICK) == noon + TICK


# the days on which clocks change in the zones above, a feast, and any
CHANGES = [(3, 7), (3, 28), (4, 4), (10, 3), (10, 24), (10, 31), (11, 22)]
STARTS = st.sampled_from(
    [datetime(2026, *day, tzinfo=UTC) for day in CHANGES] + [datetime(2027, 2, 3, tzinfo=UTC)]
)
MINUTES = st.integers(0, 48 * 60)
NAMES = st.sampled_from(sorted(CALENDARS))


@settings(max_examples=120)
@given(
    name=NAMES,
    day=STARTS,
    offset=MINUTES,
    within=st.integers(1, 20 * 60),
    waits=st.lists(st.tuples(st.integers(0, 9 * 60), st.integers(0, 20 * 60)), max_size=3),
)
def test_every_deadline_is_the_oracles(name, day, offset, within, waits):
    """Working minutes outside the waits, counted one by one on the wall, are the promise: no error at all."""
    start, now, spans = day + timedelta(minutes=offset), day + timedelta(minutes=offset), []
    for run, rest in waits:
        begin = now + timedelta(minutes=run)
        if begin >= due(name, start, within, spans):
            break  # whoever waits once the promise is over does not wait
        now = begin + timedelta(minutes=rest)
        spans.append((begin, now))
    told = replay(start, timedelta(minutes=within), calendar(name), [Pause(*span) for span in spans])
    assert told.due_at == due(name, start, within, spans)
    assert told.half_at <= told.most_at <= told.due_at


@settings(max_examples=60)
@given(name=NAMES, day=STARTS, offset=MINUTES, within=st.integers(1, 1200))
def test_a_deadline_never_lies_where_nobody_worked(name, day, offset, within):
    end = marks(day + timedelta(minutes=offset), timedelta(minutes=within), calendar(name)).due_at
    assert is_working(CALENDARS[name], end - timedelta(minutes=1))
