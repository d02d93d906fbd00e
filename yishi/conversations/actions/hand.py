"""Who has a conversation: handed to people, taken, given to a colleague, given back, ended."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from yishi.conversations.actions.hold import check_may_write, hold_conversation, keep, outlet_code
from yishi.conversations.actions.lines import add_line
from yishi.conversations.actions.mentions import call_colleagues
from yishi.conversations.actions.say import SomebodyElseAnswers
from yishi.conversations.facts import (
    ConversationEnded,
    ConversationQueued,
    ConversationTaken,
    ReplyAwaited,
    ReplyGiven,
)
from yishi.conversations.models.messages import Message
from yishi.conversations.models.talk import Conversation
from yishi.conversations.rules import Author, State
from yishi.kit.facts import announce
from yishi.network.models import Outlet
from yishi.people.queries import person_of
from yishi.people.rules import Viewer


@transaction.atomic
def hand_over(
    *,
    conversation_id: int,
    reason: str,
    at: datetime,
    handover: Mapping[str, Any] | None = None,
    skill: str = "",
    priority: int = 0,
    outlet_code_wanted: str | None = None,
) -> bool:
    """The assistant gives it to people and is silent from now on; False where people have it already.

    `reason`: ASKED, NOT_UNDERSTOOD, ANGRY, RISK, POLICY. `handover` is what is known (summary, slots, steps
    tried, a suggested answer). Raises NotFound, ConversationIsOver.
    """
    held = hold_conversation(conversation_id=conversation_id, must_be_open=True)
    if held.state != State.ASSISTANT:
        return False
    held.state, held.queued_at, held.awaiting_since = State.QUEUED, at, at
    held.handed_over_for, held.handover = reason, dict(handover or {})
    held.skill, held.priority, held.silent_at = skill or held.skill, max(held.priority, priority), None
    if outlet_code_wanted is not None:
        held.outlet = Outlet.objects.filter(code=outlet_code_wanted).first()
    keep(
        held,
        "state",
        "queued_at",
        "awaiting_since",
        "handed_over_for",
        "handover",
        "skill",
        "priority",
        "outlet",
        "silent_at",
    )
    place = outlet_code(held)
    last = Message.objects.filter(conversation=held, author_kind=Author.CONSUMER).order_by("-pk").first()
    announce(
        ConversationQueued(conversation_id=held.pk, outlet_code=place, skill=held.skill, reason=reason, at=at)
    )
    announce(
        ReplyAwaited(conversation_id=held.pk, outlet_code=place, message_id=last.pk if last else 0, at=at)
    )
    return True


@transaction.atomic
def add_to_handover(*, conversation_id: int, values: Mapping[str, Any], at: datetime) -> None:
    """One more thing that whoever takes over should know."""
    held = hold_conversation(conversation_id=conversation_id)
    held.handover = {**held.handover, **values}
    keep(held, "handover")


@transaction.atomic
def take(*, conversation_id: int, by: Viewer, at: datetime, from_colleague: bool = False) -> None:
    """This person answers from now on. Raises SomebodyElseAnswers unless `from_colleague`."""
    check_may_write(by)
    held = hold_conversation(conversation_id=conversation_id)
    me = person_of(by)
    if held.state == State.WITH_AGENT and held.assignee_id == me:
        return
    if held.state == State.WITH_AGENT and not from_colleague:
        assert held.assignee is not None
        raise SomebodyElseAnswers(name=held.assignee.name or held.assignee.username)
    _give(held, me, at=at, by_id=me)


@transaction.atomic
def give(
    *, conversation_id: int, user_id: int, at: datetime, by: Viewer | None = None, why: str = ""
) -> None:
    """Given to a colleague by a person, or by routing (`by` None) with its reason."""
    if by is not None:
        check_may_write(by)
    held = hold_conversation(conversation_id=conversation_id)
    if held.state == State.WITH_AGENT and held.assignee_id == user_id:
        return
    _give(held, user_id, at=at, by_id=person_of(by) if by else None, why=why)
    if by is not None:
        call_colleagues(
            conversation_id=held.pk, user_ids=[user_id], kind="GIVEN", by_user_id=person_of(by), at=at
        )


def _give(held: Conversation, user_id: int, *, at: datetime, by_id: int | None = None, why: str = "") -> None:
    before = held.assignee_id if held.state == State.WITH_AGENT else None
    held.state, held.assignee_id, held.ended_at, held.ended_for = State.WITH_AGENT, user_id, None, ""
    # what the assistant asked last is his to answer now
    held.silent_at = None
    keep(held, "state", "assignee_id", "ended_at", "ended_for", "silent_at")
    announce(
        ConversationTaken(
            conversation_id=held.pk,
            outlet_code=outlet_code(held),
            agent_id=user_id,
            before_id=before,
            is_by_hand=by_id is not None,
            at=at,
        )
    )
    add_line(held, {"deed": "GIVEN", "to": user_id, "by": by_id, "why": why}, at=at)


@transaction.atomic
def give_back(*, conversation_id: int, by: Viewer | None, at: datetime, reason: str = "GIVEN_BACK") -> None:
    """Back into the queue: its agent goes away, ends his shift, or has not the skill."""
    if by is not None:
        check_may_write(by)
    held = hold_conversation(conversation_id=conversation_id, must_be_open=True)
    before = held.assignee_id
    held.state, held.assignee, held.queued_at, held.silent_at = State.QUEUED, None, held.queued_at or at, None
    keep(held, "state", "assignee", "queued_at", "silent_at")
    announce(
        ConversationQueued(
            conversation_id=held.pk, outlet_code=outlet_code(held), skill=held.skill, reason=reason, at=at
        )
    )
    if by is not None or reason != "GIVEN_BACK":
        by_id = person_of(by) if by else None
        add_line(held, {"deed": "BACK", "by": by_id, "from": before, "why": reason}, at=at)


@transaction.atomic
def place(*, conversation_id: int, outlet_code_wanted: str, at: datetime, skill: str | None = None) -> None:
    """Which outlet's people answer it ('' = head office), and with which skill."""
    held = hold_conversation(conversation_id=conversation_id)
    held.outlet = Outlet.objects.filter(code=outlet_code_wanted).first() if outlet_code_wanted else None
    held.skill = held.skill if skill is None else skill
    keep(held, "outlet", "skill")


