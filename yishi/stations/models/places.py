"""How a station works, and the shelves on which its parcels stand."""

from datetime import time
from typing import ClassVar

from django.db import models

from yishi.network.models import Station
from yishi.stations.rules.codes import DEFAULT_TEMPLATE


class StationSetting(models.Model):
    """One station's way of working. MIRROR: the brand's own system books in and out, we follow its events.

    After `free_days` a day costs `fee_fen`, never more than `fee_cap_fen` in all; a person may keep a parcel
    `extend_days` longer than `keep_days`. Who does not come is reminded, rung and told by `rules.ladder`, and
    his parcel goes back `return_after_days` after that. Nobody is written to from `quiet_from` until
    `quiet_until`.
    """

    class Mode(models.TextChoices):
        MIRROR = "MIRROR"
        FULL = "FULL"

    station = models.OneToOneField(
        Station, primary_key=True, on_delete=models.CASCADE, related_name="setting"
    )
    mode = models.TextField(choices=Mode.choices, default=Mode.FULL.value)
    template = models.TextField(default=DEFAULT_TEMPLATE)
    keep_days = models.PositiveSmallIntegerField(default=5)
    extend_days = models.PositiveSmallIntegerField(default=4)
    free_days = models.PositiveSmallIntegerField(default=7)
    fee_fen = models.PositiveIntegerField(default=0)
    fee_cap_fen = models.PositiveIntegerField(default=0)
    quiet_from = models.TimeField(default=time(21, 30))
    quiet_until = models.TimeField(default=time(8))
    needs_photo = models.BooleanField(default=False)
    remind_after_hours = models.PositiveSmallIntegerField(default=48)
    call_after_days = models.PositiveSmallIntegerField(default=1)
    return_after_days = models.PositiveSmallIntegerField(default=3)
    next_no = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(null=True)
    updated_by = models.TextField(default="")

    class Meta:
        db_table = "stations_setting"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(mode__in=["MIRROR", "FULL"]), name="stations_setting_mode"
            )
        ]


class Shelf(models.Model):
    """A shelf: so many layers, each holding about so many parcels of a size ('' = any). `code` '' never."""

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="shelves")
    code = models.TextField()
    layers = models.PositiveSmallIntegerField(default=1)
    capacity = models.PositiveIntegerField(default=20)
    size = models.TextField(default="")
    is_temporary = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "stations_shelf"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["station", "code"], name="stations_shelf_once"),
            models.CheckConstraint(condition=~models.Q(code=""), name="stations_shelf_coded"),
            models.CheckConstraint(
                condition=models.Q(layers__gte=1, capacity__gte=1), name="stations_shelf_holds"
            ),
            models.CheckConstraint(
                condition=models.Q(size__in=["", "S", "M", "L"]), name="stations_shelf_size"
            ),
        ]
