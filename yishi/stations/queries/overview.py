"""All stations in sight side by side, and what their counts have found and nobody has put right yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from yishi.people.rules import Viewer
from yishi.stations.models.counts import CountDifference
from yishi.stations.queries.stations import StationCard, list_stations, local

SHOWN_FOR = timedelta(days=30)
MOST = 200

_NOW = """
SELECT s.id,
  (SELECT count(*) FROM stations_parcel p WHERE p.station_id = s.id AND p.state = 'INSIDE'),
  (SELECT coalesce(sum(h.layers * h.capacity), 0) FROM stations_shelf h
     WHERE h.station_id = s.id AND h.closed_at IS NULL),
  (SELECT count(*) FROM stations_parcel p WHERE p.station_id = s.id AND p.state = 'INSIDE'
     AND p.keep_until < %(at)s),
  (SELECT count(*) FROM stations_parcel p WHERE p.station_id = s.id AND p.booked_in_at >= %(today)s
     AND p.state <> 'UNDONE'),
  (SELECT coalesce(sum(n.parcels), 0) FROM stations_hand_out o
     CROSS JOIN LATERAL (SELECT count(*) AS parcels FROM stations_parcel p WHERE p.hand_out_id = o.id) n
     WHERE o.station_id = s.id AND o.at >= %(today)s),
  count(d.id) FILTER (WHERE d.kind = 'MISSING'), count(d.id) FILTER (WHERE d.kind <> 'MISSING')
FROM network_station s
LEFT JOIN stations_count c ON c.station_id = s.id AND c.ended_at >= %(since)s
LEFT JOIN stations_count_difference d ON d.count_id = c.id AND d.settled = ''
WHERE s.id = ANY(%(stations)s) GROUP BY s.id
"""


@dataclass(frozen=True)
class StationNow:
    """How full a station is and what came and went today; `missing` are on the book and a count of the last
    30 days did not find them, `differing` everything else that it found; both not settled yet."""

    inside: int = 0
    room: int = 0
    overdue: int = 0
    came: int = 0
    given: int = 0
    missing: int = 0
    differing: int = 0

    @property
    def is_full(self) -> bool:
        return 0 < self.room <= self.inside


def overview(viewer: Viewer, *, at: datetime) -> list[tuple[StationCard, StationNow]]:
    """Every station in sight, by code; two statements whatever their number."""
    cards = list_stations(viewer)
    today = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    said: dict[str, Any] = {"stations": [card.id for card in cards], "at": at, "today": today}
    said["since"] = at - SHOWN_FOR
    with connection.cursor() as cursor:
        cursor.execute(_NOW, said)
        found = {pk: StationNow(*(int(one) for one in figures)) for pk, *figures in cursor.fetchall()}
    return [(card, found.get(card.id, StationNow())) for card in cards]


def open_differences(card: StationCard, *, at: datetime) -> list[CountDifference]:
    """What its counts of the last 30 days found and nobody settled, missing parcels first. The caller came
    through the station's door."""
    rows = CountDifference.objects.filter(
        count__station_id=card.id, count__ended_at__gte=at - SHOWN_FOR, settled=""
    )
    found = list(rows.select_related("count").order_by("-at", "-pk")[:MOST])
    return sorted(found, key=lambda row: row.kind != "MISSING")
