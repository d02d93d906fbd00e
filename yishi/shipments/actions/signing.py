"""Learns at which hours couriers deliver from the network's own past weeks, every night anew."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from yishi.kit.hot import hot_cursor
from yishi.shipments.models.ahead import SigningHours
from yishi.shipments.queries.eta import zone
from yishi.shipments.rules.arrival import Round, example_of
from yishi.shipments.rules.learning import Example, Measured, learn, measure

LEARNT_FROM = timedelta(days=28)
"""Four weeks: a courier's round changes, and each day of the week four times."""
MOST = 60_000
"""More teach no better; of a larger network every n-th parcel is read."""

_COUNT = "SELECT count(*) FROM shipments_shipment WHERE milestone = 'DELIVERED' AND moved_at >= %s"
_READ = """
SELECT s.outlet_id, s.carrier, s.courier_number, coalesce(d.district, ''), max(e.happened_at), s.moved_at
  FROM shipments_shipment s LEFT JOIN shipments_details d ON d.shipment_id = s.id
  JOIN shipments_event e ON e.shipment_id = s.id AND e.kind = 'out_for_delivery'
   AND e.happened_at >= %(since)s AND e.happened_at <= s.moved_at
 WHERE s.milestone = 'DELIVERED' AND s.moved_at >= %(since)s AND s.moved_at <= %(until)s
   AND s.merged_into_id IS NULL AND s.outlet_id IS NOT NULL AND s.id %% %(step)s = 0
 GROUP BY s.id, d.district
"""
_KEEP = """
INSERT INTO shipments_signing_hours (key, count, minutes, stretch)
SELECT k, c, string_to_array(m, ' ')::float8[], s
  FROM unnest(%s::text[], %s::int[], %s::text[], %s::float8[]) AS n (k, c, m, s)
"""


@dataclass(frozen=True)
class Learnt:
    """Parcels read, those that were signed on the day they went out, groups, and how good it is on later
    days (None: too few to say)."""

    parcels: int
    same_day: int
    groups: int
    measured: Measured | None


@transaction.atomic
def learn_signing_hours(*, at: datetime) -> Learnt:
    """Replaces what was learned before; with too little history, by nothing."""
    parcels, examples = signing_history(at=at)
    model = learn(examples)
    SigningHours.objects.all().delete()
    rows = sorted(model.items())
    columns: list[object] = [
        [key for key, _ in rows],
        [group.count for _, group in rows],
        [" ".join(f"{minutes:.1f}" for minutes in group.minutes) for _, group in rows],
        [group.stretch for _, group in rows],
    ]
    hot_cursor().execute(_KEEP, columns)
    return Learnt(parcels, len(examples), len(model), measure(examples))


def signing_history(*, at: datetime) -> tuple[int, list[Example]]:
    """How many parcels were signed in the past weeks, and what they teach."""
    since, here = at - LEARNT_FROM, zone()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [since])
        (count,) = cursor.fetchone()
        step = max(1, -(-count // MOST))
        cursor.execute(_READ, {"since": since, "until": at, "step": step})
        rows = cursor.fetchall()
    found = (
        example_of(
            Round(outlet_id, carrier, courier, district), out_at=out_at, signed_at=signed_at, zone=here
        )
        for outlet_id, carrier, courier, district, out_at, signed_at in rows
    )
    return len(rows), [example for example in found if example is not None]
