"""What makes two mentions one person, and what a try of a code comes to."""

from datetime import UTC, datetime, timedelta

import pytest

from yishi.consignees.rules import ContactRow, code_outcome, identity_of

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "is_trusted", "identity"),
    [
        ({"phone": "1", "name": "王"}, True, "phone:1"),
        ({"phone": "1", "name": "王"}, False, "phone:1"),
        ({"phone": "1", "email": "a@b"}, True, "phone:1"),
        ({"phone": "1", "email": "a@b"}, False, "phone:1|email:a@b"),
        ({"email": "a@b", "name": "王"}, False, "email:a@b"),
        ({"virtual_number": "9", "virtual_extension": "12", "name": "王"}, True, "virtual:9-12|name:王"),
        ({"phone_tail": "0001", "name": "王"}, True, "tail:0001|name:王"),
        ({"phone_tail": "0001"}, True, ""),
        ({"name": "王"}, True, ""),
        ({}, False, ""),
    ],
)
def test_identity(row, is_trusted, identity):
    assert identity_of(ContactRow(**row), is_trusted=is_trusted) == identity


@pytest.mark.parametrize(
    ("is_right", "tries", "late_s", "is_used", "outcome"),
    [
        (True, 0, -1, False, "RIGHT"),
        (True, 0, 0, False, "RIGHT"),  # the very last moment
        (True, 0, 1, False, "EXPIRED"),
        (False, 0, 0, False, "WRONG"),
        (True, 4, 0, False, "RIGHT"),
        (True, 5, 0, False, "LOCKED"),
        (True, 5, 1, True, "LOCKED"),
        (True, 0, 0, True, "USED"),
        (False, 0, 0, True, "USED"),
    ],
)
def test_codes(is_right, tries, late_s, is_used, outcome):
    expires_at = AT - timedelta(seconds=late_s)
    assert (
        code_outcome(is_right=is_right, tries=tries, expires_at=expires_at, is_used=is_used, at=AT) == outcome
    )
