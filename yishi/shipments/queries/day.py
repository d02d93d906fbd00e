"""An outlet's day in parcels: what should have moved on, what came in, went out, was signed; and many numbers
at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from yishi.kit.errors import NotFound
from yishi.network.queries import get_outlet
from yishi.people.queries import require, within_scope
from yishi.people.rules import Permission, Viewer
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.rules.clearing import Hours, Overdue, overdue_as, windows
from yishi.shipments.rules.milestones import Milestone

MOST_LISTED = 100


@dataclass(frozen=True, kw_only=True)
class ParcelLine:
    """A parcel in a list: where it stands, who has it, since when nothing was scanned."""

    waybill_no: str
    carrier: str
    milestone: str
    last_event_at: datetime | None
    outlet_name: str
    courier: str
    city: str
    overdue: Overdue | None


@dataclass(frozen=True)
class Waiting:
    """One list of the evening: the longest waiting first, at most MOST_LISTED, and how many in all."""

    overdue: Overdue
    lines: list[ParcelLine]
    count: int


@dataclass(frozen=True)
class Moved:
    """Parcels of an outlet on one day: scanned in there, taken out for delivery, signed for."""

    came_in: int
    went_out: int
    signed: int


def count_signed(*, viewer: Viewer, since: datetime, until: datetime) -> dict[int | None, int]:
    """Parcels signed for in [since, until), by the outlet that they ended at: what complaint rates are of.
    One statement; a parcel counts once, by its last state. Raises NotAllowed."""
    require(viewer, Permission.SHIPMENT_READ)
    rows = Shipment.objects.filter(
        within_scope(viewer, "outlet__code"),
        milestone=Milestone.DELIVERED.value,
        moved_at__gte=since,
        moved_at__lt=until,
        merged_into__isnull=True,
    )
    return dict(rows.values_list("outlet_id").annotate(Count("pk")))


def hours() -> Hours:
    """How long is too long, as the operator has set it."""
    return Hours(*settings.ENVIRONMENT.clearing_hours)


def clearing(*, viewer: Viewer, outlet_code: str, at: datetime) -> list[Waiting]:
    """The four lists of an outlet as of `at`; one indexed statement a list. Raises NotAllowed, NotFound."""
    outlet_id = _outlet_id(viewer, outlet_code)
    lists = []
    for overdue, parts in windows(at, hours()).items():
        within = Q()
        for part in parts:
            within |= Q(
                milestone__in=part.milestones, last_event_at__gt=part.after, last_event_at__lte=part.until
            )
        found = Shipment.objects.filter(within, outlet_id=outlet_id, merged_into__isnull=True)
        lines = _lines(found.order_by("last_event_at", "id")[: MOST_LISTED + 1], at)
        count = found.count() if len(lines) > MOST_LISTED else len(lines)
        lists.append(Waiting(overdue, lines[:MOST_LISTED], count))
    return lists


def _outlet_id(viewer: Viewer, code: str) -> int:
    require(viewer, Permission.SHIPMENT_READ)
    if not viewer.sees_outlet(code):
        raise NotFound()
    return get_outlet(code).id


def _lines(found: QuerySet[Shipment], at: datetime) -> list[ParcelLine]:
    return [_line(row, at) for row in found.select_related("outlet")]


def _line(row: Shipment, at: datetime) -> ParcelLine:
    return ParcelLine(
        waybill_no=row.waybill_no,
        carrier=row.carrier,
        milestone=row.milestone,
        last_event_at=row.last_event_at,
        outlet_name=row.outlet.name if row.outlet else "",
        courier=row.courier_number,
        city=row.last_city,
        overdue=overdue_as(row.milestone, row.last_event_at, at=at, hours=hours()),
    )


def list_parcels(
    *, viewer: Viewer, waybill_nos: Sequence[str], also: Collection[str] = (), at: datetime
) -> dict[str, ParcelLine]:
    """What is known of these numbers, as far as it is in sight: held by, sent from or meant for an outlet of
    the viewer's, or one of `also` (numbers that he has a case about). Of two carriers the newest counts."""
    require(viewer, Permission.SHIPMENT_READ)
    rows = Shipment.objects.filter(waybill_no__in=list(waybill_nos), merged_into__isnull=True)
    if viewer.outlet_codes is not None:
        codes = sorted(viewer.outlet_codes)
        rows = rows.filter(
            Q(outlet__code__in=codes)
            | Q(details__origin_outlet__code__in=codes)
            | Q(details__destination_outlet__code__in=codes)
            | Q(waybill_no__in=list(also))
        )
    newest = _lines(rows.order_by(F("last_event_at").asc(nulls_first=True), "-carrier"), at)
    return {line.waybill_no: line for line in newest}


# the parcels of the outlet that were scanned since the day began are few: only their events are looked at
_MOVED = """
WITH codes AS (
  SELECT code FROM network_outlet WHERE id = %(outlet)s
  UNION SELECT code FROM network_outlet_code WHERE outlet_id = %(outlet)s)
, today AS MATERIALIZED (
  SELECT id, milestone, moved_at FROM shipments_shipment
   WHERE outlet_id = %(outlet)s AND milestone = ANY(%(milestones)s) AND last_event_at >= %(since)s
     AND merged_into_id IS NULL)
SELECT (SELECT count(DISTINCT t.id) FROM today t JOIN shipments_event e ON e.shipment_id = t.id
         WHERE e.happened_at >= %(since)s AND e.happened_at <= %(at)s AND e.kind = 'arrived_at_outlet'
           AND (e.outlet = '' OR e.outlet IN (SELECT code FROM codes))),
       (SELECT count(DISTINCT t.id) FROM today t JOIN shipments_event e ON e.shipment_id = t.id
         WHERE e.happened_at >= %(since)s AND e.happened_at <= %(at)s AND e.kind = 'out_for_delivery'
           AND (e.outlet = '' OR e.outlet IN (SELECT code FROM codes))),
       (SELECT count(*) FROM today
         WHERE milestone = 'DELIVERED' AND moved_at >= %(since)s AND moved_at <= %(at)s)
"""


def moved(*, viewer: Viewer, outlet_code: str, since: datetime, at: datetime) -> Moved:
    """What moved between `since` and `at`, of the parcels that stand with this outlet now: each counts once,
    however often it was scanned. Raises NotAllowed, NotFound."""
    values: dict[str, Any] = {
        "outlet": _outlet_id(viewer, outlet_code),
        "milestones": [milestone.value for milestone in Milestone],
        "since": since,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, values)
        return Moved(*cursor.fetchone())
