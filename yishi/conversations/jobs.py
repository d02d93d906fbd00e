"""Held messages whose time has come; letters that wait in a mailbox."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from yishi.conversations.actions.say import send_held
from yishi.conversations.actions.take_in import incoming_of, take_in
from yishi.conversations.models.messages import Message
from yishi.conversations.models.talk import ChannelAccount
from yishi.conversations.port import PluginError
from yishi.conversations.queries.accounts import account_card, fetchers

log = logging.getLogger(__name__)

FETCH_EVERY = timedelta(seconds=30)
AFTER_A_FAULT = timedelta(minutes=2)
LETTERS_AT_ONCE = 50


def sweep_due_messages(*, at: datetime, limit: int = 100) -> int:
    """Sends held messages whose time has come; returns how many."""
    due = Message.objects.filter(due_at__lte=at).order_by("due_at").values_list("pk", flat=True)[:limit]
    return sum(send_held(message_id=pk, at=at) for pk in list(due))


def sweep_due_accounts(*, at: datetime, limit: int = 5) -> int:
    """Fetches from mailboxes that are due; returns how many letters were taken in."""
    return sum(_fetch(pk, at=at) for pk in _claim(at, limit))


def _claim(at: datetime, limit: int) -> list[int]:
    with transaction.atomic():
        rows = ChannelAccount.objects.select_for_update(skip_locked=True).filter(due_at__lte=at)
        ids = list(rows.order_by("due_at").values_list("pk", flat=True)[:limit])
        # while it is fetched nobody else fetches it; when this worker dies, the next one does
        ChannelAccount.objects.filter(pk__in=ids).update(due_at=at + AFTER_A_FAULT)
    return ids


def _fetch(account_id: int, *, at: datetime) -> int:
    account = ChannelAccount.objects.get(pk=account_id)
    card, fetcher = account_card(account), fetchers()[account.plugin]
    taken = 0
    try:
        for letter in fetcher.fetch(card.settings, most=LETTERS_AT_ONCE):
            incoming = incoming_of(
                card, body=letter.body, content_type=letter.content_type, headers={}, at=at
            )
            # stored with us before the mailbox is told: a letter may come twice, it is never lost
            take_in(card=card, incoming=incoming, at=at)
            fetcher.done(card.settings, [letter.place])
            taken += 1
    except PluginError as error:
        log.warning("mailbox cannot be fetched", extra={"account": card.code})
        paused = {"is_paused": True, "due_at": None} if error.permanent else {}
        ChannelAccount.objects.filter(pk=account_id).update(paused_reason=str(error)[:300], **paused)
        return taken
    ChannelAccount.objects.filter(pk=account_id).update(
        due_at=at + (FETCH_EVERY if taken < LETTERS_AT_ONCE else timedelta(0)),
        paused_reason="",
        **({"heard_at": at} if taken else {}),
    )
    return taken
