"""A body came in by a channel: kept as it is, read by its plug-in, and each message heard. The only path."""

import hashlib
import json
import logging
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from yishi.conversations.actions.calls import hear_call
from yishi.conversations.actions.pieces import join_parts, keep_part
from yishi.conversations.actions.receive import hear, is_number
from yishi.conversations.actions.say import note_receipt
from yishi.conversations.facts import ReceiptHeard
from yishi.conversations.models.messages import Message, RawMessage
from yishi.conversations.models.talk import ChannelAccount
from yishi.conversations.port import Heard, Incoming, Receipt, Said, Unreadable
from yishi.conversations.queries.accounts import AccountCard, account_card
from yishi.conversations.rules import MessageState
from yishi.kit.errors import NotFound
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor
from yishi.kit.personal import decrypt, encrypt, seal

log = logging.getLogger(__name__)

LATE = timedelta(minutes=2)
"""Taken in so long after it came, a message says when it came."""
_MAIL_ADDRESS = re.compile(r"[^\s<>()\"']+@[^\s<>()\"']+")


@dataclass(frozen=True)
class TakenIn:
    """What became of one body: new messages, repeats, and whether it could be read."""

    raw_id: int
    message_ids: tuple[int, ...] = ()
    repeats: int = 0
    is_quarantined: bool = False


def incoming_of(
    card: AccountCard, *, body: bytes, content_type: str, headers: dict[str, str], at: datetime
) -> Incoming:
    """What a plug-in gets to see of a body."""
    zone = ZoneInfo(settings.ENVIRONMENT.time_zone)
    return Incoming(body, content_type, headers, card.settings, at, zone)


@transaction.atomic
def take_in(*, card: AccountCard, incoming: Incoming, at: datetime) -> TakenIn:
    """Keeps the body and hears what it holds; the same body again changes nothing. Never lost: what cannot
    be read is quarantined in the same commit."""
    raw_id, times, state = _keep(card, incoming, at=at)
    # once a minute: pushes at the same time do not wait for this row
    heard = Q(heard_at__isnull=True) | Q(heard_at__lt=at - timedelta(minutes=1))
    ChannelAccount.objects.filter(heard, pk=card.id).update(heard_at=at)
    if times > 1:
        return TakenIn(raw_id, repeats=1, is_quarantined=state == "QUARANTINED")
    return read_body(RawMessage.objects.defer("body", "headers").get(pk=raw_id), card, incoming, at=at)


@transaction.atomic
def keep_waiting(*, card: AccountCard, incoming: Incoming, at: datetime) -> None:
    """Keeps a body that comes while the channel is paused, or while others still wait: `waiting` takes them
    in, in their order. The same body again is the same one."""
    _keep(card, incoming, at=at, state="WAITING")


# one row of an account is never locked for a whole body: many pushes at once do not queue
_KEEP = """
INSERT INTO conversations_raw_message
    (account_id, body, body_hash, content_type, headers, state, reason, detail, times_received, received_at)
VALUES (%s, %b, %b, %s, %b, %s, '', '', 1, %s)
ON CONFLICT (account_id, body_hash)
DO UPDATE SET times_received = conversations_raw_message.times_received + 1
RETURNING id, times_received, state
"""


def _keep(
    card: AccountCard, incoming: Incoming, *, at: datetime, state: str = "TAKEN"
) -> tuple[int, int, str]:
    """The row's id, how often the body has come, and its state. Bytes go as they are: as a literal a large
    letter would need ten times its size."""
    values = [
        card.id,
        encrypt(incoming.body),
        hashlib.sha256(incoming.body).digest()[:16],
        incoming.content_type[:100],
        seal(json.dumps(dict(incoming.headers))),
        state,
        at,
    ]
    row = hot_cursor().execute(_KEEP, values).fetchone()
    assert row is not None
    return int(row[0]), int(row[1]), str(row[2])


