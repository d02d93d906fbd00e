"""Lock-out, PINs and one-time codes by tables."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from yishi.people.rules import is_good_pin, locked_for, matching_step, normalise_username, one_time_code

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


def ago(*seconds):
    return [AT - timedelta(seconds=s) for s in seconds]


@pytest.mark.parametrize(
    ("misses", "left_s"),
    [
        (ago(1, 2, 3, 4), None),
        (ago(1, 2, 3, 4, 5), 295),
        (ago(1, 2, 3, 4, 300), None),  # exactly five minutes old no longer counts
        (ago(1, 2, 3, 4, 299), 1),
        (ago(0, 1, 2, 3, 4, 5), 296),
    ],
)
def test_five_misses_in_five_minutes_lock(misses, left_s):
    left = locked_for(misses, at=AT)
    assert left == (None if left_s is None else timedelta(seconds=left_s))


@pytest.mark.parametrize(
    ("second", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_one_time_codes_are_those_of_rfc_6238(second, code):
    assert one_time_code(RFC_SECRET, second // 30) == code


@pytest.mark.parametrize(("shift", "taken"), [(0, True), (-1, True), (1, True), (-2, False), (2, False)])
def test_clocks_may_differ_by_one_step(shift, taken):
    step = int(AT.timestamp()) // 30
    code = one_time_code(RFC_SECRET, step + shift)
    assert matching_step(RFC_SECRET, code, at=AT, after_step=0) == (step + shift if taken else None)


def test_a_code_is_taken_once():
    step = int(AT.timestamp()) // 30
    assert matching_step(RFC_SECRET, one_time_code(RFC_SECRET, step), at=AT, after_step=step) is None


@pytest.mark.parametrize("code", ["", "abc", "１２３４５６", "12345"])
def test_nonsense_is_no_code(code):
    assert matching_step(RFC_SECRET, code, at=AT, after_step=0) is None


@pytest.mark.parametrize(
    ("pin", "good"),
    [("1357", True), ("13579024", True), ("135", False), ("135790246", False), ("0000", False),
     ("12a4", False), ("１２３４", False), ("", False)],
)  # fmt: skip
def test_pins(pin, good):
    assert is_good_pin(pin) is good


def test_names_are_the_same_in_any_width_and_case():
    assert normalise_username(" Ｌin ") == normalise_username("lin") == "lin"
