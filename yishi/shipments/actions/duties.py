"""The 24-hour obligation of each parcel: begun when it is dispatched, looked at when 24 hours may be over.

Ingest pays nothing for it: a scan does not move the due time. When that comes, the parcel's scans are read,
and where one has come meanwhile the due time moves on; so a parcel is read about once a day.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction

from yishi.kit.hot import hot_cursor
from yishi.network.queries import outlet_ids_by_codes
from yishi.shipments.models.promises import TraceBreak, TraceDuty
from yishi.shipments.rules.provinces import plain_city
from yishi.shipments.rules.silence import Duty, Seen, duty_of

_BEGIN = """
INSERT INTO shipments_trace_duty AS t (shipment_id, due_at, is_silent, origin, destination)
SELECT s.id, CASE WHEN s.milestone IN ('DELIVERED', 'AT_PICKUP_POINT', 'RETURNED', 'CANCELLED', 'LOST')
                  THEN %(at)s ELSE s.last_event_at + interval '24 hours 1 second' END, false, '', ''
  FROM shipments_shipment s LEFT JOIN shipments_trace_duty d ON d.shipment_id = s.id
 WHERE s.id = ANY(%(ids)s) AND s.milestone NOT IN ('UNKNOWN', 'CREATED') AND s.merged_into_id IS NULL
   AND (d.shipment_id IS NULL OR d.is_silent)
ON CONFLICT (shipment_id) DO UPDATE SET due_at = %(at)s
"""


def begin_duties(*, shipment_ids: Sequence[int], at: datetime) -> None:
    """Parcels that have set out are watched from now on; those that were silent are looked at at once."""
    hot_cursor().execute(_BEGIN, {"ids": list(shipment_ids), "at": at})


_DUE = """
SELECT d.shipment_id, s.carrier, coalesce(nullif(p.city, ''), o.city, '')
  FROM shipments_trace_duty d JOIN shipments_shipment s ON s.id = d.shipment_id
  LEFT JOIN shipments_details p ON p.shipment_id = s.id
  LEFT JOIN network_outlet o ON o.id = coalesce(p.destination_outlet_id, s.outlet_id)
 WHERE d.due_at <= %s ORDER BY d.due_at LIMIT %s FOR UPDATE OF d SKIP LOCKED
"""
_SCANS = """
SELECT shipment_id, happened_at, kind, city, outlet FROM shipments_event
 WHERE shipment_id = ANY(%s) ORDER BY shipment_id, happened_at
"""


@transaction.atomic
def check_due_duties(*, at: datetime, limit: int) -> int:
    """Looks at up to `limit` parcels whose 24 hours may be over; how many.

    A parcel's breaks are written anew from all its scans, so late and repeated scans come out right, and a
    parcel that was joined to another one's row has none.
    """
    due = hot_cursor().execute(_DUE, [at, limit]).fetchall()
    if not due:
        return 0
    ids = [row[0] for row in due]
    scans = {
        shipment_id: list(rows)
        for shipment_id, rows in groupby(hot_cursor().execute(_SCANS, [ids]), key=lambda row: int(row[0]))
    }
    duties, breaks = [], []
    outlets = _outlets(due, scans)
    for shipment_id, carrier, destination in due:
        seen = [Seen(*row[1:]) for row in scans.get(shipment_id, ())]
        duty = duty_of(seen, at)
        duties.append(_row(shipment_id, duty, destination))
        breaks += [
            TraceBreak(
                duty_id=shipment_id,
                since=silence.since.at,
                until=silence.until,
                city=plain_city(silence.since.city),
                outlet_id=outlets.get((carrier, silence.since.outlet)),
            )
            for silence in (duty.silences if duty else ())
        ]
    TraceBreak.objects.filter(duty_id__in=ids).delete()
    _keep(duties)
    TraceBreak.objects.bulk_create(breaks)
    return len(due)


def _outlets(
    due: Sequence[tuple[int, str, str]], scans: dict[int, list[tuple[int, datetime, str, str, str]]]
) -> dict[tuple[str, str], int]:
    carriers = {shipment_id: carrier for shipment_id, carrier, _ in due}
    named = {(carriers[i], row[4]) for i, rows in scans.items() for row in rows if row[4]}
    return outlet_ids_by_codes(named) if named else {}


def _row(shipment_id: int, duty: Duty | None, destination: str) -> TraceDuty:
    if duty is None:
        return TraceDuty(shipment_id=shipment_id)
    return TraceDuty(
        shipment_id=shipment_id,
        began_at=duty.began.at,
        ended_at=duty.ended_at,
        due_at=duty.due_at,
        is_silent=duty.ended_at is None and any(s.until is None for s in duty.silences),
        origin=plain_city(duty.began.city),
        destination=plain_city(destination),
    )


_KEEP = """
UPDATE shipments_trace_duty d SET began_at = n.began, ended_at = n.ended, due_at = n.due,
       is_silent = n.silent, origin = n.origin, destination = n.destination
  FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::boolean[],
              %s::text[], %s::text[]) AS n (id, began, ended, due, silent, origin, destination)
 WHERE d.shipment_id = n.id
"""


def _keep(duties: Sequence[TraceDuty]) -> None:
    rows = [
        (d.shipment_id, d.began_at, d.ended_at, d.due_at, d.is_silent, d.origin, d.destination)
        for d in duties
    ]
    hot_cursor().execute(_KEEP, [list(column) for column in zip(*rows, strict=True)])
