"""Mass events: declared by a person, spread over the parcels in slices, ended by time or by hand."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from yishi.detection.facts import IncidentClosed, IncidentOpened, MassEventEnded, MassEventSpread
from yishi.detection.models.events import MassEvent, MassParcel
from yishi.detection.models.incidents import Incident
from yishi.detection.queries.events import own_outlets
from yishi.detection.rules.events import (
    DECLARED,
    FORGOTTEN,
    LOOKED_AGAIN,
    ON_THE_WAY,
    REPORTED_AFTER,
    Area,
    faults_of,
)
from yishi.detection.rules.kinds import Certainty, Party
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

Outcome = MassParcel.Outcome
SLICE, TOLD_AT_ONCE, SEVERITY = 10_000, 200, 3


class AlreadyDeclared(Refusal):
    """这里已经宣布过同样的事件，还没有结束"""

    code = "already_declared"
    status = 409


class EventOver(Refusal):
    """这个事件已经结束"""

    code = "event_over"
    status = 409


@transaction.atomic
def declare_event(
    *,
    kind: str,
    area: Area,
    text: str,
    since: datetime,
    until: datetime,
    by: Viewer,
    at: datetime,
) -> int:
    """Declares one event; its number. Parcels, people and clocks follow by the worker.

    Who sees some outlets only declares for these, neither for cities nor for hubs. Raises NotAllowed,
    Invalid, AlreadyDeclared.
    """
    require(by, Permission.EVENTS_DECLARE)
    if not _is_own(own_outlets(by), area.outlet_ids, area.hubs, area.cities):
        raise NotAllowed()
    if faults := faults_of(kind=kind, area=area, text=text, since=since, until=until, at=at):
        raise Invalid(faults)
    place = " ".join(area.names)
    same = Incident.objects.filter(shipment__isnull=True, kind=kind, place=place, closed_at__isnull=True)
    if same.exists():
        raise AlreadyDeclared
    incident = Incident.objects.create(
        kind=kind,
        party=Party.CARRIER.value,
        certainty=Certainty.KNOWN.value,
        reason=DECLARED,
        outlet_id=area.outlet_ids[0] if len(area.outlet_ids) == 1 else None,
        place=place,
        severity=SEVERITY,
        since=since,
        opened_at=at,
    )
    MassEvent.objects.create(
        incident=incident,
        outlet_ids=list(area.outlet_ids),
        hubs=list(area.hubs),
        cities=list(area.cities),
        text=text.strip(),
        until=until,
        declared_by=by.label,
        due_at=at,
        report_at=min(until, at + REPORTED_AFTER),
    )
    announce(IncidentOpened(incident_id=incident.pk, shipment_id=None, kind=kind, at=at))
    return incident.pk


@transaction.atomic
def end_event(*, event_id: int, by: Viewer, at: datetime) -> None:
    """It is over before its time. Raises NotAllowed, EventOver, and NotFound for one that reaches
    beyond the outlets in sight."""
    require(by, Permission.EVENTS_DECLARE)
    event = MassEvent.objects.select_for_update().select_related("incident").filter(pk=event_id).first()
    if event is None:
        raise NotFound()
    if not _is_own(own_outlets(by), event.outlet_ids, event.hubs, event.cities):
        raise NotFound()
    if event.incident.closed_at is not None:
        raise EventOver
    _end(event, by.label, at)


def _is_own(
    own: frozenset[int] | None, outlet_ids: Collection[int], hubs: Collection[str], cities: Collection[str]
) -> bool:
    return own is None or not (hubs or cities or set(outlet_ids) - own)


def _end(event: MassEvent, by: str, at: datetime) -> None:
    """What is still in trouble stands on the list again by itself."""
    MassEvent.objects.filter(pk=event.pk).update(ended_by=by, due_at=None, report_at=at)
    Incident.objects.filter(pk=event.pk).update(closed_at=at)
    Incident.objects.filter(mass_id=event.pk, closed_at__isnull=True).update(mass=None)
    announce(MassEventEnded(incident_id=event.pk, at=at))
    announce(IncidentClosed(incident_id=event.pk, shipment_id=None, kind=event.incident.kind, at=at))


# every parcel that is under way, whether any rule waits for it or not; a hub is where the newest scan was
_CONCERNED = """s.merged_into_id IS NULL AND s.milestone = ANY(%(milestones)s)
   AND coalesce(s.last_event_at, d.updated_at) > %(heard)s
   AND (s.outlet_id = ANY(%(outlets)s) OR d.destination_outlet_id = ANY(%(outlets)s)
        OR s.last_city = ANY(%(cities)s) OR d.city = ANY(%(cities)s)
        OR (cardinality(%(hubs)s::text[]) > 0 AND (SELECT e.outlet FROM shipments_event e
             WHERE e.shipment_id = s.id ORDER BY e.happened_at DESC LIMIT 1) = ANY(%(hubs)s)))
