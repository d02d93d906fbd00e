"""One turn: a message of a person is understood outside any transaction, answered in one, once.

The engine (`rules.dialogue`) says what is next, the tools (`telling`, `changing`) do it, the policies say it.
"""

import time
from dataclasses import replace
from datetime import datetime

import msgspec
from django.db import transaction

from yishi.assistant.actions import telling
from yishi.assistant.actions.answering import answer_for
from yishi.assistant.actions.book import note_miss
from yishi.assistant.actions.course import Answered, Course, Reply
from yishi.assistant.actions.errands import ANSWER, end_errand
from yishi.assistant.actions.proving import Checked, check_code_of
from yishi.assistant.actions.settle import note_turn
from yishi.assistant.actions.steps import STEPS
from yishi.assistant.facts import TurnTaken
from yishi.assistant.models import Dialogue, Turn
from yishi.assistant.queries.policies import language_of, policies
from yishi.assistant.queries.reading import Reading, read_message
from yishi.assistant.rules.dialogue import is_silent, next_move
from yishi.assistant.rules.moves import Move, State, Waiting
from yishi.consignees.queries import find_contact_ids, phone_of_proof
from yishi.conversations.actions.hand import end_conversation, know_of
from yishi.conversations.actions.say import say
from yishi.conversations.queries.threads import (
    ConversationCard,
    MessageLine,
    get_conversation,
    get_message,
)
from yishi.conversations.rules import SLOW
from yishi.kit.facts import announce
from yishi.shipments.queries.parcels import find_shipment_refs

MOST_STEPS = 6


def take_turn(*, message_id: int, at: datetime) -> Answered:
    """Answers a person's message, or hands over, or stays silent. The same message again: the same answer."""
    conversation_id, message = get_message(message_id)
    known = Turn.objects.filter(message_id=message_id).first()
    if known is not None:
        return _answered(known)
    talk = get_conversation(conversation_id)
    if message.author_kind != "CONSUMER" or is_silent(
        is_automatic=message.is_automatic, state_of_conversation=talk.state
    ):
        return Answered(is_silent=True)
    begun = time.perf_counter()
    state = _state_of(conversation_id)
    reading = read_message(message, state=state, talk=talk, at=at)
    # outside the transaction: a language model may word it
    answer = answer_for(reading, is_english=language_of(talk.language) == "en", at=at)
    reading = replace(reading, answer=answer)
    # a wrong code must count even where the rest fails: it has a transaction of its own
    checked = _checked(state, reading, at=at)
    with transaction.atomic():
        return _take(talk, message, reading, checked, at=at, begun=begun)


def _checked(state: State, reading: Reading, *, at: datetime) -> Checked | None:
    code = reading.read.slots.get("code", "")
    if not code or state.waiting != Waiting("CODE"):
        return None
    return check_code_of(state.slots.get("code_id", ""), code, at=at)


@transaction.atomic
def prove(*, conversation_id: int, proof: str, at: datetime) -> bool:
    """The person brought a proof of his phone along; False where it counts no more."""
    phone = phone_of_proof(proof)
    if not phone:
        return False
    Dialogue.objects.get_or_create(conversation_id=conversation_id, defaults={"at": at})
    row = Dialogue.objects.select_for_update().get(conversation_id=conversation_id)
    state = _revived(row)
    slots = {**state.slots, "proof": proof, "phone": phone}
    row.state = msgspec.json.encode(replace(state, slots=slots, is_proven=True)).decode()
    row.save(update_fields=["state"])
    known = find_contact_ids(phone)
    know_of(conversation_id=conversation_id, is_proven=True, contact_id=known[0] if known else None, at=at)
    return True


def _state_of(conversation_id: int) -> State:
    row = Dialogue.objects.filter(conversation_id=conversation_id).first()
    return _revived(row) if row is not None else State()


def _revived(row: Dialogue) -> State:
    return msgspec.json.decode(row.state, type=State) if row.state else State()


