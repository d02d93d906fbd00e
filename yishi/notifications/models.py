"""Every outgoing message of any room is a Delivery here, with one DeliveryAttempt for each try; what programs
of others are told is a WebhookCall."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.consignees.models import Contact
from yishi.conversations.models.talk import ChannelAccount
from yishi.kit.personal import EncryptedText
from yishi.network.models import Outlet
from yishi.shipments.models.parcels import Shipment


class Delivery(models.Model):
    """One message to one person by one channel.

    `due_at` is when a worker must look at it (again); while it is being sent that is the end of the lease.
    `notice_id` stays the same over all tries, so that a gateway or a person can tell a repeat.
    """

    class Kind(models.TextChoices):
        ACK = "ACK", _("收到诉求")
        PUBLIC_STEP = "PUBLIC_STEP", _("处理进度")
        SETTLED = "SETTLED", _("处理结果")
        RATING_REQUEST = "RATING_REQUEST", _("邀请评价")
        CODE = "CODE", _("验证码")
        ETA_SLIP = "ETA_SLIP", _("快递要晚到")
        INCIDENT = "INCIDENT", _("快递遇到问题")
        WISH = "WISH", _("问收货偏好")
        PICKUP = "PICKUP", _("到驿站了，取件码")
        SENT = "SENT", _("寄的快递已收下")
        COURIER = "COURIER", _("快递员发的通知")
        AHEAD = "AHEAD", _("今天派送")
        AHEAD_SLIP = "AHEAD_SLIP", _("今天要晚到")
        STAFF_WARNING = "STAFF_WARNING", _("快到时限")
        STAFF_BREACH = "STAFF_BREACH", _("已超时限")
        STAFF_ESCALATION = "STAFF_ESCALATION", _("升级提醒")
        FEED_ALARM = "FEED_ALARM", _("轨迹来源异常")
        RULE_ALARM = "RULE_ALARM", _("自动规则异常")
        MESSAGE = "MESSAGE", _("会话消息")
        STAFF_WORK = "STAFF_WORK", _("请你处理")

    class Channel(models.TextChoices):
        EMAIL = "EMAIL", _("电子邮件")
        SMS = "SMS", _("短信")
        WECHAT = "WECHAT", _("微信公众号")
        WECOM = "WECOM", _("企业微信群")
        DINGTALK = "DINGTALK", _("钉钉群")
        FEISHU = "FEISHU", _("飞书群")
        PHONE = "PHONE", _("电话语音")
        VOICE = "VOICE", _("语音电话")

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("待发送")
        SENDING = "SENDING", _("发送中")
        SENT = "SENT", _("已发送")
        FAILED = "FAILED", _("没有送达")
        WITHDRAWN = "WITHDRAWN", _("不再需要")

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
    # by which way in an answer goes out again; empty: by the installation's own gateway of this channel
    account = models.ForeignKey(
        ChannelAccount, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # what else the gateway needs: the room, the ids that are answered
    extra = models.JSONField(db_default={}, default=dict)
    # what is left of its chain (`rules.Way`) with the letter's values; NULL where there is no other way
    chain = EncryptedText(null=True)
    # the one that did not reach the person, after which this one goes out: never two after one
    after = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="next_ones", db_index=False
    )
    # the gateway's own number of it, by which its receipt comes
    sent_as = models.TextField(db_default="", default="")
    # what a telephone call came to (`rules.CallState`), with the key that was pressed; else `rules.HEARD_BY`
    receipt = models.TextField(db_default="", default="")
    receipt_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notifications_delivery"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["after"],
                condition=models.Q(after__isnull=False),
                name="notifications_one_after_another",
            )
        ]
        indexes: ClassVar = [
            # each channel claims its own rows, oldest promise first
            models.Index(
                fields=["channel", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="notifications_delivery_due",
            ),
            models.Index(fields=["subject_kind", "subject_id"], name="notifications_delivery_subject"),
            # calls of which nothing has been heard yet
            models.Index(
                fields=["sent_at"],
                condition=models.Q(channel="VOICE", state="SENT", receipt=""),
                name="notifications_unheard_call",
            ),
            models.Index(fields=["sent_as"], condition=~models.Q(sent_as=""), name="notifications_sent_as"),
            # pickup notices that may go by another way where no receipt comes
            models.Index(
                fields=["sent_at"],
                condition=models.Q(kind="PICKUP", state="SENT", receipt=""),
                name="notifications_unheard_pickup",
            ),
            # how much one person was asked of late
            models.Index(
                fields=["to_hash", "created_at"],
                condition=models.Q(kind="STAFF_WORK"),
                name="notifications_staff_work",
            ),
        ]


class DeliveryAttempt(models.Model):
    """One try to hand a Delivery to its gateway: what came of it and how long it took."""

    class Outcome(models.TextChoices):
        ACCEPTED = "ACCEPTED", _("已接收")
        RETRY = "RETRY", _("稍后再试")
        REFUSED = "REFUSED", _("被拒绝")

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    outcome = models.TextField(choices=Outcome)
    error = models.TextField(blank=True, default="")
    took_ms = models.PositiveIntegerField()

    class Meta:
        db_table = "notifications_delivery_attempt"


class AheadNote(models.Model):
    """What one person was told of his parcels of one day before they came, behind one private link.

    While `told_at` is empty parcels are gathered; `due_at` is when it is told, and then when its window ends
    and somebody must look. `person` is his phone's hash, so that two mentions are one person.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    person = models.BinaryField(max_length=16)
    day = models.DateField()
    language = models.TextField(default="zh-hans")
    token_hash = models.BinaryField(max_length=32, unique=True)
    due_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    from_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField(null=True)
    slips = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "notifications_ahead_note"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "day"],
                condition=models.Q(told_at__isnull=True),
                name="notifications_ahead_gathering",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=models.Q(due_at__isnull=False), name="notifications_ahead_due"
            )
        ]


