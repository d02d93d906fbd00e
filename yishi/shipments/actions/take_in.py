"""The one path by which tracking comes in, whoever brings it: push, API, file, poll or replay."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import psycopg
from django.db import connection, transaction

from yishi.feeds.actions import note_unknown_codes, quarantine, store_raw
from yishi.feeds.port import Parsed, ParsedEvent, Unreadable
from yishi.feeds.queries import SourceCard
from yishi.kit.errors import DATABASE_AWAY
from yishi.kit.facts import announce
from yishi.shipments.actions.correct import correct_carrier
from yishi.shipments.actions.keep import keep_shipments
from yishi.shipments.actions.places import UNKNOWN_CARRIER, note_outlets, place
from yishi.shipments.actions.write import insert_events, upsert_states
from yishi.shipments.facts import ShipmentsAdvanced
from yishi.shipments.models import Shipment
from yishi.shipments.rules.counts import Counts
from yishi.shipments.rules.scans import as_sent, ready_scans
from yishi.shipments.rules.states import Scan, State

FACT_SIZE = 500
_TRIES = 3


def take_in(
    *,
    source: SourceCard,
    body: bytes,
    content_type: str,
    at: datetime,
    expects: str = "",
    parsed: Parsed | None = None,
) -> Counts:
    """Takes a body in: kept as it came, read by its source's plug-in, de-duplicated, added to its
    parcels' states.

    Durable when the surrounding transaction commits. A body that cannot be read is kept in quarantine and
    its reason stands in `quarantined`; NotFramed is quarantined like any other. `expects` tells the generic
    plug-in what the items are (`events`, `shipments`, or either when empty); `parsed` is given by a caller
    that had to read the body already. Raises only when the database fails.
    """
    given = _Given(source, body, content_type, at)
    for left in range(_TRIES, 0, -1):
        try:
            return _take_body(given, expects, parsed)
        except psycopg.errors.DeadlockDetected:
            # joining a parcel of unknown carrier locks out of order; the others went through, so do we now
            if left == 1 or connection.in_atomic_block:
                raise
    raise AssertionError("unreachable")


@dataclass(frozen=True)
class _Given:
    """A body and how it came."""

    source: SourceCard
    body: bytes
    content_type: str
    at: datetime


def _take_body(given: _Given, expects: str, parsed: Parsed | None) -> Counts:
    source = given.source
    try:
        if source.is_paused:
            raise Unreadable("paused")
        if parsed is None:
            settings = {**source.settings, "expects": expects}
            parsed = source.reader.parse(given.body, given.content_type, settings, source.zone)
        with transaction.atomic():
            counts = take_parsed(source=source, parsed=parsed, at=given.at)
            return replace(counts, raw_id=_store(given, counts))
    except Unreadable as error:
        return _quarantined(given, error.reason, error.detail)
    except DATABASE_AWAY:
        raise
    except Exception as error:
        # one body must never stop the others: whatever it does to us, it is kept and shown to an operator
        return _quarantined(given, "failed", f"{type(error).__name__}: {error}")


def _store(given: _Given, counts: Counts) -> int:
    refusals = ", ".join(f"{r.index}: {r.reason}" for r in counts.rejected[:20])
    return store_raw(
        source_id=given.source.id,
        body=given.body,
        content_type=given.content_type,
        at=given.at,
        state="TAKEN",
        detail=refusals,
        counts=(counts.accepted, counts.duplicate, len(counts.rejected)),
    )


def _quarantined(given: _Given, reason: str, detail: str) -> Counts:
    raw_id = quarantine(
        source=given.source,
        body=given.body,
        content_type=given.content_type,
        reason=reason,
        detail=detail,
        at=given.at,
    )
    return Counts(quarantined=reason, raw_id=raw_id)


def take_parsed(*, source: SourceCard, parsed: Parsed, at: datetime) -> Counts:
    """Takes in what was read already: the inner half of `take_in`, for whoever has no body (the sample).

    Must stand in a transaction. Announces ShipmentsAdvanced.
    """
    if (correction := parsed.carrier_correction) is not None:
        correct_carrier(waybill_no=correction.waybill_no, old=correction.old, new=correction.new, at=at)
    counts = _take_events(source, parsed.events, at)
    if parsed.master_data:
        kept = keep_shipments(source=source, items=parsed.master_data, at=at)
        counts = Counts(
            counts.accepted + kept.accepted,
            counts.duplicate + kept.duplicate,
            (*counts.rejected, *kept.rejected),
            notes=kept.notes,
        )
    return replace(counts, rejected=tuple(as_sent(counts.rejected, parsed.rejected)))


def _take_events(source: SourceCard, events: list[ParsedEvent], at: datetime) -> Counts:
    scans, rejected = ready_scans(
        events, source_id=source.id, plugin=source.plugin, carrier=source.carrier, at=at
    )
    if not scans:
        return Counts(rejected=tuple(rejected))
    shipment_ids = _advance(scans, at)
    written = insert_events(scans, shipment_ids, source_id=source.id, at=at)
    _announce({shipment_id for shipment_id, _ in written}, at)
    if any(code for _, code in written):
        _note_unknown(source, scans, [code for _, code in written if code], at)
    return Counts(len(written), len(scans) - len(written), tuple(rejected))


def _advance(scans: list[Scan], at: datetime) -> list[int]:
    """Adds the scans to their parcels' states; the id of each scan's parcel."""
    placed = place((s.waybill_no, s.carrier) for s in scans)
    for number, carrier in placed.joins:
        correct_carrier(waybill_no=number, old=UNKNOWN_CARRIER, new=carrier, at=at)
        placed.id_of.pop((number, UNKNOWN_CARRIER), None)
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
