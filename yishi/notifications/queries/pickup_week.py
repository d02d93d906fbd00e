"""Of the people whose parcels came to a station in a week, who was told, how soon, and whom it reached."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from yishi.notifications.models import Delivery
from yishi.notifications.queries.pickups import way_word
from yishi.stations.queries.stations import StationCard
from yishi.stations.rules.shares import Share

SOON = timedelta(minutes=10)
"""So soon after it was booked in the person is to know, outside the station's quiet hours."""
_SHOWN = 50

# `is_quiet`: by the clock that hangs in the station; reminders of what lies there for days do not count
_STAYS = """
WITH stay AS MATERIALIZED (
  SELECT p.id, p.shipment_id, p.booked_in_at,
         CASE WHEN %(quiet_from)s > %(quiet_until)s
              THEN c.clock >= %(quiet_from)s OR c.clock < %(quiet_until)s
              ELSE c.clock >= %(quiet_from)s AND c.clock < %(quiet_until)s END AS is_quiet
    FROM stations_parcel p
   CROSS JOIN LATERAL (SELECT (p.booked_in_at AT TIME ZONE %(zone)s)::time AS clock) c
   WHERE p.station_id = %(station)s AND p.state <> 'UNDONE'
     AND p.booked_in_at >= %(since)s AND p.booked_in_at < %(until)s),
said AS MATERIALIZED (
  SELECT t.parcel_id, min(d.sent_at) AS first_at,
         bool_or(d.receipt IN ('DELIVERED', 'ANSWERED') OR d.receipt LIKE 'PRESSED%%') AS has_arrived,
         bool_or(d.state = 'FAILED' OR d.receipt <> '') AS is_known,
         bool_or(d.state = 'QUEUED' AND d.tries = 0) AS is_waiting
    FROM stay JOIN notifications_pickup_told t ON t.parcel_id = stay.id
    JOIN notifications_delivery d ON d.id = t.delivery_id
   WHERE NOT jsonb_exists(d.extra, 'step') AND NOT jsonb_exists(d.extra, 'is_backup')
   GROUP BY t.parcel_id),
told AS (
  SELECT stay.*, said.first_at, coalesce(said.has_arrived, false) AS has_arrived,
         coalesce(said.is_known, false) AS is_known,
         -- what waits for the morning, or for its wave, is not forgotten
         said.first_at IS NULL AND NOT coalesce(said.is_waiting, false) AS is_untold
    FROM stay LEFT JOIN said ON said.parcel_id = stay.id)
"""
_COUNT = f"""{_STAYS}
SELECT count(*), count(*) FILTER (WHERE is_untold),
       count(*) FILTER (WHERE NOT is_quiet),
       count(*) FILTER (WHERE NOT is_quiet AND first_at <= booked_in_at + %(soon)s),
       count(*) FILTER (WHERE is_known), count(*) FILTER (WHERE is_known AND has_arrived)
  FROM told
"""
_NAMED = f"""{_STAYS}
SELECT told.id, s.waybill_no, told.booked_in_at, told.first_at,
       is_untold, NOT is_quiet AND (first_at IS NULL OR first_at > booked_in_at + %(soon)s),
       is_known AND NOT has_arrived
  FROM told JOIN shipments_shipment s ON s.id = told.shipment_id
 WHERE is_untold OR (is_known AND NOT has_arrived)
    OR (NOT is_quiet AND (first_at IS NULL OR first_at > booked_in_at + %(soon)s))
 ORDER BY told.booked_in_at DESC LIMIT %(most)s
"""
_WAYS = f"""{_STAYS}
SELECT d.channel, count(DISTINCT d.id), count(DISTINCT d.id) FILTER (WHERE d.state = 'FAILED'),
       count(DISTINCT d.id) FILTER (
         WHERE d.receipt IN ('DELIVERED', 'ANSWERED') OR d.receipt LIKE 'PRESSED%%')
  FROM stay JOIN notifications_pickup_told t ON t.parcel_id = stay.id
  JOIN notifications_delivery d ON d.id = t.delivery_id
 WHERE d.state IN ('SENT', 'FAILED') AND NOT jsonb_exists(d.extra, 'step')
 GROUP BY d.channel ORDER BY 2 DESC
"""


@dataclass(frozen=True)
class ToldParcel:
    """A parcel behind a figure: whose person was told late, or never, or did not get it."""

    parcel_id: int
    waybill_no: str
    booked_in_at: datetime
    first_at: datetime | None
    is_untold: bool
    is_late: bool
    is_lost: bool


@dataclass(frozen=True)
class WayUsed:
    """How many messages went by one way."""

    channel: str
    messages: int
    failed: int
    arrived: int

    @property
    def word(self) -> str:
        return way_word(self.channel)


@dataclass(frozen=True, kw_only=True)
class ToldWeek:
    """Shares of the parcels booked in: told soon, of those outside quiet hours; reached, of those whose
    gateways said anything; told of nothing, of all."""

    soon: Share
    reached: Share
    untold: Share


def _values(card: StationCard, since: datetime, until: datetime) -> dict[str, Any]:
    return {
        "station": card.id,
        "since": since,
        "until": until,
        "quiet_from": card.quiet_from,
        "quiet_until": card.quiet_until,
        "zone": settings.ENVIRONMENT.time_zone,
        "soon": SOON,
        "most": _SHOWN,
    }


def told_week(card: StationCard, *, since: datetime, until: datetime) -> ToldWeek:
    """One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _values(card, since, until))
        stays, untold, awake, soon, known, arrived = cursor.fetchone()
    return ToldWeek(soon=Share(soon, awake), reached=Share(arrived, known), untold=Share(untold, stays))


def behind_week(card: StationCard, *, since: datetime, until: datetime) -> list[ToldParcel]:
    """The parcels of which one of the figures complains, the newest first, fifty at most."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, _values(card, since, until))
        return [ToldParcel(*row) for row in cursor.fetchall()]


def ways_of_week(card: StationCard, *, since: datetime, until: datetime) -> list[WayUsed]:
    """By which ways, the most used first."""
    with connection.cursor() as cursor:
        cursor.execute(_WAYS, _values(card, since, until))
        known = set(Delivery.Channel.values)
        return [WayUsed(*row) for row in cursor.fetchall() if row[0] in known]
