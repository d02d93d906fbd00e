"""The history of a case, never changed, and the proof that belongs to it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.cases.models.case import Case
from yishi.kit.models import StoredFile
from yishi.kit.personal import EncryptedText


class Audience(models.TextChoices):
    """Who may read a line: everybody; the case's outlet and head office; head office alone."""

    PUBLIC = "PUBLIC", _("进度")
    INTERNAL = "INTERNAL", _("内部备注")
    HEAD_OFFICE = "HEAD_OFFICE", _("总部备注")


class Author(models.TextChoices):
    CONSUMER = "CONSUMER", _("客户")
    STAFF = "STAFF", _("网点客服")
    SYSTEM = "SYSTEM", _("系统")


class EvidenceKind(models.TextChoices):
    """What a proof is. Some are words alone: a place on a camera's record, a position, a log of calls."""

    PHOTO = "PHOTO", _("照片")
    SIGN_SLIP = "SIGN_SLIP", _("签收底单")
    WEIGHING = "WEIGHING", _("称重照片")
    PACKING = "PACKING", _("打包照片")
    VALUE_PROOF = "VALUE_PROOF", _("价值证明")
    RECORDING = "RECORDING", _("通话录音")
    VIDEO = "VIDEO", _("视频")
    CCTV = "CCTV", _("监控位置")
    CHAT = "CHAT", _("聊天记录")
    CALLS = "CALLS", _("联系记录")
    TRACE = "TRACE", _("轨迹快照")
    POSITION = "POSITION", _("定位")
    DOCUMENT = "DOCUMENT", _("其他文件")


class TimelineEntry(models.Model):
    """One line of a case's history, never changed: a trigger refuses UPDATE and DELETE.

    `text` is what a person wrote; what the system did is `kind` with its values in `data`, put into
    words when it is read. `hash` seals the line and all before it (`rules.chain`); a trigger fills it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries", db_index=False)
    kind = models.TextField()
    audience = models.TextField(choices=Audience.choices)
    text = models.TextField(default="")
    data = models.JSONField(default=dict)
    author_kind = models.TextField(choices=Author.choices)
    author_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    prev_hash = models.BinaryField(max_length=32, db_default=b"", default=b"")
    hash = models.BinaryField(max_length=32, db_default=b"", default=b"")

    class Meta:
        db_table = "cases_timeline_entry"
        indexes: ClassVar = [models.Index(fields=["case", "id"], name="cases_entry_of_case")]


class HistoryHead(models.Model):
    """The newest line of a case's history as it was last night: a history that is cut off later shows."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="history_head")
    entry_id = models.BigIntegerField(db_index=True)
    hash = models.BinaryField(max_length=32)
    anchored_at = models.DateTimeField()

    class Meta:
        db_table = "cases_history_head"


class Evidence(models.Model):
    """A file that belongs to a case, and the line of history it came with.

    `taken_at` and `position` are what was said of it: when and where. Who may see it is the line's audience.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    entry = models.ForeignKey(TimelineEntry, on_delete=models.PROTECT, related_name="+", db_index=False)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    author_kind = models.TextField(choices=Author.choices)
    author_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    kind = models.TextField(
        choices=EvidenceKind.choices, db_default=EvidenceKind.DOCUMENT.value, default=EvidenceKind.DOCUMENT
    )
    taken_at = models.DateTimeField(null=True)
    position = EncryptedText(null=True)

    class Meta:
        db_table = "cases_evidence"
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "file"], name="cases_file_once")]
