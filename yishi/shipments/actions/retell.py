"""The job behind a mapping: parcels that use the code are told anew, 500 at a time, then once more.

The second round is for bodies that were being taken in while the mapping changed: they were read with the old
one, and may have written after the first round had passed their parcel.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from yishi.feeds.actions.codes import keep_unknown_code, note_said_details
from yishi.feeds.queries.mappings import readings_of
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor
from yishi.shipments.facts import ShipmentsAdvanced
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.models.remaps import Remap
from yishi.shipments.rules.remapping import Kept, Reading, Retold, retold
from yishi.shipments.rules.scans import milliseconds, moment_of

BATCH = 500
# longer than any request or edge group lives; transactions that are older still are waited for
SETTLED_WITHIN = timedelta(seconds=60)
_ASK_AGAIN_WITHIN = timedelta(seconds=20)

Stage = Remap.Stage


@transaction.atomic
def advance_remap(*, at: datetime) -> bool:
    """Does one step of the remap that is due first: gathers its parcels, or tells up to 500 anew.

    False when none is due. Killed in between, the next step begins where the last commit ended.
    """
    due = Remap.objects.filter(due_at__lte=at).order_by("due_at", "id")
    run = due.select_for_update(skip_locked=True).first()
    if run is None:
        return False
    if run.stage in (Stage.GATHER, Stage.WAIT):
        _begin_round(run, at)
    elif not _tell_batch(run, at):
        _end_round(run, at)
    run.save()
    return True


_GATHER = """
INSERT INTO shipments_remap_parcel (remap_id, shipment_id)
SELECT DISTINCT %s::bigint, shipment_id FROM shipments_event WHERE source_id = %s AND source_code = %s
ON CONFLICT DO NOTHING
"""
_OLDER = """
SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND xact_start < %s
    AND backend_type = 'client backend' AND pid <> pg_backend_pid())
"""


def _begin_round(run: Remap, at: datetime) -> None:
    with connection.cursor() as cursor:
        if run.stage == Stage.WAIT:
            cursor.execute(_OLDER, [run.asked_at])
            if cursor.fetchone()[0]:
                run.due_at = at + _ASK_AGAIN_WITHIN
                return
        cursor.execute(_GATHER, [run.pk, run.source_id, run.source_code])
        run.total, run.done = cursor.rowcount, 0
    run.stage = Stage.APPLY if run.stage == Stage.GATHER else Stage.CHECK
    run.due_at = at


def _end_round(run: Remap, at: datetime) -> None:
    if run.stage == Stage.APPLY:
        run.stage, run.due_at = Stage.WAIT, max(at, run.asked_at + SETTLED_WITHIN)
    else:
        run.stage, run.due_at, run.finished_at = Stage.DONE, None, at


_LOCK = """
SELECT id, waybill_no, merged_into_id, milestone, moved_at FROM shipments_shipment WHERE id = ANY (%s)
ORDER BY waybill_no COLLATE "C", carrier COLLATE "C" FOR UPDATE
"""
_FOLLOW = """
INSERT INTO shipments_remap_parcel (remap_id, shipment_id) SELECT %s, unnest(%s::bigint[])
ON CONFLICT DO NOTHING
"""


def _tell_batch(run: Remap, at: datetime) -> int:
    """Tells the next parcels anew; how many were taken from those that wait.

    Ingest holds a parcel's row while it adds to it, and locks in the same order: what it wrote before us is
    read here, what it writes after us is read by the new mapping.
    """
    ids = list(run.waiting.order_by("shipment_id").values_list("shipment_id", flat=True)[:BATCH])
    if not ids:
        return 0
    run.waiting.filter(shipment_id__in=ids).delete()
    locked = hot_cursor().execute(_LOCK, [ids]).fetchall()
    if moved_away := [row[2] for row in locked if row[2] is not None]:
        # corrected to another carrier since they were gathered: their events are with that parcel now
        hot_cursor().execute(_FOLLOW, [run.pk, moved_away])
    rows = [row for row in locked if row[2] is None]
    told = _retell(run, rows)
    changed = {shipment_id: one for shipment_id, one in told.items() if one.changed}
    _write_events(changed)
    note_said_details(
        source_id=run.source_id,
        said=[(e.source_code, e.detail) for one in changed.values() for e, _, _ in one.changed],
    )
    if lost := [e for one in changed.values() for e, kind, _ in one.changed if kind == "unknown"]:
        keep_unknown_code(
            source_id=run.source_id, source_code=run.source_code, count=len(lost), sample=lost[0].text, at=at
        )
    run.moved += _write_states(rows, told)
    run.events += sum(len(one.changed) for one in changed.values())
    run.done += len(ids)
    if changed:
        announce(ShipmentsAdvanced(shipment_ids=tuple(sorted(changed)), at=at))
    return len(ids)


def _retell(run: Remap, rows: Sequence[tuple[int, str, None, str, datetime | None]]) -> dict[int, Retold]:
    """What each locked parcel should show; one whose own scans have been swept is left as it stands."""
    events = events_of([row[0] for row in rows])
    sources = {run.source_id, *(event.source_id for each in events.values() for event in each)}
    readings = {
        number: Reading(found.plugin, found.overrides, found.said_details)
        for number, found in readings_of(sources).items()
    }
    told: dict[int, Retold] = {}
    for shipment_id, number, _, _, moved_at in rows:
        kept = events.get(shipment_id)
        if not kept:
            continue
        found = retold(kept, number, readings, source_id=run.source_id, source_code=run.source_code)
        is_swept = moved_at is not None and milliseconds(moved_at) < min(e.happened_ms for e in kept)
        if found.state.moved is not None or not is_swept:
            told[shipment_id] = found
    return told


_UPDATE_EVENTS = """
UPDATE shipments_event AS e SET kind = n.kind, detail = n.detail
FROM unnest(%s::bigint[], %s::timestamptz[], %s::bytea[], %s::text[], %s::text[])
    AS n (shipment, happened_at, identity, kind, detail)
