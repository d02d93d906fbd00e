"""One message read for the engine: intents from the model, all else by rules; nothing is decided here."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from yishi.assistant.queries.understand import understand
from yishi.assistant.rules.category import category_of
from yishi.assistant.rules.english import english_intent, is_english
from yishi.assistant.rules.folding import folded
from yishi.assistant.rules.moves import Read, State
from yishi.assistant.rules.risk import risks_in
from yishi.assistant.rules.sentiment import Mood, felt_in
from yishi.assistant.rules.slots import Kind, Slot, masked, slots_in
from yishi.assistant.rules.times import wish_in
from yishi.assistant.rules.understood import Context, Understanding
from yishi.assistant.rules.urgency import Level, urgency_in
from yishi.assistant.rules.wishes import wishes_in
from yishi.conversations.queries.threads import ConversationCard, MessageLine
from yishi.shipments.rules.waybills import normalise_waybill_no

LONGEST_TEXT = 2_000
"""Of a longer message the beginning is read; all of it stays in the conversation and in the case."""

# where a number was asked for, a shorter one than a carrier would print is believed too
_SURE_NUMBER, _ASKED_NUMBER = 0.6, 0.4
_CODE = re.compile(r"(?<![0-9])[0-9](?:\s?[0-9]){3,5}(?![0-9])")
_WHOLE_NUMBER = 13
_ASKED_OF = re.compile(
    r"(?:能不能|能否|可不可以|可以|能)?(?:送|派|寄|发)(?:不送|得到|到|过[来去])|上门|[吗么呢吧啊]$"
)
_FORMS = {Kind.GOODS: "goods", Kind.AMOUNT: "amount"}


@dataclass(frozen=True)
class Reading:
    """What the engine gets, and what statistics keep of it."""

    read: Read
    confidence: float
    stage: str
    without_personal: str
    # what an article says to it, with its title; found before the turn began
    answer: str = ""


def read_message(message: MessageLine, *, state: State, talk: ConversationCard, at: datetime) -> Reading:
    """What one message says. Never raises: without a model the rules alone speak."""
    text = message.text.strip()
    head = text[:LONGEST_TEXT]
    found = slots_in(head)
    understood = _understood(_without_addresses(head, found), state)
    risks = risks_in(head)
    felt = felt_in(head)
    mood = felt.mood
    guess = category_of(head, {each.intent: each.confidence for each in understood.intents})
    hurry = urgency_in(head, at=at, zone=settings.ENVIRONMENT.time_zone).level
    return Reading(
        read=Read(
            text=text,
            intents=tuple(each.intent for each in understood.intents),
            is_sure=understood.is_sure,
            choices=understood.choices,
            slots=_slots(head, found, state=state, at=at),
            numbers=_numbers(head, found, state),
            risk=risks[0].risk.value if risks else "",
            is_angry=felt.is_abusive,
            is_automatic=message.is_automatic,
            media="" if text else message.kind,
            is_english=is_english(head),
            categories=(guess.category, *guess.others),
            is_upset=mood is not Mood.CALM,
            priority=2 if hurry is Level.NEED_SOON else 1 if hurry is Level.NEED or mood is Mood.UPSET else 0,
        ),
        confidence=understood.confidence,
        stage=understood.stage.value,
        without_personal=masked(head, found)[:300],
    )


def _without_addresses(text: str, found: list[Slot]) -> str:
    """Street and house say nothing of what is wanted: the book knows an address by one mark."""
    for slot in sorted(found, key=lambda slot: -slot.span[0]):
        if slot.kind is Kind.ADDRESS:
            # what is asked of it may stand directly behind it
            asked = _ASKED_OF.search(slot.text)
            end = slot.span[0] + asked.start() if asked else slot.span[1]
            text = f"{text[: slot.span[0]]}[地址x]{text[end:]}"
    return text


def _understood(text: str, state: State) -> Understanding:
    told = english_intent(text)
    if told is not None:
        return told
    offered = tuple(o[7:] for o in state.options.values() if o.startswith("intent:"))
    return understand(text, context=Context(previous_intent=state.intent, choices=offered))


def _numbers(text: str, found: list[Slot], state: State) -> tuple[str, ...]:
    """The waybill numbers of a message, the surest first; a bare one too where we asked for it."""
    asked = state.waiting is not None and state.waiting.name == "parcel"
    least = _ASKED_NUMBER if asked else _SURE_NUMBER
    ranked = sorted((slot for slot in found if slot.kind is Kind.WAYBILL), key=lambda slot: -slot.certainty)
    numbers = [slot.value for slot in ranked if slot.certainty >= least]
    if state.waiting is not None and (state.waiting.kind == "CODE" or state.waiting.name == "phone"):
        # a phone with a digit too few or too many, or a code, is no waybill
        numbers = [number for number in numbers if not (number.isdigit() and len(number) < _WHOLE_NUMBER)]
    if not numbers and asked and not any(slot.kind is Kind.PHONE for slot in found):
        numbers = [normalise_waybill_no(text) or ""] if any(sign.isdigit() for sign in text) else []
    return tuple(dict.fromkeys(number for number in numbers if number))


def _slots(text: str, found: list[Slot], *, state: State, at: datetime) -> dict[str, str]:
    first: dict[Kind, Slot] = {}
    for slot in found:
        first.setdefault(slot.kind, slot)
    said = {name: first[kind].text for kind, name in _FORMS.items() if kind in first}
    if Kind.PHONE in first:
        said["phone"] = first[Kind.PHONE].value
    if Kind.ADDRESS in first:
        said["address"] = first[Kind.ADDRESS].text
    if state.waiting is not None and state.waiting.kind == "CODE" and (code := _CODE.search(folded(text))):
        said["code"] = re.sub(r"\s", "", code[0])
    if wishes := wishes_in(text, found):
        said["wish"] = ",".join(wishes)
    if Kind.PLACE in first:
        said["place"] = first[Kind.PLACE].text
    wish = wish_in(text, at=at, zone=settings.ENVIRONMENT.time_zone)
    if wish is not None and wish.fault is None:
        said["time"] = wish.text
    return said
