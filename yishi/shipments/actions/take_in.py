"""The one path by which tracking comes in, whoever brings it: push, API, file, poll or replay."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import psycopg
from django.db import connection, transaction

from yishi.feeds.actions.complaints import keep_complaints
from yishi.feeds.actions.inbox import RawBody, quarantine, store_raws
from yishi.feeds.actions.silence import note_input
from yishi.feeds.port import Parsed, Unreadable
from yishi.feeds.queries.sources import SourceCard
from yishi.kit.errors import DATABASE_AWAY
from yishi.network.rules import carrier_of
from yishi.shipments.actions.correct import correct_carrier
from yishi.shipments.actions.events import CarriersToSettle, settle_carriers, take_events
from yishi.shipments.actions.following import hear_of
from yishi.shipments.actions.keep import keep_shipments
from yishi.shipments.actions.pickup import keep_pickup_codes
from yishi.shipments.rules.counts import Counts
from yishi.shipments.rules.scans import as_sent

# each try finds somebody else's new join at worst
_TRIES = 20


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
    for _ in range(_TRIES):
        try:
            return _take_body(given, expects, parsed)
        except CarriersToSettle as found:
            settle_carriers(found.joins, at=at)
        except psycopg.errors.DeadlockDetected:
            # the others went through, so do we now
            if connection.in_atomic_block:
                raise
    raise psycopg.errors.SerializationFailure("other writers kept coming in between")


@dataclass(frozen=True)
class ReadBody:
    """A body that its source's plug-in has read already; it holds events and nothing else."""

    source: SourceCard
    body: bytes
    content_type: str
    parsed: Parsed


@transaction.atomic
def take_several(*, bodies: Sequence[ReadBody], at: datetime) -> list[Counts]:
    """Takes in the events of several bodies with one commit; the counts of each, in their order.

    All or none: whatever fails in one is raised, and the caller gives each to `take_in` alone.
    """
    by_source: dict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(bodies):
        by_source[each.source.code].append(place)
    counts = [Counts()] * len(bodies)
    for _, places in sorted(by_source.items()):
        source = bodies[places[0]].source
        note_input(source=source, at=at)
        events = [bodies[i].parsed.events for i in places]
        taken = take_events(source=source, bodies=events, at=at)
        for i, said in zip(places, taken, strict=True):
            counts[i] = replace(said, rejected=tuple(as_sent(said.rejected, bodies[i].parsed.rejected)))
    rows = [_raw(b.source, b.body, b.content_type, said) for b, said in zip(bodies, counts, strict=True)]
    return [
        replace(said, raw_id=raw_id) for said, raw_id in zip(counts, store_raws(rows, at=at), strict=True)
    ]


def _raw(source: SourceCard, body: bytes, content_type: str, counts: Counts) -> RawBody:
    return RawBody(
        source_id=source.id,
        body=body,
        content_type=content_type,
        state="TAKEN",
        detail=", ".join(f"{r.index}: {r.reason}" for r in counts.rejected[:20]),
        counts=(counts.accepted, counts.duplicate, len(counts.rejected)),
    )


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
            note_input(source=source, at=given.at)
            counts = _take_read(source, parsed, given.at)
            (raw_id,) = store_raws([_raw(source, given.body, given.content_type, counts)], at=given.at)
            return replace(counts, raw_id=raw_id)
    except Unreadable as error:
        return _quarantined(given, error.reason, error.detail)
    except (CarriersToSettle, *DATABASE_AWAY):
        raise
    except Exception as error:
        # one body must never stop the others: whatever it does to us, it is kept and shown to an operator
        return _quarantined(given, "failed", f"{type(error).__name__}: {error}")


@transaction.atomic
def _quarantined(given: _Given, reason: str, detail: str) -> Counts:
    note_input(source=given.source, at=given.at)
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

    Announces ShipmentsAdvanced.
    """
    for _ in range(_TRIES):
        try:
            with transaction.atomic():
                return _take_read(source, parsed, at)
        except CarriersToSettle as found:
            settle_carriers(found.joins, at=at)
    raise psycopg.errors.SerializationFailure("other writers kept coming in between")


def _take_read(source: SourceCard, parsed: Parsed, at: datetime) -> Counts:
    if (correction := parsed.carrier_correction) is not None:
        old, new = carrier_of(correction.old), carrier_of(correction.new)
        correct_carrier(waybill_no=correction.waybill_no, old=old, new=new, at=at)
    (counts,) = take_events(source=source, bodies=[parsed.events], at=at)
    if parsed.master_data:
        counts = counts.plus(keep_shipments(source=source, items=parsed.master_data, at=at))
    if parsed.pickup_codes:
        counts = counts.plus(keep_pickup_codes(source=source, codes=parsed.pickup_codes, at=at))
    if parsed.complaints:
        fresh = keep_complaints(source=source, complaints=parsed.complaints, at=at)
        counts = counts.plus(Counts(fresh, len(parsed.complaints) - fresh))
    if parsed.subscriptions:
        hear_of(source=source, news=parsed.subscriptions, at=at)
    return replace(counts, rejected=tuple(as_sent(counts.rejected, parsed.rejected)))
