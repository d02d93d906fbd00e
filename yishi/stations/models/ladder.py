"""Parcels that nobody fetches: when their person hears of it again, and the lists with which they go back."""

from typing import ClassVar

from django.db import models

from yishi.network.models import Station
from yishi.stations.models.parcels import StationParcel


class StayReminder(models.Model):
    """Where a stay stands on its station's ladder: the step that comes at `due_at` (none = no more), and
    since when a keeper is to ring its person. A row stays when the parcel has gone."""

    parcel = models.OneToOneField(
        StationParcel, primary_key=True, on_delete=models.CASCADE, related_name="reminder"
    )
    due_at = models.DateTimeField(null=True)
    step = models.TextField(default="")
    call_due_at = models.DateTimeField(null=True)
    calls = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "stations_reminder"
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=models.Q(due_at__isnull=False), name="stations_reminder_due"
            ),
            models.Index(
                fields=["call_due_at"],
                condition=models.Q(call_due_at__isnull=False),
                name="stations_reminder_call",
            ),
        ]


class ReturnList(models.Model):
    """Parcels that went back to one carrier at once: who took them, and the picture of his signature."""

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="return_lists")
    carrier = models.TextField()
    receiver = models.TextField()
    handed_at = models.DateTimeField(db_index=True)
    handed_by = models.TextField()
    file_id = models.UUIDField(null=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "stations_return_list"


class ReturnLine(models.Model):
    """One parcel of a list."""

    list = models.ForeignKey(ReturnList, on_delete=models.CASCADE, related_name="lines")
    parcel = models.OneToOneField(StationParcel, on_delete=models.CASCADE, related_name="return_line")

    class Meta:
        db_table = "stations_return_line"
