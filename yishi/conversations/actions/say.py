"""We answer: an agent or the assistant; at once or at a later time; or a colleague leaves an inner note."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from yishi.conversations.actions.hold import (
    check_may_write,
    checked_text,
    hold_conversation,
    keep,
    outlet_code,
    tell,
)
from yishi.conversations.actions.mentions import call_colleagues
from yishi.conversations.actions.silence import waits_until
from yishi.conversations.actions.write import Line, write_message
from yishi.conversations.facts import ConversationTaken, MessageNotDelivered, MessageSaid, ReplyGiven
from yishi.conversations.models.messages import Attachment, Draft, Message
from yishi.conversations.models.talk import Conversation, Participant
from yishi.conversations.rules import BY_HAND, Author, Channel, MessageKind, MessageState, State, moves_on
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.kit.models import StoredFile
from yishi.people.queries import person_of
from yishi.people.rules import Viewer

MOST_AHEAD = timedelta(days=30)
AT_ONCE = frozenset({Channel.WEB, *BY_HAND})
"""Shown or said by us here; every other channel is sent by a Delivery."""


class SomebodyElseAnswers(Refusal):
    """这次会话由%(name)s接待，先接过来再回复"""

    code = "somebody_else_answers"


class AlreadySent(Refusal):
    """这条已经发出去了"""

    code = "already_sent"


@transaction.atomic
def say(
    *,
    conversation_id: int,
    text: str,
    by: Viewer | None,
    at: datetime,
    options: Sequence[Any] = (),
    data: Mapping[str, Any] | None = None,
    files: Sequence[StoredFile] = (),
    answers_id: int | None = None,
    send_at: datetime | None = None,
    version: int | None = None,
    is_check: bool = False,
) -> int:
    """Says something to the person; `by` None is the assistant. `send_at` holds it. Returns its id.

    `is_check`: it asks whether the matter is settled; who says nothing to that has no more to say.

    An agent who answers takes the conversation where nobody has it. Two at once: the second is told
    (SomebodyElseAnswers, or Stale where he names the version that he saw). Raises Invalid, NotFound,
    NotAllowed, ConversationIsOver (the assistant only: a person may always say one thing more).
    """
    kept = checked_text(text, is_required=not files)
    held = hold_conversation(conversation_id=conversation_id, version=version, must_be_open=by is None)
    if by is not None:
        _take_if_free(held, by, at)
    if send_at is not None and not at < send_at <= at + MOST_AHEAD:
        raise Invalid([("/send_at", "time_out_of_range", "要选 30 天以内、现在以后的时间")])
    return _say(
        held,
        kept,
        by=by,
        at=at,
        options=options,
        data=data,
        files=files,
        answers=answers_id,
        due=send_at,
        is_check=is_check,
    )


def _take_if_free(held: Conversation, by: Viewer, at: datetime) -> None:
    check_may_write(by)
    me = person_of(by)
    if held.state == State.WITH_AGENT and held.assignee_id != me:
        assert held.assignee is not None
        raise SomebodyElseAnswers(name=held.assignee.name or held.assignee.username)
    if held.state != State.WITH_AGENT:
        held.state, held.assignee_id, held.ended_at, held.ended_for = State.WITH_AGENT, me, None, ""
        held.save(update_fields=["assignee_id"])
        announce(
            ConversationTaken(
                conversation_id=held.pk, outlet_code=outlet_code(held), agent_id=me, is_by_hand=True, at=at
            )
        )


def _say(
    held: Conversation,
    text: str,
    *,
    by: Viewer | None,
    at: datetime,
    options: Sequence[Any],
    data: Mapping[str, Any] | None,
    files: Sequence[StoredFile],
    answers: int | None,
    due: datetime | None,
    is_check: bool,
) -> int:
    to = Participant.objects.filter(conversation=held, kind=Author.CONSUMER, channel=held.channel)
    whom = to.order_by("-wrote_at", "-pk").first()
    is_person, was_waiting = by is not None, held.awaiting_since is not None
    if is_person and due is None:
        note_wait(held, at)
        held.awaiting_since = None
        held.first_replied_at = held.first_replied_at or at
    if due is None:
        held.silent_at = waits_until(held, is_check=is_check, at=at)
    message_id = write_message(
        held,
        Line(
            author_kind=Author.AGENT if is_person else Author.ASSISTANT,
            author_id=person_of(by) if by is not None else None,
            kind=MessageKind.TEXT,
            text=text,
            state=MessageState.HELD if due else _state_when_said(held.channel),
            channel=held.channel,
            participant_id=None,
            account_id=whom.account_id if whom else None,
            options=options,
            data={**(data or {}), "is_check": True} if is_check else data,
            answers_id=answers,
            due_at=due,
        ),
        at=at,
    )
    assert message_id is not None
    Attachment.objects.bulk_create([Attachment(message_id=message_id, file=file) for file in files])
    if due is None:
        _announce_said(held, message_id, is_person=is_person, was_waiting=was_waiting, at=at)
    if by is not None:
        Draft.objects.filter(conversation=held, user_id=person_of(by)).delete()
    return message_id


def note_wait(held: Conversation, at: datetime) -> None:
    """How long the person waited for the first answer of a person, where this is it."""
    if held.awaiting_since is not None and held.first_replied_at is None:
        held.waited_s = max(0, int((at - held.awaiting_since).total_seconds()))
        held.save(update_fields=["waited_s"])


def _state_when_said(channel: str) -> MessageState:
    return MessageState.SENT if channel in AT_ONCE else MessageState.QUEUED


def _announce_said(
    held: Conversation, message_id: int, *, is_person: bool, was_waiting: bool, at: datetime
) -> None:
    place = outlet_code(held)
    author = Author.AGENT if is_person else Author.ASSISTANT
    announce(
        MessageSaid(
            conversation_id=held.pk,
            outlet_code=place,
            message_id=message_id,
            channel=held.channel,
            author_kind=author,
            at=at,
        )
    )
    if is_person and was_waiting:
        announce(ReplyGiven(conversation_id=held.pk, outlet_code=place, at=at))


@transaction.atomic
def send_held(*, message_id: int, at: datetime) -> bool:
    """Sends a held message whose time has come; False where it was withdrawn or sent before."""
    found = Message.objects.filter(pk=message_id).values_list("conversation_id", flat=True).first()
    if found is None:
        return False
    held = hold_conversation(conversation_id=found)
    message = Message.objects.select_for_update().get(pk=message_id)
    if message.state != MessageState.HELD or message.due_at is None or message.due_at > at:
        return False
    message.state, message.due_at, message.at = _state_when_said(held.channel), None, at
    message.channel = held.channel
    message.save(update_fields=["state", "due_at", "at", "channel"])
    note_wait(held, at)
    was_waiting, held.awaiting_since = held.awaiting_since is not None, None
    held.first_replied_at, held.last_message_at = held.first_replied_at or at, at
    held.silent_at = waits_until(held, is_check=False, at=at)
    keep(held, "awaiting_since", "first_replied_at", "last_message_at", "silent_at")
    _announce_said(held, message.pk, is_person=True, was_waiting=was_waiting, at=at)
    return True


@transaction.atomic
def withdraw_held(*, message_id: int, by: Viewer, at: datetime) -> None:
    """A held message is not sent. Raises NotFound, NotAllowed, AlreadySent."""
    check_may_write(by)
    message = Message.objects.select_for_update().filter(pk=message_id, author_kind=Author.AGENT).first()
    if message is None:
        raise NotFound()
    if message.state != MessageState.HELD:
        raise AlreadySent
    message.state, message.due_at = MessageState.WITHDRAWN, None
    message.save(update_fields=["state", "due_at"])
    tell(message.conversation)


@transaction.atomic
def add_inner_note(
    *, conversation_id: int, text: str, by: Viewer, at: datetime, mentioned: Sequence[int] = ()
) -> int:
    """A line between colleagues, never sent; `mentioned` are colleagues who are called to it."""
    check_may_write(by)
    held = hold_conversation(conversation_id=conversation_id)
    message_id = write_message(
        held,
        Line(
            author_kind=Author.AGENT,
            author_id=person_of(by),
            kind=MessageKind.NOTE,
            text=checked_text(text),
            state=MessageState.SENT,
            channel=held.channel,
            data={"mentioned": list(mentioned)},
        ),
        at=at,
    )
    assert message_id is not None
    call_colleagues(
        conversation_id=held.pk,
        user_ids=mentioned,
        kind="NOTE",
        message_id=message_id,
        by_user_id=person_of(by),
        at=at,
    )
    return message_id


@transaction.atomic
def note_receipt(*, message_id: int, state: MessageState, reason: str = "", at: datetime) -> bool:
    """What became of a message that we sent; a receipt that tells nothing new changes nothing."""
    message = Message.objects.select_for_update().filter(pk=message_id).first()
    if message is None or not moves_on(message.state, state):
        return False
    message.state, message.failed_for = state, reason[:300]
    message.save(update_fields=["state", "failed_for"])
    held = message.conversation
    tell(held)
    if state == MessageState.FAILED:
        announce(
            MessageNotDelivered(
                conversation_id=held.pk,
                outlet_code=outlet_code(held),
                message_id=message.pk,
                reason=reason[:300],
                at=at,
            )
        )
    return True


@transaction.atomic
def note_sent(*, message_id: int, sent_as: str, error: str, at: datetime) -> None:
    """A gateway took a message of ours, or it was given up; `sent_as` is what later receipts name it by."""
    if sent_as:
        message = Message.objects.select_for_update().filter(pk=message_id).first()
        if message is not None:
            message.data = {**message.data, "sent_as": sent_as}
            message.save(update_fields=["data"])
    state = MessageState.FAILED if error else MessageState.SENT
    note_receipt(message_id=message_id, state=state, reason=error, at=at)
