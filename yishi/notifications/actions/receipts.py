"""What became of a notice after its gateway had taken it: it arrived, it came back, or nothing was heard."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from yishi.conversations.actions.say import note_receipt
from yishi.conversations.rules import MessageState
from yishi.kit.facts import announce
from yishi.notifications.actions.chains import fall_back, stop_chain
from yishi.notifications.facts import DeliveryFailed
from yishi.notifications.models import Delivery, DeliveryAttempt
from yishi.notifications.rules import CASE, MESSAGE, RECEIPT_WITHIN, SMS

_STATE = Delivery.State
_KNOWN_FOR = timedelta(days=3)
_HEARD_AT_ALL = timedelta(hours=6)


def _named(reference: str, account_id: int) -> Q:
    """By our number of it, or by the gateway's own."""
    named = Q(sent_as=reference, account_id=account_id)
    try:
        return named | Q(notice_id=uuid.UUID(reference))
    except ValueError:
        return named


@transaction.atomic
def note_delivered(*, reference: str, account_id: int, at: datetime) -> bool:
    """It arrived: what was to go by the next way instead is not sent any more. False for what is no notice
    of ours, or was known."""
    if not reference:
        return False
    rows = Delivery.objects.select_for_update(of=("self",)).filter(_named(reference, account_id))
    sent = rows.filter(state=_STATE.SENT).exclude(receipt="DELIVERED").first()
    if sent is None or sent.account_id not in (None, account_id):
        return False
    sent.receipt, sent.receipt_at = "DELIVERED", at
    sent.save(update_fields=["receipt", "receipt_at"])
    for row in Delivery.objects.select_for_update(of=("self",)).filter(
        after=sent, state=_STATE.QUEUED, tries=0, kind=Delivery.Kind.PICKUP
    ):
        stop_chain(row)
    return True


def go_on_unheard(*, at: datetime, limit: int) -> int:
    """Pickup notices of which no receipt came for half an hour go by the next way, where their gateway gives
    receipts at all; how many were looked at."""
    said = Delivery.objects.filter(receipt="DELIVERED", receipt_at__gte=at - _KNOWN_FOR)
    telling = list(said.filter(kind=Delivery.Kind.PICKUP).values_list("channel", flat=True).distinct())
    silent = Delivery.objects.filter(
        kind=Delivery.Kind.PICKUP,
        state=_STATE.SENT,
        receipt="",
        channel__in=[channel for channel in telling if channel in (SMS, "WECHAT")],
        sent_at__gt=at - _HEARD_AT_ALL,
        sent_at__lte=at - RECEIPT_WITHIN,
    )
    found = list(silent.order_by("sent_at").values_list("pk", flat=True)[:limit])
    for pk in found:
        with transaction.atomic():
            if Delivery.objects.filter(pk=pk, receipt="").update(receipt="UNHEARD", receipt_at=at):
                fall_back(delivery_id=pk, at=at)
    return len(found)


@transaction.atomic
def note_bounce(*, notice_id: str, account_id: int, reason: str, at: datetime) -> bool:
    """A notice that was sent came back: it has failed, visibly, as if its gateway had refused it. Told once.
    `notice_id` is ours, or the gateway's number of it.

    False for what is no notice of ours, waits still, or went out by another way in than it came back by.
    """
    rows = Delivery.objects.select_for_update(of=("self",)).filter(_named(notice_id, account_id))
    sent = rows.filter(state=_STATE.SENT).first()
    if sent is None or sent.account_id not in (None, account_id):
        return False
    error = f"bounced: {reason}"[:500]
    sent.state = _STATE.FAILED
    sent.save(update_fields=["state"])
    DeliveryAttempt.objects.create(
        delivery=sent, at=at, outcome=DeliveryAttempt.Outcome.REFUSED, error=error, took_ms=0
    )
    announce(
        DeliveryFailed(
            delivery_id=sent.pk,
            kind=sent.kind,
            channel=sent.channel,
            error=error,
            case_id=int(sent.subject_id) if sent.subject_kind == CASE else None,
            at=at,
        )
    )
    if sent.subject_kind == MESSAGE:
        note_receipt(message_id=int(sent.subject_id), state=MessageState.FAILED, reason=error, at=at)
    return True
