"""Who gets work: what people can and carry, what counts how much; cases offered to other outlets; where
conversations stand."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yishi.cases.models.case import Case
from yishi.conversations.models.talk import Conversation
from yishi.network.models import Outlet
from yishi.people.models import User


class Skill(models.Model):
    """Something a person can: cases of a category or class, or a language."""

    class Kind(models.TextChoices):
        CATEGORY = "CATEGORY", _("诉求类型")
        CLASS = "CLASS", _("一类诉求")
        LANGUAGE = "LANGUAGE", _("语言")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.TextField(choices=Kind.choices)
    value = models.TextField()

    class Meta:
        db_table = "routing_skill"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind", "value"], name="routing_skill_once")
        ]


class Helper(models.Model):
    """How many open cases a person may have before others are asked; without a row the operator's number."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="+")
    most_open = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "routing_helper"


class Weights(models.Model):
    """The one row of what counts how much in choosing a person (`rules.people.Weights`), and how long an
    outlet may take to accept a case."""

    category = models.PositiveSmallIntegerField(default=30)
    case_class = models.PositiveSmallIntegerField(default=15)
    language = models.PositiveSmallIntegerField(default=60)
    knows = models.PositiveSmallIntegerField(default=40)
    load = models.PositiveSmallIntegerField(default=2)
    most_open = models.PositiveSmallIntegerField(default=40)
    knows_days = models.PositiveSmallIntegerField(default=30)
    # minutes in service hours
    accept_within = models.PositiveSmallIntegerField(default=120)
    # conversations at once
    most_talks = models.PositiveSmallIntegerField(db_default=5, default=5)

    class Meta:
        db_table = "routing_weights"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pk=1), name="routing_weights_one_row"),
            models.CheckConstraint(
                condition=Q(
                    most_open__range=(1, 1000), knows_days__lte=400, accept_within__range=(1, 10_080)
                ),
                name="routing_weights_sane",
            ),
        ]


class HandOver(models.Model):
    """A case offered to another outlet. Until that accepts, who gave it stays responsible (首问负责制)."""

    class Answer(models.TextChoices):
        ACCEPTED = "ACCEPTED", _("接收了")
        REFUSED = "REFUSED", _("不接收")
        LAPSED = "LAPSED", _("到时没答复")
        WITHDRAWN = "WITHDRAWN", _("收回了")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)
    from_outlet = models.ForeignKey(
        Outlet, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField()
    # the lines of the case's history that carry the words and the proof
    entry_id = models.BigIntegerField()
    answer_entry_id = models.BigIntegerField(null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    answer = models.TextField(default="", choices=Answer.choices)
    answer_reason = models.TextField(default="")

    class Meta:
        db_table = "routing_handover"
        indexes: ClassVar = [models.Index(fields=["case", "id"], name="routing_handover_of_case")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(answered_at__isnull=True), name="routing_handover_once"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="")
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="routing_handover_answered",
            ),
        ]


class TalkPlace(models.Model):
    """Where a conversation stands and why: its place, its person or why it has none.

    `due_at`: when it is looked at again; while it waits, soon; while somebody has it, at the end of his
    shift. `was_on_shift`: he was on shift when he got it, so that it goes back when he goes home.
    """

    conversation = models.OneToOneField(
        Conversation, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    place_reason = models.TextField(default="")
    reason = models.TextField(default="")
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    # who gave it back: it is not given to him again
    refused_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    given_at = models.DateTimeField(null=True)
    was_on_shift = models.BooleanField(default=False)
    level = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "routing_talk_place"
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="routing_talk_due"),
            models.Index(fields=["user", "given_at"], name="routing_talk_given"),
        ]


class Away(models.Model):
    """Somebody is on shift but not there just now; gone by itself at `until_at`."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="+")
    reason = models.TextField(default="")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        db_table = "routing_away"
