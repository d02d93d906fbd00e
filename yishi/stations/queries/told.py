"""What programs of others are told of a station's parcels."""

from collections.abc import Sequence

from yishi.stations.models.parcels import StationParcel


def stays_told(parcel_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Parcel and station of each stay; one statement."""
    rows = StationParcel.objects.filter(pk__in=list(parcel_ids)).order_by("pk")
    return list(rows.values_list("shipment_id", "station__code"))
