"""A caller is led through the spoken menu: the record is told, a code goes to the phone on record."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_noop as _

from yishi.assistant.actions.telling import Talk, values_of
from yishi.assistant.queries.policies import voice_texts
from yishi.assistant.rules.voice_menu import Ask, Pressed, Step, next_ask
from yishi.conversations.actions.begin import Person
from yishi.conversations.actions.call_backs import ask_call_back
from yishi.conversations.actions.calls import ring_agent
from yishi.conversations.actions.receive import note_down
from yishi.conversations.port import MenuRequest, Spoken
from yishi.conversations.queries.accounts import AccountCard
from yishi.conversations.rules import Channel
from yishi.kit.personal import normalise_phone
from yishi.kit.phrases import Phrase
from yishi.notifications.actions.codes import send_pickup_code
from yishi.shipments.queries.lines import list_own_parcels, numbers_ending
from yishi.shipments.queries.pickup import pickup_codes_of
from yishi.shipments.queries.public import get_public_shipment
from yishi.sla.queries.talks import hours_of

CALL_BACK_WITHIN = timedelta(hours=2)
_STEPS = frozenset(Step)


def lead_caller(*, card: AccountCard, asked: MenuRequest, at: datetime) -> Spoken:
    """The next thing that the caller hears."""
    hours = hours_of(card.outlet_id, at)
    step = Step(asked.step) if asked.step in _STEPS else Step.START
    pressed = Pressed(step, asked.digits, asked.wrong, is_first=not asked.step)
    ask = next_ask(pressed, is_open=hours.is_open)
    text = _looked_up(ask, asked, opens_at=hours.opens_at, at=at)
    number = card.settings.get("agent_number", "") if ask.dials else ""
    if number:
        ring_agent(account_id=card.id, external_id=asked.call_id[:100], at=at)
    return Spoken(
        text=text,
        step=ask.step.value,
        wrong=ask.wrong,
        gathers=ask.gathers,
        records=ask.records,
        dials=number,
        ends=ask.ends,
    )


def _looked_up(ask: Ask, asked: MenuRequest, *, opens_at: datetime, at: datetime) -> str:
    says, values = ask.says, dict[str, str]()
    if ask.looks_up == "track":
        says, values = _tracked(asked.digits, at=at)
    elif ask.looks_up == "code":
        says = _code_sent(asked.caller, at=at)
    elif ask.looks_up in ("call_back", "complaint"):
        _promise(asked, about=ask.looks_up, wished_at=max(at, opens_at), at=at)
    return voice_texts()[says]["zh"].format_map(values)


def _tracked(digits: str, *, at: datetime) -> tuple[str, dict[str, str]]:
    """By the digits of a number: exactly one parcel, or nothing is said of any."""
    numbers = numbers_ending(digits)
    parcel = get_public_shipment(numbers[0], at=at) if len(numbers) == 1 else None
    if parcel is None:
        return "not_found", {}
    talk = Talk(
        conversation_id=0,
        slots={"parcel": parcel.waybill_no},
        phone="",
        is_proven=False,
        proof="",
        language="zh",
        text="",
        at=at,
    )
    return "tracked", values_of(parcel, talk)


def _code_sent(caller: str, *, at: datetime) -> str:
    """A caller's number may be forged: the code is never said, it goes to that number by SMS."""
    phone = normalise_phone(caller)
    waiting = [
        line for line in list_own_parcels(phone=phone, at=at).received if line.milestone == "AT_PICKUP_POINT"
    ]
    sent = 0
    for line in waiting[:5]:
        parcel = get_public_shipment(line.waybill_no, line.carrier)
        for code in pickup_codes_of(parcel.shipment_id, phone)[:1] if parcel else ():
            send_pickup_code(phone=phone, waybill_no=line.waybill_no, code=code.code, place=code.place, at=at)
            sent += 1
    return "code_sent" if sent else "no_code"


@transaction.atomic
def _promise(asked: MenuRequest, *, about: str, wished_at: datetime, at: datetime) -> None:
    """Whoever wants to be called back is in the list of call-backs, with the words that he left."""
    if not asked.caller:
        return
    said = Phrase({"complaint": _("电话投诉，录音待听"), "call_back": _("电话里要求回电")}[about])
    noted = note_down(person=Person(channel=Channel.PHONE, address=asked.caller), text=said, at=at)
    ask_call_back(
        phone=asked.caller,
        wished_at=wished_at,
        due_at=wished_at + CALL_BACK_WITHIN,
        conversation_id=noted.conversation_id,
        about=said,
        at=at,
    )
