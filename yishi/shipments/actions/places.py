"""Which parcel each event belongs to, and which of our outlets it names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yishi.kit.hot import hot_cursor
from yishi.network.queries import outlet_ids_by_codes
from yishi.shipments.rules.milestones import Milestone
from yishi.shipments.rules.states import SEPARATOR, Scan

UNKNOWN_CARRIER = "unknown"
Key = tuple[str, str]


@dataclass(slots=True)
class Known:
    """A parcel that is there already."""

    id: int
    carrier: str
    merged_into: int | None


@dataclass(slots=True)
class Placed:
    """Where scans go: the key of each named parcel, the ids known so far, and what must be joined first.

    `joins` are (waybill_no, carrier) pairs: the parcel of unknown carrier is really this carrier's.
    """

    key_of: dict[Key, Key]
    id_of: dict[Key, int]
    joins: list[Key]


_FIND = """
SELECT id, waybill_no, carrier, merged_into_id FROM shipments_shipment
WHERE waybill_no = ANY (string_to_array(%s, chr(31)))
"""


_MERGED = "SELECT EXISTS (SELECT FROM shipments_shipment WHERE id = ANY (%s) AND merged_into_id IS NOT NULL)"
_UNSETTLED = """
SELECT u.waybill_no, min(s.carrier) FROM shipments_shipment u JOIN shipments_shipment s USING (waybill_no)
WHERE waybill_no IN (SELECT waybill_no FROM shipments_shipment WHERE id = ANY (%s))
    AND u.carrier = %s AND u.merged_into_id IS NULL AND s.carrier <> %s AND s.merged_into_id IS NULL
GROUP BY u.waybill_no HAVING count(*) = 1
"""


def any_merged(shipment_ids: Sequence[int]) -> bool:
    """Whether one of these rows, which the caller has locked, only points to another parcel by now."""
    row = hot_cursor().execute(_MERGED, [list(shipment_ids)]).fetchone()
    return bool(row and row[0])


def unsettled(shipment_ids: Sequence[int]) -> list[Key]:
    """(waybill_no, carrier) of those parcels that stand both under their one carrier and under `unknown`."""
    values = [list(shipment_ids), UNKNOWN_CARRIER, UNKNOWN_CARRIER]
    return [(number, carrier) for number, carrier in hot_cursor().execute(_UNSETTLED, values)]


def place(named: Iterable[Key]) -> Placed:
    """Finds the parcel of each (number, carrier or '').

    Without carrier it is the one parcel of that number, else the one of carrier `unknown`. When a carrier is
    named for a number known only as `unknown`, that parcel is joined to it; so order of arrival cannot
    matter.
    """
    wanted: dict[str, list[str]] = {}
    for number, carrier in sorted(set(named)):
        wanted.setdefault(number, []).append(carrier)
    known = _known(list(wanted))
    placed = Placed({}, {}, [])
    for number, carriers in wanted.items():
        _place_number(number, [c for c in carriers if c], known.get(number, []), placed)
        if "" in carriers:
            placed.key_of[number, ""] = _without_carrier(number, carriers, known.get(number, []), placed)
    return placed


def _known(numbers: Sequence[str]) -> dict[str, list[Known]]:
    found: dict[str, list[Known]] = {}
    # planned anew each time: a plan kept from when the table was small would read all of it for each batch
    rows = hot_cursor().execute(_FIND, [SEPARATOR.join(numbers)])
    for shipment_id, number, carrier, merged_into in rows:
        found.setdefault(number, []).append(Known(shipment_id, carrier, merged_into))
    return found


def _place_number(number: str, carriers: Sequence[str], known: Sequence[Known], placed: Placed) -> None:
    by_id = {k.id: k for k in known}
    for k in known:
        target = by_id.get(k.merged_into, k) if k.merged_into is not None else k
        placed.key_of[number, k.carrier] = (number, target.carrier)
        placed.id_of[number, target.carrier] = target.id
    for carrier in carriers:
        placed.key_of.setdefault((number, carrier), (number, carrier))
    named = {placed.key_of[number, c][1] for c in carriers if c != UNKNOWN_CARRIER}
    others = {k.carrier for k in known if k.merged_into is None}
    if UNKNOWN_CARRIER in others and len(named | (others - {UNKNOWN_CARRIER})) == 1 and named:
        placed.joins.append((number, next(iter(named))))
        placed.key_of[number, UNKNOWN_CARRIER] = (number, next(iter(named)))


def _without_carrier(number: str, carriers: Sequence[str], known: Sequence[Known], placed: Placed) -> Key:
    live = {k.carrier for k in known if k.merged_into is None} | {
        placed.key_of[number, c][1] for c in carriers if c
    }
    live.discard(UNKNOWN_CARRIER)
    return (number, live.pop()) if len(live) == 1 else (number, UNKNOWN_CARRIER)


def note_outlets(scans: Sequence[Scan]) -> None:
    """Sets `outlet_id` where a scan names one of our outlets, by its carrier's code for it or by our own.

    Carriers say "arrived" without saying where: at one of our outlets it is no hub that it arrived at.
    """
    named = {(s.carrier, name) for s in scans for name in (s.outlet, s.outlet_hint) if name}
    if not named:
        return
    ids = outlet_ids_by_codes(named)
    for scan in scans:
        at_place = ids.get((scan.carrier, scan.outlet))
        scan.outlet_id = at_place if at_place is not None else ids.get((scan.carrier, scan.outlet_hint))
        if scan.kind == "arrived_hub" and at_place is not None:
            scan.kind, scan.milestone = "arrived_at_outlet", Milestone.AT_OUTLET.value
