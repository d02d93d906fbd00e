"""Every outgoing message of any room is a Delivery here, with one DeliveryAttempt for each try."""

import uuid
from typing import ClassVar

from django.db import models

from yishi.kit.personal import EncryptedText


class Delivery(models.Model):
    """One message to one person by one channel.

    `due_at` is when a worker must look at it (again); while it is being sent that is the end of the lease.
    `notice_id` stays the same over all tries, so that a gateway or a person can tell a repeat.
    """

    class Kind(models.TextChoices):
        ACK = "ACK", "收到诉求"
        PUBLIC_STEP = "PUBLIC_STEP", "处理进度"
        SETTLED = "SETTLED", "处理结果"
        RATING_REQUEST = "RATING_REQUEST", "邀请评价"
        CODE = "CODE", "验证码"
        STAFF_WARNING = "STAFF_WARNING", "快到时限"
        STAFF_BREACH = "STAFF_BREACH", "已超时限"
        STAFF_ESCALATION = "STAFF_ESCALATION", "升级提醒"

    class Channel(models.TextChoices):
        EMAIL = "EMAIL", "电子邮件"
        SMS = "SMS", "短信"

    class State(models.TextChoices):
        QUEUED = "QUEUED", "待发送"
        SENDING = "SENDING", "发送中"
        SENT = "SENT", "已发送"
        FAILED = "FAILED", "没有送达"
        WITHDRAWN = "WITHDRAWN", "不再需要"

    kind = models.TextField(choices=Kind)
    subject_kind = models.TextField()
    subject_id = models.TextField()
    channel = models.TextField(choices=Channel)
    to = EncryptedText()
    to_hash = models.BinaryField(max_length=16)
    heading = models.TextField(blank=True, default="")
    body = EncryptedText()
    language = models.TextField(default="zh-hans")
    state = models.TextField(choices=State, default=State.QUEUED)
    due_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    notice_id = models.UUIDField(unique=True, default=uuid.uuid4)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notifications_delivery"
        indexes: ClassVar = [
            # each channel claims its own rows, oldest promise first
            models.Index(
                fields=["channel", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="notifications_delivery_due",
            ),
            models.Index(fields=["subject_kind", "subject_id"], name="notifications_delivery_subject"),
        ]


class DeliveryAttempt(models.Model):
    """One try to hand a Delivery to its gateway: what came of it and how long it took."""

    class Outcome(models.TextChoices):
        ACCEPTED = "ACCEPTED", "已接收"
        RETRY = "RETRY", "稍后再试"
        REFUSED = "REFUSED", "被拒绝"

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    outcome = models.TextField(choices=Outcome)
    error = models.TextField(blank=True, default="")
    took_ms = models.PositiveIntegerField()

    class Meta:
        db_table = "notifications_delivery_attempt"
