"""What came of a call: a gateway pushes it back, a key that was pressed is the person's word."""

import uuid
from datetime import datetime

from django.db import transaction

from yishi.kit.facts import announce
from yishi.notifications.actions.chains import calls_so_far, fall_back, ring_again
from yishi.notifications.facts import CallTaken, DeliveryFailed
from yishi.notifications.models import Delivery, DeliveryAttempt
from yishi.notifications.rules import CASE, HEARD_WITHIN, VOICE, CallState, call_again, counts_instead

_TAKEN = (CallState.ANSWERED, CallState.PRESSED)


@transaction.atomic
def hear_call(*, notice_id: uuid.UUID, state: CallState, pressed: str, at: datetime) -> bool:
    """Keeps what came of a call and does what follows: a key is announced, whom nobody reached is rung again
    or told by the next way. False for what is no call of ours, or says nothing new: the same again changes
    nothing."""
    calls = Delivery.objects.select_for_update(of=("self",)).filter(channel=VOICE, notice_id=notice_id)
    row = calls.exclude(state__in=(Delivery.State.QUEUED, Delivery.State.WITHDRAWN)).first()
    if row is None or not counts_instead(state, row.receipt.partition(":")[0]):
        return False
    _keep(row, state, pressed, at)
    if state in _TAKEN:
        announce(
            CallTaken(
                delivery_id=row.pk,
                kind=row.kind,
                subject_kind=row.subject_kind,
                subject_id=row.subject_id,
                pressed=pressed if state is CallState.PRESSED else "",
                at=at,
            )
        )
        return True
    _go_on(row, state, at)
    return True


def _keep(row: Delivery, state: CallState, pressed: str, at: datetime) -> None:
    row.receipt = f"{state}:{pressed}" if state is CallState.PRESSED else state.value
    row.receipt_at = at
    row.save(update_fields=["receipt", "receipt_at"])


def _go_on(row: Delivery, state: CallState, at: datetime) -> None:
    """Rings again, takes the next way, or has failed, visibly."""
    pause = call_again(state, calls=calls_so_far(row)) if row.chain else None
    if pause is not None and not Delivery.objects.filter(after=row).exists():
        ring_again(delivery=row, after=pause, at=at)
        return
    if fall_back(delivery_id=row.pk, at=at) is not None:
        return
    row.state = Delivery.State.FAILED
    row.save(update_fields=["state"])
    error = f"call: {state.lower()}"
    DeliveryAttempt.objects.create(
        delivery=row, at=at, outcome=DeliveryAttempt.Outcome.REFUSED, error=error, took_ms=0
    )
    announce(
        DeliveryFailed(
            delivery_id=row.pk,
            kind=row.kind,
            channel=row.channel,
            error=error,
            case_id=int(row.subject_id) if row.subject_kind == CASE else None,
            at=at,
        )
    )


def give_up_unheard(*, at: datetime, limit: int) -> int:
    """Calls of which no gateway said anything for half an hour count as not taken; how many."""
    silent = Delivery.objects.filter(
        channel=VOICE, state=Delivery.State.SENT, receipt="", sent_at__lte=at - HEARD_WITHIN
    )
    found = list(silent.order_by("sent_at").values_list("notice_id", flat=True)[:limit])
    for notice_id in found:
        hear_call(notice_id=notice_id, state=CallState.UNHEARD, pressed="", at=at)
    return len(found)
