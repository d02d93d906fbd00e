"""Where dialogues stand and what each turn did; what the assistant learns from, and published models."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from yishi.conversations.models.messages import Message
from yishi.conversations.models.talk import Conversation
from yishi.kit.personal import EncryptedText

User = settings.AUTH_USER_MODEL


class Phrase(models.Model):
    """One line as people type it, without personal data, and what it means; added by an operator."""

    text = models.TextField()
    intent = models.TextField()
    second = models.TextField(blank=True, default="")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "assistant_phrase"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["text"], condition=models.Q(removed_at__isnull=True), name="assistant_phrase_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Miss(models.Model):
    """A line that was not understood, or wrongly; without personal data, until somebody settles it."""

    text = models.TextField()
    intent = models.TextField()
    confidence = models.FloatField()
    reason = models.TextField()
    conversation_ref = models.TextField(blank=True, default="")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "assistant_miss"
        indexes: ClassVar = [
            models.Index(
                fields=["-at"], condition=models.Q(settled_at__isnull=True), name="assistant_miss_open"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class TrainedModel(models.Model):
    """One state of what was learnt: our phrases of that release and the operator's, with its figures.

    At most one is published; none published means the release's own. `phrases` are the operator's lines
    (`[intent, text, second]`) it was trained with, so that it can be made again where its file is missing.
    While `due_at` stands, it waits to be trained.
    """

    version_no = models.PositiveIntegerField(unique=True)
    phrases = models.JSONField(default=list)
    content_hash = models.TextField(blank=True, default="")
    figures = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    trained_at = models.DateTimeField(null=True)
    trained_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    is_published = models.BooleanField(default=False)

    class Meta:
        db_table = "assistant_model"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_published"], condition=models.Q(is_published=True), name="assistant_model_one"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=models.Q(due_at__isnull=False), name="assistant_model_due"
            ),
        ]

    def __str__(self) -> str:
        return str(self.version_no)


class Dialogue(models.Model):
    """Where the talk of the assistant with one person stands: what was asked, what is known. Sealed: it holds
    numbers and addresses."""

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="+")
    state = EncryptedText(default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "assistant_dialogue"


class Turn(models.Model):
    """What the assistant made of one message, once: what it understood, did and answered.

    `actions` are `{name, ok, ref}` of changes; `told` the outcomes of what it looked up. `checked_at` is when
    a conversation was judged to be settled or not.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="+")
    intent = models.TextField(default="")
    confidence = models.FloatField(default=0)
    stage = models.TextField(default="")
    actions = models.JSONField(default=list)
    told = models.JSONField(default=list)
    reply_ids = models.JSONField(default=list)
    is_handed_over = models.BooleanField(default=False)
    took_ms = models.FloatField(default=0)
    at = models.DateTimeField()

    class Meta:
        db_table = "assistant_turn"
        indexes: ClassVar = [models.Index(fields=["at"], name="assistant_turn_at")]


class ModelUse(models.Model):
    """What a language model was asked on one day for one purpose: calls, those that failed, tokens."""

    day = models.DateField()
    purpose = models.TextField()
    calls = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    tokens = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "assistant_model_use"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "purpose"], name="assistant_model_use_once")
        ]


class Errand(models.Model):
    """Something that the assistant must still do: ANSWER a message, SUMMARY of a conversation."""

    kind = models.TextField()
    subject_id = models.BigIntegerField()
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "assistant_errand"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "subject_id"], name="assistant_errand_once")
        ]
        indexes: ClassVar = [models.Index(fields=["due_at"], name="assistant_errand_due")]


class Settlement(models.Model):
    """Whether the assistant settled a conversation, judged when nobody has come back for 72 h.

    `is_naive`: it ended without a person; `is_verified`: the record shows it too; `why` says what spoke
    against it. `due_at` moves on with every turn and is empty once it is judged.
    """

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="+")
    intent = models.TextField(default="")
    last_turn_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    judged_at = models.DateTimeField(null=True)
    is_naive = models.BooleanField(default=False)
    is_verified = models.BooleanField(default=False)
    why = models.TextField(default="")

    class Meta:
        db_table = "assistant_settlement"
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=models.Q(due_at__isnull=False), name="assistant_settlement_due"
            ),
            models.Index(fields=["last_turn_at"], name="assistant_settlement_period"),
        ]
