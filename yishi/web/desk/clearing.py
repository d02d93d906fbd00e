"""The evening's clearing list: what the hours say, and beside it what was found to be in trouble sooner."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from yishi.detection.queries.outlet import Trouble, trouble_of_outlet
from yishi.detection.rules.kinds import Kind
from yishi.people.rules import Viewer
from yishi.shipments.queries.day import ParcelLine, Waiting, clearing, list_parcels
from yishi.shipments.rules.clearing import Overdue

FOUND_AS: Mapping[Kind, Overdue] = {
    Kind.ARRIVED_NOT_OUT: Overdue.ARRIVED_NOT_OUT,
    Kind.OUT_NOT_SIGNED: Overdue.OUT_NOT_SIGNED,
    Kind.SENT_NOT_ARRIVED: Overdue.SENT_NOT_ARRIVED,
    Kind.HELD_AT_OUTLET: Overdue.HELD,
    Kind.PICKUP_OVERDUE: Overdue.HELD,
}


def lists_of(*, viewer: Viewer, outlet_code: str, at: datetime) -> list[Waiting]:
    """The four lists with the open incidents of these kinds added; a parcel stands in one list only. The same
    number of statements however many parcels. Raises NotAllowed, NotFound."""
    lists = clearing(viewer=viewer, outlet_code=outlet_code, at=at)
    found = trouble_of_outlet(viewer=viewer, outlet_code=outlet_code, kinds=frozenset(FOUND_AS))
    known = list_parcels(viewer=viewer, waybill_nos=[one.waybill_no for one in found], at=at)
    more = _beside(found, known)
    return [
        replace(one, lines=[*one.lines, *more[one.overdue]], count=one.count + len(more[one.overdue]))
        for one in lists
    ]


def _beside(found: Iterable[Trouble], known: Mapping[str, ParcelLine]) -> dict[Overdue, list[ParcelLine]]:
    """What was found of parcels that stand in no list by their hours, the worst first, each once."""
    more: dict[Overdue, list[ParcelLine]] = {overdue: [] for overdue in Overdue}
    seen: set[str] = set()
    for one in found:
        line = known.get(one.waybill_no)
        if line is None or line.overdue is not None or one.waybill_no in seen:
            continue
        seen.add(one.waybill_no)
        overdue = FOUND_AS[Kind(one.kind)]
        more[overdue].append(replace(line, overdue=overdue))
    return more