def read_body(raw: RawMessage, card: AccountCard, incoming: Incoming, *, at: datetime) -> TakenIn:
    """Reads a body that is kept and hears what it holds; one that cannot be read is quarantined."""
    try:
        with transaction.atomic():
            heard = card.reader.read(incoming)
            ids, repeats = _hear(card, heard, came_at=incoming.at, at=at)
    except Unreadable as unreadable:
        return _quarantine(raw, unreadable.reason, unreadable.detail)
    except (ValueError, TypeError, KeyError, IndexError, LookupError, RecursionError) as fault:
        # a plug-in's own fault must lose nothing and hold up nobody
        log.exception("channel plug-in failed", extra={"account": card.code})
        return _quarantine(raw, "plugin_failed", type(fault).__name__)
    return TakenIn(raw.pk, ids, repeats)


def _quarantine(raw: RawMessage, reason: str, detail: str) -> TakenIn:
    raw.state, raw.reason = "QUARANTINED", reason[:60]
    raw.detail = _MAIL_ADDRESS.sub("…", detail)[:300]
    raw.save(update_fields=["state", "reason", "detail"])
    return TakenIn(raw.pk, is_quarantined=True)


def _hear(card: AccountCard, heard: Heard, *, came_at: datetime, at: datetime) -> tuple[tuple[int, ...], int]:
    account = ChannelAccount.objects.get(pk=card.id)
    told = [_with_its_time(one, came_at, at) for one in heard.said]
    whole = [keep_part(account=account, said=one, at=at) if one.part else one for one in told]
    received = [hear(account=account, said=said, at=at) for said in whole if said is not None]
    for news in heard.calls:
        hear_call(account=account, news=news, at=at)
    for receipt in heard.receipts:
        _note(receipt, account, at=at)
    new = tuple(each.message_id for each in received if each.is_new)
    return new, len(received) - len(new)


def _with_its_time(said: Said, came_at: datetime, at: datetime) -> Said:
    """Whoever answers sees how long it has lain here."""
    return replace(said, data={**said.data, "came_at": came_at.isoformat()}) if at - came_at > LATE else said


def _note(receipt: Receipt, account: ChannelAccount, *, at: datetime) -> None:
    named = Q(data__sent_as=receipt.reference)
    if is_number(receipt.reference):
        named |= Q(message_no=receipt.reference)
    found = Message.objects.filter(named, account=account).first()
    if found is not None:
        note_receipt(message_id=found.pk, state=MessageState(receipt.state), reason=receipt.reason, at=at)
    elif receipt.reference:
        # of something else that went out: who sent it knows what it was
        announce(
            ReceiptHeard(
                account_id=account.pk,
                reference=receipt.reference,
                state=receipt.state,
                reason=_MAIL_ADDRESS.sub("…", receipt.reason)[:200],
                at=at,
            )
        )


@transaction.atomic
def join_late_parts(*, account_id: int, of_what: str, at: datetime) -> bool:
    """A message whose other pieces never came is heard as far as it goes."""
    account = ChannelAccount.objects.get(pk=account_id)
    said = join_parts(account_id=account_id, of_what=of_what, at=at)
    return said is not None and hear(account=account, said=said, at=at).is_new


@transaction.atomic
def read_again(*, raw_id: int, at: datetime) -> TakenIn:
    """A quarantined body is read again, after its plug-in was mended. Raises NotFound."""
    raw = RawMessage.objects.select_for_update().filter(pk=raw_id, state="QUARANTINED").first()
    if raw is None:
        raise NotFound()
    card = account_card(raw.account)
    incoming = incoming_of(
        card,
        body=decrypt(bytes(raw.body)),
        content_type=raw.content_type,
        headers=json.loads(raw.headers or "{}"),
        at=raw.received_at,
    )
    taken = read_body(raw, card, incoming, at=at)
    if not taken.is_quarantined:
        raw.state, raw.reason, raw.detail = "REPLAYED", "", ""
        raw.save(update_fields=["state", "reason", "detail"])
    return taken
