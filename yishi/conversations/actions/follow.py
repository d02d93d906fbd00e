"""Conversations follow their parcel when it turns out to run with another carrier."""

from django.db import transaction

from yishi.conversations.models.talk import Conversation


@transaction.atomic
def follow_parcel(*, shipment_id: int, now_at_id: int) -> int:
    """Points every conversation about a parcel at where its record is now; returns how many."""
    return Conversation.objects.filter(shipment_id=shipment_id).update(shipment_id=now_at_id)
