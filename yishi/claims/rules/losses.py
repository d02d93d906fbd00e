"""What can happen to a parcel that costs money, and the words of the table of compensation. Pure."""

from collections.abc import Mapping
from enum import StrEnum


class LossType(StrEnum):
    LOST = "LOST"
    SHORT = "SHORT"
    MISMATCH = "MISMATCH"
    DAMAGED = "DAMAGED"
    DELAY = "DELAY"
    MISDELIVERED = "MISDELIVERED"
    OVERCHARGE = "OVERCHARGE"
    OTHER = "OTHER"


class Cover(StrEnum):
    """For which parcels a rule speaks."""

    ANY = "ANY"
    INSURED = "INSURED"
    UNINSURED = "UNINSURED"


class Part(StrEnum):
    """Of each part of a claim the closest rule counts, and the parts are added up."""

    GOODS = "GOODS"
    FREIGHT = "FREIGHT"
    EXTRA = "EXTRA"


class Pays(StrEnum):
    """What a rule takes its percentage of."""

    DECLARED = "DECLARED"
    GOODS = "GOODS"
    FREIGHT = "FREIGHT"
    FIXED = "FIXED"


_BY_CATEGORY: Mapping[str, LossType] = {
    "LOST": LossType.LOST,
    "PARCEL_NOT_FOUND": LossType.LOST,
    "SIGNED_NOT_RECEIVED": LossType.LOST,
    "SHORT": LossType.SHORT,
    "CONTENT_MISMATCH": LossType.MISMATCH,
    "DAMAGED": LossType.DAMAGED,
    "MISDELIVERED": LossType.MISDELIVERED,
    "TAKEN_BY_OTHER": LossType.MISDELIVERED,
    "DELAY": LossType.DELAY,
    "OVERCHARGE": LossType.OVERCHARGE,
}


def loss_of(category: str) -> LossType:
    """The loss that a case of this category is about, as a first guess."""
    return _BY_CATEGORY.get(category, LossType.OTHER)
