"""Packing materials of a station or outlet counter: what goods want, what is in stock, what was used."""

from typing import ClassVar

from django.db import models

from yishi.network.models import Station
from yishi.shipments.models.parcels import Shipment


class Material(models.Model):
    """A kind of packing. `goods` are the kinds of goods for which it is the standard."""

    code = models.TextField(unique=True)
    label = models.TextField()
    unit = models.TextField(default="")
    goods = models.JSONField(default=list)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "stations_material"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(code=""), name="stations_material_coded")
        ]


class MaterialStock(models.Model):
    """How much of it a station has; at `low_at` and under it a warning stands."""

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="materials")
    material = models.ForeignKey(Material, on_delete=models.CASCADE, related_name="stocks")
    left = models.IntegerField(default=0)
    low_at = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "stations_material_stock"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["station", "material"], name="stations_stock_once"),
            models.CheckConstraint(condition=models.Q(left__gte=0), name="stations_stock_some"),
        ]


class MaterialMove(models.Model):
    """In (bought) or out (used); `shipment` is the parcel that was packed with it, where one is named."""

    stock = models.ForeignKey(MaterialStock, on_delete=models.CASCADE, related_name="moves")
    change = models.IntegerField()
    shipment = models.ForeignKey(Shipment, null=True, on_delete=models.CASCADE, related_name="packings")
    at = models.DateTimeField(db_index=True)
    moved_by = models.TextField()
    note = models.TextField(default="")

    class Meta:
        db_table = "stations_material_move"
