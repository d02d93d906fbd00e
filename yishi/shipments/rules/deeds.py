"""A deed done where there was no network: when it happened, who may take a parcel, why it came back. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

SKEW_WITHIN = timedelta(minutes=2)
"""A telephone's clock may differ so far before its times are corrected; a slow line takes some of it."""

SELF, FAMILY, COLLEAGUE, NEIGHBOUR = "SELF", "FAMILY", "COLLEAGUE", "NEIGHBOUR"
GUARD, LOCKER, STATION = "GUARD", "LOCKER", "STATION"
RECEIVERS: Mapping[str, tuple[str, str]] = {
    SELF: ("delivered", "self"),
    FAMILY: ("delivered", "proxy"),
    COLLEAGUE: ("delivered", "proxy"),
    NEIGHBOUR: ("delivered", "proxy"),
    GUARD: ("delivered", "proxy"),
    LOCKER: ("stored_at_pickup_point", "locker"),
    STATION: ("stored_at_pickup_point", "station"),
}
"""Who or what took the parcel, and the scan (kind, detail) that says so."""
IN_HAND = frozenset({SELF, FAMILY, COLLEAGUE})
"""Handed over to the person's own side; everything else wants his yes first."""

FAILURES: Mapping[str, tuple[str, str]] = {
    "not_home": ("delivery_failed", "unreachable"),
    "refused": ("refused", ""),
    "bad_address": ("delivery_failed", "bad_address"),
    "bad_phone": ("delivery_failed", "bad_phone"),
    "closed": ("delivery_failed", "business_closed"),
    "security": ("delivery_failed", "security"),
    "later": ("delivery_failed", "other"),
    "other": ("delivery_failed", "other"),
}
"""Why it was not handed over, and the scan that says so."""

OUTCOMES = ("answered", "no_answer", "bad_number", "busy")
"""What came of a call, said by one tap afterwards."""


@dataclass(frozen=True)
class DeedTime:
    """When a deed happened by our clock; `offset_s` is what the telephone's clock was behind."""

    at: datetime
    offset_s: int
    is_doubtful: bool


def deed_time(*, made_at: datetime, sent_at: datetime, received_at: datetime) -> DeedTime:
    """The moment of a deed: the telephone's, put right by how far its clock stood from ours at sending.

    A deed after its own sending (the clock was turned back meanwhile), or after now, counts as now, marked.
    """
    offset = received_at - sent_at
    is_wrong = abs(offset) > SKEW_WITHIN
    at = made_at + offset if is_wrong else made_at
    is_doubtful = made_at > sent_at or at > received_at
    return DeedTime(min(at, received_at), int(offset.total_seconds()), is_doubtful)
