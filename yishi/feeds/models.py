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
