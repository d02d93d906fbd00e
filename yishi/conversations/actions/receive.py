"""A person wrote: on our page, by a channel, or as staff note it down for him."""

import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yishi.conversations.actions.begin import Begun, Person, address_hash, begin_conversation, join
from yishi.conversations.actions.hold import checked_text, hold_conversation, outlet_code
from yishi.conversations.actions.pieces import want_files
from yishi.conversations.actions.write import Line, write_message
from yishi.conversations.facts import ConversationQueued, MessageReceived, ReplyAwaited
from yishi.conversations.models.messages import Attachment, Message
from yishi.conversations.models.talk import ChannelAccount, Conversation, Participant
from yishi.conversations.port import Said
from yishi.conversations.rules import (
    BY_HAND,
    LETTERS_AN_HOUR,
    MESSAGES_A_MINUTE,
    MESSAGES_AN_HOUR,
    Author,
    Channel,
    MessageKind,
    MessageState,
    State,
    Thread,
    state_after_writing,
    thread_of,
)
from yishi.kit.errors import Refusal, TooMany
from yishi.kit.facts import announce
from yishi.kit.files import MAX_BYTES, Upload, read_upload, store_upload
from yishi.kit.hot import hot_cursor
from yishi.kit.idempotency import KeyReused
from yishi.kit.models import StoredFile
from yishi.kit.phrases import Phrase
from yishi.kit.ratelimit import check_rate, check_rates
from yishi.kit.texts import clean_text
from yishi.shipments.rules.waybills import normalise_waybill_no

_SPEAKER = """
SELECT id FROM conversations_participant
 WHERE conversation_id = %s AND kind = 'CONSUMER' AND (%s::bigint IS NULL OR id = %s) ORDER BY id LIMIT 1
"""
# kept of what no channel of ours limits: the rest of a text stays in the raw body
MOST_OF_A_CHANNEL = 20_000


@dataclass(frozen=True)
class Received:
    """`is_new` is False where the channel gave the same message before."""

    conversation_id: int
    message_id: int
    state: str
    is_new: bool = True


@transaction.atomic
def receive(
    *,
    conversation_id: int,
    text: str,
    at: datetime,
    uploads: Sequence[Upload] = (),
    kind: MessageKind = MessageKind.TEXT,
    participant_id: int | None = None,
    external_id: str = "",
    phrase: Phrase | None = None,
) -> Received:
    """What a person writes on our page. At most 20 a minute and 200 an hour.

    `external_id` is the page's or program's own number of it: the same again is the same message, and costs
    nobody's limit. Raises NotFound, Invalid (nothing in it, too long), TooMany, KeyReused (the number of a
    message that said something else), and the refusals of files.
    """
    kept = checked_text(text, is_required=not uploads)
    held = hold_conversation(conversation_id=conversation_id)
    if external_id and (known := _said_here(held, external_id)) is not None:
        _check_same(known, kept, uploads)
        return Received(held.pk, known.pk, held.state, is_new=False)
    limits = ((MESSAGES_A_MINUTE, 60), (MESSAGES_AN_HOUR, 3600))
    check_rates(kind="chat", key=str(held.pk), limits=limits, at=at)
    files = [store_upload(upload=each, retention_class="EVIDENCE", at=at) for each in uploads]
    speaker = (
        hot_cursor().execute(_SPEAKER, [held.pk, participant_id, participant_id], prepare=True).fetchone()
    )
    assert speaker is not None, "a conversation begins with who speaks"
    line = Line(
        author_kind=Author.CONSUMER,
        kind=kind if kept or not files else _kind_of(files[0]),
        text=kept,
        state=MessageState.RECEIVED,
        channel=held.channel,
        participant_id=speaker[0],
        external_id=external_id,
        data={"phrase": phrase.kept()} if phrase else None,
    )
    return _take(held, line, files, at=at)


def _said_here(held: Conversation, external_id: str) -> Message | None:
    return Message.objects.filter(conversation=held, account=None, external_id=external_id).first()


