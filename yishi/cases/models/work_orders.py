"""Work orders of head offices, platforms and the regulator: where they come from, what was handed in, how
each stands there, what we answered, and where the two sides differ."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.cases.models.case import Case, CaseSource, Category
from yishi.kit.personal import EncryptedText


class WorkOrderSource(models.Model):
    """One way in for work orders; its cases are filed under `filed_as`."""

    code = models.TextField(unique=True)
    plugin = models.TextField()
    label = models.TextField(default="")
    filed_as = models.TextField(choices=CaseSource.choices)
    carrier = models.TextField(default="")
    settings = EncryptedText(default="")
    time_zone = models.TextField(default="Asia/Shanghai")
    push_key_hash = models.BinaryField(max_length=32, null=True, unique=True)
    is_paused = models.BooleanField(default=False)
    paused_reason = models.TextField(default="")
    # why the source is not asked or answered by API any more: it refused our account
    stopped_reason = models.TextField(default="")
    last_rows_at = models.DateTimeField(null=True)
    # when the last hand-in came that held all that is open there
    whole_at = models.DateTimeField(null=True)
    reconciled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "cases_work_order_source"

    def __str__(self) -> str:
        return self.code


class WorkOrderWord(models.Model):
    """What a source calls a matter, and what it means here; no category: nobody has said yet."""

    source = models.ForeignKey(
        WorkOrderSource, on_delete=models.CASCADE, related_name="words", db_index=False
    )
    word = models.TextField()
    category = models.TextField(default="", choices=Category.choices)
    first_seen_at = models.DateTimeField()
    meant_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    meant_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_work_order_word"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "word"], name="cases_work_order_word_once")
        ]


class RunState(models.TextChoices):
    PREVIEW = "PREVIEW", _("等你确认")
    WAITING = "WAITING", _("正在收")
    DONE = "DONE", _("收好了")
    DROPPED = "DROPPED", _("没有收")
    FAILED = "FAILED", _("没能收完")


class WorkOrderRun(models.Model):
    """Rows handed in at once (a file, a paste, a push, an answer to our asking), sealed as they came."""

    source = models.ForeignKey(WorkOrderSource, on_delete=models.PROTECT, related_name="runs")
    way = models.TextField()
    state = models.TextField(choices=RunState.choices)
    name = EncryptedText(default="")
    body = models.BinaryField()
    body_hash = models.BinaryField(max_length=16)
    content_type = models.TextField(default="")
    # it holds all that is open there: what is missing from it is unknown there
    is_whole = models.BooleanField(default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    received_at = models.DateTimeField(db_index=True)
    position = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(default="")
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_work_order_run"
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=models.Q(due_at__isnull=False), name="cases_work_order_run_due"
            ),
        ]


class WorkOrder(models.Model):
    """One work order of a source and its case: how it stands there, by the last row that was taken."""

    source = models.ForeignKey(
        WorkOrderSource, on_delete=models.PROTECT, related_name="work_orders", db_index=False
    )
    external_no = models.TextField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="work_orders")
    type_word = models.TextField(default="")
    state_word = models.TextField(default="")
    is_open_there = models.BooleanField(null=True)
    due_at = models.DateTimeField(null=True)
    amount_fen = models.BigIntegerField(null=True)
    # of the row as it was said, to know it again
    row_hash = models.BinaryField(max_length=16)
    said_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "cases_work_order"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_no"], name="cases_work_order_once")
        ]


class SendState(models.TextChoices):
    WAITING = "WAITING", _("等着提交")
    SENDING = "SENDING", _("正在提交")
    SENT = "SENT", _("对方收下了")
    FAILED = "FAILED", _("没提交成")
    UNSURE = "UNSURE", _("不确定对方收到没有")


class SentAnswer(models.Model):
    """Our answer handed to a source by its API: sealed, tried again, and never silently lost."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="sent_answers")
    source = models.ForeignKey(WorkOrderSource, on_delete=models.PROTECT, related_name="+", db_index=False)
    filled = EncryptedText()
    state = models.TextField(choices=SendState.choices, default=SendState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_sent_answer"
        constraints: ClassVar = [
            # one on its way at a time
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(due_at__isnull=False), name="cases_sent_answer_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=models.Q(due_at__isnull=False), name="cases_sent_answer_due"
            ),
        ]


class DifferenceKind(models.TextChoices):
    OPEN_THERE = "OPEN_THERE", _("那边没结，我们结了")
    CLOSED_THERE = "CLOSED_THERE", _("那边结了，我们没结")
    UNKNOWN_THERE = "UNKNOWN_THERE", _("那边查不到，我们没结")
    OVERDUE_THERE = "OVERDUE_THERE", _("那边到期了，还没回填")


class WorkOrderDifference(models.Model):
    """A work order and its case that do not agree: found by night, ended when they agree or by a note."""

    work_order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="differences")
    kind = models.TextField(choices=DifferenceKind.choices)
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    note = models.TextField(default="")
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    noted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_work_order_difference"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["work_order", "kind"],
                condition=models.Q(ended_at__isnull=True),
                name="cases_difference_once",
            ),
        ]
