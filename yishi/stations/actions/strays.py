"""A parcel that stands on a shelf and of which nobody ever told us: that it was seen is its first scan."""

from collections.abc import Collection
from datetime import datetime

from yishi.feeds.port import Parsed
from yishi.shipments.models.parcels import Shipment
from yishi.stations.actions.telling import seen_event, tell_network
from yishi.stations.actions.whose import whose_parcel
from yishi.stations.queries.stations import StationCard

MOST_TOLD = 200
"""Who scans more strangers than that in one count scans something else than parcels."""


def tell_of_strays(card: StationCard, numbers: Collection[str], *, at: datetime) -> int:
    """Makes the parcels of these numbers that no record has, at the station's outlet, so that a case can lead
    to their people; how many. Of which carrier they are is told only where the number leaves no doubt."""
    known = Shipment.objects.filter(waybill_no__in=numbers).values_list("waybill_no", flat=True)
    strange = sorted(set(numbers) - set(known))
    if not strange or len(strange) > MOST_TOLD:
        return 0
    told = [(number, whose_parcel(card, number, said="", batch="", at=at).carrier) for number in strange]
    parsed = Parsed(events=[seen_event(card, number, carrier, at=at) for number, carrier in told])
    tell_network(parsed, at=at)
    return len(strange)
