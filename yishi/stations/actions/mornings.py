"""What was on the way when a station opened, kept for its forecast."""

from datetime import datetime, timedelta

from django.db.models import Count

from yishi.network.models import Station
from yishi.shipments.models.parcels import Shipment
from yishi.stations.models.queue import StationMorning
from yishi.stations.queries.stations import local
from yishi.stations.rules.moments import opening_hours

FRESH = timedelta(days=2)
"""What has not moved for longer is lost rather than on its way."""


def note_mornings(*, at: datetime) -> int:
    """Counts for each station that opens in this hour what stands at its outlet or is with a courier; how
    many stations. Once a day each: the same again, and another hour, change nothing."""
    hour, day = local(at).hour, local(at).date()
    opening = [
        (pk, outlet_id)
        for pk, outlet_id, opens, closes in Station.objects.values_list("pk", "outlet_id", "opens", "closes")
        if opening_hours(opens, closes)[0] == hour
    ]
    rows = Shipment.objects.filter(
        outlet_id__in={outlet_id for _pk, outlet_id in opening},
        milestone__in=("AT_OUTLET", "OUT_FOR_DELIVERY"),
        moved_at__gte=at - FRESH,
        merged_into__isnull=True,
    )
    on_way = dict(rows.values_list("outlet_id").annotate(n=Count("pk")).order_by())
    StationMorning.objects.bulk_create(
        [StationMorning(station_id=pk, day=day, on_way=on_way.get(to, 0), at=at) for pk, to in opening],
        ignore_conflicts=True,
    )
    return len(opening)
