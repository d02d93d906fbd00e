"""Scan-and-photo machines (出库仪) of a station, what each of them sent, and its ID-card reader."""

from typing import ClassVar

from django.db import models

from yishi.kit.personal import EncryptedText
from yishi.network.models import Station
from yishi.stations.models.handouts import HandOut


class StationDevice(models.Model):
    """A machine with a key of its own; `offset_ms` is how far its clock was ahead of ours last."""

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="devices")
    label = models.TextField()
    key_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    made_by = models.TextField()
    revoked_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    offset_ms = models.BigIntegerField(null=True)

    class Meta:
        db_table = "stations_device"


class DevicePush(models.Model):
    """What a machine sent once: kept with its photo before anything is given away. WAITING was cut off
    between photo and hand-out and goes on when it is sent again."""

    class State(models.TextChoices):
        WAITING = "WAITING"
        DONE = "DONE"
        REFUSED = "REFUSED"

    device = models.ForeignKey(StationDevice, on_delete=models.CASCADE, related_name="pushes")
    push_id = models.TextField()
    waybill_no = models.TextField(default="")
    file_id = models.UUIDField()
    device_at = models.DateTimeField(null=True)
    at = models.DateTimeField(db_index=True)
    state = models.TextField(choices=State.choices, default=State.WAITING.value)
    reason = models.TextField(default="")
    hand_out = models.ForeignKey(HandOut, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        db_table = "stations_device_push"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "push_id"], name="stations_push_once")
        ]


class StationIdReader(models.Model):
    """Where the ID-card reader of a station answers, and whether it did last. Nothing of a card is kept."""

    station = models.OneToOneField(
        Station, primary_key=True, on_delete=models.CASCADE, related_name="id_reader"
    )
    address = models.TextField()
    key = EncryptedText(default="")
    made_at = models.DateTimeField()
    made_by = models.TextField()
    answered_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "stations_id_reader"
