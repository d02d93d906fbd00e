"""What became of a notice after its gateway had taken it: it came back."""

from datetime import datetime

from django.db import transaction

from yishi.conversations.actions.say import note_receipt
from yishi.conversations.rules import MessageState
from yishi.kit.facts import announce
from yishi.notifications.facts import DeliveryFailed
from yishi.notifications.models import Delivery, DeliveryAttempt
from yishi.notifications.rules import CASE, MESSAGE


@transaction.atomic
def note_bounce(*, notice_id: str, account_id: int, reason: str, at: datetime) -> bool:
    """A notice that was sent came back: it has failed, visibly, as if its gateway had refused it. Told once.

    False for what is no notice of ours, waits still, or went out by another way in than it came back by.
    """
    sent = Delivery.objects.select_for_update().filter(notice_id=notice_id, state=Delivery.State.SENT).first()
    if sent is None or sent.account_id not in (None, account_id):
        return False
    error = f"bounced: {reason}"[:500]
    sent.state = Delivery.State.FAILED
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
