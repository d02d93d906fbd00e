"""Parcels: where each stands, what is known about it, every scan, and every attempt to reach its consignee.

`TrackingEvent` is partitioned by month of `happened_at`; its table is made by SQL in the first migration.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.consignees.models import Contact
from yishi.kit.personal import EncryptedText
from yishi.network.models import Merchant, Outlet
from yishi.shipments.rules.milestones import Milestone

UNKNOWN_CARRIER = "unknown"


class Shipment(models.Model):
    """One parcel in the network; its state is computed from its events, in whatever order they came.

    Each of `moved_*`, `city_*`, `outlet_*` and `courier_*` is the newest of its kind, ties broken by value.
    """

    waybill_no = models.TextField()
    carrier = models.TextField(default=UNKNOWN_CARRIER)
    milestone = models.TextField(
        default=Milestone.UNKNOWN.value, choices=[(m.value, m.value) for m in Milestone]
    )
    moved_at = models.DateTimeField(null=True)
    moved_rank = models.SmallIntegerField(default=0)
    moved_identity = models.BinaryField(max_length=16, default=b"")
    first_event_at = models.DateTimeField(null=True)
    last_event_at = models.DateTimeField(null=True)
    city_at = models.DateTimeField(null=True)
    last_city = models.TextField(default="")
    outlet_at = models.DateTimeField(null=True)
    # no database constraint: outlets are never deleted, and the check would cost a look-up per event
    outlet = models.ForeignKey(
        Outlet, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    courier_at = models.DateTimeField(null=True)
    courier_number = models.TextField(default="")
    promised_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        db_table = "shipments_shipment"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["waybill_no", "carrier"], name="shipments_waybill_once")
        ]

    def __str__(self) -> str:
        return self.waybill_no


class ShipmentDetails(models.Model):
    """What the shipper's side told us about a parcel; all of it may be missing."""

    shipment = models.OneToOneField(
        Shipment, primary_key=True, on_delete=models.CASCADE, related_name="details"
    )
    product = models.TextField(default="")
    merchant = models.ForeignKey(Merchant, null=True, on_delete=models.SET_NULL, related_name="+")
    shipper = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    consignee = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    shipper_address = EncryptedText(default="")
    address = EncryptedText(default="")
    city = models.TextField(default="")
    district = models.TextField(default="")
    goods = models.TextField(default="")
    handling = models.JSONField(default=list)
    freight_fen = models.BigIntegerField(null=True)
    freight_collect = models.BooleanField(null=True)
    declared_value_fen = models.BigIntegerField(null=True)
    insured = models.BooleanField(null=True)
    cash_on_delivery_fen = models.BigIntegerField(null=True)
    platform = models.TextField(default="")
    origin_outlet = models.ForeignKey(Outlet, null=True, on_delete=models.SET_NULL, related_name="+")
    destination_outlet = models.ForeignKey(Outlet, null=True, on_delete=models.SET_NULL, related_name="+")
    # of what was said last, so that the same said again is known as a repeat
    said_hash = models.BinaryField(max_length=16, default=b"")
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "shipments_details"


class TrackingEvent(models.Model):
    """One scan, its source's code and text kept verbatim. Nothing points at it: it is its own key.

    One index serves both: it knows a scan again, and it tells a parcel's story in order.
    """

    pk = models.CompositePrimaryKey("shipment_id", "happened_at", "identity")
    identity = models.BinaryField(max_length=16)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    shipment = models.ForeignKey(
        Shipment, on_delete=models.DO_NOTHING, db_constraint=False, related_name="events", db_index=False
    )
    source_id = models.BigIntegerField()
    kind = models.TextField()
    source_code = models.TextField()
    detail = models.TextField()
    city = models.TextField()
    outlet = models.TextField()
    courier = models.TextField()
    text = models.TextField()
    signed_by = EncryptedText(default="")
    consent = models.BooleanField(null=True)
    position = models.TextField()

    class Meta:
        db_table = "shipments_event"
        managed = False


class ContactAttempt(models.Model):
    """One attempt of a courier to reach the consignee: evidence of care and of fairness."""

    class Kind(models.TextChoices):
        CALL = "CALL", _("电话")
        SMS = "SMS", _("短信")
        KNOCK = "KNOCK", _("敲门")
        PHOTO = "PHOTO", _("拍照")

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="contact_attempts")
    kind = models.TextField(choices=Kind.choices)
    at = models.DateTimeField()
    outcome = models.TextField(default="")
    courier_number = models.TextField(default="")
    position = models.TextField(default="")
    recorded_by = models.TextField(default="")
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "shipments_contact_attempt"
        indexes: ClassVar = [models.Index(fields=["shipment", "at"], name="shipments_contact_by_time")]


class Remap(models.Model):
    """Kept events of one code told anew, because the operator said what it means (or took that back)."""

    class Stage(models.TextChoices):
        GATHER = "GATHER", _("在找用到它的包裹")
        APPLY = "APPLY", _("正在重算")
        # bodies that were being taken in while the mapping changed were read with the old one
        LOOK_AGAIN = "LOOK_AGAIN", _("再看一遍")
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
            models.Index(
                fields=["due_at"], condition=models.Q(due_at__isnull=False), name="shipments_remap_due"
            ),
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
