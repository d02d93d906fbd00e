"""What is found in the end: who answers for it, where the root lies, what is settled at once. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

# who can answer for what happened; the words beside it name the outlet, the person, the firm
PARTIES = ("OUTLET", "COURIER", "STATION", "CARRIER", "MERCHANT", "CONSUMER", "OTHER", "NOBODY")

_LOSS, _HARM = "LOSS", "HARM"

# the shipped list of root causes, each with the troubles it explains; any other word is taken as it is
CAUSES: Mapping[str, frozenset[str]] = {
    "PACKAGING": frozenset({_HARM}),
    "ROUGH_HANDLING": frozenset({_HARM}),
    "CRUSHED": frozenset({_HARM}),
    "WET": frozenset({_HARM}),
    "GOODS_FRAGILE": frozenset({_HARM}),
    "PARCEL_OPEN": frozenset({_HARM, _LOSS}),
    "NOT_PACKED": frozenset({_LOSS}),
    "MISSORTED": frozenset({_LOSS}),
    "FELL_OFF": frozenset({_LOSS}),
    "LABEL_LOST": frozenset({_LOSS}),
    "WRONG_DOOR": frozenset({_LOSS}),
    "LEFT_UNGUARDED": frozenset({_LOSS}),
    "TAKEN_BY_OTHER": frozenset({_LOSS}),
    "STOLEN": frozenset({_LOSS}),
    "STATION_SHELF": frozenset({_LOSS}),
    "VEHICLE_ACCIDENT": frozenset({_HARM, _LOSS}),
    "NOT_TRACEABLE": frozenset({_HARM, _LOSS}),
}

_TROUBLE: Mapping[str, str] = {"LOST": _LOSS, "SHORT": _LOSS, "DAMAGED": _HARM}

# settled once: nobody came again within so many days
SETTLED_WITHIN = timedelta(days=7)
MOST_SETTLED_DAYS = 30
# fewer than so many say little; pages say so beside the share
FEW = 30


def needs_root_cause(*, claimed: str, verified: str, validity: str) -> bool:
    """Lost, short and damaged parcels, as claimed or as verified, need a cause, unless nothing was true."""
    return validity != "INVALID" and bool({claimed, verified} & set(_TROUBLE))


def causes_for(*categories: str) -> list[str]:
    """The causes offered for these categories; all of them where none is a loss or damage."""
    troubles = {_TROUBLE[category] for category in categories if category in _TROUBLE}
    return [cause for cause, fits in CAUSES.items() if not troubles or fits & troubles]


@dataclass(frozen=True)
class Share:
    """A part of a whole; `percent` is None where there is no whole, `is_small` where it says little."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        return 100 * self.part / self.whole if self.whole else None

    @property
    def per_ten_thousand(self) -> float | None:
        """‱: how many in ten thousand, as the trade counts complaints over parcels."""
        return 10_000 * self.part / self.whole if self.whole else None

    @property
    def is_small(self) -> bool:
        return self.whole < FEW
