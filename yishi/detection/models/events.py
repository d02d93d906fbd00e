"""Mass incidents that a person declared, and the parcels they concern."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yishi.detection.models.incidents import Incident
from yishi.shipments.models.parcels import Shipment

_DUE = Q(due_at__isnull=False)


class MassEvent(models.Model):
    """A mass incident that a person declared: where, until when, what is said to the consignees.

    `due_at` is when a worker must look at it (again): for parcels that it concerns, and for its end.
    """

    incident = models.OneToOneField(
        Incident, primary_key=True, on_delete=models.CASCADE, related_name="event"
    )
    outlet_ids = ArrayField(models.BigIntegerField())
    hubs = ArrayField(models.TextField())
    cities = ArrayField(models.TextField())
    text = models.TextField()
    until = models.DateTimeField()
    declared_by = models.TextField()
    ended_by = models.TextField(default="")
    # up to which parcel this round has come
    last_id = models.BigIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    # when the next report goes out, and when the last one did
    report_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "detection_mass_event"
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=_DUE, name="detection_mass_event_due"),
            models.Index(
                fields=["report_at"], condition=Q(report_at__isnull=False), name="detection_mass_event_report"
            ),
        ]


class MassParcel(models.Model):
    """A parcel that an event concerns, and whether its consignee was told; `to_hash` keeps one person from
    hearing of one event twice."""

    class Outcome(models.TextChoices):
        WAITING = "WAITING", _("还没通知")
        TOLD = "TOLD", _("已通知")
        SAME_PERSON = "SAME_PERSON", _("同一个人已通知")
        UNWANTED = "UNWANTED", _("收件人不要通知")
        UNREACHABLE = "UNREACHABLE", _("联系不上")

    event = models.ForeignKey(MassEvent, on_delete=models.CASCADE, related_name="parcels", db_index=False)
    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="+")
    outcome = models.TextField(choices=Outcome.choices, default=Outcome.WAITING)
    to_hash = models.BinaryField(max_length=16, null=True)

    class Meta:
        db_table = "detection_mass_parcel"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "shipment"], name="detection_mass_parcel_once")
        ]
