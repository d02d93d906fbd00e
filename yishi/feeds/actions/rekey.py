"""What feeds keep of a parcel follows it when it turns out to run with another carrier."""

from django.db import transaction

from yishi.feeds.models import FileEffect, Subscription


@transaction.atomic
def follow_rekeyed(*, waybill_no: str, old: str, new: str, shipment_id: int, now_at_id: int) -> None:
    """Sources are asked under the right carrier from now on, and what files told of the parcel can still be
    taken back. A source that follows the number under the right carrier already goes on with that."""
    followed = Subscription.objects.filter(waybill_no=waybill_no)
    twice = followed.filter(carrier=new).values_list("source_id", flat=True)
    followed.filter(carrier=old, source_id__in=list(twice)).delete()
    followed.filter(carrier=old).update(carrier=new)
    if now_at_id != shipment_id:
        FileEffect.objects.filter(shipment_id=shipment_id).update(shipment_id=now_at_id)
