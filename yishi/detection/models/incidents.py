"""Trouble that was found: one row a parcel, kind and cause, or one for many parcels alike at one place."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yishi.network.models import Outlet
from yishi.shipments.models.parcels import Shipment

_OPEN = Q(closed_at__isnull=True)


class Incident(models.Model):
    """One trouble of one parcel, from one cause; it is opened again rather than repeated.

    Without a parcel it is a mass incident (`held` parcels alike at one `place`), which those point at.
    `reason` with `values` is told in words by the pages; `steps` are the playbook as it was when it opened.
    """

    shipment = models.ForeignKey(
        Shipment, null=True, on_delete=models.CASCADE, related_name="incidents", db_index=False
    )
    kind = models.TextField()
    cause = models.TextField(default="")
    party = models.TextField()
    certainty = models.TextField()
    reason = models.TextField()
    values = models.JSONField(default=dict)
    courier_number = models.TextField(default="")
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    place = models.TextField(default="")
    severity = models.SmallIntegerField()
    since = models.DateTimeField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    times_reopened = models.PositiveSmallIntegerField(default=0)
    is_shadow = models.BooleanField(default=False)
    steps = models.JSONField(default=list)
    case_no = models.TextField(default="")
    setting_id = models.BigIntegerField(null=True)
    mass = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="members")
    held = models.PositiveIntegerField(default=0)
    # the group of a comparison into which it fell when it first opened; '' where none ran
    arm = models.TextField(db_default="", default="")

    class Meta:
        db_table = "detection_incident"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shipment", "kind", "cause"],
                condition=Q(shipment__isnull=False),
                name="detection_incident_once",
            ),
            models.UniqueConstraint(
                fields=["kind", "place"],
                condition=Q(shipment__isnull=True) & _OPEN,
                name="detection_mass_once",
            ),
        ]
        indexes: ClassVar = [
            # the list: the worst first; of an outlet, or of all
            models.Index(
                fields=["outlet", "-severity", "id"], condition=_OPEN, name="detection_open_of_outlet"
            ),
            models.Index(fields=["-severity", "id"], condition=_OPEN, name="detection_open"),
            models.Index(fields=["kind", "place", "opened_at"], condition=_OPEN, name="detection_alike"),
            models.Index(fields=["opened_at"], name="detection_opened"),
            models.Index(fields=["kind", "opened_at"], condition=~Q(arm=""), name="detection_compared"),
            models.Index(fields=["case_no"], condition=~Q(case_no=""), name="detection_of_case"),
        ]
