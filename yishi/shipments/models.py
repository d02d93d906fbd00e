"""Parcels: where each stands, what is known about it, every scan, and every attempt to reach its consignee.

`TrackingEvent` is partitioned by month of `happened_at`; its table is made by SQL in the first migration.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.consignees.models import Contact
from yishi.kit.personal import EncryptedText
from yishi.network.models import Merchant, Outlet
from yishi.shipments.rules.milestones import Milestone

UNKNOWN_CARRIER = "unknown"
_DUE = models.Q(due_at__isnull=False)
_RUNS = models.Q(lifted_at__isnull=True)
_MILESTONES = [(m.value, m.value) for m in Milestone]


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


class PickupCode(models.Model):
    """A code that opens a locker or names a shelf. Only who has proven the parcel's phone may see it.

    `phone_hash` is of the phone that the place knows the parcel by, where it told us one.
    """

    shipment = models.ForeignKey(
        Shipment, on_delete=models.CASCADE, related_name="pickup_codes", db_index=False
    )
    source_id = models.BigIntegerField()
    code_hash = models.BinaryField(max_length=16)
    code = EncryptedText()
    place = models.TextField(default="")
    address = EncryptedText(default="")
    place_phone = models.TextField(default="")
    phone_hash = models.BinaryField(max_length=16, null=True)
    happened_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "shipments_pickup_code"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shipment", "source_id", "code_hash"], name="shipments_pickup_code_once"
            )
        ]


class CodeQuestion(models.Model):
    """A parcel that waits without a code of which we know: a source is asked for it, `due_at` says when."""

    shipment = models.OneToOneField(
        Shipment, primary_key=True, on_delete=models.CASCADE, related_name="code_question"
    )
    due_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(default="")

    class Meta:
        db_table = "shipments_code_question"
        indexes: ClassVar = [models.Index(fields=["due_at"], condition=_DUE, name="shipments_code_due")]


class ParcelStop(models.Model):
    """Why a parcel may not go on (`rules.stops`), since when and by whom; it runs until `lifted_at`."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="stops")
    reason = models.TextField()
    asked = models.TextField(default="")
    case_no = models.TextField(default="")
    since = models.DateTimeField()
    stopped_by = models.TextField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.TextField(default="")

    class Meta:
        db_table = "shipments_stop"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shipment", "reason"], condition=_RUNS, name="shipments_stop_one")
        ]


class ScanCheck(models.Model):
    """A scanner asked, and `stop` held back; or a courier leaving it: `wish` against, his `answer`, proof."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="scan_checks")
    kind = models.TextField()
    courier = models.TextField(default="")
    station = models.TextField(default="")
    stop = models.ForeignKey(ParcelStop, null=True, on_delete=models.SET_NULL, related_name="held")
    asked_by = models.TextField()
    wish = models.TextField(db_default="", default="")
    answer = models.TextField(db_default="", default="")
    file_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "shipments_scan_check"
