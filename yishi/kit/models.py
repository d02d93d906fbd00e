"""Tables that know nothing of parcels: outbox, stored answers, files, looks at personal data, counters."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.kit.personal import EncryptedText


class FactRow(models.Model):
    """One announced fact: what LATER reads, webhooks send and statistics count.

    `due_at` is when a worker must look at it (again); empty = nothing left to do.
    """

    fact = models.TextField()
    body = models.JSONField()
    announced_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kit_fact"
        indexes: ClassVar = [
            # the outbox loop claims these, oldest first
            models.Index(
                fields=["due_at", "id"], condition=models.Q(due_at__isnull=False), name="kit_fact_due"
            ),
        ]


class ReactionTry(models.Model):
    """A LATER reaction that failed: retried alone with back-off, parked after five tries."""

    row = models.ForeignKey(FactRow, on_delete=models.CASCADE, related_name="tries")
    reaction = models.TextField()
    tries = models.PositiveSmallIntegerField()
    error = models.TextField()
    due_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kit_reaction_try"
        constraints: ClassVar = [models.UniqueConstraint(fields=["row", "reaction"], name="kit_try_once")]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="kit_try_due"),
        ]


class StoredAnswer(models.Model):
    """The first answer to a write with an Idempotency-Key; `status` is empty while the first runs."""

    scope_hash = models.BinaryField(max_length=32)
    key_hash = models.BinaryField(max_length=32)
    content_hash = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    body = EncryptedText(default="")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "kit_stored_answer"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope_hash", "key_hash"], name="kit_answer_once")
        ]


class ScanState(models.TextChoices):
    """What the virus scanner said; NOT_SCANNED where none is set up."""

    NOT_SCANNED = "NOT_SCANNED", _("没有查毒")
    PENDING = "PENDING", _("等待查毒")
    CLEAN = "CLEAN", _("查毒通过")
    INFECTED = "INFECTED", _("有病毒，已隔离")


class StoredFile(models.Model):
    """A file that somebody gave us; its bytes lie encrypted in the file store under its id.

    `intake_sha256` is the hash of what was handed in. A photo is shown re-encoded, without its position;
    `has_original` says that what was handed in is kept beside it, for proof.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = EncryptedText()
    content_type = models.TextField()
    size = models.PositiveBigIntegerField()
    sha256 = models.BinaryField(max_length=32)
    has_thumbnail = models.BooleanField(default=False)
    retention_class = models.TextField(default="EVIDENCE")
    stored_at = models.DateTimeField()
    intake_sha256 = models.BinaryField(max_length=32, db_default=b"", default=b"")
    has_original = models.BooleanField(db_default=False, default=False)
    scan_state = models.TextField(
        choices=ScanState.choices, db_default=ScanState.NOT_SCANNED.value, default=ScanState.NOT_SCANNED
    )
    scan_due_at = models.DateTimeField(null=True)
    scan_said = models.TextField(db_default="", default="")

    class Meta:
        db_table = "kit_stored_file"
        indexes: ClassVar = [
            models.Index(
                fields=["scan_due_at"],
                condition=models.Q(scan_due_at__isnull=False),
                name="kit_stored_file_scan",
            ),
        ]

    @property
    def proof_hash(self) -> str:
        """The hash at intake in hexadecimal; of what is kept, where the file came before there was one."""
        return bytes(self.intake_sha256 or self.sha256).hex()


class Reveal(models.Model):
    """One look at somebody's personal data: by whom, at what, why. `is_silent` = the task needed it."""

    viewer = models.TextField()
    subject = models.TextField()
    field = models.TextField()
    reason = models.TextField()
    is_silent = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        db_table = "kit_reveal"
        indexes: ClassVar = [models.Index(fields=["subject", "at"], name="kit_reveal_subject")]


class RateCount(models.Model):
    """How often something happened in one window of time, for limits by address or phone."""

    key_hash = models.BinaryField(max_length=16, primary_key=True)
    window_start = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    class Meta:
        db_table = "kit_rate_count"
