"""The face of a promise at every moment that matters."""

from datetime import UTC, datetime, timedelta

import pytest

from yishi.web.shared.clocks import face, words_for

START = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
DUE = START + timedelta(hours=2)


@pytest.mark.parametrize(
    ("after", "role", "percent", "words"),
    [
        (timedelta(0), "is-good", 100, "还剩 2 小时"),
        (timedelta(minutes=20), "is-good", 83, "还剩 1 小时 40 分"),
        (timedelta(hours=1), "is-good", 50, "还剩 1 小时"),
        (timedelta(minutes=61), "is-warn", 49, "还剩 59 分"),
        (timedelta(hours=1, minutes=59, seconds=30), "is-warn", 1, "还剩 不到 1 分"),
        (timedelta(hours=2), "is-bad", 0, "超 不到 1 分"),
        (timedelta(hours=2, minutes=26), "is-bad", 0, "超 26 分"),
        (timedelta(days=3, hours=2), "is-bad", 0, "超 3 天"),
    ],
)
def test_a_running_promise(after, role, percent, words):
    seen = face(started_at=START, due_at=DUE, at=START + after)
    assert (seen.role, seen.percent, seen.words) == (role, percent, words)


def test_a_kept_promise_stands_still():
    seen = face(started_at=START, due_at=DUE, at=DUE + timedelta(days=9), met_at=DUE)
    assert (seen.role, seen.percent, seen.runs_s, seen.words) == ("is-good", 100, 0, "按时办到")


def test_a_promise_kept_late_says_how_late():
    seen = face(started_at=START, due_at=DUE, at=DUE, met_at=DUE + timedelta(minutes=26))
    assert (seen.role, seen.words) == ("is-warn", "已办，晚了 26 分")


def test_a_paused_promise_is_grey_and_does_not_run():
    seen = face(
        started_at=START, due_at=DUE, at=DUE + timedelta(days=1), paused_at=START + timedelta(hours=1)
    )
    assert (seen.role, seen.percent, seen.runs_s, seen.words) == ("is-idle", 50, 0, "已暂停，剩 1 小时")


def test_a_promise_that_begins_when_it_ends_is_no_division_by_zero():
    assert face(started_at=START, due_at=START, at=START).role == "is-bad"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=59), "不到 1 分"),
        (timedelta(minutes=1), "1 分"),
        (timedelta(hours=1), "1 小时"),
        (timedelta(hours=25), "1 天 1 小时"),
        (timedelta(days=2), "2 天"),
    ],
)
def test_lengths_in_words(span, words):
    assert words_for(span) == words


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (timedelta(minutes=26), "0:26"),
        (timedelta(minutes=80), "1:20"),
        (timedelta(days=3, hours=1), "3 天"),
    ],
)
def test_the_dial_says_overdue_beside_its_number(late, said):
    shown = face(started_at=START, due_at=START, at=START + late)
    assert (shown.unit, shown.short) == ("超", said)
