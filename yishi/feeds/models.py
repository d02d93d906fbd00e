"""Where tracking comes from: sources, their raw input as it came, and the codes nobody has mapped yet."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.kit.models import StoredFile
from yishi.kit.personal import EncryptedText
from yishi.network.models import Courier


class Source(models.Model):
    """One way in: a carrier's push, an integrator's key, a file somebody loads."""

    code = models.TextField(unique=True)
    plugin = models.TextField()
    label = models.TextField(default="")
    carrier = models.TextField(default="")
    settings = EncryptedText(default="")
    push_key_hash = models.BinaryField(max_length=32, null=True, unique=True)
    time_zone = models.TextField(default="Asia/Shanghai")
    is_paused = models.BooleanField(default=False)
    paused_reason = models.TextField(default="")
    # asking it (docs/life-of-a-tracking-event.md, Outgoing)
    push_path = EncryptedText(null=True)
    is_following = models.BooleanField(db_default=False, default=False)
    polled_every = models.DurationField(null=True)
    asking_stopped = models.TextField(db_default="", default="")
    # hearing from it: `last_input_at` is up to five minutes behind, so that posts do not queue for this row
    expected_within = models.DurationField(null=True)
    last_input_at = models.DateTimeField(null=True)
    due_silence_at = models.DateTimeField(null=True)
    silent_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "feeds_source"
        indexes: ClassVar = [
            models.Index(
                fields=["due_silence_at"],
                condition=models.Q(due_silence_at__isnull=False),
                name="feeds_source_silence_due",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class RawState(models.TextChoices):
    STORED = "STORED", _("已收到")
    TAKEN = "TAKEN", _("已处理")
    QUARANTINED = "QUARANTINED", _("读不懂，待处理")
    REPLAYED = "REPLAYED", _("已重新处理")


class RawInput(models.Model):
    """One body exactly as it came: compressed, then sealed. What happened to it stands beside it.

    The same body from the same source again is the same row, counted in `times_received`.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="inputs")
    received_at = models.DateTimeField(db_index=True)
    body = models.BinaryField()
    body_hash = models.BinaryField(max_length=16)
    content_type = models.TextField(default="")
    state = models.TextField(choices=RawState.choices, default=RawState.STORED)
    reason = models.TextField(default="")
    detail = models.TextField(default="")
    accepted = models.IntegerField(default=0)
    duplicate = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    times_received = models.PositiveIntegerField(default=1)
    replayed_by = models.TextField(default="")
    replayed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "feeds_raw_input"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "body_hash"], name="feeds_raw_body_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["reason", "id"],
                condition=models.Q(state=RawState.QUARANTINED),
                name="feeds_raw_quarantined",
            ),
        ]


class UnknownCode(models.Model):
    """A code of a source that no mapping knows: its events are `unknown` until somebody maps it."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="unknown_codes")
    source_code = models.TextField()
    sample = models.TextField(default="")
    first_seen_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "feeds_unknown_code"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "source_code"], name="feeds_unknown_once")
        ]


class CodeMapping(models.Model):
    """What the operator says that a code of a source means. Never changed, only ended: the rest is history.

    `said_details` are details that the plug-in itself gave with this code, beside the usual ones: by them its
    own words are found again when the mapping ends.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="code_mappings")
    source_code = models.TextField()
    kind = models.TextField()
    detail = models.TextField(default="")
    reason = models.TextField(default="")
    said_details = models.JSONField(default=list)
    noted_by = models.TextField()
    noted_at = models.DateTimeField()
    ended_by = models.TextField(default="")
    ended_reason = models.TextField(default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "feeds_code_mapping"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "source_code"],
                condition=models.Q(ended_at__isnull=True),
                name="feeds_mapping_once",
            )
        ]


class ReplayRun(models.Model):
    """All that waits in quarantine for one cause, sent through the ingest path once more, body by body."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="replay_runs")
    reason = models.TextField()
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    # bodies up to this one, and not beyond: what fails again must not be tried for ever
    last_raw_id = models.BigIntegerField()
    reached_raw_id = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    still = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "feeds_replay_run"
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=models.Q(due_at__isnull=False), name="feeds_replay_due"
            ),
        ]


class FollowState(models.TextChoices):
    WANTED = "WANTED", _("等待订阅")
    ACTIVE = "ACTIVE", _("跟踪中")
    ENDED = "ENDED", _("已结束")
    REFUSED = "REFUSED", _("被来源拒绝")


class Subscription(models.Model):
    """A parcel that a source is asked about: by a subscription for its pushes, by polling, or both.

    `due_at` is when the worker must look at it (again); while it is being asked that is the end of the lease.
    `asked_at` are the subscriptions of the last weeks, for the source counts them. `phone_tail` is kept only
    for carriers that want it.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="subscriptions")
    waybill_no = models.TextField()
    carrier = models.TextField(default="")
    phone_tail = EncryptedText(null=True)
    state = models.TextField(choices=FollowState.choices, default=FollowState.WANTED)
    due_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = ArrayField(models.DateTimeField(), default=list)
    queried_at = models.DateTimeField(null=True)
    error = models.TextField(default="")
    created_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        db_table = "feeds_subscription"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "waybill_no", "carrier"], name="feeds_subscription_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["source", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="feeds_subscription_due",
            ),
        ]


