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

_MILESTONES = [(m.value, m.value) for m in Milestone]


UNKNOWN_CARRIER = "unknown"


class Shipment(models.Model):
    """One parcel in the network; its state is computed from its events, in whatever order they came.

    Each of `moved_*`, `city_*`, `outlet_*` and `courier_*` is the newest of its kind, ties broken by value.
    """

    waybill_no = models.TextField()
    carrier = models.TextField(default=UNKNOWN_CARRIER)
    milestone = models.TextField(default=Milestone.UNKNOWN.value, choices=_MILESTONES)
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
        Outlet, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    courier_at = models.DateTimeField(null=True)
    courier_number = models.TextField(default="")
    promised_at = models.DateTimeField(null=True)
    # the rule that promised; NULL when the promise was stated by the shipper's side
    promise_rule_id = models.BigIntegerField(null=True)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        db_table = "shipments_shipment"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["waybill_no", "carrier"], name="shipments_waybill_once")
        ]
        # the outlet's day: what stands where; without the time, which every scan would write anew
        indexes: ClassVar = [models.Index(fields=["outlet", "milestone"], name="shipments_of_outlet")]

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
    # the recording or picture that head office holds
    reference = EncryptedText(null=True)
    recorded_by = models.TextField(default="")
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "shipments_contact_attempt"
        indexes: ClassVar = [models.Index(fields=["shipment", "at"], name="shipments_contact_by_time")]