WHERE e.shipment_id = n.shipment AND e.happened_at = n.happened_at AND e.identity = n.identity
"""


def _write_events(changed: dict[int, Retold]) -> None:
    rows = [
        (shipment_id, moment_of(event.happened_ms), event.identity, kind, detail)
        for shipment_id, one in changed.items()
        for event, kind, detail in one.changed
    ]
    if rows:
        hot_cursor().execute(_UPDATE_EVENTS, [list(column) for column in zip(*rows, strict=True)])


_UPDATE_STATES = """
UPDATE shipments_shipment AS s
SET milestone = n.milestone, moved_at = n.moved_at, moved_rank = n.rank, moved_identity = n.identity
FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::smallint[], %s::bytea[])
    AS n (id, milestone, moved_at, rank, identity)
WHERE s.id = n.id AND (s.milestone, s.moved_at, s.moved_rank, s.moved_identity)
    IS DISTINCT FROM (n.milestone, n.moved_at, n.rank, n.identity)
"""


def _write_states(
    rows: Sequence[tuple[int, str, None, str, datetime | None]], told: dict[int, Retold]
) -> int:
    """Writes what moves a parcel (places and couriers do not depend on a kind); how many stand elsewhere."""
    states = [(shipment_id, one.state) for shipment_id, one in told.items()]
    moved = [state.moved or (None, 0, b"") for _, state in states]
    columns = [
        [shipment_id for shipment_id, _ in states],
        [state.milestone for _, state in states],
        [None if ms is None else moment_of(ms) for ms, _, _ in moved],
        [rank for _, rank, _ in moved],
        [identity for _, _, identity in moved],
    ]
    hot_cursor().execute(_UPDATE_STATES, columns)
    return sum(row[0] in told and told[row[0]].state.milestone != row[3] for row in rows)


_EVENTS = """
SELECT shipment_id, identity, happened_at, source_id, kind, source_code, detail, city, outlet, text
FROM shipments_event WHERE shipment_id = ANY (%s)
"""


def events_of(shipment_ids: Sequence[int]) -> dict[int, list[Kept]]:
    """All kept events of these parcels, as far as their meaning goes."""
    found: dict[int, list[Kept]] = {}
    for shipment_id, identity, happened_at, *said in hot_cursor().execute(_EVENTS, [list(shipment_ids)]):
        event = Kept(bytes(identity), milliseconds(happened_at), *said)
        found.setdefault(shipment_id, []).append(event)
    return found


def numbers_of(shipment_ids: Sequence[int]) -> dict[int, tuple[str, str, str]]:
    """(waybill_no, carrier, milestone) of each parcel that has not been joined to another."""
    rows = Shipment.objects.filter(pk__in=shipment_ids, merged_into__isnull=True)
    return {s.pk: (s.waybill_no, s.carrier, s.milestone) for s in rows}
