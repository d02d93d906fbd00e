"""仲裁 against the responsible brand or outlet, and the packs of proof that go with it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.cases.models.case import Case
from yishi.kit.models import StoredFile


class ArbitrationState(models.TextChoices):
    FILED = "FILED", _("已提起，等对方举证")
    ANSWERED = "ANSWERED", _("对方已举证，等裁决")
    DECIDED = "DECIDED", _("一审已裁决")
    SECOND = "SECOND", _("二审中")
    FINAL = "FINAL", _("终局")


class Outcome(models.TextChoices):
    WON = "WON", _("支持")
    PARTLY = "PARTLY", _("部分支持")
    LOST = "LOST", _("不支持")


class Arbitration(models.Model):
    """One arbitration of a case. `respond_by` is the other side's, `second_by` ours."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    carrier = models.TextField()
    against = models.TextField()
    external_no = models.TextField(default="")
    state = models.TextField(choices=ArbitrationState.choices, default=ArbitrationState.FILED)
    asked_fen = models.BigIntegerField()
    reason = models.TextField()
    answer = models.TextField(default="")
    outcome = models.TextField(choices=Outcome.choices, default="")
    awarded_fen = models.BigIntegerField(default=0)
    filed_at = models.DateTimeField()
    filed_by = models.BigIntegerField(null=True)
    respond_by = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    second_by = models.DateTimeField(null=True)
    final_at = models.DateTimeField(null=True)
    second_within_hours = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "claims_arbitration"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=~models.Q(state="FINAL"), name="claims_arbitration_once"
            ),
            models.CheckConstraint(
                condition=models.Q(asked_fen__gt=0, awarded_fen__gte=0), name="claims_arbitration_amount"
            ),
        ]


class PackState(models.TextChoices):
    WAITING = "WAITING", _("正在生成")
    READY = "READY", _("做好了")
    FAILED = "FAILED", _("没做成")


class EvidencePack(models.Model):
    """One PDF of proof, made at a moment for a reader. `due_at` is when the worker makes it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    audience = models.TextField()
    state = models.TextField(choices=PackState.choices, default=PackState.WAITING)
    due_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()

    class Meta:
        db_table = "claims_evidence_pack"
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="claims_packs_due")
        ]
