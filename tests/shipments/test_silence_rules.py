"""The 24-hour obligation of one parcel, from its scans."""

from datetime import UTC, datetime, timedelta

import pytest

from yishi.shipments.rules.silence import Seen, duty_of

START = datetime(2026, 11, 1, tzinfo=UTC)


def after(hours):
    return START + timedelta(hours=hours)


def seen(*scans):
    return [Seen(after(hours), kind) for hours, kind in scans]


def told(duty):
    return [
        ((s.since.at - START) / timedelta(hours=1), s.until and (s.until - START) / timedelta(hours=1))
        for s in duty.silences
    ]


@pytest.mark.parametrize(
    ("scans", "at", "silences"),
    [
        ([(0, "accepted"), (24, "arrived_hub"), (40, "delivered")], 90, []),
        ([(0, "accepted"), (24.1, "arrived_hub"), (40, "delivered")], 90, [(0, 24.1)]),
        ([(0, "accepted"), (30, "arrived_hub"), (60, "delivered")], 90, [(0, 30), (30, 60)]),
        ([(0, "accepted")], 24, []),
        ([(0, "accepted")], 25, [(0, None)]),
        ([(0, "accepted"), (10, "stored_at_pickup_point"), (90, "delivered")], 99, []),
        ([(0, "accepted"), (10, "delivered")], 999, []),
        ([(0, "accepted"), (20, "refused"), (50, "returned")], 99, [(20, 50)]),
        ([(0, "created"), (60, "accepted")], 70, []),
        ([(0, "accepted"), (20, "stalled"), (40, "arrived_hub")], 41, [(0, 40)]),
        ([(0, "accepted"), (20, "delayed"), (40, "arrived_hub")], 41, []),
    ],
)
def test_silences(scans, at, silences):
    duty = duty_of(seen(*scans), after(at))
    assert duty is not None and told(duty) == silences


def test_before_dispatch_there_is_no_obligation():
    assert duty_of(seen((0, "created"), (1, "pickup_pending")), after(99)) is None
    assert duty_of([], after(99)) is None


@pytest.mark.parametrize(
    ("scans", "at", "due"),
    [
        ([(0, "accepted")], 5, 24 + 1 / 3600),
        ([(0, "accepted")], 30, 54),
        ([(0, "accepted")], 31 * 24, None),
        ([(0, "accepted"), (9, "delivered")], 10, None),
    ],
)
def test_when_it_is_looked_at_again(scans, at, due):
    duty = duty_of(seen(*scans), after(at))
    assert duty is not None
    assert duty.due_at == (None if due is None else after(due))
