"""One message read for the engine: intents from the model, all else by rules; nothing is decided here."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from yishi.assistant.queries.understand import understand
from yishi.assistant.rules.dialogue import Read, State
from yishi.assistant.rules.risk import risks_in
from yishi.assistant.rules.sentiment import Mood, felt_in
from yishi.assistant.rules.times import wish_in
from yishi.assistant.rules.understood import Context
from yishi.conversations.queries.threads import ConversationCard, MessageLine
from yishi.kit.personal import without_phones
from yishi.shipments.rules.waybills import normalise_waybill_no

_NUMBER = re.compile(r"[A-Za-z]{0,4}\d[A-Za-z0-9 -]{6,30}\d")
_PHONE = re.compile(r"(?<!\d)1\d{10}(?!\d)")
_CODE = re.compile(r"(?<!\d)\d{4,6}(?!\d)")


@dataclass(frozen=True)
class Reading:
    """What the engine gets, and what statistics keep of it."""

    read: Read
    confidence: float
    stage: str
    category: str
    without_personal: str


def read_message(message: MessageLine, *, state: State, talk: ConversationCard, at: datetime) -> Reading:
    """What one message says. Never raises: without a model the rules alone speak."""
    text = message.text.strip()
    context = Context(
        previous_intent=state.intent,
        choices=tuple(o[7:] for o in state.options.values() if o.startswith("intent:")),
    )
    understood = understand(text[:2_000], context=context)
    risks = risks_in(text[:2_000])
    return Reading(
        read=Read(
            text=text,
            intents=tuple(each.intent for each in understood.intents),
            is_sure=understood.is_sure,
            choices=understood.choices,
            slots=_slots(text, state=state, at=at),
            risk=risks[0].risk.value if risks else "",
            is_angry=felt_in(text[:2_000]).mood is Mood.ANGRY,
            is_automatic=message.is_automatic,
        ),
        confidence=understood.confidence,
        stage=understood.stage.value,
        category="",
        without_personal=_NUMBER.sub("[单号]", without_phones(text))[:300],
    )


def _slots(text: str, *, state: State, at: datetime) -> dict[str, str]:
    found: dict[str, str] = {}
    if phone := _PHONE.search(text):
        found["phone"] = phone[0]
    for number in _NUMBER.finditer(text):
        plain = normalise_waybill_no(number[0])
        if plain and not _PHONE.fullmatch(plain):
            found["parcel"] = plain
            break
    if state.waiting is not None and state.waiting.kind == "CODE" and (code := _CODE.search(text)):
        found["code"] = code[0]
    if (wish := wish_in(text[:2_000], at=at, zone=settings.ENVIRONMENT.time_zone)) is not None:
        found["time"] = wish.text
    return found
