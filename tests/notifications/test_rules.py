"""Channels, back-off, and texts that nobody can break out of."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from yishi.notifications.rules import (
    channel_for,
    fill,
    is_address,
    next_try,
    one_line,
    rating_request_due,
    who_hears,
)

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("phone", "email", "expected"),
    [
        ("19900000001", "", ("SMS", "19900000001")),
        ("", "a@example.cn", ("EMAIL", "a@example.cn")),
        ("19900000001", "a@example.cn", ("EMAIL", "a@example.cn")),
        ("19900000001", "a@example.cn\nBcc: b@example.cn", ("SMS", "19900000001")),
        ("", "", None),
        ("call me", "", None),
    ],
)
def test_channel(phone, email, expected):
    assert channel_for(phone=phone, email=email) == expected


@pytest.mark.parametrize("to", ["a@b\r\nX: y", "a b@c", "a@b,c@d", "a@b>", "@b", "a@", "a@b\u202e"])
def test_addresses_that_could_grow_a_header(to):
    assert not is_address("EMAIL", to)


@pytest.mark.parametrize(
    ("named", "place", "by", "told"),
    [
        (7, [1, 2], None, (7,)),
        (7, [1, 2], 3, (7,)),
        (7, [1, 2], 7, ()),
        (None, [1, 2, 1], None, (1, 2)),
        (None, [1, 2], 1, (2,)),
        (None, [], 1, ()),
    ],
)
def test_who_hears_of_work(named, place, by, told):
    assert who_hears(named=named, place=place, by=by) == told


def test_tries_wait_longer_and_end():
    pauses = [next_try(kind="ACK", tries=n) for n in range(1, 10)]
    assert pauses[:-1] == sorted(p for p in pauses if p)
    assert pauses[-1] is None
    assert next_try(kind="CODE", tries=3) == timedelta(seconds=120)
    assert next_try(kind="CODE", tries=4) is None


@pytest.mark.parametrize(
    ("settled", "asked"),
    [("2026-11-20 02:00", "2026-11-21 10:00"), ("2026-11-20 12:00", "2026-11-22 09:00"),
     ("2026-11-20 11:59", "2026-11-21 19:59"), ("2026-11-20 20:30", "2026-11-22 09:00"),
     ("2026-11-20 00:59", "2026-11-21 09:00"), ("2026-11-20 01:00", "2026-11-21 09:00")],
)  # fmt: skip
def test_rating_is_asked_for_by_day(settled, asked):
    due = rating_request_due(datetime.fromisoformat(settled).replace(tzinfo=UTC), ZONE)
    assert due.strftime("%Y-%m-%d %H:%M") == asked


def test_values_are_filled_in_once():
    assert fill("{a} {b}", {"a": "{b}{a.__class__}", "b": "x"}) == "{b}{a.__class__} x"


def test_unknown_hole_is_an_error():
    with pytest.raises(KeyError):
        fill("{nobody}", {})


def test_one_line_holds_no_second_header():
    assert one_line("a\r\nBcc: b\x00\u202ec", 99) == "a Bcc: b c"
    assert one_line("字" * 100, 10) == "字" * 9 + "…"
