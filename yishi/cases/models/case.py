"""Cases: what a person asks or complains of, from being said to being settled."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.cases.rules.status import NEVER, OPEN_STATUSES, WAITING_STATUSES
from yishi.consignees.models import Contact
from yishi.network.models import Outlet
from yishi.shipments.models.parcels import Shipment


class Category(models.TextChoices):
    SIGNED_NOT_RECEIVED = "SIGNED_NOT_RECEIVED", _("显示签收未收到")
    NO_DOOR_DELIVERY = "NO_DOOR_DELIVERY", _("要求送货上门")
    UNCONSENTED_PLACEMENT = "UNCONSENTED_PLACEMENT", _("未经同意放柜、驿站或门口")
    LOST = "LOST", _("疑似丢失")
    PARCEL_NOT_FOUND = "PARCEL_NOT_FOUND", _("驿站找不到件")
    SHORT = "SHORT", _("内件短少")
    CONTENT_MISMATCH = "CONTENT_MISMATCH", _("内件不符")
    DAMAGED = "DAMAGED", _("破损")
    MISDELIVERED = "MISDELIVERED", _("送错")
    TAKEN_BY_OTHER = "TAKEN_BY_OTHER", _("被别人错拿")
    DELAY = "DELAY", _("时效延误")
    ATTITUDE = "ATTITUDE", _("服务态度")
    PICKUP_CODE = "PICKUP_CODE", _("取件码问题")
    STATION_SERVICE = "STATION_SERVICE", _("驿站服务")
    DELIVERY_SERVICE = "DELIVERY_SERVICE", _("其他派送问题")
    ACCEPTANCE = "ACCEPTANCE", _("收寄服务")
    OVERCHARGE = "OVERCHARGE", _("违规收费")
    CASH_ON_DELIVERY = "CASH_ON_DELIVERY", _("代收货款")
    PRIVACY = "PRIVACY", _("个人信息泄露")
    SAFETY = "SAFETY", _("安全问题")
    URGE = "URGE", _("催件")
    REDIRECT = "REDIRECT", _("改地址")
    RESCHEDULE = "RESCHEDULE", _("改派送时间")
    INTERCEPT = "INTERCEPT", _("拦截")
    RETURN = "RETURN", _("退回")
    ENQUIRY = "ENQUIRY", _("咨询查件")
    SUGGESTION = "SUGGESTION", _("建议")
    PRAISE = "PRAISE", _("表扬")
    OTHER = "OTHER", _("其他")
    FALSE_SIGN_OFF = "FALSE_SIGN_OFF", _("虚假签收")


class CaseStatus(models.TextChoices):
    OPEN = "OPEN", _("待受理")
    IN_PROGRESS = "IN_PROGRESS", _("处理中")
    WAITING_CUSTOMER = "WAITING_CUSTOMER", _("待客户回复")
    WAITING_THIRD_PARTY = "WAITING_THIRD_PARTY", _("待第三方")
    RESOLVED = "RESOLVED", _("已解决（待确认）")
    CLOSED = "CLOSED", _("已关闭")
    WITHDRAWN = "WITHDRAWN", _("已撤诉")


class CaseSource(models.TextChoices):
    SELF = "SELF", _("客户自助")
    HQ = "HQ", _("总部工单")
    CAINIAO = "CAINIAO", _("菜鸟")
    TAOTIAN = "TAOTIAN", _("淘天")
    PINDUODUO = "PINDUODUO", _("拼多多")
    DOUYIN = "DOUYIN", _("抖音")
    WECHAT = "WECHAT", _("微信")
    REGULATOR_12305 = "REGULATOR_12305", _("邮政申诉（12305）")
    HOTLINE_12345 = "HOTLINE_12345", _("12345 热线")
    CONSUMER_12315 = "CONSUMER_12315", _("12315 平台")
    MEDIA = "MEDIA", _("媒体")
    PHONE = "PHONE", _("来电")
    WALK_IN = "WALK_IN", _("到店")
    GROUP_CHAT = "GROUP_CHAT", _("群聊")
    COURIER_NOTE = "COURIER_NOTE", _("快递员登记")
    SYSTEM = "SYSTEM", _("系统发现")


class Validity(models.TextChoices):
    VALID = "VALID", _("属实")
    INVALID = "INVALID", _("不属实")
    PARTLY = "PARTLY", _("部分属实")


_OPEN = models.Q(status__in=[status.value for status in OPEN_STATUSES])


_WAITING = models.Q(status__in=[status.value for status in WAITING_STATUSES])


class Case(models.Model):
    """One matter of one person, from being said to being settled.

    `category` is what the person claims, `finding_*` what was found. An empty `outlet` is head office's
    queue. `next_due_at` is the strictest running clock, written by `sla`; NEVER where none runs.
    """

    case_no = models.TextField(unique=True)
    category = models.TextField(choices=Category.choices)
    case_class = models.TextField()
    status = models.TextField(choices=CaseStatus.choices, default=CaseStatus.OPEN)
    source = models.TextField(choices=CaseSource.choices, default=CaseSource.SELF)
    external_no = models.TextField(default="")
    external_due_at = models.DateTimeField(null=True)
    external_state = models.TextField(default="")
    shipment = models.ForeignKey(Shipment, null=True, on_delete=models.PROTECT, related_name="+")
    waybill_no = models.TextField()
    carrier = models.TextField(default="")
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    is_verified = models.BooleanField(default=False)
    is_internal = models.BooleanField(default=False)
    priority = models.PositiveSmallIntegerField(default=0)
    is_in_arbitration = models.BooleanField(default=False)
    is_before_regulator = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    replied_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(default=NEVER)
    # when a settled case closes by itself; empty = nothing to do
    closes_at = models.DateTimeField(null=True)
    remedy = models.TextField(default="")
    root_cause = models.TextField(default="")
    finding_validity = models.TextField(default="", choices=Validity.choices)
    finding_category = models.TextField(default="", choices=Category.choices)
    finding_responsible = models.TextField(default="")
    finding_reason = models.TextField(default="")
    # which party answers for it (`rules.outcomes.PARTIES`); `finding_responsible` says it in words
    finding_party = models.TextField(db_default="", default="")
    repeat_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    token_hash = models.BinaryField(max_length=32, unique=True)
    language = models.TextField(default="zh-hans")
    entry_point = models.TextField(default="")
    version = models.PositiveIntegerField(default=1)
    # which case type it follows (empty: the shipped one of its category), and where in its workflow it stands
    type_key = models.TextField(db_default="", default="")
    type_version = models.PositiveIntegerField(db_default=0, default=0)
    form = models.JSONField(db_default={}, default=dict)
    step = models.TextField(db_default="", default="")
    # how the person stands to us: empty, or a class that policies know (`VIP`, `MERCHANT` …)
    customer_class = models.TextField(db_default="", default="")
    # when the answer was entered where the work order came from
    answered_there_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    split_from = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    repeats_in_3_days = models.PositiveSmallIntegerField(db_default=0, default=0)
    repeats_in_30_days = models.PositiveSmallIntegerField(db_default=0, default=0)
    # other people's trouble of the same kind (`rules.causes`): by what, the newest, and how many before
    cause_by = models.TextField(db_default="", default="")
    cause_of = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    causes_in_3_days = models.PositiveSmallIntegerField(db_default=0, default=0)
    causes_in_30_days = models.PositiveSmallIntegerField(db_default=0, default=0)
    urges = models.PositiveSmallIntegerField(db_default=0, default=0)
    reopenings = models.PositiveSmallIntegerField(db_default=0, default=0)

    class Meta:
        db_table = "cases_case"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["external_no", "source"],
                condition=~models.Q(external_no=""),
                name="cases_external_once",
            ),
            models.CheckConstraint(condition=models.Q(priority__lte=2), name="cases_priority"),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="cases_merged_elsewhere"
            ),
        ]
        indexes: ClassVar = [
            # the worklist: every view reads one of these in order and stops after a page
            models.Index(
                fields=["outlet", "next_due_at", "case_no"], condition=_OPEN, name="cases_of_outlet"
            ),
            # with the outlet: counting a person's cases within his outlets reads no case
            models.Index(
                fields=["assignee", "next_due_at", "case_no"],
                include=["outlet"],
                condition=_OPEN,
                name="cases_mine",
            ),
            models.Index(fields=["next_due_at", "case_no"], condition=_OPEN, name="cases_of_all"),
            models.Index(
                fields=["outlet", "next_due_at", "case_no"],
                condition=_OPEN & models.Q(assignee__isnull=True),
                name="cases_of_nobody",
            ),
            models.Index(
                fields=["outlet", "next_due_at", "case_no"], condition=_WAITING, name="cases_waiting"
            ),
            models.Index(fields=["status", "next_due_at", "case_no"], name="cases_by_status"),
            # the outlet's day: what came in, what was settled
            models.Index(fields=["outlet", "opened_at"], name="cases_of_outlet_opened"),
            models.Index(
                fields=["outlet", "resolved_at"],
                condition=models.Q(resolved_at__isnull=False),
                name="cases_of_outlet_settled",
            ),
            # the same person or parcel again
            models.Index(fields=["waybill_no", "opened_at"], name="cases_of_waybill"),
            models.Index(
                fields=["contact", "opened_at"],
                condition=models.Q(contact__isnull=False),
                name="cases_of_contact",
            ),
            # work orders of others whose answer is not entered there yet
            models.Index(
                fields=["external_due_at"],
                condition=models.Q(answered_there_at__isnull=True) & ~models.Q(external_no=""),
                name="cases_to_answer_there",
            ),
            models.Index(
                fields=["merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="cases_merged",
            ),
            models.Index(
                fields=["split_from"], condition=models.Q(split_from__isnull=False), name="cases_split"
            ),
            models.Index(
                fields=["cause_of"], condition=models.Q(cause_of__isnull=False), name="cases_of_cause"
            ),
            models.Index(
                fields=["closes_at"], condition=models.Q(closes_at__isnull=False), name="cases_closing"
            ),
        ]

    def __str__(self) -> str:
        return self.case_no

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES
