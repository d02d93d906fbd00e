"""The claim of a case: what was proposed and why, what was answered, paid and got back."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.cases.models.case import Case
from yishi.claims.models.policy import LossKind
from yishi.kit.models import StoredFile


class ClaimState(models.TextChoices):
    PROPOSED = "PROPOSED", _("待审批")
    APPROVED = "APPROVED", _("已批准，待告诉顾客")
    OFFERED = "OFFERED", _("等顾客答复")
    ACCEPTED = "ACCEPTED", _("顾客接受，待付款")
    DISPUTED = "DISPUTED", _("顾客不接受")
    PAY_FAILED = "PAY_FAILED", _("付款没成功")
    PAID = "PAID", _("已赔付")
    DROPPED = "DROPPED", _("不再理赔")


class Claim(models.Model):
    """Money for one case. `amount_fen` is that of the newest proposal; `number` counts proposals."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    loss_type = models.TextField(choices=LossKind.choices)
    state = models.TextField(choices=ClaimState.choices, default=ClaimState.PROPOSED)
    amount_fen = models.BigIntegerField()
    number = models.PositiveSmallIntegerField(default=1)
    opened_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    paid_by = models.BigIntegerField(null=True)
    payment_reference = models.TextField(default="")
    payment_error = models.TextField(default="")
    payment_proof = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "claims_claim"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount_fen__gte=0), name="claims_amount")
        ]
        indexes: ClassVar = [models.Index(fields=["state", "opened_at"], name="claims_by_state")]


class Proposal(models.Model):
    """One amount that was proposed, with every line of its reasons; a change is another proposal.

    `lines` are (code, amount, values, rule) as `rules.compensation` gave them; `facts` what it knew.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="proposals")
    number = models.PositiveSmallIntegerField()
    amount_fen = models.BigIntegerField()
    computed_fen = models.BigIntegerField()
    facts = models.JSONField()
    lines = models.JSONField()
    reason = models.TextField(default="")
    proposed_by = models.BigIntegerField(null=True)
    proposed_at = models.DateTimeField()
    approved_by = models.BigIntegerField(null=True)
    approved_at = models.DateTimeField(null=True)
    offered_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    is_accepted = models.BooleanField(null=True)
    answer_reason = models.TextField(default="")

    class Meta:
        db_table = "claims_proposal"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "number"], name="claims_proposal_number"),
            models.CheckConstraint(condition=models.Q(amount_fen__gte=0), name="claims_proposal_amount"),
        ]


class Debtor(models.TextChoices):
    CARRIER = "CARRIER", _("快递公司")
    OUTLET = "OUTLET", _("网点")
    COURIER = "COURIER", _("快递员")


class RecoveryState(models.TextChoices):
    ASKED = "ASKED", _("在追")
    RECEIVED = "RECEIVED", _("追回了")
    GIVEN_UP = "GIVEN_UP", _("不再追")


class Recovery(models.Model):
    """追偿: what somebody responsible is to give back of what was paid."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="recoveries")
    debtor = models.TextField(choices=Debtor.choices)
    who = models.TextField()
    amount_fen = models.BigIntegerField()
    state = models.TextField(choices=RecoveryState.choices, default=RecoveryState.ASKED)
    reason = models.TextField()
    received_fen = models.BigIntegerField(default=0)
    reference = models.TextField(default="")
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "claims_recovery"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["claim", "debtor", "who"],
                condition=models.Q(state="ASKED"),
                name="claims_recovery_once",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0, received_fen__gte=0), name="claims_recovery_amount"
            ),
        ]
