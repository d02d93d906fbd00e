"""The network's own history, read for learning: in one stream, never row by row."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, groupby
from operator import itemgetter

from django.db import connection

from yishi.shipments.rules.learning import Scanned

MOST_PARCELS = 40_000
"""More teach no better; of a larger network every n-th parcel is read."""

_CHUNK = 5_000
_COUNT = """
SELECT count(*) FROM shipments_shipment
 WHERE first_event_at >= %s AND first_event_at < %s AND milestone IN ('DELIVERED', 'AT_PICKUP_POINT')
"""
_READ = """
WITH chosen AS MATERIALIZED (
  SELECT s.id, s.carrier, s.promised_at, coalesce(nullif(d.city, ''), o.city, '') AS destination
    FROM shipments_shipment s LEFT JOIN shipments_details d ON d.shipment_id = s.id
    LEFT JOIN network_outlet o ON o.id = d.destination_outlet_id
   WHERE s.first_event_at >= %(since)s AND s.first_event_at < %(until)s AND s.merged_into_id IS NULL
     AND s.milestone IN ('DELIVERED', 'AT_PICKUP_POINT') AND s.id %% %(step)s = 0)
SELECT c.id, c.carrier, c.promised_at, c.destination, e.happened_at, e.kind, e.city
  FROM chosen c JOIN shipments_event e ON e.shipment_id = c.id AND e.happened_at >= %(since)s
 ORDER BY c.id, e.happened_at
"""


@dataclass(frozen=True)
class PastParcel:
    """One parcel that arrived, and its scans, oldest first."""

    carrier: str
    destination: str
    promised_at: datetime | None
    scans: list[Scanned]


def read_history(*, since: datetime, until: datetime) -> Iterator[PastParcel]:
    """The parcels that arrived, of those first scanned in that time. Must stand in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [since, until])
        (count,) = cursor.fetchone()
    step = max(1, -(-count // MOST_PARCELS))
    with connection.chunked_cursor() as cursor:
        cursor.execute(_READ, {"since": since, "until": until, "step": step})
        stream = chain.from_iterable(iter(lambda: cursor.fetchmany(_CHUNK), []))
        for _, rows in groupby(stream, key=itemgetter(0)):
            scans = list(rows)
            _, carrier, promised_at, destination = scans[0][:4]
            yield PastParcel(carrier, destination, promised_at, [row[4:] for row in scans])