def _take(
    talk: ConversationCard,
    message: MessageLine,
    reading: Reading,
    checked: Checked | None,
    *,
    at: datetime,
    begun: float,
) -> Answered:
    Dialogue.objects.get_or_create(conversation_id=talk.id, defaults={"at": at})
    row = Dialogue.objects.select_for_update().get(conversation_id=talk.id)
    known = Turn.objects.filter(message_id=message.id).first()
    if known is not None:
        return _answered(known)
    talk = get_conversation(talk.id)
    if talk.state != "ASSISTANT":
        return Answered(is_silent=True)
    course = Course(talk, message, reading, at, _known(_revived(row), talk), checked)
    _run(course, next_move(policies(), course.state, reading.read))
    row.state, row.at = msgspec.json.encode(course.state).decode(), at
    row.save(update_fields=["state", "at"])
    return _keep(course, took_ms=(time.perf_counter() - begun) * 1000)


def _known(state: State, talk: ConversationCard) -> State:
    """What the link, the account or the channel tells is not asked for."""
    slots = dict(state.slots)
    if talk.waybill_no and not slots.get("parcel"):
        slots["parcel"] = talk.waybill_no
    proof = slots.get("proof", "")
    phone = phone_of_proof(proof) if proof else ""
    if phone:
        slots["phone"] = phone
    return replace(state, slots=slots, is_proven=bool(phone))


def _run(course: Course, move: Move) -> None:
    for _ in range(MOST_STEPS):
        course.state = move.state
        following = STEPS[move.kind](course, move)
        if following is None:
            return
        move = following


def _keep_replies(course: Course) -> list[int]:
    """What was done stands with the last reply, for pages to show. A letter is one letter."""
    if course.talk.channel in SLOW and course.replies:
        text = "\n\n".join(reply.text for reply in course.replies)
        course.replies = [Reply(text, course.replies[-1].options)]
    asks_if_settled = course.state.waiting == Waiting("CHECK")
    last = len(course.replies) - 1
    return [
        say(
            conversation_id=course.talk.id,
            text=reply.text,
            by=None,
            at=course.at,
            options=reply.options,
            answers_id=course.message.id,
            data={**reply.shows, **({"did": course.actions} if place == last and course.actions else {})},
            is_check=place == last and asks_if_settled,
        )
        for place, reply in enumerate(course.replies)
    ]


def _keep(course: Course, *, took_ms: float) -> Answered:
    ids = _keep_replies(course)
    _tell_parcel(course)
    if course.is_over:
        end_conversation(conversation_id=course.talk.id, by=None, at=course.at)
    end_errand(kind=ANSWER, subject_id=course.message.id)
    turn = Turn.objects.create(
        conversation_id=course.talk.id,
        message_id=course.message.id,
        intent=_intent_of(course),
        confidence=course.reading.confidence,
        stage=course.reading.stage,
        actions=course.actions,
        told=course.told,
        reply_ids=ids,
        is_handed_over=course.is_handed_over,
        took_ms=took_ms,
        at=course.at,
    )
    if not course.reading.read.is_sure:
        note_miss(
            text=course.reading.without_personal,
            intent=turn.intent,
            confidence=turn.confidence,
            reason=turn.stage,
            conversation_ref=str(course.talk.id),
            at=course.at,
        )
    note_turn(conversation_id=course.talk.id, intent=turn.intent, at=course.at)
    announce(
        TurnTaken(
            conversation_id=course.talk.id,
            message_id=course.message.id,
            intent=turn.intent,
            is_handed_over=course.is_handed_over,
            at=course.at,
        )
    )
    return Answered(
        tuple(course.replies), turn.intent, turn.confidence, course.is_handed_over, tuple(course.actions)
    )


def _tell_parcel(course: Course) -> None:
    """Whoever looks at the conversation sees which parcel it is about; a number that nobody knows is none."""
    number = course.state.slots.get("parcel", "")
    if number and number != course.talk.waybill_no and (refs := find_shipment_refs(number)):
        know_of(conversation_id=course.talk.id, waybill_no=number, shipment_id=refs[0].id, at=course.at)


def _intent_of(course: Course) -> str:
    """As figures and programs name it: a policy of ours may be part of an intent."""
    own = policies().get(course.state.intent)
    if own is not None:
        return own.part_of or own.intent
    return course.reading.read.intents[0] if course.reading.read.intents else ""


def _answered(turn: Turn) -> Answered:
    """The answer as it was given."""
    lines = [get_message(each)[1] for each in turn.reply_ids]
    return Answered(
        tuple(Reply(line.text, tuple(line.options), telling.redrawn(line.data)) for line in lines),
        turn.intent,
        turn.confidence,
        turn.is_handed_over,
        tuple(turn.actions),
    )
