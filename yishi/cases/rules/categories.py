"""Categories of cases and the class of care that each asks for. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class CaseClass(StrEnum):
    """What kind of care a category asks for; the shipped clocks hang on it (`sla`)."""

    EXCEPTION = "E"
    COMPLAINT = "C"
    REQUEST = "R"
    ENQUIRY = "Q"
    PRAISE = "P"


OF_TROUBLE = frozenset({CaseClass.EXCEPTION.value, CaseClass.COMPLAINT.value})
"""Something went wrong: what counts as a complaint wherever complaints are counted."""


@dataclass(frozen=True)
class CategoryRule:
    """`case_class` is None for a category that only a finding can have."""

    case_class: CaseClass | None
    is_claimable: bool = True


def _all(case_class: CaseClass, names: str) -> dict[str, CategoryRule]:
    return {name: CategoryRule(case_class) for name in names.split()}


# the shipped set (contracts.md, "Cases")
CATEGORIES: Mapping[str, CategoryRule] = {
    **_all(
        CaseClass.EXCEPTION,
        "SIGNED_NOT_RECEIVED NO_DOOR_DELIVERY LOST PARCEL_NOT_FOUND DAMAGED MISDELIVERED TAKEN_BY_OTHER"
        " PICKUP_CODE PRIVACY SAFETY",
    ),
    **_all(
        CaseClass.COMPLAINT,
        "UNCONSENTED_PLACEMENT SHORT CONTENT_MISMATCH DELAY ATTITUDE STATION_SERVICE DELIVERY_SERVICE"
        " ACCEPTANCE OVERCHARGE CASH_ON_DELIVERY OTHER",
    ),
    **_all(CaseClass.REQUEST, "URGE REDIRECT RESCHEDULE INTERCEPT RETURN"),
    **_all(CaseClass.ENQUIRY, "ENQUIRY SUGGESTION"),
    **_all(CaseClass.PRAISE, "PRAISE"),
    "FALSE_SIGN_OFF": CategoryRule(None, is_claimable=False),
}


# these are looked at by a person at once, whatever else waits
URGENT_CATEGORIES = frozenset({"PRIVACY", "SAFETY"})