@transaction.atomic
def end_conversation(*, conversation_id: int, by: Viewer | None, at: datetime) -> None:
    """It is over; whoever writes again within 72 h goes on with the same one. Twice is once."""
    if by is not None:
        check_may_write(by)
    held = hold_conversation(conversation_id=conversation_id)
    if not held.is_open:
        return
    before, was_waiting = held.state, held.awaiting_since is not None
    held.state, held.ended_at, held.awaiting_since, held.queued_at = State.ENDED, at, None, None
    held.silent_at = None
    keep(held, "state", "ended_at", "awaiting_since", "queued_at", "silent_at")
    place_code = outlet_code(held)
    if by is not None:
        add_line(held, {"deed": "ENDED", "by": person_of(by)}, at=at)
    announce(ConversationEnded(conversation_id=held.pk, outlet_code=place_code, state_before=before, at=at))
    if was_waiting:
        announce(ReplyGiven(conversation_id=held.pk, outlet_code=place_code, is_answered=False, at=at))


@transaction.atomic
def know_of(
    *,
    conversation_id: int,
    at: datetime,
    waybill_no: str | None = None,
    shipment_id: int | None = None,
    contact_id: int | None = None,
    is_proven: bool | None = None,
    subject: str | None = None,
) -> None:
    """What has been learned: the parcel, the person, whether he is proven. None = nothing new."""
    held = hold_conversation(conversation_id=conversation_id)
    learned = {
        "waybill_no": waybill_no,
        "shipment_id": shipment_id,
        "contact_id": contact_id,
        "is_proven": is_proven,
        "subject": subject,
    }
    for name, value in learned.items():
        if value is not None:
            setattr(held, name, value)
    keep(held, *(name for name, value in learned.items() if value is not None))
