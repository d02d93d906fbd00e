"""Held messages whose time has come, conversations that fell silent; letters, files and pieces waited for."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from yishi.conversations.actions.pieces import keep_file, note_not_fetched
from yishi.conversations.actions.recordings import keep_recording, note_no_recording
from yishi.conversations.actions.say import send_held
from yishi.conversations.actions.silence import end_silent
from yishi.conversations.actions.take_in import incoming_of, join_late_parts, take_in
from yishi.conversations.actions.waiting import take_in_waiting
from yishi.conversations.facts import AccountStopped
from yishi.conversations.models.calls import Recording
from yishi.conversations.models.messages import Message, RawMessage
from yishi.conversations.models.pieces import MessagePart, PendingFile
from yishi.conversations.models.talk import ChannelAccount, Conversation
from yishi.conversations.port import GivenFile, PluginError
from yishi.conversations.queries.accounts import account_card, fetchers, find_account, media
from yishi.kit.facts import announce

log = logging.getLogger(__name__)

FETCH_EVERY = timedelta(seconds=30)
AFTER_A_FAULT = timedelta(minutes=2)
LETTERS_AT_ONCE = 50


def sweep_due_messages(*, at: datetime, limit: int = 100) -> int:
    """Sends held messages whose time has come; returns how many."""
    due = Message.objects.filter(due_at__lte=at).order_by("due_at").values_list("pk", flat=True)[:limit]
    return sum(send_held(message_id=pk, at=at) for pk in list(due))


def sweep_silent_talks(*, at: datetime, limit: int = 50) -> int:
    """Ends conversations whose person has said nothing for long enough; returns how many were looked at."""
    due = Conversation.objects.filter(silent_at__lte=at).order_by("silent_at")
    ids = list(due.values_list("pk", flat=True)[:limit])
    for pk in ids:
        end_silent(conversation_id=pk, at=at)
    return len(ids)


def sweep_due_accounts(*, at: datetime, limit: int = 5) -> int:
    """Fetches from mailboxes that are due; returns how many letters were taken in."""
    return sum(_fetch(pk, at=at) for pk in _claim(at, limit))


def sweep_late_parts(*, at: datetime, limit: int = 50) -> int:
    """Hears long messages whose missing pieces have been waited for long enough; returns how many."""
    late = MessagePart.objects.filter(due_at__lte=at).values_list("account_id", "of_what").distinct()
    return sum(join_late_parts(account_id=pk, of_what=of, at=at) for pk, of in list(late[:limit]))


def sweep_due_files(*, at: datetime, limit: int = 10) -> int:
    """Fetches files that a channel keeps for us; returns how many came."""
    return sum(_fetch_file(pk, at=at) for pk in _claimed(PendingFile, at=at, limit=limit))


def sweep_due_recordings(*, at: datetime, limit: int = 10) -> int:
    """Fetches recordings that call centres have named; returns how many came."""
    return sum(_fetch_recording(pk, at=at) for pk in _claimed(Recording, at=at, limit=limit))


@transaction.atomic
def _claimed(model: type[PendingFile | Recording], *, at: datetime, limit: int) -> list[int]:
    """What is due and nobody else fetches; put off, so that a killed worker's comes round again."""
    rows = model._default_manager.select_for_update(skip_locked=True).filter(due_at__lte=at)
    ids = list(rows.order_by("due_at").values_list("pk", flat=True)[:limit])
    model._default_manager.filter(pk__in=ids).update(due_at=at + AFTER_A_FAULT)
    return ids


def _fetch_file(pending_id: int, *, at: datetime) -> bool:
    pending = PendingFile.objects.select_related("message").get(pk=pending_id)
    given = _fetched(
        pending.message.account_id,
        pending.reference,
        partial(note_not_fetched, pending_id=pending_id, at=at),
    )
    return given is not None and keep_file(pending_id=pending_id, given=given, at=at)


def _fetch_recording(recording_id: int, *, at: datetime) -> bool:
    wanted = Recording.objects.select_related("call").get(pk=recording_id)
    given = _fetched(
        wanted.call.account_id,
        wanted.reference,
        partial(note_no_recording, recording_id=recording_id, at=at),
    )
    return given is not None and keep_recording(recording_id=recording_id, given=given, at=at)


def _fetched(account_id: int | None, reference: str, note: Callable[..., object]) -> GivenFile | None:
    """What the channel has under this reference; None where it gave nothing, which is noted."""
    card = find_account(account_id or 0)
    client = media().get(card.plugin) if card is not None else None
    if card is None or client is None:
        note(reason="no way in", is_final=True)
        return None
    try:
        return client.fetch_file(card.settings, reference)
    except PluginError as error:
        note(reason=str(error), is_final=error.permanent)
        return None


def sweep_waiting(*, at: datetime, limit: int = 100) -> int:
    """Takes in what came while channels were paused that are not any more, each channel's in its order."""
    waiting = RawMessage.objects.filter(state="WAITING", account__is_paused=False).order_by()
    taken = 0
    for account_id in list(waiting.values_list("account_id", flat=True).distinct()):
        while taken < limit and take_in_waiting(account_id=account_id, at=at):
            taken += 1
    return taken


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
        _note_fault(account, error, at=at)
        return taken
    ChannelAccount.objects.filter(pk=account_id).update(
        due_at=at + (FETCH_EVERY if taken < LETTERS_AT_ONCE else timedelta(0)),
        paused_reason="",
        **({"heard_at": at} if taken else {}),
    )
    return taken


@transaction.atomic
def _note_fault(account: ChannelAccount, error: PluginError, *, at: datetime) -> None:
    """Shown with the account; one that refuses us is paused, and whoever keeps it is told."""
    reason = str(error)[:300]
    paused = {"is_paused": True, "due_at": None} if error.permanent else {}
    ChannelAccount.objects.filter(pk=account.pk).update(paused_reason=reason, **paused)
    if error.permanent:
        announce(AccountStopped(account_id=account.pk, code=account.code, reason=reason, at=at))
