"""What was told of parcels that wait: the record from which "I never got a code" is answered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yishi.kit.personal import mask_email, mask_phone
from yishi.notifications.models import Delivery, PickupTold
from yishi.notifications.rules import EMAIL, SMS, VOICE, CallState, Gone, Way

_MISSED = (CallState.NO_ANSWER, CallState.BUSY, CallState.FAILED, CallState.UNHEARD)
_ARRIVED = ("DELIVERED", CallState.ANSWERED, CallState.PRESSED)
_WAYS: dict[str, str | Promise] = {
    SMS: _("短信"),
    "WECHAT": _("微信"),
    EMAIL: _("电子邮件"),
    VOICE: _("语音电话"),
}


@dataclass(frozen=True, kw_only=True)
class PickupNotice:
    """One message about a stay: by which way it went to which masked address, and what came of it. `error` is
    what the gateway last said, for those who keep the station. `outcome` is a key of `OUTCOMES`."""

    channel: str
    to_mask: str
    is_backup: bool
    state: str
    outcome: str
    created_at: datetime
    sent_at: datetime | None
    due_at: datetime | None
    heard_at: datetime | None
    error: str

    @property
    def is_lost(self) -> bool:
        """It did not reach the person, as far as anybody knows."""
        return self.outcome in ("FAILED", "MISSED", "SILENT")

    @property
    def channel_word(self) -> str:
        return way_word(self.channel)

    @property
    def outcome_word(self) -> str:
        return str(OUTCOMES[self.outcome])

    @property
    def role(self) -> str:
        return {"ARRIVED": "is-good", "FAILED": "is-bad", "MISSED": "is-bad"}.get(self.outcome, "is-idle")

    @property
    def icon(self) -> str:
        return {"ARRIVED": "ok", "FAILED": "alert", "MISSED": "alert", "SENT": "send"}.get(
            self.outcome, "clock"
        )


OUTCOMES: dict[str, str | Promise] = {
    "ARRIVED": _("收到了"),
    "MISSED": _("没接通"),
    "FAILED": _("没有送达"),
    "SILENT": _("没有回执"),
    "SENT": _("已发出"),
    "WAITING": _("待发送"),
    "WITHDRAWN": _("不再需要"),
}


def way_word(channel: str) -> str:
    """A channel as people call it."""
    return str(_WAYS.get(channel, channel))


def outcome_of(state: str, receipt: str, channel: str) -> str:
    """What came of a notice, in one word: the receipt says more than that it was sent."""
    heard = receipt.partition(":")[0]
    if state == Delivery.State.FAILED:
        return "MISSED" if channel == VOICE and heard else "FAILED"
    if state == Delivery.State.WITHDRAWN:
        return "WITHDRAWN"
    if state != Delivery.State.SENT:
        return "WAITING"
    if heard in _ARRIVED:
        return "ARRIVED"
    if heard in _MISSED:
        return "MISSED" if channel == VOICE else "SILENT"
    return "SENT"


def notices_of_stays(parcel_ids: Collection[int]) -> dict[int, list[PickupNotice]]:
    """The messages about each of these stays, the newest first; two statements."""
    found: dict[int, list[PickupNotice]] = {}
    rows = PickupTold.objects.filter(parcel_id__in=set(parcel_ids)).select_related("delivery")
    for told in rows.prefetch_related("delivery__attempts").order_by("-delivery_id"):
        found.setdefault(told.parcel_id, []).append(_notice(told.delivery))
    return found


def _notice(row: Delivery) -> PickupNotice:
    tries = sorted(row.attempts.all(), key=lambda one: one.pk)
    return PickupNotice(
        channel=row.channel,
        to_mask=_mask(row.channel, row.to),
        is_backup=bool(row.extra.get("is_backup")),
        state=row.state,
        outcome=outcome_of(row.state, row.receipt, row.channel),
        created_at=row.created_at,
        sent_at=row.sent_at,
        due_at=row.due_at,
        heard_at=row.receipt_at,
        error=tries[-1].error if tries else "",
    )


def _mask(channel: str, to: str) -> str:
    if channel == "WECHAT":
        return ""  # a number that nobody knows by sight
    return mask_email(to) if channel == EMAIL else mask_phone(to)


def gone_of_stay(parcel_id: int) -> list[Gone]:
    """By which ways this stay was told of, the newest first, and what came of each."""
    rows = Delivery.objects.filter(pickups__parcel_id=parcel_id).exclude(state=Delivery.State.WITHDRAWN)
    found = []
    for row in rows.order_by("-pk")[:20]:
        outcome = outcome_of(row.state, row.receipt, row.channel)
        if outcome != "WAITING" or row.tries:
            is_failed = outcome in ("FAILED", "MISSED", "SILENT", "WAITING")
            found.append(Gone(Way(row.channel, row.to), is_failed, outcome == "ARRIVED"))
    return found
