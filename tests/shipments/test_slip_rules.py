"""When a delay is told, and when it is not."""

from datetime import UTC, datetime, timedelta

import pytest

from yishi.shipments.rules.eta import Estimate
from yishi.shipments.rules.slips import MOST_NOTICES, look

PROMISED = datetime(2026, 11, 22, 10, tzinfo=UTC)


def around(hours):
    """An estimate whose early end lies so many hours after the promise, its late end four later."""
    return Estimate(*(PROMISED + timedelta(hours=hours + more) for more in (2, 0, 4)))


@pytest.mark.parametrize(
    ("at", "estimate", "notices", "tells"),
    [
        (-10, None, 0, False),
        (-10, around(0), 0, False),
        (-10, around(0.1), 0, True),
        (-0.1, None, 0, False),
        (0, None, 0, True),
        (0, around(-1), 0, True),
        (24, None, 0, True),
        (24.1, None, 0, False),
        (0, None, 1, False),
        (1, None, 1, True),
        (-5, around(1), 1, False),
        (-5, around(1.1), 1, True),
        (9, around(9), MOST_NOTICES, False),
    ],
)
def test_what_is_told(at, estimate, notices, tells):
    seen_at = PROMISED + timedelta(hours=at)
    assert look(deadline_at=PROMISED, notices=notices, estimate=estimate, at=seen_at).tells is tells


def test_after_a_notice_the_window_told_is_what_counts():
    said = around(3)
    verdict = look(deadline_at=PROMISED, notices=0, estimate=said, at=PROMISED - timedelta(hours=5))
    assert (verdict.window, verdict.deadline_at) == (said, said.until_at)
    assert verdict.due_at == said.until_at + timedelta(hours=1)


def test_without_a_window_or_after_the_last_notice_nothing_is_left_to_watch():
    assert look(deadline_at=PROMISED, notices=0, estimate=None, at=PROMISED).due_at is None
    last = look(deadline_at=PROMISED, notices=MOST_NOTICES - 1, estimate=around(9), at=PROMISED)
    assert (last.tells, last.due_at) == (True, None)


def test_a_promise_that_holds_is_looked_at_when_it_is_due():
    verdict = look(deadline_at=PROMISED, notices=0, estimate=around(-3), at=PROMISED - timedelta(hours=9))
    assert (verdict.tells, verdict.due_at) == (False, PROMISED)
