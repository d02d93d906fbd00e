"""Out of service hours nobody waits in vain: a call-back is offered, then promised for the opening."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yishi.assistant.queries.policies import language_of, texts
from yishi.assistant.rules.times import wish_in
from yishi.conversations.actions.call_backs import ask_call_back
from yishi.conversations.actions.hand import add_to_handover
from yishi.conversations.actions.say import say
from yishi.conversations.queries.threads import ConversationCard, get_conversation, get_message
from yishi.conversations.rules import BY_HAND
from yishi.kit.personal import mask_phone
from yishi.network.queries import find_outlet
from yishi.sla.queries.talks import hours_of

RING_WITHIN = timedelta(hours=1)
"""What is promised from the opening, or from the time that was wished."""

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
    opens_at = _opens_at(talk, at) or at
    # the number is no time: it is taken out before the time is looked for
    wish = wish_in(message.text.replace(number[0], " ")[:500], at=at, zone=settings.TIME_ZONE)
    wished_at = max(opens_at, wish.start) if wish is not None and wish.start is not None else opens_at
    wished_at = min(wished_at, at + timedelta(days=7))
    due_at = wished_at + RING_WITHIN
    ask_call_back(
        conversation_id=talk.id,
        phone=number[0],
        wished_at=wished_at,
        due_at=due_at,
        about=message.text,
        at=at,
    )
    add_to_handover(conversation_id=talk.id, values={"call_back": PROMISED}, at=at)
    _say(talk, "call_back_promised", at, due=_moment(due_at, talk), phone=mask_phone(number[0]))
    return True


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
