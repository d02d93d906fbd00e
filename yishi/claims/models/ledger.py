"""Double entry: accounts, entries and their postings. The database refuses what does not balance.

Nothing is changed or deleted: what was wrong is reversed by another entry.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountKind(models.TextChoices):
    ASSET = "ASSET", _("资产")
    LIABILITY = "LIABILITY", _("负债")
    EXPENSE = "EXPENSE", _("费用")
    INCOME = "INCOME", _("收入")


class Account(models.Model):
    code = models.TextField(unique=True)
    name = models.TextField()
    kind = models.TextField(choices=AccountKind.choices)

    class Meta:
        db_table = "claims_account"


class Entry(models.Model):
    """One thing that happened to money. `key` says which, so that it is booked once."""

    key = models.TextField(unique=True)
    kind = models.TextField()
    subject_kind = models.TextField()
    subject_id = models.BigIntegerField()
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    at = models.DateTimeField()
    by = models.TextField()

    class Meta:
        db_table = "claims_entry"
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id"], name="claims_entry_subject"),
            models.Index(fields=["at"], name="claims_entry_at"),
        ]


class Posting(models.Model):
    """Fen on one account: debit above zero, credit below."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="postings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings")
    amount_fen = models.BigIntegerField()

    class Meta:
        db_table = "claims_posting"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(amount_fen=0), name="claims_posting_not_zero")
        ]
