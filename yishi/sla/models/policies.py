"""What is promised: the policies, and the hours in which service hours run."""

from datetime import time, timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.network.models import Outlet, Region


class ClockKind(models.TextChoices):
    FIRST_RESPONSE = "FIRST_RESPONSE", _("首次回复")
    NEXT_UPDATE = "NEXT_UPDATE", _("下次进展")
    RESOLUTION = "RESOLUTION", _("解决")
    EXTERNAL = "EXTERNAL", _("外部工单时限")
    REGULATOR = "REGULATOR", _("邮政申诉答复")
    ARBITRATION = "ARBITRATION", _("仲裁举证")
    # promises beside a case's own: never in the public interface
    STEP = "STEP", _("流程步骤")
    TASK = "TASK", _("任务")
    HANDOVER = "HANDOVER", _("转交待接收")
    CLAIM = "CLAIM", _("理赔")
    INTERCEPT = "INTERCEPT", _("拦截")
    APPEAL_RIGHT = "APPEAL_RIGHT", _("可向邮政管理部门申诉")
    # of conversations
    MESSAGE_REPLY = "MESSAGE_REPLY", _("会话回复")
    CALL_BACK = "CALL_BACK", _("回电")


class Counting(models.TextChoices):
    NATURAL = "NATURAL", _("自然时间")
    SERVICE_HOURS = "SERVICE_HOURS", _("服务时间")


class SlaPolicy(models.Model):
    """How long something may take, and for whom that holds: what is left empty holds for all.

    A policy is never rewritten: an edit is a new row that `replaces` it. What counts for a case is chosen by
    `rules.policies.choose`.
    """

    case_class = models.TextField()
    category = models.TextField(default="")
    type_key = models.TextField(db_default="", default="")
    customer_class = models.TextField(db_default="", default="")
    priority = models.PositiveSmallIntegerField(null=True)
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    region = models.ForeignKey(Region, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    # a time with rules of its own (春节, 双十一): while it lasts its policies go before the everyday ones
    profile = models.TextField(db_default="", default="")
    kind = models.TextField(choices=ClockKind.choices)
    within = models.DurationField()
    counting = models.TextField(choices=Counting.choices)
    # how long after a breach the next level hears of it
    escalate_within = models.DurationField(default=timedelta(hours=24))
    is_active = models.BooleanField(default=True)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    replaces = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    made_by_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sla_policy"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(within__gt=timedelta(0)), name="sla_within_positive"),
        ]


class ServiceCalendar(models.Model):
    """Service hours of the whole operator (no outlet) or of one outlet, as `kit.calendar` reads them.

    An empty `zone` is the zone of the installation. A removed one stays: promises may still run in it until
    they are reckoned anew.
    """

    outlet = models.OneToOneField(Outlet, null=True, on_delete=models.CASCADE, related_name="+")
    zone = models.TextField(default="")
    weekly = models.JSONField()
    holidays = models.JSONField(default=dict)
    adjusted = models.JSONField(default=dict)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sla_calendar"


class Setup(models.Model):
    """One row whose version changes with every policy or calendar (a trigger): caches go by it."""

    version = models.BigIntegerField()
    # when staff without a roster are left alone, in the zone of the installation
    quiet_from = models.TimeField(db_default=time(22), default=time(22))
    quiet_until = models.TimeField(db_default=time(7, 30), default=time(7, 30))

    class Meta:
        db_table = "sla_setup"


class PauseLimit(models.Model):
    """Which promise waits with which status, and how long at most in all; what is not here never waits."""

    status = models.TextField()
    kind = models.TextField(choices=ClockKind.choices)
    within = models.DurationField()

    class Meta:
        db_table = "sla_pause_limit"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["status", "kind"], name="sla_pause_limit_once"),
            models.CheckConstraint(condition=models.Q(within__gt=timedelta(0)), name="sla_pause_positive"),
        ]


class Level(models.Model):
    """One step of the chain that a broken promise goes up, the lowest first.

    `within` is how long this level has before the next hears of it; empty = as the policy says.
    """

    level = models.PositiveSmallIntegerField(unique=True)
    who = models.TextField()
    within = models.DurationField(null=True)
    respects_hours = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "sla_level"


class Change(models.Model):
    """Who changed which policy, calendar, limit or level: as it was, and as it is."""

    what = models.TextField()
    what_id = models.BigIntegerField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    by_user_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "sla_change"
        indexes: ClassVar = [models.Index(fields=["what", "what_id", "id"], name="sla_change_of")]
