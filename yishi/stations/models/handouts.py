"""Parcels given away, and the codes that were tried and opened nothing."""

from typing import ClassVar

from django.db import models

from yishi.network.models import Station


class HandOut(models.Model):
    """Parcels of one person given away at once: how he was known, by whom, and the picture of it."""

    class How(models.TextChoices):
        CODE = "CODE"
        DYNAMIC = "DYNAMIC"
        TAIL = "TAIL"
        ID = "ID"
        PROXY = "PROXY"
        MIRROR = "MIRROR"
        DEVICE = "DEVICE"
        DOOR = "DOOR"

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="hand_outs")
    how = models.TextField(choices=How.choices)
    at = models.DateTimeField(db_index=True)
    given_by = models.TextField()
    file_id = models.UUIDField(null=True)
    collected_fen = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "stations_hand_out"
        indexes: ClassVar = [models.Index(fields=["station", "at"], name="stations_hand_out_at")]


class CodeTry(models.Model):
    """A wrong code, tail or one-time code. `target_hash` is whose it was tried on, where that can be told;
    `cleared_at` when a keeper let the person try again, or when the right one came."""

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="code_tries")
    code_hash = models.BinaryField(max_length=16)
    target_hash = models.BinaryField(max_length=16, null=True)
    how = models.TextField()
    tried_by = models.TextField()
    at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "stations_code_try"
        indexes: ClassVar = [models.Index(fields=["station", "at"], name="stations_code_try_at")]
