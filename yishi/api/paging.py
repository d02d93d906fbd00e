"""Opaque cursors: a signed place in an ordered list."""

from typing import Any

from django.core import signing

from yishi.kit.errors import Invalid

MAX_LIMIT = 100


def write_cursor(place: list[Any] | None) -> str | None:
    return None if place is None else signing.dumps(place, salt="cursor", compress=True)


def read_cursor(cursor: str | None) -> list[Any] | None:
    """The place a cursor stands for. Raises Invalid for one that we did not write."""
    if not cursor:
        return None
    try:
        return list(signing.loads(cursor, salt="cursor"))
    except signing.BadSignature:
        raise Invalid([("/cursor", "bad_cursor", "翻页标记不对，从第一页再来")]) from None
