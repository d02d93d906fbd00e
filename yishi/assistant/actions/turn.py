"""One turn: a message of a person is understood outside any transaction, answered in one, once.

The engine (`rules.dialogue`) says what is next, the tools (`telling`, `changing`) do it, the policies say it.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from yishi.assistant.actions import changing, telling
from yishi.assistant.actions.proving import Checked, check_code_of, send_code_to
from yishi.assistant.actions.telling import Done, Talk
from yishi.assistant.facts import TurnTaken
from yishi.assistant.models import Dialogue, Miss, Turn
from yishi.assistant.queries.policies import language_of, policies, texts
from yishi.assistant.queries.reading import Reading, read_message
from yishi.assistant.rules.dialogue import (
    Kind,
    Move,
    Policy,
    State,
    Waiting,
    after_tool,
    begin,
    go_on,
    is_silent,
    next_move,
    next_of_later,
)
from yishi.consignees.queries import find_contact_ids, phone_of_proof
from yishi.conversations.actions.hand import end_conversation, hand_over, know_of
from yishi.conversations.actions.say import say
from yishi.conversations.queries.threads import (
    ConversationCard,
    MessageLine,
    get_conversation,
    get_message,
    list_files_of_person,
)
from yishi.kit.facts import announce
from yishi.shipments.queries.parcels import find_shipment_refs

TOOLS: Mapping[str, Callable[[Talk], Done]] = {
    tool.__name__: tool
    for tool in (
        telling.explain_state,
        telling.find_parcels,
        telling.tell_pickup,
        telling.tell_outlet,
        telling.report_progress,
        telling.estimate_compensation,
        telling.say_only,
        changing.open_case,
        changing.rebook,
        changing.redirect,
        changing.intercept,
        changing.extend_custody,
        changing.set_preference,
        changing.add_to_case,
    )
}
MOST_STEPS = 6
_PRIORITY = {"RISK": 2, "ANGRY": 1}


@dataclass(frozen=True)
class Reply:
    text: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answered:
    """What a turn came to; `is_silent` where the assistant had nothing to say here."""

    replies: tuple[Reply, ...] = ()
    intent: str = ""
    confidence: float = 0.0
    is_handed_over: bool = False
    actions: tuple[Mapping[str, Any], ...] = ()
    is_silent: bool = False


@dataclass
class _Course:
    """One turn while it runs."""

    talk: ConversationCard
    message: MessageLine
    reading: Reading
    at: datetime
    state: State
    checked: Checked | None = None
    replies: list[Reply] = field(default_factory=list)
    actions: list[dict[str, Any]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    is_handed_over: bool = False

    @property
    def language(self) -> str:
        return language_of(self.talk.language)

    def say(self, words: Mapping[str, str], values: Mapping[str, str] | None = None) -> None:
        text = words[self.language].format_map(_Values(values or {})).strip()
        if text:
            self.replies.append(Reply(text))

    def offer(self, offers: Mapping[str, str]) -> None:
        """Labels under the last thing said, and what each means."""
        self.state = replace(self.state, options=dict(offers))
        if self.replies:
            self.replies[-1] = replace(self.replies[-1], options=tuple(offers))


class _Values(dict[str, str]):
    """A hole that nobody fills stays empty: never a fault in front of a person."""

    def __missing__(self, key: str) -> str:
        return ""


def take_turn(*, message_id: int, at: datetime) -> Answered:
    """Answers a person's message, or hands over, or stays silent. The same message again: the same answer."""
    conversation_id, message = get_message(message_id)
    known = Turn.objects.filter(message_id=message_id).first()
    if known is not None:
        return _answered(known)
    talk = get_conversation(conversation_id)
    if message.author_kind != "CONSUMER" or is_silent(
        (), is_automatic=message.is_automatic, state_of_conversation=talk.state
    ):
        return Answered(is_silent=True)
    begun = time.perf_counter()
    state = _state_of(conversation_id)
    reading = read_message(message, state=state, talk=talk, at=at)
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
    course = _Course(talk, message, reading, at, _known(_revived(row), talk), checked)
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


def _run(course: _Course, move: Move) -> None:
    for _ in range(MOST_STEPS):
        course.state = move.state
        following = _STEPS[move.kind](course, move)
        if following is None:
            return
        move = following


def _policy(course: _Course) -> Policy:
    return policies()[course.state.intent]