class AheadParcel(models.Model):
    """A parcel of which somebody is told on that day: once."""

    note = models.ForeignKey(AheadNote, on_delete=models.CASCADE, related_name="parcels")
    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()

    class Meta:
        db_table = "notifications_ahead_parcel"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shipment", "day"], name="notifications_ahead_once_a_day")
        ]


class AheadSetting(models.Model):
    """Of which parcels an outlet tells ahead, and by which channels in turn; without an outlet, everybody
    who has no setting of his own."""

    class Mode(models.TextChoices):
        OFF = "OFF", _("不发")
        SOME = "SOME", _("只发有要求、有承诺或有风险的")
        ALL = "ALL", _("都发")

    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    mode = models.TextField(choices=Mode, default=Mode.OFF)
    channels = models.JSONField(default=list)
    changed_at = models.DateTimeField()
    changed_by = models.TextField()

    class Meta:
        db_table = "notifications_ahead_setting"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["outlet"], nulls_distinct=False, name="notifications_ahead_one_setting"
            )
        ]


class PickupTold(models.Model):
    """A stay at a station (`parcel_id`) of which a message tells; one message tells of several."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="pickups")
    parcel_id = models.BigIntegerField(db_index=True)

    class Meta:
        db_table = "notifications_pickup_told"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["delivery", "parcel_id"], name="notifications_pickup_once")
        ]


class Webhook(models.Model):
    """An address of somebody's program that is told what happens, within what its maker could see:
    `outlet_codes`, empty = the whole operator."""

    url = models.TextField()
    events = models.JSONField()
    secret = EncryptedText()
    outlet_codes = models.JSONField(null=True)
    made_by = models.TextField()
    created_at = models.DateTimeField()
    # why it is told nothing at present; calls wait
    paused_reason = models.TextField(default="")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notifications_webhook"


class WebhookCall(models.Model):
    """One thing told to one webhook, tried over three days, then set aside where the operator sees it.

    `fact_hash` is what it tells of: told once, however often that is worked off.
    """

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("待发送")
        SENDING = "SENDING", _("发送中")
        SENT = "SENT", _("已送达")
        DEAD = "DEAD", _("没有送达")

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="calls")
    event = models.TextField()
    fact_hash = models.BinaryField(max_length=32)
    delivery_id = models.UUIDField(unique=True, default=uuid.uuid4)
    body = EncryptedText()
    state = models.TextField(choices=State, default=State.QUEUED)
    due_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_error = models.TextField(default="")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notifications_webhook_call"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["webhook", "fact_hash"], name="notifications_webhook_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="notifications_webhook_due",
            ),
            models.Index(fields=["webhook", "created_at"], name="notifications_webhook_calls"),
        ]
