"""What is to be looked at next, and what was usual: signings, and the habit of each courier."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yishi.consignees.models import Contact
from yishi.shipments.models.parcels import Shipment


class Inspection(models.Model):
    """A parcel that is to be looked at when `due_at` has come: now, after a scan, or when a rule said so.

    A parcel about which no rule waits for anything has no row.
    """

    shipment = models.OneToOneField(
        Shipment, primary_key=True, on_delete=models.CASCADE, related_name="inspection"
    )
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "detection_inspection"


class Sign(models.Model):
    """One signing as seen from its courier: the ground of his habit, and of where a person's door is."""

    shipment = models.OneToOneField(Shipment, primary_key=True, on_delete=models.CASCADE, related_name="sign")
    carrier = models.TextField()
    courier_number = models.TextField()
    signed_at = models.DateTimeField()
    is_night = models.BooleanField()
    was_contacted = models.BooleanField()
    # whoever is erased takes along where his door is; no check in the database: a row a signing
    consignee = models.ForeignKey(
        Contact, null=True, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    off_m = models.IntegerField(null=True)
    complained_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "detection_sign"
        indexes: ClassVar = [
            models.Index(fields=["carrier", "courier_number", "signed_at"], name="detection_sign_courier"),
            models.Index(
                fields=["consignee"], condition=Q(latitude__isnull=False), name="detection_sign_home"
            ),
            models.Index(fields=["signed_at"], name="detection_sign_at"),
        ]


class CourierHabit(models.Model):
    """What was usual for a courier over the last weeks, reckoned every night; shares in percent."""

    carrier = models.TextField()
    courier_number = models.TextField()
    signed = models.PositiveIntegerField()
    batch_share = models.PositiveSmallIntegerField()
    night_share = models.PositiveSmallIntegerField()
    contact_share = models.PositiveSmallIntegerField()
    drift_m = models.PositiveIntegerField()
    complaints = models.PositiveIntegerField()
    reckoned_at = models.DateTimeField()

    class Meta:
        db_table = "detection_courier_habit"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["carrier", "courier_number"], name="detection_habit_once")
        ]
