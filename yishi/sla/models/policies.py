"""What is promised: the policies, and the hours in which service hours run."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.network.models import Outlet


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


class Counting(models.TextChoices):
    NATURAL = "NATURAL", _("自然时间")
    SERVICE_HOURS = "SERVICE_HOURS", _("服务时间")


class SlaPolicy(models.Model):
    """How long a class (or one category of it) may take; the category's own row wins."""

    case_class = models.TextField()
    category = models.TextField(default="")
    kind = models.TextField(choices=ClockKind.choices)
    within = models.DurationField()
    counting = models.TextField(choices=Counting.choices)
    # how long after a breach the next level hears of it
    escalate_within = models.DurationField(default=timedelta(hours=24))
    is_active = models.BooleanField(default=True)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "sla_policy"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(within__gt=timedelta(0)), name="sla_within_positive"),
        ]


class ServiceCalendar(models.Model):
    """Service hours of the whole operator (no outlet) or of one outlet, as `kit.calendar` reads them.

    An empty `zone` is the zone of the installation.
    """

    outlet = models.OneToOneField(Outlet, null=True, on_delete=models.CASCADE, related_name="+")
    zone = models.TextField(default="")
    weekly = models.JSONField()
    holidays = models.JSONField(default=dict)
    adjusted = models.JSONField(default=dict)

    class Meta:
        db_table = "sla_calendar"


class Setup(models.Model):
    """One row whose version changes with every policy or calendar (a trigger): caches go by it."""

    version = models.BigIntegerField()

    class Meta:
        db_table = "sla_setup"
