"""Where a parcel was signed for, seen from where its person's parcels are handed over otherwise."""

from dataclasses import dataclass
from datetime import datetime

from yishi.detection.models.inspections import Sign
from yishi.detection.rules.parcel import metres, middle


@dataclass(frozen=True)
class Signing:
    """`off_m` is the distance in metres; None where either place is unknown."""

    signed_at: datetime
    off_m: int | None


def signing_of(shipment_id: int) -> Signing | None:
    """The signing of this parcel, for whoever came by its door; None for one that we have not seen."""
    sign = Sign.objects.filter(pk=shipment_id).first()
    if sign is None:
        return None
    if sign.consignee_id is None or sign.latitude is None or sign.longitude is None:
        return Signing(sign.signed_at, None)
    others = Sign.objects.filter(consignee_id=sign.consignee_id, latitude__isnull=False)
    places = others.exclude(pk=shipment_id).values_list("latitude", "longitude")
    door = middle([(north, east) for north, east in places if north is not None and east is not None])
    off = round(metres((sign.latitude, sign.longitude), door)) if door else None
    return Signing(sign.signed_at, off)
