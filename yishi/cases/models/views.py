"""The worklist as people keep it: saved views, tags on cases, and lists that were taken out."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.cases.models.case import Case
from yishi.kit.models import StoredFile
from yishi.network.models import Outlet

User = settings.AUTH_USER_MODEL


class SavedView(models.Model):
    """A named set of filters: one's own, or (`outlet`) shared with everybody there."""

    name = models.TextField()
    filters = models.JSONField(default=dict)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.CASCADE, related_name="+")
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "cases_saved_view"

    def __str__(self) -> str:
        return self.name


class CaseTag(models.Model):
    """A word that staff hang on a case to find it again."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tags", db_index=False)
    tag = models.TextField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        db_table = "cases_tag"
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "tag"], name="cases_tag_once")]
        indexes: ClassVar = [models.Index(fields=["tag", "case"], name="cases_tag_word")]


class ExportState(models.TextChoices):
    WAITING = "WAITING", _("排队中")
    DONE = "DONE", _("做好了")
    FAILED = "FAILED", _("没做成")


class Export(models.Model):
    """A list of cases that somebody took out: who, which, what for, and the file as long as it is kept."""

    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    filters = models.JSONField()
    format = models.TextField()
    is_plain = models.BooleanField(default=False)
    rows = models.PositiveIntegerField(default=0)
    state = models.TextField(choices=ExportState.choices, default=ExportState.WAITING)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_export"
        indexes: ClassVar = [
            models.Index(
                fields=["asked_at"], condition=models.Q(state="WAITING"), name="cases_export_waiting"
            ),
        ]
