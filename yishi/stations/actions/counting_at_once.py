"""A stock count that a program has made already: its numbers come whole, and what differs is answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yishi.kit.errors import Refusal
from yishi.people.rules import Viewer
from yishi.stations.actions.counting import Scanned, begin_count, end_count, take_scans
from yishi.stations.models.counts import CountDifference, StockCount
from yishi.stations.queries.stations import StationCard


class CountRunning(Refusal):
    """这里正在盘点，先盘完或放弃那一次"""

    code = "count_running"
    status = 409


@dataclass(frozen=True)
class Differing:
    """A number that does not agree with the book; `shelf` is where the book has it, '' for nowhere."""

    waybill_no: str
    kind: str
    shelf: str


@transaction.atomic
def count_at_once(*, card: StationCard, numbers: Sequence[str], by: Viewer, at: datetime) -> list[Differing]:
    """Counts the whole station by these numbers; differences become cases as of any count.

    Raises Invalid, CountRunning, NothingScanned.
    """
    if StockCount.objects.filter(station_id=card.id, shelf=None, state=StockCount.State.OPEN).exists():
        raise CountRunning()
    count_id = begin_count(card=card, shelf="", by=by, at=at)
    scans = [Scanned(client_id=str(place), text=number) for place, number in enumerate(numbers)]
    if scans:
        take_scans(card=card, count_id=count_id, scans=scans, sent_at=None, by=by, at=at)
    end_count(card=card, count_id=count_id, by=by, at=at)
    rows = CountDifference.objects.filter(count_id=count_id).order_by("pk")
    return [Differing(row.waybill_no, row.kind, row.booked) for row in rows]