def _ask(course: _Course, move: Move) -> Move | None:
    own = course.state.slots.get("proof")
    if move.name == "parcel" and own and "listed" not in course.state.slots:
        # whoever has proven his phone need not know a number
        found = telling.find_parcels(_talk(course))
        course.state = replace(course.state, slots={**course.state.slots, "listed": "1"})
        if found.outcome == "one":
            slots = {**course.state.slots, "parcel": found.parcels[0]}
            course.say(texts()["your_parcel"], found.values)
            return go_on(policies(), replace(course.state, slots=slots, waiting=None))
        if found.outcome == "many":
            course.say(texts()["which_parcel"], found.values)
            course.offer({number: f"parcel:{number}" for number in found.parcels})
            return None
    course.say(texts()[f"ask_{move.name}"])
    if move.name == "parcel":
        course.offer({texts()["option_human"][course.language]: "human"})
    return None


def _confirm(course: _Course, move: Move) -> Move | None:
    course.say(_policy(course).confirm, {**_shown(course), **_parcel_values(course)})
    said = texts()
    course.offer({said["option_yes"][course.language]: "yes", said["option_no"][course.language]: "no"})
    return None


def _parcel_values(course: _Course) -> Mapping[str, str]:
    talk = _talk(course)
    parcel = telling.parcel_of(talk)
    return telling.values_of(parcel, talk) if parcel is not None else {}


def _shown(course: _Course) -> dict[str, str]:
    """Slots as a text may name them; what proves the person is none of them."""
    return {name: value for name, value in course.state.slots.items() if name not in ("proof", "code_id")}


def _do(course: _Course, move: Move) -> Move | None:
    policy = _policy(course)
    done = TOOLS[move.name](_talk(course))
    course.told.append(f"{move.name}:{done.outcome}")
    if done.action:
        course.actions.append({"name": done.action, "ok": done.is_ok, "ref": done.ref})
    course.say(policy.says.get(done.outcome) or texts()[done.outcome], {**_shown(course), **done.values})
    if done.outcome == "unknown" and "parcel" in policy.needs:
        # a number that nobody knows is asked for again, and does not stay
        slots = {k: v for k, v in course.state.slots.items() if k != "parcel"}
        course.state = replace(course.state, slots=slots, waiting=Waiting("SLOT", "parcel"))
        return None
    course.state = after_tool(policies(), course.state, outcome=done.outcome, is_done=done.is_done)
    later, rest = next_of_later(course.state)
    if later:
        return begin(policies(), replace(rest, waiting=None), later)
    course.offer(_offers(course, policy, is_done=done.is_done))
    return None


def _offers(course: _Course, policy: Policy, *, is_done: bool) -> dict[str, str]:
    said, language = texts(), course.language
    offers = {policies()[o[7:]].title[language]: o for o in policy.offers if o.startswith("intent:")}
    if is_done and policy.checks:
        course.say(said["check"])
        offers[said["option_settled"][language]] = "settled"
    offers[said["option_human"][language]] = "human"
    return offers


def _send_code(course: _Course, move: Move) -> Move | None:
    sent = send_code_to(course.state.slots["phone"], language=course.talk.language, at=course.at)
    course.say(texts()[sent.outcome], sent.values)
    if sent.code_id:
        slots = {**course.state.slots, "code_id": sent.code_id}
        course.state = replace(course.state, slots=slots, waiting=Waiting("CODE"))
    else:
        slots = {k: v for k, v in course.state.slots.items() if k != "phone"}
        course.state = replace(course.state, slots=slots, waiting=Waiting("SLOT", "phone"))
    return None


def _check_code(course: _Course, move: Move) -> Move | None:
    checked = course.checked
    if checked is None:
        return _say(course, replace(move, name="wrong_code"))
    if not checked.proof:
        course.say(texts()[checked.outcome])
        if checked.is_over:
            slots = {k: v for k, v in course.state.slots.items() if k not in ("phone", "code_id")}
            course.state = replace(course.state, slots=slots, waiting=Waiting("SLOT", "phone"))
        return None
    slots = {k: v for k, v in course.state.slots.items() if k not in ("code_id", "code")}
    slots["proof"] = checked.proof
    know_of(conversation_id=course.talk.id, is_proven=True, contact_id=checked.contact_id, at=course.at)
    course.say(texts()["proven"])
    return go_on(policies(), replace(course.state, slots=slots, is_proven=True, waiting=None))


def _choices(course: _Course, move: Move) -> Move | None:
    _note_miss(course, "not_sure")
    known = [each for each in move.intents if each in policies()][:3]
    course.say(texts()["not_sure" if known else "not_understood"])
    titles = {policies()[each].title[course.language]: f"intent:{each}" for each in known}
    course.offer({**titles, texts()["option_human"][course.language]: "human"})
    return None