def _check_same(known: Message, text: str, uploads: Sequence[Upload]) -> None:
    """Raises KeyReused unless text and files are those of the first time."""
    files = Attachment.objects.filter(message=known).order_by("pk")
    kept = [bytes(digest or b"") for digest in files.values_list("file__intake_sha256", flat=True)]
    given = [hashlib.sha256(read_upload(upload=each, most=MAX_BYTES)).digest() for each in uploads]
    if known.text != text or kept != given:
        raise KeyReused


def _kind_of(file: StoredFile) -> MessageKind:
    first = file.content_type.partition("/")[0]
    return {"image": MessageKind.PICTURE, "audio": MessageKind.VOICE}.get(first, MessageKind.FILE)


@transaction.atomic
def hear(*, account: ChannelAccount, said: Said, at: datetime) -> Received:
    """What a person writes by a channel: continues his matter or begins a new one; once a message.

    Never refused: too long a text is cut with a word about it, a file that we cannot keep is named in it.
    """
    before = _heard_before(account, said)
    if before is not None and said.data.get("fingerprint") != before.data.get("fingerprint"):
        # some programs give every letter the same number: another letter is another message
        said = replace(said, external_id=f"{said.external_id} {said.data.get('fingerprint')}")
        before = _heard_before(account, said)
    if before is not None:
        return Received(before.conversation_id, before.pk, before.conversation.state, is_new=False)
    person = Person(
        channel=Channel(account.channel), address=said.address, room=said.room, name=clean_text(said.name)[0]
    )
    if _is_flooding(account, said.address, at):
        # kept, and never answered: two machines must not write to each other for ever
        said = replace(said, is_automatic=True)
    held, speaker = _thread(account, said, person, at=at)
    files, lost = _keep_files(said, at=at)
    words = clean_text(said.text)[0]
    if len(words) > MOST_OF_A_CHANNEL:
        words = words[:MOST_OF_A_CHANNEL] + "…" + _("（太长，只显示开头，全文已保存）")
    line = Line(
        author_kind=Author.CONSUMER,
        kind=said.kind if words or not files else _kind_of(files[0]),
        text="\n".join([words, *lost]).strip(),
        state=MessageState.RECEIVED,
        channel=account.channel,
        participant_id=speaker.pk,
        account_id=account.pk,
        data={**said.data, **({"key": said.key} if said.key else {})},
        external_id=said.external_id,
        is_automatic=said.is_automatic,
    )
    received = _take(held, line, files, at=at, is_assisted=account.has_assistant)
    if received.is_new:
        want_files(message_id=received.message_id, files=said.files, at=at)
    return received


def _is_flooding(account: ChannelAccount, address: str, at: datetime) -> bool:
    """Whether more letters come from an address than a person writes: a machine that does not say so."""
    if account.channel != Channel.EMAIL:
        return False
    try:
        check_rate(kind="letters", key=address.lower(), limit=LETTERS_AN_HOUR, window_s=3600, at=at)
    except TooMany:
        return True
    return False


def _heard_before(account: ChannelAccount, said: Said) -> Message | None:
    if not said.external_id:
        return None
    return Message.objects.filter(account=account, external_id=said.external_id).first()


def _thread(
    account: ChannelAccount, said: Said, person: Person, *, at: datetime
) -> tuple[Conversation, Participant]:
    numbers = normalise_waybill_no(str(said.data.get("waybill_no", ""))) or ""
    found = thread_of(_threads(account, said, person), waybill_no=numbers, at=at)
    if found is not None:
        held = hold_conversation(conversation_id=found.conversation_id)
        return held, join(held, person=person, account=account)
    begun: Begun = begin_conversation(
        person=person,
        account=account,
        at=at,
        entry_point=account.code,
        waybill_no=numbers,
        subject=clean_text(said.subject)[0],
        is_assisted=account.has_assistant and not said.is_automatic,
    )
    return begun.conversation, Participant.objects.get(pk=begun.participant_id)


def _threads(account: ChannelAccount, said: Said, person: Person) -> list[Thread]:
    found: list[Thread] = []
    if said.answers:
        ours = Message.objects.filter(message_no__in=[a for a in said.answers if is_number(a)])
        theirs = Message.objects.filter(account=account, external_id__in=[a for a in said.answers if a])
        found += [_as_thread(each.conversation, "REPLY") for each in (*ours, *theirs)]
    same = Participant.objects.filter(
        channel=person.channel, address_hash=address_hash(person.channel, person.address)
    ).select_related("conversation")
    # an answer quoted by somebody else is no key to another person's conversation
    known = {each.conversation_id for each in same}
    found = [each for each in found if each.conversation_id in known]
    newest = same.order_by("-conversation__last_message_at")[:10]
    return found + [_as_thread(each.conversation, "ADDRESS") for each in newest]


