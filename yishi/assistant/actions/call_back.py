"""Call-backs are promised for a time at which somebody is there; out of service hours one is offered."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yishi.assistant.queries.policies import language_of, texts
from yishi.assistant.rules.times import wish_in
from yishi.conversations.actions.call_backs import MOST_AHEAD, ask_call_back
from yishi.conversations.actions.hand import add_to_handover
from yishi.conversations.actions.say import say
from yishi.conversations.queries.call_backs import open_call_back
from yishi.conversations.queries.threads import ConversationCard, get_conversation, get_message
from yishi.conversations.rules import BY_HAND
from yishi.kit.personal import mask_phone
from yishi.network.queries import find_outlet
from yishi.sla.queries.talks import due_within, hours_of

RING_WITHIN = timedelta(hours=1)
"""What is promised from the time that was wished, in service hours."""

_FURTHEST = timedelta(days=7)

_PHONE = re.compile(r"(?<!\d)(?:1\d{10}|0\d{2,3}-?\d{7,8})(?!\d)")
OFFERED, PROMISED = "OFFERED", "PROMISED"


@transaction.atomic
def offer_call_back(*, conversation_id: int, at: datetime) -> bool:
    """Says when somebody is there again and asks for a number, once; False in service hours."""
    talk = get_conversation(conversation_id)
    opens_at = _opens_at(talk, at)
    if (
        opens_at is None
        or talk.channel in BY_HAND
        or talk.handover.get("call_back")
        or talk.state != "QUEUED"
        or open_call_back(talk.id) is not None
    ):
        return False
    add_to_handover(conversation_id=talk.id, values={"call_back": OFFERED}, at=at)
    _say(talk, "call_back_offer", at, opens=_moment(opens_at, talk))
    return True


@transaction.atomic
def hear_number(*, message_id: int, at: datetime) -> bool:
    """A number after the offer is promised a call: at the time that was wished, else when we open."""
    conversation_id, message = get_message(message_id)
    talk = get_conversation(conversation_id)
    number = _PHONE.search(message.text)
    if talk.handover.get("call_back") != OFFERED or number is None or message.author_kind != "CONSUMER":
        return False
    # the number is no time: it is taken out before the time is looked for
    promised = promise_call(
        talk=talk, phone=number[0], when=message.text.replace(number[0], " "), about=message.text, at=at
    )
    add_to_handover(conversation_id=talk.id, values={"call_back": PROMISED}, at=at)
    _say(talk, "call_back_promised", at, due=_moment(promised.due_at, talk), phone=mask_phone(number[0]))
    return True


@dataclass(frozen=True)
class Promised:
    """A call-back with the latest moment that was promised."""

    id: int
    due_at: datetime


def promise_call(
    *,
    talk: ConversationCard,
    phone: str,
    when: str,
    about: str,
    at: datetime,
    outlet_id: int | None = None,
) -> Promised:
    """Puts this number on the list of call-backs for the time named in `when`, else for now; where nobody is
    there then, for the next opening. The outlet is the conversation's, else this one."""
    own = find_outlet(talk.outlet_code) if talk.outlet_code else None
    place = own.id if own else outlet_id
    wish = wish_in(when[:500], at=at, zone=settings.TIME_ZONE)
    start = wish.start if wish is not None and wish.fault is None else None
    wished_at = hours_of(place, min(max(at, start or at), at + _FURTHEST)).opens_at
    due_at = min(due_within(place, wished_at, RING_WITHIN), at + MOST_AHEAD)
    call_back_id = ask_call_back(
        conversation_id=talk.id,
        outlet_id=place,
        phone=phone,
        wished_at=min(wished_at, due_at),
        due_at=due_at,
        about=about,
        at=at,
    )
    return Promised(call_back_id, due_at)


def _opens_at(talk: ConversationCard, at: datetime) -> datetime | None:
    """When somebody is there again; None where somebody is there."""
    outlet = find_outlet(talk.outlet_code) if talk.outlet_code else None
    hours = hours_of(outlet.id if outlet else None, at)
    return None if hours.is_open else hours.opens_at


def _say(talk: ConversationCard, name: str, at: datetime, **values: str) -> None:
    text = texts()[name][language_of(talk.language)].format(**values)
    say(conversation_id=talk.id, text=text, by=None, at=at)


def _moment(at: datetime, talk: ConversationCard) -> str:
    here = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    if language_of(talk.language) == "en":
        return f"{here.day} {here:%b %H:%M}"
    return f"{here.month}月{here.day}日 {here:%H:%M}"
