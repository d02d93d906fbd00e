"""Parcels that a scanner must stop, and each time that one asked."""

from typing import ClassVar

from django.db import models

from yishi.shipments.models.parcels import Shipment

_RUNS = models.Q(lifted_at__isnull=True)


class ParcelStop(models.Model):
    """Why a parcel may not go on (`rules.stops`), since when and by whom; it runs until `lifted_at`."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="stops")
    reason = models.TextField()
    asked = models.TextField(default="")
    case_no = models.TextField(default="")
    since = models.DateTimeField()
    stopped_by = models.TextField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.TextField(default="")

    class Meta:
        db_table = "shipments_stop"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shipment", "reason"], condition=_RUNS, name="shipments_stop_one")
        ]


class ScanCheck(models.Model):
    """A scanner asked, and `stop` held back; or a courier leaving it: `wish` against, his `answer`, proof."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="scan_checks")
    kind = models.TextField()
    courier = models.TextField(default="")
    station = models.TextField(default="")
    stop = models.ForeignKey(ParcelStop, null=True, on_delete=models.SET_NULL, related_name="held")
    asked_by = models.TextField()
    wish = models.TextField(db_default="", default="")
    answer = models.TextField(db_default="", default="")
    file_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "shipments_scan_check"
