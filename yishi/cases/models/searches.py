"""Looking for a parcel: where, by whom, who was asked, what a camera shows, and what came of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.cases.models.case import Case
from yishi.cases.models.tasks import Task
from yishi.kit.personal import EncryptedText
from yishi.network.models import Outlet

User = settings.AUTH_USER_MODEL


class SearchState(models.TextChoices):
    SEARCHING = "SEARCHING", _("正在找")
    FOUND = "FOUND", _("找到了")
    NOT_FOUND = "NOT_FOUND", _("没找到")


class LookedFor(models.Model):
    """One search of a case. `recovered_at`: it came to light after all, when it had been given up."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="lost_searches")
    state = models.TextField(choices=SearchState.choices, default=SearchState.SEARCHING)
    opened_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField()
    where = models.TextField(default="")
    result = models.TextField(default="")
    ended_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)
    recovered_where = models.TextField(default="")
    recovered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_lost_search"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(state="SEARCHING"), name="cases_one_search_at_a_time"
            )
        ]


class PlaceLookedAt(models.Model):
    """A place of a search. Whoever must look there has a task; `looked_at` is when it was ticked here."""

    search = models.ForeignKey(LookedFor, on_delete=models.CASCADE, related_name="places")
    place = models.TextField()
    name = models.TextField(default="")
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    task = models.ForeignKey(Task, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    is_there = models.BooleanField(null=True)
    said = models.TextField(default="")
    looked_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    looked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_lost_search_place"


class NoteKind(models.TextChoices):
    ASKED = "ASKED", _("问人")
    CCTV = "CCTV", _("监控")
    PATROL = "PATROL", _("巡查")


class SearchNote(models.Model):
    """Somebody asked, a stretch of a camera's record, a round that was made. What is said of people in it
    is theirs: sealed, and never shown outside."""

    search = models.ForeignKey(LookedFor, on_delete=models.CASCADE, related_name="notes")
    kind = models.TextField(choices=NoteKind.choices)
    # the person asked, the camera, the round
    what = EncryptedText(default="")
    said = EncryptedText(default="")
    from_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField(null=True)
    kept_until = models.DateField(null=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        db_table = "cases_lost_search_note"
