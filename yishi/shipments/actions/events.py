"""Scans written and added to their parcels' states: the inside of ingest, for one body or several."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from yishi.feeds.actions.codes import note_said_details, note_unknown_codes
from yishi.feeds.port import ParsedEvent, Rejected
from yishi.feeds.queries.sources import SourceCard
from yishi.kit.facts import announce
from yishi.shipments.actions.correct import correct_carrier
from yishi.shipments.actions.places import UNKNOWN_CARRIER, any_merged, note_outlets, place, unsettled
from yishi.shipments.actions.write import insert_events, upsert_states
from yishi.shipments.facts import ShipmentsAdvanced
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.rules.counts import Counts
from yishi.shipments.rules.scans import ready_scans
from yishi.shipments.rules.states import Scan, State

FACT_SIZE = 500


class CarriersToSettle(Exception):
    """Parcels known without their carrier have got one, and must be joined before anything else is locked."""

    def __init__(self, joins: Sequence[tuple[str, str]]) -> None:
        super().__init__(f"{len(joins)} parcels")
        self.joins = joins


def settle_split(*, shipment_ids: Sequence[int], at: datetime) -> None:
    """Joins parcels that two writers told of at once, one with and one without the carrier."""
    settle_carriers(unsettled(shipment_ids), at=at)


def settle_carriers(joins: Iterable[tuple[str, str]], *, at: datetime) -> None:
    """Joins each (waybill_no, carrier) in a transaction of its own, where the caller stands in none."""
    for number, carrier in joins:
        correct_carrier(waybill_no=number, old=UNKNOWN_CARRIER, new=carrier, at=at)


def take_events(*, source: SourceCard, bodies: Sequence[Sequence[ParsedEvent]], at: datetime) -> list[Counts]:
    """Takes in the events of several bodies of one source by the same few statements; the counts of each.

    What two of them say alike is accepted for the first and a duplicate for the second. Must stand in a
    transaction. Announces ShipmentsAdvanced. Raises CarriersToSettle: a join locks parcels out of their
    order, so the caller undoes what stands, settles, and comes again.
    """
    read = [
        ready_scans(
            events,
            source_id=source.id,
            plugin=source.plugin,
            carrier=source.carrier,
            at=at,
            overrides=source.overrides,
        )
        for events in bodies
    ]
    if source.overrides:
        note_said_details(
            source_id=source.id,
            said=[
                (e.source_code, e.detail)
                for each in bodies
                for e in each
                if e.source_code in source.overrides
            ],
        )
    scans = [scan for ready, _ in read for scan in ready]
    fresh = _write(source, scans, at) if scans else []
    if len(read) == 1:
        (ready, rejected), accepted = read[0], len(fresh)
        return [Counts(accepted, len(ready) - accepted, tuple(rejected))]
    return _shared_out(read, set(fresh))


def _write(source: SourceCard, scans: list[Scan], at: datetime) -> list[bytes]:
    """Writes the scans; the identities of those that are new."""
    shipment_ids = _advance(scans)
    written = insert_events(scans, shipment_ids, source_id=source.id, at=at)
    _announce({shipment_id for _, shipment_id, _ in written}, at)
    if codes := [code for _, _, code in written if code]:
        _note_unknown(source, scans, codes, at)
    return [identity for identity, _, _ in written]


def _shared_out(read: list[tuple[list[Scan], list[Rejected]]], fresh: set[bytes]) -> list[Counts]:
    counts = []
    for scans, rejected in read:
        mine = {scan.identity for scan in scans} & fresh
        fresh -= mine
        counts.append(Counts(len(mine), len(scans) - len(mine), tuple(rejected)))
    return counts


def _advance(scans: list[Scan]) -> list[int]:
    """Adds the scans to their parcels' states; the id of each scan's parcel."""
    placed = place((s.waybill_no, s.carrier) for s in scans)
    if placed.joins:
        raise CarriersToSettle(placed.joins)
    note_outlets(scans)
    keys = [placed.key_of[s.waybill_no, s.carrier] for s in scans]
    states: dict[tuple[str, str], State] = {}
    for key, scan in zip(keys, scans, strict=True):
        state = states.get(key)
        if state is None:
            state = states[key] = State()
        state.add(scan)
    ids = placed.id_of
    ids.update(upsert_states(states))
    for number, carrier in [key for key in states if key not in ids]:
        # somebody else made it in the meantime and is further on
        ids[number, carrier] = Shipment.objects.values_list("id", flat=True).get(
            waybill_no=number, carrier=carrier
        )
    if any_merged([ids[key] for key in states]):
        # somebody joined one of them to another after we had looked: look again
        raise CarriersToSettle([])
    return [ids[key] for key in keys]


def _announce(shipment_ids: Iterable[int], at: datetime) -> None:
    ids = sorted(shipment_ids)
    for start in range(0, len(ids), FACT_SIZE):
        announce(ShipmentsAdvanced(shipment_ids=tuple(ids[start : start + FACT_SIZE]), at=at))


def _note_unknown(source: SourceCard, scans: list[Scan], codes: list[str], at: datetime) -> None:
    samples: dict[str, str] = {}
    for scan in scans:
        if scan.kind == "unknown" and scan.source_code:
            samples.setdefault(scan.source_code, scan.text)
    counted = {code: (codes.count(code), samples[code]) for code in set(codes)}
    note_unknown_codes(source=source, codes=counted, at=at)