"""
_SLICE = f"""
WITH slice AS MATERIALIZED (
  SELECT * FROM shipments_shipment WHERE id > %(last)s ORDER BY id LIMIT %(size)s)
SELECT (SELECT count(*) FROM slice), (SELECT max(id) FROM slice), coalesce((
  SELECT array_agg(s.id ORDER BY s.id) FROM slice s LEFT JOIN shipments_details d ON d.shipment_id = s.id
   WHERE {_CONCERNED}), '{{}}')
"""
_IS_CONCERNED = f"""
SELECT count(*) FROM shipments_shipment s LEFT JOIN shipments_details d ON d.shipment_id = s.id
 WHERE s.id = %(shipment)s AND {_CONCERNED}
"""
_KEEP = """
INSERT INTO detection_mass_parcel (event_id, shipment_id, outcome)
SELECT %(event)s, id, 'WAITING' FROM unnest(%(ids)s::bigint[]) AS n (id)
ON CONFLICT (event_id, shipment_id) DO NOTHING RETURNING shipment_id
"""


@transaction.atomic
def spread_event(*, at: datetime) -> int:
    """Takes the next slice of parcels of one event that is due, or ends it; how many were looked at, 0 where
    nothing is due."""
    event = (
        MassEvent.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("incident")
        .filter(due_at__lte=at)
        .order_by("due_at")
        .first()
    )
    if event is None:
        return 0
    if event.until <= at:
        _end(event, "system", at)
        return 1
    values = _where(event, at) | {"last": event.last_id, "size": SLICE}
    row = hot_cursor().execute(_SLICE, values).fetchone()
    assert row is not None
    looked_at, last_id, concerned = int(row[0]), row[1], row[2]
    found = _keep(event.pk, concerned)
    is_over = looked_at < SLICE
    for start in range(0, max(len(found), 1 if is_over else 0), TOLD_AT_ONCE):
        some = tuple(found[start : start + TOLD_AT_ONCE])
        announce(MassEventSpread(incident_id=event.pk, shipment_ids=some, at=at))
    event.last_id = 0 if is_over else last_id
    event.due_at = min(at + LOOKED_AGAIN, event.until) if is_over else at
    event.save(update_fields=["last_id", "due_at"])
    return max(looked_at, 1)


def _where(event: MassEvent, at: datetime) -> dict[str, Any]:
    return {
        "milestones": [one.value for one in ON_THE_WAY],
        "outlets": event.outlet_ids,
        "cities": event.cities,
        "hubs": event.hubs,
        "heard": at - FORGOTTEN,
    }


@transaction.atomic
def join_events(*, shipment_id: int, at: datetime) -> int:
    """A case about this parcel came: it joins the running events that concern it at once, before their next
    round; how many."""
    joined = 0
    running = MassEvent.objects.filter(due_at__isnull=False, until__gt=at, incident__opened_at__lte=at)
    for event in running.order_by("pk"):
        row = hot_cursor().execute(_IS_CONCERNED, _where(event, at) | {"shipment": shipment_id}).fetchone()
        if row is None or not row[0]:
            continue
        _keep(event.pk, [shipment_id])
        announce(MassEventSpread(incident_id=event.pk, shipment_ids=(shipment_id,), at=at))
        joined += 1
    return joined


def note_reported(*, event_id: int, at: datetime) -> None:
    """The report has gone out; of a running event the next one goes when it ends."""
    MassEvent.objects.filter(pk=event_id).update(report_at=None, reported_at=at)


def _keep(event_id: int, shipment_ids: Sequence[int]) -> list[int]:
    if not shipment_ids:
        return []
    values = {"event": event_id, "ids": list(shipment_ids)}
    kept = sorted(row[0] for row in hot_cursor().execute(_KEEP, values).fetchall())
    held = MassParcel.objects.filter(event_id=event_id).count()
    Incident.objects.filter(pk=event_id).update(held=held)
    return kept


def note_told(*, event_id: int, told: Mapping[int, tuple[str, bytes | None]]) -> None:
    """What came of telling: by parcel the outcome, and the hash of the address that was told."""
    rows = list(MassParcel.objects.filter(event_id=event_id, shipment_id__in=list(told)))
    for row in rows:
        row.outcome, row.to_hash = told[row.shipment_id]
    MassParcel.objects.bulk_update(rows, ["outcome", "to_hash"])
