"""Parcels before they are parcels: photographed slips, bookings, files of them, the operator's rules of what
may be sent."""

from typing import ClassVar

from django.db import models

from yishi.consignees.models import Contact
from yishi.kit.personal import EncryptedText
from yishi.network.models import Merchant, Outlet
from yishi.shipments.models.parcels import Shipment

_WAITS = models.Q(due_at__isnull=False)
_OPEN = models.Q(accepted_at__isnull=True)
_TELL = models.Q(tell_at__isnull=False)


class BookingSlip(models.Model):
    """A photo of a written slip, read by the worker; `text` is what it read, `why` why it could not."""

    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.SET_NULL, related_name="+")
    file_id = models.UUIDField()
    text = EncryptedText(default="")
    state = models.TextField(default="WAITING")
    why = models.TextField(default="")
    due_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.TextField()

    class Meta:
        db_table = "shipments_booking_slip"
        indexes: ClassVar = [models.Index(fields=["due_at"], condition=_WAITS, name="shipments_slip_due")]


class BookingFile(models.Model):
    """A file of bookings: checked first, booked when somebody says so; `said_hash`: its bytes and sender."""

    merchant = models.ForeignKey(Merchant, null=True, on_delete=models.SET_NULL, related_name="+")
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.TextField()
    said_hash = models.BinaryField(max_length=32, unique=True)
    state = models.TextField(default="READY")
    uploaded_at = models.DateTimeField()
    uploaded_by = models.TextField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(default="")

    class Meta:
        db_table = "shipments_booking_file"


class Booking(models.Model):
    """Something that is to be sent, as it was taken down; `sender` and `receiver` are JSON of what was said.

    `doubts` are marks that stayed after somebody was asked. `accepted_at` is when the carrier first had it;
    `tell_at` when the sender is due to hear of that.
    """

    merchant = models.ForeignKey(Merchant, null=True, on_delete=models.SET_NULL, related_name="+")
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.SET_NULL, related_name="+")
    shipment = models.ForeignKey(Shipment, null=True, on_delete=models.SET_NULL, related_name="bookings")
    slip = models.ForeignKey(BookingSlip, null=True, on_delete=models.SET_NULL, related_name="bookings")
    sender_contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    receiver_contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    reference = models.TextField(default="")
    sender = EncryptedText()
    receiver = EncryptedText()
    place = models.TextField(default="")
    goods = models.TextField(default="")
    goods_kinds = models.JSONField(default=list)
    verdict = models.TextField(default="")
    is_opened = models.BooleanField(default=False)
    declared_value_fen = models.BigIntegerField(null=True)
    is_insured = models.BooleanField(default=False)
    doubts = models.JSONField(default=list)
    source = models.TextField()
    booked_at = models.DateTimeField()
    booked_by = models.TextField()
    accepted_at = models.DateTimeField(null=True)
    tell_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shipments_booking"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["merchant", "reference"],
                condition=models.Q(merchant__isnull=False) & ~models.Q(reference=""),
                name="shipments_booking_once",
            ),
            models.UniqueConstraint(
                fields=["slip"], condition=models.Q(slip__isnull=False), name="shipments_booking_slip_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shipment"], condition=_OPEN, name="shipments_booking_open"),
            models.Index(fields=["tell_at"], condition=_TELL, name="shipments_booking_tell"),
            models.Index(fields=["outlet", "booked_at"], name="shipments_booking_day"),
        ]


class BookingRow(models.Model):
    """One row of a file as it was read (JSON), what is wrong with it, and the booking that it became."""

    file = models.ForeignKey(BookingFile, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    said = EncryptedText()
    reference = models.TextField(default="")
    faults = models.JSONField(default=list)
    is_refused = models.BooleanField(default=False)
    booking = models.ForeignKey(Booking, null=True, on_delete=models.SET_NULL, related_name="rows")

    class Meta:
        db_table = "shipments_booking_row"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file", "line"], name="shipments_booking_row_once")
        ]


class GoodsRule(models.Model):
    """What the operator says of one kind of goods instead of us; ended, never deleted."""

    key = models.TextField()
    word = models.TextField(default="")
    words = models.JSONField(default=list)
    verdict = models.TextField()
    steps = models.JSONField(default=list)
    needs_ice = models.BooleanField(default=False)
    best_before_hours = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField(default="")
    source = models.TextField(default="")
    added_at = models.DateTimeField()
    added_by = models.TextField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(default="")

    class Meta:
        db_table = "shipments_goods_rule"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(ended_at__isnull=True), name="shipments_goods_rule_runs"
            )
        ]


class NoService(models.Model):
    """A place to which nothing is taken at present: words of an address; ended, never deleted."""

    place = models.TextField()
    reason = models.TextField(default="")
    added_at = models.DateTimeField()
    added_by = models.TextField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(default="")

    class Meta:
        db_table = "shipments_no_service"
