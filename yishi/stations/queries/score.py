"""A station's figures of a week, each from one look over its tables; what they mean stands beside them."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from yishi.stations.queries.stations import StationCard
from yishi.stations.rules.shares import Share

_WEEK = """
SELECT
  (SELECT count(*) FROM stations_parcel p WHERE p.station_id = %(station)s AND p.state <> 'UNDONE'
     AND p.booked_in_at < %(until)s AND (p.ended_at IS NULL OR p.ended_at >= %(since)s)),
  (SELECT count(*) FROM stations_parcel p WHERE p.station_id = %(station)s AND p.state = 'HANDED_OUT'
     AND p.ended_at >= %(since)s AND p.ended_at < %(until)s),
  (SELECT count(*) FROM stations_shelf s WHERE s.station_id = %(station)s AND s.closed_at IS NULL),
  (SELECT count(*) FROM stations_shelf s WHERE s.station_id = %(station)s AND s.closed_at IS NULL
     AND EXISTS (SELECT 1 FROM stations_count c WHERE c.station_id = s.station_id AND c.state = 'ENDED'
       AND (c.shelf_id = s.id OR c.shelf_id IS NULL)
       AND c.ended_at >= %(since)s AND c.ended_at < %(until)s)),
  (SELECT count(*) FROM stations_count_difference d JOIN stations_count c ON c.id = d.count_id
     WHERE c.station_id = %(station)s AND d.kind = 'MISSING'
       AND c.ended_at >= %(since)s AND c.ended_at < %(until)s),
  (SELECT coalesce(sum(c.expected), 0) FROM stations_count c WHERE c.station_id = %(station)s
     AND c.state = 'ENDED' AND c.ended_at >= %(since)s AND c.ended_at < %(until)s)
"""


_WAITED = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM served_at - drawn_at)),
  percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM served_at - drawn_at))
FROM stations_ticket WHERE station_id = %(station)s AND state = 'SERVED' AND served_at IS NOT NULL
  AND served_at >= %(since)s AND served_at < %(until)s
"""


@dataclass(frozen=True)
class Waited:
    """From the ticket to the hand-out, of those served in the week: half took no longer than `half_s`."""

    served: int
    half_s: float
    most_s: float

    @property
    def half_minutes(self) -> str:
        return f"{self.half_s / 60:.1f}"

    @property
    def most_minutes(self) -> str:
        return f"{self.most_s / 60:.1f}"


def waited_week(card: StationCard, *, since: datetime, until: datetime) -> Waited:
    """One statement; zeros where nobody drew a ticket."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITED, {"station": card.id, "since": since, "until": until})
        served, half, most = cursor.fetchone()
    return Waited(served, half or 0.0, most or 0.0)


@dataclass(frozen=True)
class FloorWeek:
    """What the floor tells of a week: shelves counted of those standing, parcels missed of those expected."""

    inside: int
    handed_out: int
    counted: Share
    missed: Share


def floor_week(card: StationCard, *, since: datetime, until: datetime) -> FloorWeek:
    """One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_WEEK, {"station": card.id, "since": since, "until": until})
        inside, handed_out, shelves, counted, missing, expected = cursor.fetchone()
    return FloorWeek(inside, handed_out, Share(counted, shelves), Share(min(missing, expected), expected))
