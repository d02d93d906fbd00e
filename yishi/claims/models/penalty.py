"""Penalties that others gave us: head office, platforms, the regulator; and what became of them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.cases.models.case import Case
from yishi.network.models import Courier, Outlet


class Origin(models.TextChoices):
    HQ = "HQ", _("总部")
    PLATFORM = "PLATFORM", _("平台")
    REGULATOR = "REGULATOR", _("邮政管理部门")
    OTHER = "OTHER", _("其他")


class AppealResult(models.TextChoices):
    REVOKED = "REVOKED", _("撤销")
    REDUCED = "REDUCED", _("减免")
    UPHELD = "UPHELD", _("维持")


class FeeCode(models.Model):
    """What a code on head office's bill means; `appeal_days` is for the operator to fill in."""

    code = models.TextField(unique=True)
    name = models.TextField()
    carrier = models.TextField(default="")
    appeal_days = models.PositiveSmallIntegerField(null=True)
    source = models.TextField()

    class Meta:
        db_table = "claims_fee_code"


class ReceivedPenalty(models.Model):
    """One penalty received. `record_mark` is the line of the file it came from; NULL where typed in.

    `voided_at`: the line was taken back with its file, or typed in by mistake; the ledger has its reversal.
    """

    origin = models.TextField(choices=Origin.choices)
    carrier = models.TextField(default="")
    fee_code = models.TextField(default="")
    label = models.TextField(default="")
    external_no = models.TextField(default="")
    waybill_no = models.TextField(default="", db_index=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.SET_NULL, related_name="+")
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.PROTECT, related_name="+")
    courier = models.ForeignKey(Courier, null=True, on_delete=models.SET_NULL, related_name="+")
    amount_fen = models.BigIntegerField()
    happened_at = models.DateTimeField()
    noted_at = models.DateTimeField()
    noted_by = models.TextField()
    record_mark = models.BinaryField(max_length=16, null=True, unique=True)
    appeal_until = models.DateTimeField(null=True)
    appealed_at = models.DateTimeField(null=True)
    appeal_reason = models.TextField(default="")
    appeal_result = models.TextField(choices=AppealResult.choices, default="")
    result_at = models.DateTimeField(null=True)
    saved_fen = models.BigIntegerField(default=0)
    voided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "claims_received_penalty"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0, saved_fen__gte=0)
                & models.Q(saved_fen__lte=models.F("amount_fen")),
                name="claims_penalty_amounts",
            ),
            models.UniqueConstraint(
                fields=["origin", "external_no"],
                condition=~models.Q(external_no="") & models.Q(voided_at__isnull=True),
                name="claims_penalty_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["outlet", "noted_at"], name="claims_penalty_outlet"),
            models.Index(
                fields=["appeal_until"],
                condition=models.Q(appealed_at__isnull=True, voided_at__isnull=True),
                name="claims_penalty_appealable",
            ),
        ]
