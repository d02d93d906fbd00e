"""Pickup codes as they were told to us, and questions about them."""

from typing import ClassVar

from django.db import models

from yishi.kit.personal import EncryptedText
from yishi.shipments.models.parcels import Shipment

_DUE = models.Q(due_at__isnull=False)


class PickupCode(models.Model):
    """A code that opens a locker or names a shelf. Only who has proven the parcel's phone may see it.

    `phone_hash` is of the phone that the place knows the parcel by, where it told us one.
    """

    shipment = models.ForeignKey(
        Shipment, on_delete=models.CASCADE, related_name="pickup_codes", db_index=False
    )
    source_id = models.BigIntegerField()
    code_hash = models.BinaryField(max_length=16)
    code = EncryptedText()
    place = models.TextField(default="")
    address = EncryptedText(default="")
    place_phone = models.TextField(default="")
    phone_hash = models.BinaryField(max_length=16, null=True)
    happened_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "shipments_pickup_code"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shipment", "source_id", "code_hash"], name="shipments_pickup_code_once"
            )
        ]


class CodeQuestion(models.Model):
    """A parcel that waits without a code of which we know: a source is asked for it, `due_at` says when."""

    shipment = models.OneToOneField(
        Shipment, primary_key=True, on_delete=models.CASCADE, related_name="code_question"
    )
    due_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(default="")

    class Meta:
        db_table = "shipments_code_question"
        indexes: ClassVar = [models.Index(fields=["due_at"], condition=_DUE, name="shipments_code_due")]
