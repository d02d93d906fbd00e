"""What was said, with its files; what is being written; bodies as they came."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.conversations.models.talk import ChannelAccount, Conversation, Participant
from yishi.conversations.rules import Author, MessageKind, MessageState
from yishi.kit.models import StoredFile
from yishi.kit.personal import EncryptedText


class Message(models.Model):
    """One thing said. `external_id` is the channel's number of it, on our own page the number that the page
    gave it: the same again is no new message.

    `options` are the choices offered with it. `data` holds what the assistant understood and did, never
    personal data. `due_at` is when a held one is sent.
    """

    STATES: ClassVar = [
        (MessageState.RECEIVED.value, _("已收到")),
        (MessageState.HELD.value, _("定时发送")),
        (MessageState.QUEUED.value, _("发送中")),
        (MessageState.SENT.value, _("已发送")),
        (MessageState.DELIVERED.value, _("已送达")),
        (MessageState.READ.value, _("已读")),
        (MessageState.FAILED.value, _("没有送达")),
        (MessageState.WITHDRAWN.value, _("已取消")),
    ]
    message_no = models.UUIDField(unique=True, default=uuid.uuid4)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    author_kind = models.TextField(choices=[(each.value, each.value) for each in Author])
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    participant = models.ForeignKey(
        Participant, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    channel = models.TextField()
    account = models.ForeignKey(
        ChannelAccount, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.TextField(choices=[(each.value, each.value) for each in MessageKind])
    text = EncryptedText(default="")
    options = models.JSONField(default=list)
    data = models.JSONField(default=dict)
    external_id = models.TextField(default="")
    answers = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="answered_by")
    is_automatic = models.BooleanField(default=False)
    state = models.TextField(choices=STATES)
    failed_for = models.TextField(default="")
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "conversations_message"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "external_id"],
                condition=~models.Q(external_id=""),
                name="conversations_message_once",
            ),
            models.UniqueConstraint(
                fields=["conversation", "external_id"],
                condition=models.Q(account__isnull=True) & ~models.Q(external_id=""),
                name="conversations_message_once_here",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["conversation", "id"], name="conversations_message_thread"),
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="conversations_message_due",
            ),
        ]


class Attachment(models.Model):
    """A file that came with a message or goes with it."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    # said by the plug-in of a voice: what it says
    words = EncryptedText(default="")

    class Meta:
        db_table = "conversations_attachment"


class Draft(models.Model):
    """What a colleague is writing, so that nothing is lost when he is called away."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = EncryptedText(default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "conversations_draft"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conversation", "user"], name="conversations_draft_once"),
        ]


class RawMessage(models.Model):
    """A body exactly as it came, sealed; one that could not be read is kept and can be read again.

    WAITING came while its channel was paused, and is taken in afterwards. `settled_*` say who put one that
    could not be read aside, when and why.
    """

    STATES: ClassVar = [
        ("TAKEN", _("已处理")),
        ("QUARANTINED", _("读不懂，待处理")),
        ("REPLAYED", _("已重新处理")),
        ("WAITING", _("渠道停用，等着")),
        ("DISCARDED", _("不要了")),
    ]
    account = models.ForeignKey(ChannelAccount, on_delete=models.PROTECT, related_name="+")
    body = models.BinaryField()
    body_hash = models.BinaryField(max_length=16)
    content_type = models.TextField(default="")
    # what the plug-in needs beside the body to read it again
    headers = EncryptedText(default="")
    state = models.TextField(choices=STATES)
    reason = models.TextField(default="")
    detail = models.TextField(default="")
    times_received = models.PositiveIntegerField(default=1)
    received_at = models.DateTimeField()
    settled_by = models.TextField(db_default="", default="")
    settled_for = models.TextField(db_default="", default="")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "conversations_raw_message"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "body_hash"], name="conversations_raw_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["received_at"], name="conversations_raw_received"),
            models.Index(
                fields=["account", "received_at"],
                condition=models.Q(state="QUARANTINED"),
                name="conversations_raw_quarantined",
            ),
            models.Index(
                fields=["account", "id"],
                condition=models.Q(state="WAITING"),
                name="conversations_raw_waiting",
            ),
        ]
