"""The kinds of trouble, who may be at fault, and what a rule concludes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Values = Mapping[str, str | int]


class Kind(StrEnum):
    """contracts.md names them on the wire."""

    STALLED = "STALLED"
    LATE = "LATE"
    ARRIVED_NOT_OUT = "ARRIVED_NOT_OUT"
    OUT_NOT_SIGNED = "OUT_NOT_SIGNED"
    SENT_NOT_ARRIVED = "SENT_NOT_ARRIVED"
    HELD_AT_OUTLET = "HELD_AT_OUTLET"
    SUSPECTED_FALSE_SIGN_OFF = "SUSPECTED_FALSE_SIGN_OFF"
    UNCONSENTED_PLACEMENT = "UNCONSENTED_PLACEMENT"
    FAILED_TWICE = "FAILED_TWICE"
    DAMAGED = "DAMAGED"
    MISROUTED = "MISROUTED"
    BOUNCING = "BOUNCING"
    RETURN_LOOP = "RETURN_LOOP"
    REFUSED_OUT = "REFUSED_OUT"
    INTERCEPT_MISSED = "INTERCEPT_MISSED"
    PICKUP_OVERDUE = "PICKUP_OVERDUE"
    NO_FIRST_EVENT = "NO_FIRST_EVENT"
    MOVED_AFTER_DELIVERY = "MOVED_AFTER_DELIVERY"


class Party(StrEnum):
    """Who is at fault as far as the record shows."""

    CARRIER = "CARRIER"
    OUTLET = "OUTLET"
    COURIER = "COURIER"
    SHIPPER = "SHIPPER"
    CONSIGNEE = "CONSIGNEE"


class Certainty(StrEnum):
    SUSPECTED = "SUSPECTED"
    KNOWN = "KNOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One trouble of one parcel. `cause` tells it from another of the same kind: the place, mostly.

    `reason` is a key whose words the pages hold, `values` fill them. `due_at`: when to look again although
    nothing new was scanned; None = only a new scan changes it.
    """

    kind: Kind
    party: Party
    certainty: Certainty
    reason: str
    since: datetime
    cause: str = ""
    courier: str = ""
    values: Values = field(default_factory=dict)
    due_at: datetime | None = None


Look = Finding | datetime | None
"""What a rule says: found; not yet, look again then; or nothing to look for."""
