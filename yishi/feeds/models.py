"""Where tracking comes from: sources, their raw input as it came, and the codes nobody has mapped yet."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.kit.personal import EncryptedText


class Source(models.Model):
    """One way in: a carrier's push, an integrator's key, a file somebody loads."""

    code = models.TextField(unique=True)
    plugin = models.TextField()
    label = models.TextField(default="")
    carrier = models.TextField(default="")
    settings = EncryptedText(default="")
    push_key_hash = models.BinaryField(max_length=32, null=True, unique=True)
    time_zone = models.TextField(default="Asia/Shanghai")
    is_paused = models.BooleanField(default=False)
    paused_reason = models.TextField(default="")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "feeds_source"

    def __str__(self) -> str:
        return self.code


class RawState(models.TextChoices):
    STORED = "STORED", _("已收到")
    TAKEN = "TAKEN", _("已处理")
    QUARANTINED = "QUARANTINED", _("读不懂，待处理")
    REPLAYED = "REPLAYED", _("已重新处理")


class RawInput(models.Model):
    """One body exactly as it came: compressed, then sealed. What happened to it stands beside it.

    The same body from the same source again is the same row, counted in `times_received`.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="inputs")
    received_at = models.DateTimeField(db_index=True)
    body = models.BinaryField()
    body_hash = models.BinaryField(max_length=16)
    content_type = models.TextField(default="")
    state = models.TextField(choices=RawState.choices, default=RawState.STORED)
    reason = models.TextField(default="")
    detail = models.TextField(default="")
    accepted = models.IntegerField(default=0)
    duplicate = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    times_received = models.PositiveIntegerField(default=1)
    replayed_by = models.TextField(default="")
    replayed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "feeds_raw_input"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "body_hash"], name="feeds_raw_body_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["reason", "id"],
                condition=models.Q(state=RawState.QUARANTINED),
                name="feeds_raw_quarantined",
            ),
        ]


class UnknownCode(models.Model):
    """A code of a source that no mapping knows: its events are `unknown` until somebody maps it."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="unknown_codes")
    source_code = models.TextField()
    sample = models.TextField(default="")
    first_seen_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "feeds_unknown_code"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "source_code"], name="feeds_unknown_once")
        ]


class CodeMapping(models.Model):
    """What the operator says that a code of a source means. Never changed, only ended: the rest is history.

    `said_details` are details that the plug-in itself gave with this code, beside the usual ones: by them its
    own words are found again when the mapping ends.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="code_mappings")
    source_code = models.TextField()
    kind = models.TextField()
    detail = models.TextField(default="")
    reason = models.TextField(default="")
    said_details = models.JSONField(default=list)
    noted_by = models.TextField()
    noted_at = models.DateTimeField()
    ended_by = models.TextField(default="")
    ended_reason = models.TextField(default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "feeds_code_mapping"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "source_code"],
                condition=models.Q(ended_at__isnull=True),
                name="feeds_mapping_once",
            )
        ]


class ReplayRun(models.Model):
    """All that waits in quarantine for one cause, sent through the ingest path once more, body by body."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="replay_runs")
    reason = models.TextField()
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    # bodies up to this one, and not beyond: what fails again must not be tried for ever
    last_raw_id = models.BigIntegerField()
    reached_raw_id = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    still = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "feeds_replay_run"
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=models.Q(due_at__isnull=False), name="feeds_replay_due"
            ),
        ]
