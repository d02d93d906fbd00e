"""Six kinds of parcels on the shelves, and what is to be done with each. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """How a parcel stands on the shelf; the first that fits, in this order."""

    PROBLEM = "PROBLEM"
    RELEASED = "RELEASED"
    TO_RETURN = "TO_RETURN"
    UNKNOWN = "UNKNOWN"
    OVERDUE = "OVERDUE"
    NORMAL = "NORMAL"


RETURN_AFTER_DAYS = 3
"""An overdue parcel that nobody extended goes back after so many days more."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """What is known of a parcel on the shelf; `is_released` = tracking says that its person has it."""

    keep_until: datetime
    is_stopped: bool = False
    is_damaged: bool = False
    is_released: bool = False
    is_unwanted: bool = False
    is_going_back: bool = False
    has_contact: bool = True
    is_extended: bool = False


def standing_of(look: Look, *, at: datetime, return_after_days: int = RETURN_AFTER_DAYS) -> Standing:
    """PROBLEM: stopped or broken. RELEASED: signed for and still here. TO_RETURN: refused, called back, or
    overdue for days. UNKNOWN: nobody can be told. OVERDUE: kept longer than agreed, at the minute after.
    """
    if look.is_stopped or look.is_damaged:
        return Standing.PROBLEM
    if look.is_released:
        return Standing.RELEASED
    late_days = (at - look.keep_until).total_seconds() / 86400
    if look.is_unwanted or look.is_going_back or (late_days >= return_after_days and not look.is_extended):
        return Standing.TO_RETURN
    if not look.has_contact:
        return Standing.UNKNOWN
    return Standing.OVERDUE if late_days > 0 else Standing.NORMAL
