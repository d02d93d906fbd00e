"""What a consignee chose for one parcel before it came, and at which hours couriers deliver."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yishi.kit.personal import EncryptedText
from yishi.network.models import Station
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.rules.choices import KINDS


class DoorChoice(models.Model):
    """What was agreed for one parcel: another time, with whom or where it is left, or to the door only.

    It stands while `ended_at` is empty. `via` is how it was said: by the private link, by a key on the
    telephone, or to the courier at the door. `named` is which neighbour or guard.
    """

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="door_choices")
    kind = models.TextField()
    via = models.TextField()
    from_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField(null=True)
    named = EncryptedText(default="")
    station = models.ForeignKey(Station, null=True, on_delete=models.SET_NULL, related_name="+")
    chosen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shipments_door_choice"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shipment"],
                condition=models.Q(ended_at__isnull=True),
                name="shipments_door_choice_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=sorted(KINDS)), name="shipments_door_choice_kind"
            ),
        ]


class SigningHours(models.Model):
    """At which minutes of the day parcels of one group are signed (`rules.arrival`): quantiles, no person."""

    key = models.TextField(primary_key=True)
    count = models.IntegerField()
    minutes = ArrayField(models.FloatField())
    stretch = models.FloatField()

    class Meta:
        db_table = "shipments_signing_hours"
