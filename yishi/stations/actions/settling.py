"""What a count found is put right: one touch a difference, once."""

from datetime import datetime

from django.db import transaction

from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.people.rules import Viewer
from yishi.stations.actions.custody import move_parcel
from yishi.stations.facts import ParcelsSeen
from yishi.stations.models.counts import CountDifference
from yishi.stations.queries.stations import INSIDE, StationCard
from yishi.stations.rules.counting import Found


class AlreadySettled(Refusal):
    """这一条已经处理过了"""

    code = "already_settled"


@transaction.atomic
def settle_difference(*, card: StationCard, difference_id: int, how: str, by: Viewer, at: datetime) -> None:
    """One touch puts it right: MOVED books the parcel where it was seen; FOUND says that it is where the book
    has it; BOOKED_IN and SENT_ON are done elsewhere and noted; LOOKED leaves it to its case.

    Raises NotFound, AlreadySettled, Invalid.
    """
    rows = CountDifference.objects.select_for_update(of=("self",)).select_related("parcel__shipment")
    row = rows.filter(pk=difference_id, count__station_id=card.id).first()
    if row is None:
        raise NotFound()
    if row.settled:
        raise AlreadySettled()
    if how not in ways_for(row.kind):
        raise Invalid([("/how", "bad_value", "没有这个选项")])
    if how == "MOVED" and row.parcel is not None:
        shelf, _dash, layer = row.seen.rpartition("-")
        place = (shelf, int(layer)) if shelf else (row.seen, 1)
        move_parcel(card=card, parcel_id=row.parcel.pk, shelf=place[0], layer=place[1], by=by, at=at)
    row.settled, row.settled_at, row.settled_by = how, at, by.label
    row.save(update_fields=["settled", "settled_at", "settled_by"])
    if how == "FOUND" and row.parcel is not None and row.parcel.state == INSIDE:
        announce(
            ParcelsSeen(
                station=card.name,
                shipment_ids=(row.parcel.shipment_id,),
                places=(row.booked,),
                count_id=row.count_id,
                at=at,
            )
        )


def ways_for(kind: str) -> tuple[str, ...]:
    """What can be done with a difference of this kind; the first is offered large."""
    return {
        Found.MISSING: ("FOUND", "LOOKED"),
        Found.UNEXPECTED: ("BOOKED_IN", "LOOKED"),
        Found.ELSEWHERE: ("SENT_ON", "LOOKED"),
        Found.WRONG_SHELF: ("MOVED", "LOOKED"),
        Found.TWICE: ("LOOKED",),
        Found.UNREADABLE: ("LOOKED",),
    }[Found(kind)]


@transaction.atomic
def note_case(*, difference_id: int, case_no: str) -> None:
    """The case that a difference became."""
    CountDifference.objects.filter(pk=difference_id).update(case_no=case_no)
