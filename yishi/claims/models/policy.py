"""What the operator has laid down for money: rules of compensation with their sources, limits, days."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.claims.rules.losses import Cover, LossType, Part, Pays


class Service(models.TextChoices):
    EXPRESS = "EXPRESS", _("快递")
    MAIL = "MAIL", _("邮政邮件")


class LossKind(models.TextChoices):
    LOST = LossType.LOST.value, _("丢失")
    SHORT = LossType.SHORT.value, _("内件短少")
    MISMATCH = LossType.MISMATCH.value, _("内件不符")
    DAMAGED = LossType.DAMAGED.value, _("破损")
    DELAY = LossType.DELAY.value, _("延误")
    MISDELIVERED = LossType.MISDELIVERED.value, _("送错、错拿")
    OVERCHARGE = LossType.OVERCHARGE.value, _("多收费用")
    OTHER = LossType.OTHER.value, _("其他损失")


class Covers(models.TextChoices):
    ANY = Cover.ANY.value, _("保不保价都算")
    INSURED = Cover.INSURED.value, _("保价的")
    UNINSURED = Cover.UNINSURED.value, _("没保价的")


class PartKind(models.TextChoices):
    GOODS = Part.GOODS.value, _("货值")
    FREIGHT = Part.FREIGHT.value, _("运费")
    EXTRA = Part.EXTRA.value, _("另外补偿")


class PaysKind(models.TextChoices):
    DECLARED = Pays.DECLARED.value, _("按保价金额")
    GOODS = Pays.GOODS.value, _("按货物实际价值")
    FREIGHT = Pays.FREIGHT.value, _("按运费")
    FIXED = Pays.FIXED.value, _("固定金额")


class Citation(models.Model):
    """A law that may be cited: always with article, year and where it was read. Mail rules are kept only so
    that nobody shows them for express parcels."""

    key = models.TextField(unique=True)
    service = models.TextField(choices=Service.choices, default=Service.EXPRESS)
    law = models.TextField()
    article = models.TextField()
    year = models.PositiveSmallIntegerField()
    says = models.TextField()
    source = models.TextField()
    province = models.TextField(default="")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    # False: the number of the article is known from others, the text itself was not read
    is_text_read = models.BooleanField(default=True)

    class Meta:
        db_table = "claims_citation"


class CompensationRule(models.Model):
    """One row of the table of compensation; '' stands for any. Never changed: ended, and another one added
    that `replaces` it, so that the list is its own history."""

    part = models.TextField(choices=PartKind.choices)
    pays = models.TextField(choices=PaysKind.choices)
    loss_type = models.TextField(default="", blank=True)
    cover = models.TextField(choices=Covers.choices, default=Covers.ANY)
    carrier = models.TextField(default="")
    product = models.TextField(default="")
    province = models.TextField(default="")
    percent = models.PositiveSmallIntegerField(default=100)
    fixed_fen = models.BigIntegerField(default=0)
    cap_fen = models.BigIntegerField(null=True)
    unproven_cap_fen = models.BigIntegerField(null=True)
    late_over_hours = models.PositiveIntegerField(null=True)
    basis = models.TextField()
    citation = models.ForeignKey(Citation, null=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(default="")
    added_at = models.DateTimeField()
    added_by = models.TextField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(default="")

    class Meta:
        db_table = "claims_rule"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(percent__lte=1000, fixed_fen__gte=0)
                & (models.Q(cap_fen__isnull=True) | models.Q(cap_fen__gte=0))
                & (models.Q(unproven_cap_fen__isnull=True) | models.Q(unproven_cap_fen__gte=0)),
                name="claims_rule_sane",
            )
        ]


class ApprovalLimit(models.Model):
    """Up to how much a role may approve, and how much of what the same person proposed. NULL = any amount."""

    role = models.TextField()
    up_to_fen = models.BigIntegerField(null=True)
    own_up_to_fen = models.BigIntegerField(null=True)
    added_at = models.DateTimeField()
    added_by = models.TextField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "claims_approval_limit"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["role"], condition=models.Q(ended_at__isnull=True), name="claims_limit_of_role"
            )
        ]


class ArbitrationTerm(models.Model):
    """How many hours a brand leaves for its answer and for a second instance ('' = every other brand).

    Practice of brands, no law: every figure is the operator's (`source` says where it comes from).
    """

    carrier = models.TextField(default="")
    respond_within_hours = models.PositiveIntegerField()
    second_within_hours = models.PositiveIntegerField()
    source = models.TextField()
    added_at = models.DateTimeField()
    added_by = models.TextField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "claims_arbitration_term"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["carrier"], condition=models.Q(ended_at__isnull=True), name="claims_term_of_brand"
            )
        ]
