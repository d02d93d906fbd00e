"""Cases about parcels of a station: those of a week by kind, and damage by how a parcel was packed."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from yishi.cases.models.case import Case

NOT_FOUND = frozenset({"PARCEL_NOT_FOUND"})
COMPLAINED = frozenset({"PARCEL_NOT_FOUND", "TAKEN_BY_OTHER", "PICKUP_CODE", "STATION_SERVICE", "OVERCHARGE"})
"""What a person complains of that a station can help."""

_OF_STATION = """
SELECT DISTINCT c.case_no, c.category, c.is_internal, c.waybill_no, c.status, c.opened_at
  FROM cases_case c JOIN stations_parcel p ON p.shipment_id = c.shipment_id
 WHERE p.station_id = %(station)s AND p.state <> 'UNDONE' AND p.booked_in_at <= c.opened_at
   AND c.category = ANY(%(kinds)s) AND c.merged_into_id IS NULL
   AND c.opened_at >= %(since)s AND c.opened_at < %(until)s
 ORDER BY c.opened_at DESC
"""


@dataclass(frozen=True)
class StationCase:
    case_no: str
    category: str
    is_internal: bool
    waybill_no: str
    status: str
    opened_at: datetime


def cases_of_station(
    *, station_id: int, kinds: Collection[str], since: datetime, until: datetime
) -> list[StationCase]:
    """Each once, the newest first; the caller came through the station's door. One statement."""
    said: dict[str, Any] = {"station": station_id, "kinds": sorted(kinds), "since": since, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(_OF_STATION, said)
        return [StationCase(*row) for row in cursor.fetchall()]


def damaged_of(shipment_ids: Sequence[int]) -> Counter[int]:
    """Which of these parcels a case found damaged (verified and not refuted); one statement."""
    rows = Case.objects.filter(
        shipment_id__in=shipment_ids, finding_category="DAMAGED", is_internal=False
    ).exclude(finding_validity="INVALID")
    return Counter(rows.order_by().values_list("shipment_id", flat=True).distinct())
