"""Stock counts: who counted which shelf and when, each scan, and what did not agree with the book."""

from typing import ClassVar

from django.db import models

from yishi.network.models import Station
from yishi.stations.models.parcels import StationParcel
from yishi.stations.models.places import Shelf


class StockCount(models.Model):
    """One count of a shelf, or of the whole station where `shelf` is none; one at a time of each."""

    class State(models.TextChoices):
        OPEN = "OPEN"
        ENDED = "ENDED"
        DROPPED = "DROPPED"

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="counts")
    shelf = models.ForeignKey(Shelf, null=True, on_delete=models.PROTECT, related_name="counts")
    state = models.TextField(choices=State.choices, default=State.OPEN.value)
    began_at = models.DateTimeField()
    began_by = models.TextField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(default="")
    scanned = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "stations_count"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["station", "shelf"],
                condition=models.Q(state="OPEN"),
                nulls_distinct=False,
                name="stations_count_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(state="OPEN", ended_at__isnull=True)
                | (~models.Q(state="OPEN") & models.Q(ended_at__isnull=False)),
                name="stations_count_ended",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["station", "-began_at"], name="stations_count_at")]


class CountScan(models.Model):
    """One scan, known again by the id that the scanner's page gave it. `waybill_no` '' could not be read;
    `at` is by our clock."""

    count = models.ForeignKey(StockCount, on_delete=models.CASCADE, related_name="scans")
    client_id = models.TextField()
    waybill_no = models.TextField(default="")
    place = models.TextField(default="")
    at = models.DateTimeField()
    scanned_by = models.TextField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "stations_count_scan"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["count", "client_id"], name="stations_count_scan_once")
        ]


class CountDifference(models.Model):
    """What did not agree, and what came of it. `booked` and `seen` are places, or another station's name."""

    class Settled(models.TextChoices):
        FOUND = "FOUND"
        MOVED = "MOVED"
        BOOKED_IN = "BOOKED_IN"
        SENT_ON = "SENT_ON"
        LOOKED = "LOOKED"

    count = models.ForeignKey(StockCount, on_delete=models.CASCADE, related_name="differences")
    kind = models.TextField()
    waybill_no = models.TextField(default="")
    parcel = models.ForeignKey(StationParcel, null=True, on_delete=models.SET_NULL, related_name="+")
    booked = models.TextField(default="")
    seen = models.TextField(default="")
    at = models.DateTimeField()
    last_by = models.TextField(default="")
    last_at = models.DateTimeField(null=True)
    last_kind = models.TextField(default="")
    case_no = models.TextField(default="")
    settled = models.TextField(choices=Settled.choices, default="")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(default="")

    class Meta:
        db_table = "stations_count_difference"
        indexes: ClassVar = [
            models.Index(
                fields=["waybill_no"],
                condition=models.Q(kind="MISSING", settled=""),
                name="stations_count_missing",
            )
        ]
