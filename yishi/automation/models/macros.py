"""Several steps under one name, and one set of steps done to many cases."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.cases.models.case import Case
from yishi.network.models import Outlet

User = settings.AUTH_USER_MODEL


class MacroScope(models.TextChoices):
    PERSONAL = "PERSONAL", _("只有我用")
    OUTLET = "OUTLET", _("本网点")
    OPERATOR = "OPERATOR", _("全公司")


class Macro(models.Model):
    """Steps that a person does to a case at one press; `steps` as `rules.steps` reads them."""

    name = models.TextField()
    steps = models.JSONField()
    categories = models.JSONField(default=list)
    scope = models.TextField(choices=MacroScope.choices)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.CASCADE, related_name="+")
    used = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "automation_macro"

    def __str__(self) -> str:
        return self.name


class BulkState(models.TextChoices):
    CHECKING = "CHECKING", _("正在看会怎样")
    CHECKED = "CHECKED", _("等你确认")
    RUNNING = "RUNNING", _("正在办")
    DONE = "DONE", _("办完了")
    UNDOING = "UNDOING", _("正在撤销")
    UNDONE = "UNDONE", _("已撤销")


_BUSY = models.Q(state__in=["CHECKING", "RUNNING", "UNDOING"])


class Bulk(models.Model):
    """Steps for many cases: first tried (nothing changes), then done, each case on its own."""

    key = models.UUIDField(unique=True)
    steps = models.JSONField()
    macro = models.ForeignKey(Macro, null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    state = models.TextField(choices=BulkState.choices, default=BulkState.CHECKING)
    # of parcels nobody has a case about: the category that is opened for each, and what it says
    opens = models.TextField(db_default="", default="")
    says = models.TextField(db_default="", default="")
    asked_at = models.DateTimeField()
    # when the worker must look at it; empty = nothing left to do
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "automation_bulk"
        indexes: ClassVar = [models.Index(fields=["due_at"], condition=_BUSY, name="automation_bulk_due")]


class RowState(models.TextChoices):
    WAITING = "WAITING", _("还没轮到")
    FITS = "FITS", _("可以")
    REFUSED = "REFUSED", _("不行")
    DONE = "DONE", _("办好了")
    UNDONE = "UNDONE", _("已撤销")


class BulkRow(models.Model):
    """One case of a bulk: what the trial said, what came of it, and what is needed to take it back.

    A row with a `waybill_no` had no case when it was asked for; its case is the one that it opened.
    """

    bulk = models.ForeignKey(Bulk, on_delete=models.CASCADE, related_name="rows", db_index=False)
    case = models.ForeignKey(Case, null=True, on_delete=models.CASCADE, related_name="+")
    waybill_no = models.TextField(db_default="", default="")
    place = models.PositiveIntegerField()
    state = models.TextField(choices=RowState.choices, default=RowState.WAITING)
    says = models.TextField(default="")
    # the same as a phrase: put into words when read
    said = models.JSONField(db_default={}, default=dict)
    before = models.JSONField(default=dict)

    class Meta:
        db_table = "automation_bulk_row"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bulk", "case"], name="automation_row_once"),
            models.UniqueConstraint(fields=["bulk", "place"], name="automation_row_place"),
        ]
        indexes: ClassVar = [models.Index(fields=["bulk", "state", "place"], name="automation_row_next")]
