"""What stands beside conversations: colleagues who are called to one, and call-backs that were promised."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.conversations.models.talk import Conversation
from yishi.kit.personal import EncryptedText
from yishi.network.models import Outlet


class Mention(models.Model):
    """A colleague is called to a conversation: named in a note, given it, or its promise broke."""

    class Kind(models.TextChoices):
        NOTE = "NOTE", _("备注里提到你")
        GIVEN = "GIVEN", _("转给了你")
        LATE = "LATE", _("超时没人回")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.TextField(choices=Kind.choices)
    message_id = models.BigIntegerField(null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "conversations_mention"
        indexes: ClassVar = [
            models.Index(
                fields=["user", "at"],
                condition=models.Q(seen_at__isnull=True),
                name="conversations_mention_new",
            ),
        ]


class CallBack(models.Model):
    """Somebody is rung by us, at the time that he wished; `due_at` is the latest moment that we promised."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("待回电")
        REACHED = "REACHED", _("打通了")
        NOT_REACHED = "NOT_REACHED", _("没打通")
        DROPPED = "DROPPED", _("不用打了")

    conversation = models.ForeignKey(
        Conversation, null=True, on_delete=models.CASCADE, related_name="call_backs"
    )
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    phone = EncryptedText()
    about = EncryptedText(default="")
    # what of it Yishi wrote itself, as a phrase: put into words when read
    said = models.JSONField(db_default={}, default=dict)
    wished_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.TextField(choices=State.choices, default=State.OPEN)
    result = EncryptedText(default="")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        db_table = "conversations_call_back"
        indexes: ClassVar = [
            models.Index(
                fields=["outlet", "due_at"],
                condition=models.Q(state="OPEN"),
                name="conversations_call_back_open",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=models.Q(state="OPEN"),
                name="conversations_call_back_once",
            ),
        ]
