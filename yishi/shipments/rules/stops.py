"""Which stop holds a parcel back at which scan, and what is to be done instead. Pure."""

from collections.abc import Iterable
from enum import StrEnum


class Reason(StrEnum):
    """Why a parcel may not go on; the first of several is the one that is said."""

    INTERCEPTED = "INTERCEPTED"
    WANTED_BY_CASE = "WANTED_BY_CASE"
    FREIGHT_UNPAID = "FREIGHT_UNPAID"


class Asked(StrEnum):
    """What is to become of a parcel that was stopped."""

    RETURN = "RETURN"
    NEW_ADDRESS = "NEW_ADDRESS"
    HOLD = "HOLD"


class ScanKind(StrEnum):
    """What a scanner is about to do; contracts.md names them on the wire."""

    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY"
    SIGN = "SIGN"
    HAND_OUT = "HAND_OUT"


def holds_back(reason: str, kind: str) -> bool:
    """Whether a stop of this reason forbids this scan.

    Unpaid freight is collected at the door: the parcel may go out, and is not given away.
    """
    return reason != Reason.FREIGHT_UNPAID or kind != ScanKind.OUT_FOR_DELIVERY


def first_of(reasons: Iterable[str], kind: str) -> str | None:
    """The reason that is said where several stops run; None where the scan may go on."""
    order = [reason.value for reason in Reason]
    return min((each for each in reasons if holds_back(each, kind)), key=order.index, default=None)


REASONS = frozenset(reason.value for reason in Reason)
ASKS = frozenset(asked.value for asked in Asked)
SCAN_KINDS = frozenset(kind.value for kind in ScanKind)
