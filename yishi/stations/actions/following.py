"""A parcel's record is another row from now on: its stays go with it."""

from datetime import datetime

from yishi.stations.models.materials import MaterialMove
from yishi.stations.models.parcels import StationMove, StationParcel
from yishi.stations.queries.stations import INSIDE


def follow_parcel(*, shipment_id: int, now_at_id: int, at: datetime) -> None:
    """Stays follow; where both records stood inside, it is one parcel: the later stay ends here."""
    if StationParcel.objects.filter(shipment_id=now_at_id, state=INSIDE).exists():
        twice = StationParcel.objects.filter(shipment_id=shipment_id, state=INSIDE)
        for stay in twice:
            StationMove.objects.create(parcel=stay, kind="MOVED", at=at, moved_by="system", note="joined")
        twice.update(state=StationParcel.State.MOVED.value, ended_at=at)
    StationParcel.objects.filter(shipment_id=shipment_id).update(shipment_id=now_at_id)
    MaterialMove.objects.filter(shipment_id=shipment_id).update(shipment_id=now_at_id)
