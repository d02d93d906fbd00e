"""Telephone calls, step by step as the call centre tells them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.conversations.models.talk import ChannelAccount, Conversation
from yishi.kit.models import StoredFile
from yishi.kit.personal import EncryptedText
from yishi.network.models import Outlet


class Call(models.Model):
    """One call. `is_measured` is False for a bare mobile, which tells nobody how long it rang."""

    class State(models.TextChoices):
        RINGING = "RINGING", _("正在响")
        ANSWERED = "ANSWERED", _("通话中")
        ENDED = "ENDED", _("已结束")
        MISSED = "MISSED", _("没有接到")

    account = models.ForeignKey(ChannelAccount, null=True, on_delete=models.PROTECT, related_name="+")
    external_id = models.TextField(default="")
    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.SET_NULL, related_name="calls")
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    caller = EncryptedText(default="")
    caller_hash = models.BinaryField(max_length=16)
    called = EncryptedText(default="")
    state = models.TextField(choices=State.choices)
    is_measured = models.BooleanField(default=True)
    rang_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    answered_by = models.TextField(default="")
    answered_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    # where the caller stands in the spoken menu, and what he pressed there
    menu = models.JSONField(default=dict)
    recording = models.TextField(default="")

    class Meta:
        db_table = "conversations_call"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "external_id"],
                condition=~models.Q(external_id=""),
                name="conversations_call_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["outlet", "rang_at"], name="conversations_call_outlet"),
            models.Index(fields=["caller_hash", "rang_at"], name="conversations_call_caller"),
        ]


class Recording(models.Model):
    """A recording that the call centre named. Fetched after the fact and kept as a file; where it does not
    come, the reference stays and `failed_for` says why. `due_at` empty: it has come, or was given up."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="recordings", db_index=False)
    reference = EncryptedText()
    reference_hash = models.BinaryField(max_length=16)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)
    failed_for = models.TextField(default="")
    named_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "conversations_recording"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "reference_hash"], name="conversations_recording_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="conversations_recording_due",
            ),
        ]
