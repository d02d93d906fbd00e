"""Promises of arrival and of traces: rules, what was learned of lanes, and each promise that is watched."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yishi.network.models import Outlet
from yishi.shipments.models.parcels import Shipment

_DUE = models.Q(due_at__isnull=False)


class PromiseRule(models.Model):
    """Within what time parcels of a product and lane are promised; '' is any (`rules.promises`).

    A rule is never changed: it is ended and another one added, so that the list is its own history.
    """

    carrier = models.TextField(default="")
    product = models.TextField(default="")
    origin = models.TextField(default="")
    destination = models.TextField(default="")
    within_hours = models.PositiveIntegerField(null=True)
    days = models.PositiveSmallIntegerField(null=True)
    clock = models.TimeField(null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    source = models.TextField()
    added_at = models.DateTimeField()
    added_by = models.TextField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(default="")

    class Meta:
        db_table = "shipments_promise_rule"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(within_hours__gt=0, days__isnull=True, clock__isnull=True)
                | models.Q(within_hours__isnull=True, days__isnull=False, clock__isnull=False),
                name="shipments_promise_hours_or_day",
            )
        ]


class LaneTime(models.Model):
    """What history says of one group of parcels (`rules.eta`): quantiles of the remaining minutes.

    `opens` and `closes` are the minutes of the day between which parcels arrive here at all.
    """

    key = models.TextField(primary_key=True)
    count = models.IntegerField()
    minutes = ArrayField(models.FloatField())
    stretch = models.FloatField()
    opens = models.SmallIntegerField(default=0)
    closes = models.SmallIntegerField(default=1440)

    class Meta:
        db_table = "shipments_lane_time"


class EtaTraining(models.Model):
    """One night's learning and how good it was on parcels held back; errors in minutes."""

    at = models.DateTimeField()
    since = models.DateTimeField()
    parcels = models.IntegerField()
    examples = models.IntegerField()
    groups = models.IntegerField()
    measured = models.IntegerField(default=0)
    coverage = models.FloatField(null=True)
    mean_error = models.FloatField(null=True)
    baseline_error = models.FloatField(null=True)

    class Meta:
        db_table = "shipments_eta_training"


class PromiseWatch(models.Model):
    """What an open parcel's consignee was told last of its arrival, and when that must be looked at again.

    `deadline_at` is the promise, and after a notice of delay the end of the window told in it; NULL when none
    was told. `due_at` is NULL once nothing is left to tell.
    """

    shipment = models.OneToOneField(
        Shipment, primary_key=True, on_delete=models.CASCADE, related_name="promise_watch"
    )
    deadline_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    notices = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "shipments_promise_watch"
        indexes: ClassVar = [models.Index(fields=["due_at"], condition=_DUE, name="shipments_promise_due")]


class TraceDuty(models.Model):
    """The 24-hour obligation of one parcel (`rules.silence`); checked only when `due_at` has come.

    `began_at` is NULL until its scans were looked at for the first time.
    """

    shipment = models.OneToOneField(
        Shipment, primary_key=True, on_delete=models.CASCADE, related_name="trace_duty"
    )
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    is_silent = models.BooleanField(default=False)
    origin = models.TextField(default="")
    destination = models.TextField(default="")

    class Meta:
        db_table = "shipments_trace_duty"
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=_DUE, name="shipments_trace_due"),
            models.Index(fields=["began_at"], name="shipments_trace_began"),
        ]


class TraceBreak(models.Model):
    """More than 24 hours without a scan: where the parcel was last seen, and until when (NULL = still)."""

    duty = models.ForeignKey(TraceDuty, on_delete=models.CASCADE, related_name="breaks")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    city = models.TextField(default="")
    outlet = models.ForeignKey(
        Outlet, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )

    class Meta:
        db_table = "shipments_trace_break"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["duty", "since"], name="shipments_trace_break_once")
        ]
