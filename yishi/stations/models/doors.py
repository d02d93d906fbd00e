"""Parcels that a station brings to the door for a fee: whether it does, and who asked for it."""

from typing import ClassVar

from django.db import models

from yishi.kit.personal import EncryptedText
from yishi.network.models import Station
from yishi.stations.models.parcels import StationParcel


class DoorService(models.Model):
    """The station brings parcels to the door for `fee_fen` each; without a row it does not."""

    station = models.OneToOneField(
        Station, primary_key=True, on_delete=models.CASCADE, related_name="door_service"
    )
    fee_fen = models.PositiveIntegerField()
    updated_at = models.DateTimeField()
    updated_by = models.TextField()

    class Meta:
        db_table = "stations_door_service"


class DoorWish(models.Model):
    """A person wants this parcel brought between two moments, for the fee that he was shown. It counts while
    his parcel's `collect` is DOOR; the address is forgotten when the parcel has gone."""

    parcel = models.OneToOneField(
        StationParcel, primary_key=True, on_delete=models.CASCADE, related_name="door_wish"
    )
    address = EncryptedText(default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    fee_fen = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()

    class Meta:
        db_table = "stations_door_wish"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="stations_door_wish_slot"
            )
        ]
