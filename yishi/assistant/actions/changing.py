"""Tools that change something: each calls an action that people use as well, with the same checks."""

from dataclasses import replace

from yishi.assistant.actions.telling import Done, Talk, moment, parcel_of, values_of
from yishi.assistant.queries.policies import texts
from yishi.cases.actions.file import Complaint, open_complaint
from yishi.cases.actions.reply import consumer_reply
from yishi.cases.actions.talks import link_conversation
from yishi.cases.queries.cards import list_cases_of_contact
from yishi.cases.queries.talks import case_of_conversation
from yishi.consignees.actions import Wish, replace_preferences
from yishi.consignees.queries import find_contact_ids, list_preferences
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.queries.lines import find_own_shipment
from yishi.sla.queries.clocks import first_answer

# which wish of a consignee the words for it mean
_WISHES = {"NO_LOCKER", "NO_STATION", "DOOR", "CALL_FIRST", "GUARD", "TIME_WINDOW", "NEIGHBOUR"}


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
    if known is not None and known.is_open and known.category == talk.category:
        consumer_reply(case_id=known.id, text=_said(talk), files=talk.files, at=talk.at)
        return Done("added", {"case_no": known.case_no}, action="add_to_case", ref=known.case_no)
    filed = open_complaint(
        complaint=Complaint(
            waybill_no=talk.slots.get("parcel", ""),
            category=talk.category,
            text=_said(talk),
            phone=talk.phone or talk.slots.get("phone", ""),
            proof=talk.proof,
            entry_point="assistant",
            language="en" if talk.is_english else "zh-hans",
        ),
        files=talk.files,
        by=None,
        at=talk.at,
    )
    link_conversation(case_id=filed.case_id, conversation_id=talk.conversation_id, at=talk.at)
    answer = first_answer(filed.case_id)
    due = answer.first_reply_due_at
    return Done(
        "opened",
        {
            "case_no": filed.case_no,
            "outlet": answer.outlet_name or texts()["outlet_head"][talk.language],
            "due": texts()["due"][talk.language].format(at=moment(due, talk)) if due else "",
            "token": filed.token,
        },
        action="open_case",
        ref=filed.case_no,
    )


def _said(talk: Talk) -> str:
    """What stands in the case: his own words, and what he chose."""
    chosen = [
        f"{texts()[f'slot_{name}'][talk.language]}{talk.slots[name]}"
        for name in ("time", "address", "place", "goods")
        if talk.slots.get(name)
    ]
    return "\n".join([talk.slots.get("text") or talk.text, *chosen])


def ask_for_change(talk: Talk, *, action: str) -> Done:
    """Another time, another address, stop or return: only for the parcel's own consignee, proven."""
    parcel = parcel_of(talk)
    if parcel is None:
        return Done("unknown", {"waybill_no": talk.slots.get("parcel", "")}, is_done=False)
    values = values_of(parcel, talk)
    if not is_his(talk):
        return Done("not_yours", values, is_done=False)
    if parcel.milestone in ("DELIVERED", "RETURNED", "CANCELLED", "LOST"):
        return Done("too_late", values)
    done = open_case(talk)
    return replace(done, values={**values, **done.values}, action=action)


def rebook(talk: Talk) -> Done:
    """Another time of delivery."""
    return ask_for_change(talk, action="rebook")


def redirect(talk: Talk) -> Done:
    """Another address or place."""
    return ask_for_change(talk, action="redirect")


def intercept(talk: Talk) -> Done:
    """Stop it and send it back."""
    return ask_for_change(talk, action="intercept")


def extend_custody(talk: Talk) -> Done:
    """Kept longer at the station."""
    return ask_for_change(talk, action="extend_custody")


def set_preference(talk: Talk) -> Done:
    """No locker, to the door, call first …: kept for the proven phone, beside what he wished before."""
    wish = talk.slots.get("wish", "")
    if wish not in _WISHES or not talk.is_proven:
        return Done("unclear", is_done=False)
    kept = [
        Wish(
            kind=each.kind,
            source=each.source,
            value=each.value,
            address=each.address,
            valid_until=each.valid_until,
        )
        for each in list_preferences(viewer=SYSTEM_VIEWER, phone=talk.phone, at=talk.at)
        if each.kind != wish
    ]
    stated = Wish(kind=wish, source="assistant", value=talk.slots.get("time", ""))
    replace_preferences(phone=talk.phone, wishes=[*kept, stated], by=SYSTEM_VIEWER, at=talk.at)
    return Done("kept", {"wish": texts()[f"wish_{wish}"][talk.language]}, action="set_preference", ref=wish)


def add_to_case(talk: Talk) -> Done:
    """One more word to his newest open case."""
    cases = [
        case
        for contact_id in (find_contact_ids(talk.phone) if talk.is_proven else [])
        for case in list_cases_of_contact(viewer=SYSTEM_VIEWER, contact_id=contact_id)
    ]
    if not cases:
        return Done("none", is_done=False)
    newest = max(cases, key=lambda case: case.opened_at)
    consumer_reply(case_id=newest.id, text=_said(talk), files=talk.files, at=talk.at)
    return Done("added", {"case_no": newest.case_no}, action="add_to_case", ref=newest.case_no)
