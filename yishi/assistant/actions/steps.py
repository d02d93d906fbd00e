"""What each kind of move does in a turn: ask, confirm, do, prove, offer choices, hand over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from yishi.assistant.actions import answering, changing, telling
from yishi.assistant.actions.proving import Checked, send_code_to
from yishi.assistant.actions.telling import Done, Talk
from yishi.assistant.models import Miss
from yishi.assistant.queries.policies import language_of, policies, texts
from yishi.assistant.queries.reading import Reading
from yishi.assistant.rules.dialogue import after_tool, begin, category_of_case, go_on, next_of_later
from yishi.assistant.rules.moves import Kind, Move, Policy, State, Waiting
from yishi.cases.queries.talks import case_of_conversation
from yishi.consignees.queries import phone_of_proof
from yishi.conversations.actions.hand import hand_over, know_of
from yishi.conversations.queries.threads import (
    ConversationCard,
    MessageLine,
    get_conversation,
    list_files_of_person,
    list_messages,
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
        answering.answer_from_articles,
        changing.open_case,
        changing.rebook,
        changing.intercept,
        changing.extend_custody,
        changing.set_preference,
        changing.add_to_case,
        changing.book_pickup,
        changing.call_back,
    )
}
_PRIORITY = {"RISK": 2, "ANGRY": 1}
_MOST_SAID_BACK = 120


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
        """His own: whoever writes English is answered in English."""
        return "en" if self.state.slots.get("english") else language_of(self.talk.language)

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
    if move.name == "parcel":
        return _ask_parcel(course)
    policy, language = _policy(course), course.language
    course.say(policy.asks.get(move.name) or texts()[f"ask_{move.name}"])
    if move.name == "wish":
        kinds = ("NO_LOCKER", "NO_STATION", "DOOR")
        course.offer({texts()[f"wish_{kind}"][language]: f"slot:wish:{kind}" for kind in kinds})
    return None


def _ask_parcel(course: Course) -> Move | None:
    """Whoever named several, or has proven his phone, chooses; else the number is asked for."""
    slots, said = course.state.slots, texts()
    if slots.get("parcels"):
        found = telling.name_parcels(_talk(course))
    elif course.state.is_proven and not slots.get("listed"):
        course.state = replace(course.state, slots={**slots, "listed": "1"})
        found = telling.find_parcels(_talk(course))
    else:
        course.say(said["ask_parcel"])
        course.offer({said["option_human"][course.language]: "human"})
        return None
    if found.outcome == "one":
        slots = {**course.state.slots, "parcel": found.parcels[0], "parcels": ""}
        course.say(said["your_parcel"], found.values)
        return go_on(policies(), replace(course.state, slots=slots, waiting=None))
    if found.outcome == "many":
        course.told.append("name_parcels:many")
        course.say(said["which_parcel"], found.values)
        course.offer({number: f"slot:parcel:{number}" for number in found.parcels})
        return None
    course.say(said["none_of_them" if slots.get("parcels") else "no_parcel"])
    course.offer({said["option_human"][course.language]: "human"})
    return None


def _confirm(course: Course, move: Move) -> Move | None:
    values = {**_shown(course), **_parcel_values(course)}
    if course.state.slots.get("parcel") and "waybill_no" not in values and "parcel" in _policy(course).needs:
        _unknown(course)
        return None
    course.say(_policy(course).confirm, values)
    said = texts()
    course.offer({said["option_yes"][course.language]: "yes", said["option_no"][course.language]: "no"})
    return None


def _parcel_values(course: Course) -> Mapping[str, str]:
    talk = _talk(course)
    parcel = telling.parcel_of(talk)
    return telling.values_of(parcel, talk) if parcel is not None else {}


def _shown(course: Course) -> dict[str, str]:
    """Slots as a text may name them; what proves the person is none of them."""
    slots = {k: v for k, v in course.state.slots.items() if k not in ("proof", "code_id")}
    wishes = [each for each in slots.get("wish", "").split(",") if each]
    talk_words = {"wish_said": changing.wishes_said(wishes, course.language)}
    said = slots.get("text") or slots.get("said", "")
    chosen = [slots[name] for name in ("time", "address") if slots.get(name) and slots[name] not in said]
    return {**slots, **talk_words, "text": "；".join([_short(said), *chosen])}


def _short(text: str) -> str:
    return text if len(text) <= _MOST_SAID_BACK else text[:_MOST_SAID_BACK] + "…"


def _do(course: Course, move: Move) -> Move | None:
    policy = _policy(course) if course.state.intent else policies()["other"]
    done = TOOLS[move.name](_talk(course))
    course.told.append(f"{move.name}:{done.outcome}")
    if done.action:
        course.actions.append({"name": done.action, "ok": done.is_ok, "ref": done.ref})
    course.say(policy.says.get(done.outcome) or texts()[done.outcome], {**_shown(course), **done.values})
    if done.outcome == "unknown" and not done.is_done:
        _ask_again_for(course, "parcel" if "parcel" in policy.needs else "address")
        return None
    if done.action == "open_case" and done.ref:
        course.state = replace(course.state, slots={**course.state.slots, "case_no": done.ref})
    course.state = after_tool(policies(), course.state, outcome=done.outcome, is_done=done.is_done)
    later, rest = next_of_later(course.state)
    if later:
        return begin(policies(), replace(rest, waiting=None), later)
    course.offer(_offers(course, policy, is_done=done.is_done))
    return None


def _unknown(course: Course) -> None:
    """A number that nobody knows is asked for again, and does not stay."""
    course.say(texts()["unknown"], {"waybill_no": course.state.slots.get("parcel", "")})
    _ask_again_for(course, "parcel")


def _ask_again_for(course: Course, name: str) -> None:
    slots = {k: v for k, v in course.state.slots.items() if k != name}
    course.state = replace(course.state, slots=slots, waiting=Waiting("SLOT", name))
    course.offer({texts()["option_human"][course.language]: "human"})


def _offers(course: Course, policy: Policy, *, is_done: bool) -> dict[str, str]:
    said, language = texts(), course.language
    offers = {policies()[o[7:]].title[language]: o for o in policy.offers if o.startswith("intent:")}
    if is_done and policy.checks:
        course.say(said["check"])
        offers[said["option_settled"][language]] = "settled"
    offers[said["option_human"][language]] = "human"
    return offers


def _send_code(course: Course, move: Move) -> Move | None:
    sent = send_code_to(
        course.state.slots["phone"], asker=course.talk.id, language=course.talk.language, at=course.at
    )
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
    # the phone that the code went to, whatever else was named meanwhile
    slots = {**slots, "proof": checked.proof, "phone": phone_of_proof(checked.proof)}
    know_of(conversation_id=course.talk.id, is_proven=True, contact_id=checked.contact_id, at=course.at)
    course.say(texts()["proven"])
    return go_on(policies(), replace(course.state, slots=slots, is_proven=True, waiting=None))


def _choices(course: Course, move: Move) -> Move | None:
    _note_miss(course, "not_sure")
    known = [each for each in move.intents if each in policies()][:3]
    if answering.answer_from_articles(_talk(course)).outcome == "found":
        course.replies.append(Reply(course.reading.answer))
    course.say(texts()["not_sure" if known else "not_understood"])
    titles = {policies()[each].title[course.language]: f"intent:{each}" for each in known}
    course.offer({**titles, texts()["option_human"][course.language]: "human"})
    return None


def _say(course: Course, move: Move) -> Move | None:
    course.say(texts()[move.name])
    return None


def _shown_file(course: Course, move: Move) -> Move | None:
    """A picture, a voice or a file without words: proof of an open case of this talk, else asked about."""
    case = case_of_conversation(course.talk.id)
    said, kind = texts(), move.name.lower()
    if case is not None and case.is_open:
        done = changing.add_to_case(_talk(course))
        course.actions.append({"name": done.action, "ok": done.is_ok, "ref": done.ref})
        course.told.append("add_to_case:added")
        course.say(said["added"], done.values)
    elif course.state.waiting is not None and course.state.waiting.kind == "CONFIRM":
        course.say(said["got_for_case"])
        return _confirm(course, move)
    elif course.state.intent and course.state.waiting is not None:
        course.say(said["got_for_case"])
        return go_on(policies(), course.state)
    else:
        course.say(said.get(f"got_{kind}") or said["got_file"])
        ways = ("damaged", "wrong_item_or_short", "track_parcel")
        course.offer({policies()[each].title[course.language]: f"intent:{each}" for each in ways})
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
    # at night a call-back was offered just now: nobody is promised at once
    is_night = not risk and bool(get_conversation(course.talk.id).handover.get("call_back"))
    said = texts()["handed_night"] if is_night else texts().get(f"handed_{(risk or reason).lower()}")
    course.say(said or texts()["handed_over"])
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
    Kind.SHOWN: _shown_file,
    Kind.HAND_OVER: _hand_over,
}


def _talk(course: Course) -> Talk:
    slots, state = course.state.slots, course.state
    policy = policies().get(state.intent)
    return Talk(
        conversation_id=course.talk.id,
        slots=slots,
        # never a phone that was merely named beside somebody's proof
        phone=phone_of_proof(slots.get("proof", "")) if state.is_proven else slots.get("phone", ""),
        is_proven=state.is_proven,
        proof=slots.get("proof", "") if state.is_proven else "",
        language=course.language,
        text=course.message.text,
        at=course.at,
        category=category_of_case(policy, slots) if policy else "OTHER",
        files=tuple(list_files_of_person(course.talk.id))[-6:],
        new_files=_new_files(course),
        priority=int(slots.get("priority") or 0),
        plain_text=answering.hidden(course.reading.without_personal),
        answer=course.reading.answer,
    )


def _new_files(course: Course) -> tuple[UUID, ...]:
    """The files of this message."""
    lines = list_messages(course.talk.id, for_person=True, after=course.message.id - 1)
    return tuple(file.file_id for line in lines if line.id == course.message.id for file in line.files)


def _note_miss(course: Course, reason: str) -> None:
    Miss.objects.create(
        text=course.reading.without_personal,
        intent=course.reading.read.intents[0] if course.reading.read.intents else "",
        confidence=course.reading.confidence,
        reason=reason,
        conversation_ref=str(course.talk.id),
        at=course.at,
    )
