"""The network's own past as a model learns from it: each moment in which a parcel was out, what was known
then, and whether a person complained within the days after."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from yishi.cases.models.case import Case
from yishi.cases.rules.categories import OF_TROUBLE
from yishi.detection.queries.risk_facts import FAILED, OUT, Moment, known_at
from yishi.detection.rules.risk import PERSON_DAYS, WITHIN_DAYS
from yishi.insight.rules.rows import Row
from yishi.network.models import Outlet
from yishi.shipments.queries.eta import zone

WITHIN = timedelta(days=WITHIN_DAYS)
LEARNT_FROM = timedelta(days=60)
"""Signings, of which couriers' tendencies are made, are kept for 90 days; the first 30 are looked back at."""
MOST_MOMENTS = 60_000
"""More teach little; of a larger network every n-th parcel is read."""
_MOST_OF_PARCEL = 4
_APART = timedelta(minutes=30)
_BATCH = 5_000

_COUNT = (
    "SELECT count(*) FROM shipments_event WHERE happened_at >= %s AND happened_at < %s AND kind = ANY(%s)"
)
_READ = """
SELECT e.shipment_id, least(e.happened_at, e.received_at) AS at, e.received_at
  FROM shipments_event e JOIN shipments_shipment s ON s.id = e.shipment_id AND s.merged_into_id IS NULL
 WHERE e.happened_at >= %(since)s AND e.happened_at < %(until)s AND e.kind = ANY(%(kinds)s)
   AND e.shipment_id %% %(step)s = 0 ORDER BY 1, 2
"""


def read_rows(*, since: datetime, until: datetime) -> list[Row]:
    """The moments of that time; `until` should lie WITHIN before now, so that every complaint has come."""
    moments = _moments(since, until)
    complaints = _complaints({one.shipment_id for one in moments})
    places = {pk: (code, area_of(district)) for pk, code, district in Outlet.objects.values_list(
        "pk", "code", "district")}  # fmt: skip
    rows = []
    for start in range(0, len(moments), _BATCH):
        batch = moments[start : start + _BATCH]
        for moment, standing in zip(batch, known_at(batch), strict=True):
            if standing is None:
                continue
            code, area = places.get(standing.outlet_id or 0, ("", ""))
            came = any(moment.at < at <= moment.at + WITHIN for at in complaints.get(moment.shipment_id, ()))
            day = moment.at.astimezone(zone()).toordinal()
            rows.append(Row(moment.shipment_id, day, standing.known, came, code, area))
    return rows


def past_complaints(*, until: datetime) -> Iterator[tuple[str, int, datetime]]:
    """Complaints of persons about parcels that may still count: (case, parcel, when)."""
    since = until - LEARNT_FROM - timedelta(days=PERSON_DAYS)
    rows = _of_trouble().filter(shipment__isnull=False, opened_at__gte=since)
    for case_no, shipment_id, opened_at in rows.values_list("case_no", "shipment_id", "opened_at"):
        assert shipment_id is not None
        yield case_no, shipment_id, opened_at


def area_of(district: str) -> str:
    """What kind of place an outlet is in: a district of a city, or a county; '' where it is not said."""
    if district.endswith("区"):
        return "CITY"
    return "COUNTY" if district.endswith(("县", "市", "旗", "镇", "乡")) else ""


def _moments(since: datetime, until: datetime) -> list[Moment]:
    kinds = sorted({*OUT, *FAILED})
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [since, until, kinds])
        (count,) = cursor.fetchone()
        step = max(1, -(-count // MOST_MOMENTS))
        cursor.execute(_READ, {"since": since, "until": until, "kinds": kinds, "step": step})
        read = cursor.fetchall()
    found: list[Moment] = []
    taken: dict[int, int] = defaultdict(int)
    for shipment_id, at, heard_at in read:
        last = found[-1] if found and found[-1].shipment_id == shipment_id else None
        if taken[shipment_id] >= _MOST_OF_PARCEL or (last and at - last.at < _APART):
            continue  # the same step scanned twice
        taken[shipment_id] += 1
        found.append(Moment(shipment_id, at, heard_at))
    return found


def _complaints(shipment_ids: set[int]) -> dict[int, list[datetime]]:
    found: dict[int, list[datetime]] = defaultdict(list)
    for shipment_id, opened_at in (
        _of_trouble().filter(shipment_id__in=shipment_ids).values_list("shipment_id", "opened_at")
    ):
        found[shipment_id or 0].append(opened_at)
    return found


def _of_trouble() -> QuerySet[Case]:
    return Case.objects.filter(is_internal=False, case_class__in=OF_TROUBLE)
