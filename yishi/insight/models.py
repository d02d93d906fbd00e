"""What was learnt from the network's own history, and how good it was on what was held back."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Training(models.Model):
    """One training of the risk score: asked for, done by the worker, then published, refused or left.

    `figures` are those of the parcels held back (`rules.measuring`), beside the rule's, the base rate's and
    the model's that was live. `refused_for` are keys (`rules.verdict`). No parcel and no person is in it.
    """

    class Outcome(models.TextChoices):
        WAITING = "WAITING", _("在训练")
        READY = "READY", _("可以发布")
        REFUSED = "REFUSED", _("不许发布")
        PUBLISHED = "PUBLISHED", _("发布过")

    asked_at = models.DateTimeField()
    asked_by = models.TextField()
    due_at = models.DateTimeField(null=True)
    trained_at = models.DateTimeField(null=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    parcels = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    complaints = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)
    weights = models.JSONField(default=dict)
    outcome = models.TextField(choices=Outcome.choices, default=Outcome.WAITING)
    refused_for = models.JSONField(default=list)
    version_no = models.PositiveIntegerField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.TextField(default="")

    class Meta:
        db_table = "insight_training"
        constraints: ClassVar = [
            # two machines train one after the other
            models.UniqueConstraint(
                fields=["outcome"], condition=Q(outcome="WAITING"), name="insight_one_training_waits"
            )
        ]
