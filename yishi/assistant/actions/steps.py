"""What each kind of move does in a turn: ask, confirm, do, prove, offer choices, hand over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from yishi.assistant.actions import changing, telling
from yishi.assistant.actions.proving import Checked, send_code_to
from yishi.assistant.actions.telling import Done, Talk
from yishi.assistant.models import Miss
from yishi.assistant.queries.policies import language_of, policies, texts
from yishi.assistant.queries.reading import Reading
from yishi.assistant.rules.dialogue import (
    Kind,
    Move,
    Policy,
    State,
    Waiting,
    after_tool,
    begin,
    go_on,
    next_of_later,
)
from yishi.conversations.actions.hand import hand_over, know_of
from yishi.conversations.queries.threads import (
    ConversationCard,
    MessageLine,
    list_files_of_person,
)
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
class Course:
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
    is_over: bool = False

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


def _policy(course: Course) -> Policy:
    return policies()[course.state.intent]


def _ask(course: Course, move: Move) -> Move | None:
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


def _confirm(course: Course, move: Move) -> Move | None:
    course.say(_policy(course).confirm, {**_shown(course), **_parcel_values(course)})
    said = texts()
    course.offer({said["option_yes"][course.language]: "yes", said["option_no"][course.language]: "no"})
    return None


def _parcel_values(course: Course) -> Mapping[str, str]:
    talk = _talk(course)
    parcel = telling.parcel_of(talk)
    return telling.values_of(parcel, talk) if parcel is not None else {}


def _shown(course: Course) -> dict[str, str]:
    """Slots as a text may name them; what proves the person is none of them."""
    return {name: value for name, value in course.state.slots.items() if name not in ("proof", "code_id")}


def _do(course: Course, move: Move) -> Move | None:
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


def _offers(course: Course, policy: Policy, *, is_done: bool) -> dict[str, str]:
    said, language = texts(), course.language
    offers = {policies()[o[7:]].title[language]: o for o in policy.offers if o.startswith("intent:")}
    if is_done and policy.checks:
        course.say(said["check"])
        offers[said["option_settled"][language]] = "settled"
    offers[said["option_human"][language]] = "human"
    return offers


def _send_code(course: Course, move: Move) -> Move | None:
    sent = send_code_to(course.state.slots["phone"], language=course.talk.language, at=course.at)
    course.say(texts()[sent.outcome], sent.values)
    if sent.code_id:
        slots = {**course.state.slots, "code_id": sent.code_id}
        course.state = replace(course.state, slots=slots, waiting=Waiting("CODE"))
    else:
        slots = {k: v for k, v in course.state.slots.items() if k != "phone"}
        course.state = replace(course.state, slots=slots, waiting=Waiting("SLOT", "phone"))
    return None


def _check_code(course: Course, move: Move) -> Move | None:
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


def _choices(course: Course, move: Move) -> Move | None:
    _note_miss(course, "not_sure")
    known = [each for each in move.intents if each in policies()][:3]
    course.say(texts()["not_sure" if known else "not_understood"])
    titles = {policies()[each].title[course.language]: f"intent:{each}" for each in known}
    course.offer({**titles, texts()["option_human"][course.language]: "human"})
    return None


def _say(course: Course, move: Move) -> Move | None:
    course.say(texts()[move.name])
    return None


def _settled(course: Course, move: Move) -> Move | None:
    course.say(texts()["settled"])
    course.is_over = True
    return None


def _hand_over(course: Course, move: Move) -> Move | None:
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


def _handover(course: Course, risk: str) -> dict[str, Any]:
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


STEPS: Mapping[Kind, Callable[[Course, Move], Move | None]] = {
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


def _talk(course: Course) -> Talk:
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


def _files(course: Course) -> tuple[UUID, ...]:
    return tuple(list_files_of_person(course.talk.id))[-6:]


def _note_miss(course: Course, reason: str) -> None:
    Miss.objects.create(
        text=course.reading.without_personal,
        intent=course.reading.read.intents[0] if course.reading.read.intents else "",
        confidence=course.reading.confidence,
        reason=reason,
        conversation_ref=str(course.talk.id),
        at=course.at,
    )