_NUMBER = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}")


def is_number(text: str) -> bool:
    """Whether it can be the number of a message of ours; anything may stand in what a letter answers."""
    return _NUMBER.fullmatch(text) is not None


def _as_thread(talk: Conversation, found_by: str) -> Thread:
    return Thread(talk.pk, talk.state, talk.last_message_at, talk.waybill_no, found_by)


def _keep_files(said: Said, *, at: datetime) -> tuple[list[StoredFile], list[str]]:
    """Kept files, and a line for each that cannot be kept (too large, no kind of ours)."""
    kept, lost = [], []
    for given in said.files:
        if not given.body:
            continue
        upload = Upload(name=given.name, content_type=given.content_type, stream=io.BytesIO(given.body))
        try:
            with transaction.atomic():
                kept.append(store_upload(upload=upload, retention_class="EVIDENCE", at=at))
        except Refusal as refused:
            lost.append(
                _("［附件 %(name)s 没有收下：%(why)s］") % {"name": given.name[:80], "why": refused.title}
            )
    return kept, lost


def _take(
    held: Conversation, line: Line, files: Sequence[StoredFile], *, at: datetime, is_assisted: bool = True
) -> Received:
    was_over, had_agent = not held.is_open, held.assignee_id is not None
    if not line.is_automatic:
        held.state = state_after_writing(held.state, has_agent=had_agent, is_assisted=is_assisted)
        # an automatic answer is no word of his: what was to end still ends
        held.ended_at = held.silent_at = None
        held.ended_for = ""
    held.channel = line.channel
    begins_to_wait = held.state != State.ASSISTANT and held.awaiting_since is None and not line.is_automatic
    if begins_to_wait:
        held.awaiting_since = at
        held.queued_at = held.queued_at or at
    message_id = write_message(held, line, at=at)
    if message_id is None:
        known = Message.objects.get(account_id=line.account_id, external_id=line.external_id)
        return Received(known.conversation_id, known.pk, held.state, is_new=False)
    Attachment.objects.bulk_create([Attachment(message_id=message_id, file=file) for file in files])
    _tell(held, line, message_id, at=at, begins_to_wait=begins_to_wait, was_over=was_over)
    return Received(held.pk, message_id, held.state)


def _tell(
    held: Conversation, line: Line, message_id: int, *, at: datetime, begins_to_wait: bool, was_over: bool
) -> None:
    place = outlet_code(held)
    announce(
        MessageReceived(
            conversation_id=held.pk,
            outlet_code=place,
            message_id=message_id,
            channel=line.channel,
            state=held.state,
            is_automatic=line.is_automatic,
            at=at,
        )
    )
    if held.state == State.QUEUED and (was_over or begins_to_wait):
        announce(
            ConversationQueued(
                conversation_id=held.pk,
                outlet_code=place,
                skill=held.skill,
                reason="WROTE_AGAIN" if was_over else "NO_ASSISTANT",
                at=at,
            )
        )
    if begins_to_wait and line.channel not in BY_HAND:
        announce(ReplyAwaited(conversation_id=held.pk, outlet_code=place, message_id=message_id, at=at))


def note_down(*, person: Person, text: str | Phrase, at: datetime, waybill_no: str = "") -> Received:
    """What staff note for somebody who rang, came in or wrote in a private group; no assistant answers. A
    phrase: Yishi itself notes it, and each reader reads it in his language."""
    if person.channel not in BY_HAND:
        person = replace(person, channel=Channel.PHONE)
    with transaction.atomic():
        begun = begin_conversation(
            person=person, at=at, waybill_no=waybill_no, entry_point="desk", is_assisted=False
        )
        phrase = text if isinstance(text, Phrase) else None
        said = phrase.plain() if phrase else str(text)
        return receive(
            conversation_id=begun.id, text=said, at=at, participant_id=begun.participant_id, phrase=phrase
        )
