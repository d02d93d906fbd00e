"""Handing over: everything known goes along, and whom it asks for; afterwards the assistant is silent."""

from typing import Any

from yishi.assistant.actions import telling
from yishi.assistant.actions.course import Course, keep_miss, shown, talk_of
from yishi.assistant.queries.policies import policies, texts
from yishi.assistant.rules.dialogue import skill_of
from yishi.assistant.rules.moves import Move
from yishi.conversations.actions.hand import hand_over
from yishi.conversations.queries.threads import get_conversation
from yishi.shipments.queries.parcels import find_shipment_refs

_PRIORITY = {"RISK": 2, "ANGRY": 1}


def hand_on(course: Course, move: Move) -> Move | None:
    """To people, with the skill that its policy asks for; what is dangerous goes to head office."""
    reason, _, risk = move.name.partition("_") if move.name.startswith("RISK_") else (move.name, "", "")
    if reason == "NOT_UNDERSTOOD":
        keep_miss(course, "handed_over")
    refs = find_shipment_refs(course.state.slots.get("parcel", ""))
    place = telling.parcel_of(talk_of(course)) if refs else None
    hand_over(
        conversation_id=course.talk.id,
        reason=reason,
        handover=_handover(course, risk),
        skill="" if risk else _skill(course),
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
    slots = {k: v for k, v in shown(course).items() if k in ("parcel", "time", "place", "goods", "wish")}
    intent = _matter(course)
    policy = policies().get(intent)
    return {
        "summary": policy.title["zh"] if policy else "",
        "intent": intent,
        "slots": slots,
        "tried": list(course.state.tried),
        "risk": risk,
        "is_proven": course.state.is_proven,
    }


def _matter(course: Course) -> str:
    """What it is about: the matter that runs, else what was understood last."""
    return course.state.intent or (course.reading.read.intents[0] if course.reading.read.intents else "")


def _skill(course: Course) -> str:
    """What the matter's policy asks of a person."""
    policy = policies().get(_matter(course))
    return skill_of(policy, course.state.slots) if policy else ""
