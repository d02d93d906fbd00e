"""By which parameters trouble is sought, for which parcels, since when."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


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


class HoldOut(models.Model):
    """For so many percent of the parcels of a kind nobody is told ahead, so that we learn what telling does.

    Never changed: another share ends this row and begins a comparison of its own.
    """

    kind = models.TextField()
    percent = models.PositiveSmallIntegerField()
    reason = models.TextField(default="")
    begun_at = models.DateTimeField()
    begun_by = models.TextField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(default="")

    class Meta:
        db_table = "detection_hold_out"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(ended_at__isnull=True), name="detection_hold_out_once"
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=20), name="detection_hold_out_share"
            ),
        ]
