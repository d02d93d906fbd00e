"""Waybill numbers, times and texts at their limits."""

from datetime import UTC, datetime, timedelta

import pytest

from yishi.shipments.rules.waybills import fit_text, normalise_waybill_no, reason_against_time

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("YT6186594166532", "YT6186594166532"),
        (" yt6186 5941-66532 ", "YT6186594166532"),
        ("ＹＴ６１８６５９４１６６５３２", "YT6186594166532"),
        ("JDVA00123456789‐1—1", "JDVA0012345678911"),
        ("3160000261634", "3160000261634"),
        ("123456", "123456"),
        ("12345", None),
        ("A" * 32, "A" * 32),
        ("A" * 33, None),
        ("YT12345\x00", None),
        ("运单12345678", None),
        ("YT12345;DROP", None),
        ("", None),
        ("1 " * 5000, None),
    ],
)
def test_numbers(text, expected):
    assert normalise_waybill_no(text) == expected


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        (AT, None),
        (AT.replace(tzinfo=None), "time_without_offset"),
        (AT + timedelta(days=2), None),
        (AT + timedelta(days=2, milliseconds=1), "time_out_of_range"),
        (datetime(2000, 1, 1, tzinfo=UTC), None),
        (datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC), "time_out_of_range"),
    ],
)
def test_times(moment, reason):
    assert reason_against_time(moment, at=AT) == reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\x00b\x1fc", "abc"), ("两\n行", "两\n行"), ("😀\u202e右", "😀\u202e右"), ("半\ud800", "半")],
)
def test_texts_lose_only_what_cannot_be_stored(text, expected):
    assert fit_text(text) == expected