class ImportState(models.TextChoices):
    CHECKING = "CHECKING", _("正在看")
    READY = "READY", _("等你确认")
    IMPORTING = "IMPORTING", _("正在导入")
    DONE = "DONE", _("已导入")
    UNDOING = "UNDOING", _("正在撤销")
    UNDONE = "UNDONE", _("已撤销")
    DROPPED = "DROPPED", _("没有导入")
    FAILED = "FAILED", _("没能做完")


class FileImport(models.Model):
    """One file of head office on its way in. `due_at` is when the worker takes it up (again).

    `position` counts the rows that are done; `preview` and `kept` (what an undo had to leave) are JSON.
    `outlet_code` '' = the whole operator.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="imports")
    outlet_code = models.TextField(default="")
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.SET_NULL, related_name="+")
    name = EncryptedText()
    size = models.PositiveBigIntegerField()
    body_hash = models.BinaryField(max_length=32, db_index=True)
    sheets = models.JSONField(default=list)
    state = models.TextField(choices=ImportState.choices, default=ImportState.CHECKING)
    due_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    preview = EncryptedText(default="")
    kept = EncryptedText(default="")
    error = models.TextField(default="")
    uploaded_by = models.TextField()
    uploaded_at = models.DateTimeField()
    confirmed_by = models.TextField(default="")
    finished_at = models.DateTimeField(null=True)
    undone_by = models.TextField(default="")
    undone_reason = models.TextField(default="")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "feeds_file_import"
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="feeds_file_due"),
        ]


class FileRefusal(models.Model):
    """A row that was not taken, with the reason and its cells as they stood."""

    of = models.ForeignKey(FileImport, on_delete=models.CASCADE, related_name="refusals")
    sheet = models.PositiveSmallIntegerField()
    line = models.PositiveIntegerField()
    reason = models.TextField()
    cells = EncryptedText()

    class Meta:
        db_table = "feeds_file_refusal"


class FilePerson(models.Model):
    """A courier as files of a carrier name him, whom nobody could be matched to; `courier` once assigned."""

    carrier = models.TextField()
    key_hash = models.BinaryField(max_length=16)
    said = EncryptedText()
    outlet_code = models.TextField(default="")
    courier = models.ForeignKey(Courier, null=True, on_delete=models.SET_NULL, related_name="+")
    rows = models.PositiveIntegerField(default=0)
    first_seen_at = models.DateTimeField()
    assigned_by = models.TextField(default="")
    assigned_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "feeds_file_person"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["carrier", "key_hash"], name="feeds_file_person_once")
        ]


class FileEffect(models.Model):
    """One thing that a file says, by which it is known again (`mark`): what an undo takes back.

    `before` is what stood in its place (JSON), where the file changed something. The same thing said by two
    files goes when both are undone.
    """

    class Kind(models.TextChoices):
        PARCEL = "PARCEL"
        DETAILS = "DETAILS"
        EVENT = "EVENT"
        CONTACT = "CONTACT"
        RECORD = "RECORD"

    of = models.ForeignKey(FileImport, on_delete=models.CASCADE, related_name="effects")
    kind = models.TextField(choices=Kind.choices)
    mark = models.BinaryField(max_length=16, db_index=True)
    what = models.TextField(default="")
    shipment_id = models.BigIntegerField(null=True)
    happened_at = models.DateTimeField(null=True)
    before = EncryptedText(default="")
    person = models.ForeignKey(FilePerson, null=True, on_delete=models.SET_NULL, related_name="effects")

    class Meta:
        db_table = "feeds_file_effect"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "kind", "mark"], name="feeds_file_effect_once")
        ]
        indexes: ClassVar = [models.Index(fields=["shipment_id"], name="feeds_file_effect_parcel")]


class FileRecord(models.Model):
    """A line of a quality, penalty or evidence file, kept for the rooms that judge; `words` is JSON."""

    of = models.ForeignKey(FileImport, null=True, on_delete=models.SET_NULL, related_name="records")
    mark = models.BinaryField(max_length=16, unique=True)
    layout = models.TextField()
    kind = models.TextField()
    carrier = models.TextField()
    waybill_no = models.TextField(default="", db_index=True)
    label = models.TextField(default="")
    happened_at = models.DateTimeField(null=True)
    outlet_code = models.TextField(default="")
    courier = models.ForeignKey(Courier, null=True, on_delete=models.SET_NULL, related_name="+")
    person = models.ForeignKey(FilePerson, null=True, on_delete=models.SET_NULL, related_name="records")
    amount_fen = models.BigIntegerField(null=True)
    rate = models.FloatField(null=True)
    words = EncryptedText()
    noted_at = models.DateTimeField()

    class Meta:
        db_table = "feeds_file_record"


class ComplaintState(models.TextChoices):
    WAITING = "WAITING", _("待建工单")
    OPENED = "OPENED", _("已建工单")
    REFUSED = "REFUSED", _("没能建工单")


class Complaint(models.Model):
    """A complaint as a platform handed it on, and the case that was opened for it."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="complaints")
    external_no = models.TextField()
    body = EncryptedText()
    state = models.TextField(choices=ComplaintState.choices, default=ComplaintState.WAITING)
    case_no = models.TextField(default="")
    reason = models.TextField(default="")
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "feeds_complaint"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_no"], name="feeds_complaint_once")
        ]
