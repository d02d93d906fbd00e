"""A conversation: one matter of one person, by whichever channels he speaks, and who takes part."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.consignees.models import Contact
from yishi.conversations.rules import Author, Channel, State
from yishi.kit.personal import EncryptedText
from yishi.network.models import Outlet
from yishi.shipments.models.parcels import Shipment


class Conversation(models.Model):
    """`awaiting_since` is when the person began to wait for an answer of a person; empty: nobody waits.

    `channel` is the one by which he wrote last. An empty `outlet` is head office. `handover` holds what the
    assistant knows when it hands over: summary, slots, tried steps, a suggested answer.
    """

    STATES: ClassVar = [
        (State.ASSISTANT.value, _("智能助手接待")),
        (State.QUEUED.value, _("等待人工")),
        (State.WITH_AGENT.value, _("人工接待")),
        (State.ENDED.value, _("已结束")),
    ]
    token_hash = models.BinaryField(max_length=32, unique=True)
    state = models.TextField(choices=STATES)
    channel = models.TextField()
    language = models.TextField(default="zh-hans")
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    skill = models.TextField(default="")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    # the person has shown that the contact is his (a code, or the channel vouches for it)
    is_proven = models.BooleanField(default=False)
    shipment = models.ForeignKey(Shipment, null=True, on_delete=models.SET_NULL, related_name="+")
    waybill_no = models.TextField(default="")
    subject = EncryptedText(default="")
    priority = models.PositiveSmallIntegerField(default=0)
    handed_over_for = models.TextField(default="")
    handover = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    last_message_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True)
    awaiting_since = models.DateTimeField(null=True)
    first_replied_at = models.DateTimeField(null=True)
    # seconds that the person waited for that first answer
    waited_s = models.PositiveIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    # why it ended by itself (`rules.Silence`); empty where somebody ended it
    ended_for = models.TextField(default="", db_default="")
    # when it ends by itself unless the person says something; empty while he waits for us
    silent_at = models.DateTimeField(null=True)
    entry_point = models.TextField(default="")
    previous = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "conversations_conversation"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=[each.value for each in State]), name="conversations_state"
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=[each.value for each in Channel]), name="conversations_channel"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.WITH_AGENT.value) | models.Q(assignee__isnull=False),
                name="conversations_agent_named",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["outlet", "state", "awaiting_since"],
                condition=~models.Q(state=State.ENDED.value),
                name="conversations_inbox",
            ),
            models.Index(fields=["waybill_no"], name="conversations_waybill"),
            models.Index(fields=["last_message_at"], name="conversations_last"),
            models.Index(
                fields=["first_replied_at"],
                condition=models.Q(first_replied_at__isnull=False),
                name="conversations_replied",
            ),
            models.Index(
                fields=["silent_at"],
                condition=models.Q(silent_at__isnull=False),
                name="conversations_silent",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state != State.ENDED


class ChannelAccount(models.Model):
    """One way by which people reach us: a mailbox, an official account, a group's robot, a call centre."""

    code = models.TextField(unique=True)
    plugin = models.TextField()
    channel = models.TextField()
    label = models.TextField(default="")
    settings = EncryptedText(default="")
    push_key_hash = models.BinaryField(max_length=32, null=True, unique=True)
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.PROTECT, related_name="+")
    has_assistant = models.BooleanField(default=True)
    is_paused = models.BooleanField(default=False)
    paused_reason = models.TextField(default="")
    # when its letters are fetched next; empty = it pushes
    due_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    bad_signatures = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "conversations_channel_account"
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="conversations_account_due",
            ),
        ]


class Participant(models.Model):
    """Someone in a conversation: the person by one of his addresses, or a colleague.

    `read_up_to` is the last message that he has seen.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="participants")
    kind = models.TextField(choices=[(each.value, each.value) for each in Author])
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    channel = models.TextField()
    account = models.ForeignKey(ChannelAccount, null=True, on_delete=models.PROTECT, related_name="+")
    address = EncryptedText(default="")
    address_hash = models.BinaryField(max_length=16)
    # a group's room that the person writes in
    room = EncryptedText(default="")
    name = EncryptedText(default="")
    read_up_to = models.BigIntegerField(default=0)
    wrote_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "conversations_participant"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conversation", "channel", "address_hash"], name="conversations_participant_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["address_hash", "channel"], name="conversations_address"),
        ]
