"""What is not whole yet: files to be fetched, pieces of a long message; and colleagues by a channel."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from yishi.conversations.models.messages import Message
from yishi.conversations.models.talk import ChannelAccount
from yishi.kit.personal import EncryptedText


class PendingFile(models.Model):
    """A picture or a voice that the channel keeps for us; given up after some tries, visibly in the
    message."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="pending_files")
    name = models.TextField()
    content_type = models.TextField()
    reference = EncryptedText()
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "conversations_pending_file"


class MessagePart(models.Model):
    """A piece of a message that comes in several; joined when all are there, or when time is up."""

    account = models.ForeignKey(ChannelAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    of_what = models.TextField()
    external_id = models.TextField()
    address = EncryptedText()
    no = models.PositiveSmallIntegerField()
    of = models.PositiveSmallIntegerField()
    text = EncryptedText()
    at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "conversations_message_part"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "of_what", "no"], name="conversations_part_once"),
        ]


class Member(models.Model):
    """A colleague as a group's robot knows him: what he asks there is asked with his own permissions."""

    account = models.ForeignKey(ChannelAccount, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    external_id = EncryptedText()
    external_hash = models.BinaryField(max_length=16)
    bound_at = models.DateTimeField()

    class Meta:
        db_table = "conversations_member"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "external_hash"], name="conversations_member_once"),
            models.UniqueConstraint(fields=["account", "user"], name="conversations_member_user"),
        ]


class MemberCode(models.Model):
    """What a colleague writes in a group once to be known there; one at a time, ten minutes, used once."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    code_hash = models.BinaryField(max_length=16, unique=True)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "conversations_member_code"
