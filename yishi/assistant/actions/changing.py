"""Tools that change something: each calls an action that people use as well, with the same checks."""

from dataclasses import replace

from django.conf import settings

from yishi.assistant.actions.call_back import promise_call
from yishi.assistant.actions.telling import Done, Talk, moment, outlet_of, own_cases, parcel_of, values_of
from yishi.assistant.queries.policies import texts
from yishi.cases.actions.file import Complaint, FiledComplaint, open_complaint
from yishi.cases.actions.reply import consumer_reply
from yishi.cases.actions.talks import link_conversation
from yishi.cases.queries.cards import CaseLine
from yishi.cases.queries.talks import case_of_conversation
from yishi.consignees.actions.standing import Wish
from yishi.consignees.actions.wishes import note_wishes
from yishi.conversations.queries.threads import get_conversation
from yishi.kit.personal import mask_phone
from yishi.kit.phrases import Phrase
from yishi.people.rules import SYSTEM_VIEWER
from yishi.routing.actions.route import reassign
from yishi.shipments.queries.lines import find_own_shipment
from yishi.sla.queries.clocks import first_answer

_OVER = ("DELIVERED", "RETURNED", "CANCELLED", "LOST")


def is_his(talk: Talk) -> bool:
    """Whether the parcel comes to the phone that was proven."""
    parcel = parcel_of(talk)
    return (
        talk.is_proven
        and parcel is not None
        and find_own_shipment(phone=talk.phone, public=parcel) is not None
    )


def open_case(talk: Talk) -> Done:
    """A complaint or a wish becomes a case with everything said and shown; an open one of the same matter
    gets one more line instead."""
    known = case_of_conversation(talk.conversation_id)
    number = talk.slots.get("parcel", "")
    if known is not None and known.is_open and (known.category, known.waybill_no) == (talk.category, number):
        consumer_reply(case_id=known.id, text=_said(talk), files=talk.new_files, at=talk.at)
        return Done("added", {"case_no": known.case_no}, action="add_to_case", ref=known.case_no)
    filed = open_complaint(
        complaint=Complaint(
            waybill_no=number,
            category=talk.category,
            text=_said(talk),
            phone=talk.phone or talk.slots.get("phone", ""),
            proof=talk.proof,
            priority=talk.priority,
            entry_point="assistant",
            language="en" if talk.is_english else "zh-hans",
        ),
        files=talk.files,
        by=None,
        at=talk.at,
    )
    link_conversation(case_id=filed.case_id, conversation_id=talk.conversation_id, at=talk.at)
    return Done("opened", _of_case(filed, talk), action="open_case", ref=filed.case_no)


def _of_case(filed: FiledComplaint, talk: Talk) -> dict[str, str]:
    """What is promised about a case: who has it and until when, as its clocks say, and where to look."""
    answer = first_answer(filed.case_id)
    due, said = answer.first_reply_due_at, texts()
    link = f"{settings.ENVIRONMENT.web_origin}/c/{filed.token}" if filed.token else ""
    return {
        "case_no": filed.case_no,
        "outlet": answer.outlet_name or said["outlet_head"][talk.language],
        "due": (said["due"][talk.language].format(at=moment(due, talk)) if due else "")
        + (said["link"][talk.language].format(link=link) if link else ""),
    }


def _said(talk: Talk) -> str:
    """What stands in the case: his own words, and what he chose."""
    words = talk.slots.get("text") or talk.slots.get("said") or talk.text
    named = ("time", "address", "place", "goods")
    chosen = [
        f"{texts()[f'slot_{name}'][talk.language]}{talk.slots[name]}"
        for name in named
        if talk.slots.get(name) and talk.slots[name] not in words
    ]
    return "\n".join([words, *chosen])


def ask_for_change(talk: Talk, *, action: str) -> Done:
    """Another time, another address, stop or return: only for the parcel's own consignee, proven."""
    parcel = parcel_of(talk)
    if parcel is None:
        return Done("unknown", {"waybill_no": talk.slots.get("parcel", "")}, is_done=False)
    values = values_of(parcel, talk)
    if not is_his(talk):
        return Done("not_yours", values, is_done=False)
    if parcel.milestone in _OVER:
        return Done("too_late", values)
    done = open_case(talk)
    return replace(done, values={**values, **done.values}, action=action)


