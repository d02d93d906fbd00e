"""A courier's round as he does it on his own telephone: each deed once, proof of delivery, his order."""

from typing import ClassVar

from django.db import models

from yishi.people.models import User
from yishi.shipments.models.parcels import Shipment


class CourierDeed(models.Model):
    """One deed as a telephone sent it, with what was answered: sent again, it is answered the same.

    `made_at` and `sent_at` are of the telephone's clock; `happened_at` is what counts.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    deed_id = models.UUIDField()
    kind = models.TextField()
    waybill_no = models.TextField(default="")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField()
    happened_at = models.DateTimeField()
    offset_s = models.BigIntegerField(default=0)
    is_doubtful = models.BooleanField(default=False)
    content_hash = models.BinaryField(max_length=32)
    is_refused = models.BooleanField(default=False)
    answer = models.JSONField(default=dict)

    class Meta:
        db_table = "shipments_courier_deed"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "deed_id"], name="shipments_deed_once")
        ]
        indexes: ClassVar = [models.Index(fields=["received_at"], name="shipments_deed_by_time")]


class DeliveryProof(models.Model):
    """Who took the parcel, where, with the photo and the signature that show it; never a name."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="proofs")
    receiver = models.TextField()
    photo_id = models.UUIDField(null=True)
    signature_id = models.UUIDField(null=True)
    position = models.TextField(default="")
    accuracy_m = models.PositiveIntegerField(null=True)
    courier = models.TextField(default="")
    recorded_by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "shipments_delivery_proof"
        indexes: ClassVar = [models.Index(fields=["shipment", "at"], name="shipments_proof_by_time")]


class RoundOrder(models.Model):
    """The order in which a courier wants his parcels of one day; the latest word counts."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    waybill_nos = models.JSONField(default=list)
    said_at = models.DateTimeField()

    class Meta:
        db_table = "shipments_round_order"
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "day"], name="shipments_order_once")]
