"""New cases and conversations find their place; a person who asks for somebody higher gets him; an offer ends
with its case."""

from django.utils.translation import gettext_noop as _

from yishi.cases.facts import (
    CaseAssigned,
    CaseClosed,
    CaseEscalated,
    CaseMerged,
    CaseOpened,
    CaseResolved,
    CaseWithdrawn,
)
from yishi.conversations.facts import (
    ConversationEnded,
    ConversationQueued,
    ConversationTaken,
    ReplyAwaited,
)
from yishi.conversations.rules import State
from yishi.kit.phrases import Phrase
from yishi.network.queries import find_outlet
from yishi.routing.actions.handovers import end_offers
from yishi.routing.actions.route import hand_up, route_case
from yishi.routing.actions.talks import fill_room, note_taken, place_talk, return_if_gone
from yishi.routing.queries.talks import may_be_gone


def on_case_opened(fact: CaseOpened) -> None:
    route_case(
        case_id=fact.case_id,
        waybill_no=fact.waybill_no,
        category=fact.category,
        case_class=fact.case_class,
        language=fact.language,
        shipment_id=fact.shipment_id,
        contact_id=fact.contact_id,
        held=fact.held_outlet_id,
        destination=fact.destination_outlet_id,
        at=fact.at,
    )


def on_case_escalated(fact: CaseEscalated) -> None:
    hand_up(case_id=fact.case_id, level=fact.level, reason=Phrase(_("客户要求升级")), at=fact.at)


def on_case_assigned(fact: CaseAssigned) -> None:
    end_offers(case_id=fact.case_id, at=fact.at, still_with=(fact.outlet_id,))


def on_case_ended(fact: CaseResolved | CaseWithdrawn | CaseClosed | CaseMerged) -> None:
    end_offers(case_id=fact.case_id, at=fact.at)


def on_conversation_queued(fact: ConversationQueued) -> None:
    place_talk(conversation_id=fact.conversation_id, reason=fact.reason, at=fact.at)


def on_conversation_taken(fact: ConversationTaken) -> None:
    note_taken(
        conversation_id=fact.conversation_id, user_id=fact.agent_id, is_by_hand=fact.is_by_hand, at=fact.at
    )


def on_reply_awaited(fact: ReplyAwaited) -> None:
    if may_be_gone(fact.conversation_id, fact.at):
        return_if_gone(conversation_id=fact.conversation_id, at=fact.at)


def on_conversation_ended(fact: ConversationEnded) -> None:
    outlet = find_outlet(fact.outlet_code) if fact.outlet_code else None
    if fact.state_before == State.WITH_AGENT and outlet is not None:
        fill_room(outlet_id=outlet.id, at=fact.at)
