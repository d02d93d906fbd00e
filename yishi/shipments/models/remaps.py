"""A corrected reading of a carrier's codes, worked through parcel by parcel."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.shipments.models.parcels import Shipment

_DUE = models.Q(due_at__isnull=False)


class Remap(models.Model):
    """Kept events of one code told anew, because the operator said what it means (or took that back)."""

    class Stage(models.TextChoices):
        GATHER = "GATHER", _("在找用到它的包裹")
        APPLY = "APPLY", _("正在重算")
        # bodies that were being taken in while the mapping changed were read with the old one
        WAIT = "WAIT", _("等在途的数据收完")
        CHECK = "CHECK", _("再核对一遍")
        DONE = "DONE", _("完成")

    source_id = models.BigIntegerField()
    source_code = models.TextField()
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    stage = models.TextField(choices=Stage.choices, default=Stage.GATHER)
    due_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    events = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shipments_remap"
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=_DUE, name="shipments_remap_due"),
            models.Index(fields=["source_id", "source_code", "-id"], name="shipments_remap_code"),
        ]


class RemapParcel(models.Model):
    """A parcel that waits for its remap; gone when it has been told anew."""

    pk = models.CompositePrimaryKey("remap_id", "shipment_id")
    remap = models.ForeignKey(Remap, on_delete=models.CASCADE, related_name="waiting", db_index=False)
    shipment = models.ForeignKey(
        Shipment, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False
    )

    class Meta:
        db_table = "shipments_remap_parcel"