def _say(course: _Course, move: Move) -> Move | None:
    course.say(texts()[move.name])
    return None


def _settled(course: _Course, move: Move) -> Move | None:
    course.say(texts()["settled"])
    _keep_replies(course)
    end_conversation(conversation_id=course.talk.id, by=None, at=course.at)
    return None


def _hand_over(course: _Course, move: Move) -> Move | None:
    reason, _, risk = move.name.partition("_") if move.name.startswith("RISK_") else (move.name, "", "")
    if reason == "NOT_UNDERSTOOD":
        _note_miss(course, "handed_over")
    refs = find_shipment_refs(course.state.slots.get("parcel", ""))
    place = telling.parcel_of(_talk(course)) if refs else None
    hand_over(
        conversation_id=course.talk.id,
        reason=reason,
        handover=_handover(course, risk),
        priority=_PRIORITY.get(reason, 0),
        outlet_code_wanted=place.outlet_code if place is not None and not risk else None,
        at=course.at,
    )
    course.is_handed_over = True
    course.say(texts().get(f"handed_{(risk or reason).lower()}") or texts()["handed_over"])
    return None


def _handover(course: _Course, risk: str) -> dict[str, Any]:
    """What the next person needs not to ask again; numbers of persons stay sealed in the dialogue."""
    slots = {k: v for k, v in _shown(course).items() if k in ("parcel", "time", "place", "goods", "wish")}
    intent = course.state.intent or (course.reading.read.intents[0] if course.reading.read.intents else "")
    policy = policies().get(intent)
    return {
        "summary": policy.title["zh"] if policy else "",
        "intent": intent,
        "slots": slots,
        "tried": list(course.state.tried),
        "risk": risk,
        "is_proven": course.state.is_proven,
    }


_STEPS: Mapping[Kind, Callable[[_Course, Move], Move | None]] = {
    Kind.ASK: _ask,
    Kind.CONFIRM: _confirm,
    Kind.DO: _do,
    Kind.SEND_CODE: _send_code,
    Kind.CHECK_CODE: _check_code,
    Kind.CHOICES: _choices,
    Kind.SAY: _say,
    Kind.SETTLED: _settled,
    Kind.HAND_OVER: _hand_over,
}


def _talk(course: _Course) -> Talk:
    slots = course.state.slots
    policy = policies().get(course.state.intent)
    return Talk(
        conversation_id=course.talk.id,
        slots=slots,
        phone=slots.get("phone", ""),
        is_proven=course.state.is_proven,
        proof=slots.get("proof", ""),
        language=course.language,
        text=course.message.text,
        at=course.at,
        category=(policy.category if policy else "") or course.reading.category or "OTHER",
        files=_files(course),
    )


def _files(course: _Course) -> Sequence[UUID] | tuple[UUID, ...]:
    return tuple(list_files_of_person(course.talk.id))[-6:]


def _note_miss(course: _Course, reason: str) -> None:
    Miss.objects.create(
        text=course.reading.without_personal,
        intent=course.reading.read.intents[0] if course.reading.read.intents else "",
        confidence=course.reading.confidence,
        reason=reason,
        conversation_ref=str(course.talk.id),
        at=course.at,
    )


def _keep_replies(course: _Course) -> list[int]:
    ids = [
        say(
            conversation_id=course.talk.id,
            text=reply.text,
            by=None,
            at=course.at,
            options=reply.options,
            answers_id=course.message.id,
        )
        for reply in course.replies
        if reply
    ]
    course.told.extend(f"said:{each}" for each in ids)
    return ids


def _keep(course: _Course, *, took_ms: float) -> Answered:
    said = [int(each[5:]) for each in course.told if each.startswith("said:")]
    ids = said or _keep_replies(course)
    turn = Turn.objects.create(
        conversation_id=course.talk.id,
        message_id=course.message.id,
        intent=course.state.intent or (course.reading.read.intents[0] if course.reading.read.intents else ""),
        confidence=course.reading.confidence,
        stage=course.reading.stage,
        actions=course.actions,
        told=[each for each in course.told if not each.startswith("said:")],
        reply_ids=ids,
        is_handed_over=course.is_handed_over,
        took_ms=took_ms,
        at=course.at,
    )
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


def _answered(turn: Turn) -> Answered:
    """The answer as it was given."""
    lines = [get_message(each)[1] for each in turn.reply_ids]
    return Answered(
        tuple(Reply(line.text, tuple(line.options)) for line in lines),
        turn.intent,
        turn.confidence,
        turn.is_handed_over,
        tuple(turn.actions),
    )
