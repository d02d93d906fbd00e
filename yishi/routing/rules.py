"""Who answers for a parcel's case, decided from what is known; and why, in a word. Pure."""

from collections.abc import Container
from dataclasses import dataclass

LAST_HELD = "LAST_HELD"
DESTINATION = "DESTINATION"
SERVICE_AREA = "SERVICE_AREA"
UNKNOWN_PARCEL = "UNKNOWN_PARCEL"
NO_OUTLET = "NO_OUTLET"


@dataclass(frozen=True)
class Decision:
    """The outlet (None = head office's queue) and the reason that the timeline shows."""

    outlet_id: int | None
    reason: str


def responsible_outlet(
    *,
    is_known: bool,
    held: int | None,
    destination: int | None,
    serving: int | None,
    working: Container[int],
) -> Decision:
    """The outlet that last held or delivers the parcel, else its destination, else who serves the address.

    `working` are outlets that are not closed: a closed one is passed over. Without any, head office,
    which first finds out where the parcel is.
    """
    for outlet_id, reason in ((held, LAST_HELD), (destination, DESTINATION), (serving, SERVICE_AREA)):
        if outlet_id is not None and outlet_id in working:
            return Decision(outlet_id, reason)
    return Decision(None, NO_OUTLET if is_known else UNKNOWN_PARCEL)
