"""Trouble that was found, by which parameters, and what is to be looked at next."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yishi.network.models import Outlet
from yishi.shipments.models import Shipment

_DUE = Q(due_at__isnull=False)
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
            models.Index(fields=["case_no"], condition=~Q(case_no=""), name="detection_of_case"),
        ]


class DetectionSetting(models.Model):
    """Parameters of one kind for some parcels ('' is any); never changed: it is ended and another added.

    In SHADOW it finds and nobody is told; it may go LIVE once `shadow_until` has passed. `numbers` holds what
    differs from what is shipped, `steps` the playbook where another one than the shipped is wanted.
    """

    class State(models.TextChoices):
        SHADOW = "SHADOW", _("试运行")
        LIVE = "LIVE", _("生效")
        ENDED = "ENDED", _("停用")

    kind = models.TextField()
    carrier = models.TextField(default="")
    product = models.TextField(default="")
    origin = models.TextField(default="")
    destination = models.TextField(default="")
    outlet_code = models.TextField(default="")
    numbers = models.JSONField(default=dict)
    steps = ArrayField(models.TextField(), null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    state = models.TextField(choices=State.choices, default=State.SHADOW)
    shadow_until = models.DateTimeField()
    # what it would have found, before it went live: (parcels looked at, found, complained of)
    tried = models.JSONField(default=dict)
    reason = models.TextField(default="")
    added_at = models.DateTimeField()
    added_by = models.TextField()
    live_at = models.DateTimeField(null=True)
    live_by = models.TextField(default="")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(default="")

    class Meta:
        db_table = "detection_setting"


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
    consignee_id = models.BigIntegerField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    off_m = models.IntegerField(null=True)
    complained_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "detection_sign"
        indexes: ClassVar = [
            models.Index(fields=["carrier", "courier_number", "signed_at"], name="detection_sign_courier"),
            models.Index(
                fields=["consignee_id"], condition=Q(latitude__isnull=False), name="detection_sign_home"
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

    class Meta:
        db_table = "detection_mass_event"
        indexes: ClassVar = [models.Index(fields=["due_at"], condition=_DUE, name="detection_mass_event_due")]


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
