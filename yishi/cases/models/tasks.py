"""What is asked of other people about a case, and what somebody wants to be reminded of."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.cases.models.case import Case
from yishi.network.models import Outlet

User = settings.AUTH_USER_MODEL


class TaskState(models.TextChoices):
    OPEN = "OPEN", _("待办")
    DONE = "DONE", _("办好了")
    REFUSED = "REFUSED", _("办不了")
    CANCELLED = "CANCELLED", _("不用办了")


_OPEN = models.Q(state=TaskState.OPEN.value)


class Task(models.Model):
    """A part of a case that somebody else does: an outlet (none = head office), perhaps one person there.

    Whoever gets it sees the task and the parcel's number, never the person behind the case.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    title = models.TextField()
    text = models.TextField(default="")
    # what of title, text and result Yishi wrote itself, as phrases: put into words when read
    said = models.JSONField(db_default={}, default=dict)
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    who = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    due_at = models.DateTimeField()
    state = models.TextField(choices=TaskState.choices, default=TaskState.OPEN)
    result = models.TextField(default="")
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_task"
        indexes: ClassVar = [
            models.Index(fields=["outlet", "due_at"], condition=_OPEN, name="cases_task_of_outlet"),
            models.Index(fields=["who", "due_at"], condition=_OPEN, name="cases_task_of_person"),
            models.Index(fields=["asked_by", "due_at"], condition=_OPEN, name="cases_task_asked"),
        ]

    def __str__(self) -> str:
        return self.title


class Reminder(models.Model):
    """One person wants to see a case again at a moment; `told_at` is when he was told, `done_at` his tick."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    text = models.TextField(default="")
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_reminder"
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(told_at__isnull=True, done_at__isnull=True),
                name="cases_reminder_due",
            ),
            models.Index(
                fields=["user", "due_at"],
                condition=models.Q(done_at__isnull=True),
                name="cases_reminder_of",
            ),
        ]