def rebook(talk: Talk) -> Done:
    """Another time of delivery, or another address: a request that the outlet confirms."""
    return ask_for_change(talk, action="redirect" if talk.category == "REDIRECT" else "rebook")


def intercept(talk: Talk) -> Done:
    """Stop it and send it back."""
    return ask_for_change(talk, action="intercept")


def extend_custody(talk: Talk) -> Done:
    """Kept longer where it waits: asked of who keeps it."""
    parcel = parcel_of(talk)
    if parcel is not None and parcel.milestone != "AT_PICKUP_POINT":
        return Done("not_there", values_of(parcel, talk))
    return ask_for_change(talk, action="extend_custody")


def book_pickup(talk: Talk) -> Done:
    """Somebody comes and fetches a parcel: a request to the outlet that serves the address."""
    outlet = outlet_of(talk)
    if outlet is None:
        return Done("unknown", is_done=False)
    done = open_case(replace(talk, slots={**talk.slots, "parcel": ""}))
    known = case_of_conversation(talk.conversation_id)
    if known is not None and done.outcome == "opened" and known.outlet_id != outlet.id:
        why = texts()["why_placed"]
        reassign(
            case_id=known.id,
            outlet_id=outlet.id,
            assignee_id=None,
            reason=Phrase(why["zh"], english=why["en"]),
            at=talk.at,
        )
    return replace(done, values={**done.values, "outlet": outlet.name}, action="book_pickup")


def call_back(talk: Talk) -> Done:
    """Somebody of the outlet in charge rings him, at the time that he named, on the number that he has shown
    to be his, else on the one that he gave."""
    outlet = outlet_of(talk)
    number, said = talk.slots.get("parcel", ""), talk.slots.get("said") or talk.text
    promised = promise_call(
        talk=get_conversation(talk.conversation_id),
        phone=talk.phone,
        when=talk.slots.get("time", ""),
        about=said if number in said else f"{number} {said}",
        outlet_id=outlet.id if outlet else None,
        at=talk.at,
    )
    values = {
        "outlet": outlet.name if outlet else texts()["outlet_head"][talk.language],
        "due": moment(promised.due_at, talk),
        "call_phone": mask_phone(talk.phone),
    }
    return Done("asked", values, action="call_back", ref=str(promised.id))


def set_preference(talk: Talk) -> Done:
    """No locker, to the door, call first …: kept for the proven phone, beside what he wished before."""
    wanted = [each for each in talk.slots.get("wish", "").split(",") if each]
    if not wanted or not talk.is_proven:
        return Done("unclear", is_done=False)
    stated = [Wish(kind=kind, source="assistant") for kind in wanted]
    note_wishes(phone=talk.phone, wishes=stated, by=SYSTEM_VIEWER, at=talk.at)
    said = wishes_said(wanted, talk.language)
    return Done("kept", {"wish": said}, action="set_preference", ref=",".join(wanted))


def wishes_said(kinds: list[str], language: str) -> str:
    """The wishes as a sentence names them."""
    said = texts()
    return said["and"][language].join(said[f"wish_{kind}"][language] for kind in kinds)


def add_to_case(talk: Talk) -> Done:
    """One more word to the case of this conversation, else to his newest open one."""
    case = case_of_conversation(talk.conversation_id)
    open_ones = [each for each in own_cases(talk) if each.status not in ("CLOSED", "WITHDRAWN")]
    own: CaseLine | None = max(open_ones, key=lambda each: each.opened_at, default=None)
    meant = case if case is not None and case.is_open else own
    if meant is None:
        return Done("none", is_done=False)
    consumer_reply(case_id=meant.id, text=talk.text, files=talk.new_files, at=talk.at)
    return Done("added", {"case_no": meant.case_no}, action="add_to_case", ref=meant.case_no)
