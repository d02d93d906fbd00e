"""All deeds by their names, as forms and telephones say them."""

from collections.abc import Mapping

from yishi.shipments.actions.stops import check_scan
from yishi.web.courier import doing as at_the_door
from yishi.web.courier import full
from yishi.web.courier.doing import Deed, Doing

DEEDS: Mapping[str, Deed] = {
    "contact": at_the_door.contact,
    "message": at_the_door.message,
    "arrived": at_the_door.arrived,
    "outcome": at_the_door.outcome,
    "not_home": at_the_door.not_home,
    "place": at_the_door.place,
    "damaged": at_the_door.damaged,
    "order": full.order,
    "proof": full.proof,
    "failed": full.failed,
}
TAKE_OUT = "take_out"
"""A parcel that is not his yet: it has no stop, so it is no deed of the above."""
_ASKS_FIRST = frozenset({"place", "proof"})


def ask_first(kind: str, doing: Doing) -> None:
    """A parcel that was stopped goes nowhere, whatever its person says. Raises Stopped; keeps the question
    itself, so outside of a transaction."""
    if kind not in _ASKS_FIRST or doing.stop.is_done:
        return
    parcel = doing.stop.parcel
    check_scan(
        waybill_no=parcel.waybill_no,
        carrier=parcel.carrier,
        kind="SIGN",
        courier=parcel.courier,
        by=doing.viewer,
        at=doing.at,
    )
