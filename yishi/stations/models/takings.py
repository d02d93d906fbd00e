"""Parcels that somebody else took by mistake (错拿)."""

from typing import ClassVar

from django.db import models

from yishi.stations.models.parcels import StationParcel


class WrongTaking(models.Model):
    """A parcel given to, or taken by, the wrong person; `asked` are stays whose people were asked by message
    whether they have it. `back_at`: it is at the station again."""

    parcel = models.ForeignKey(StationParcel, on_delete=models.CASCADE, related_name="takings")
    marked_at = models.DateTimeField()
    marked_by = models.TextField()
    note = models.TextField(default="")
    case_no = models.TextField(default="")
    back_at = models.DateTimeField(null=True)
    back_by = models.TextField(default="")

    class Meta:
        db_table = "stations_wrong_taking"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["parcel"], condition=models.Q(back_at__isnull=True), name="stations_taking_one_open"
            )
        ]


class TakerAsked(models.Model):
    """Somebody was asked whether he took it: the stay that he fetched at that time, and whether he has it."""

    taking = models.ForeignKey(WrongTaking, on_delete=models.CASCADE, related_name="asked")
    parcel = models.ForeignKey(StationParcel, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.TextField()

    class Meta:
        db_table = "stations_taker_asked"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["taking", "parcel"], name="stations_taker_once")
        ]
