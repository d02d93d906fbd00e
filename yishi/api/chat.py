"""The chat of our own page, of widgets on other sites and of programs (contracts.md, "Public")."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Router, Status

from yishi.api import chat_schemas as s
from yishi.api.bodies import read_with_files
from yishi.api.problems import Problem
from yishi.api.public import limit_by_address
from yishi.assistant.actions.course import Answered
from yishi.assistant.actions.turn import prove, take_turn
from yishi.assistant.rules.dialogue import is_silent
from yishi.conversations.actions.begin import Person, begin_conversation
from yishi.conversations.actions.receive import receive
from yishi.conversations.queries.inbox import place_in_queue
from yishi.conversations.queries.threads import (
    ConversationCard,
    conversation_of_token,
    get_conversation,
    list_messages,
)
from yishi.conversations.rules import CONVERSATIONS_AN_HOUR, MESSAGES_A_MINUTE_FROM_ONE, Channel
from yishi.kit.clock import now
from yishi.shipments.rules.waybills import normalise_waybill_no

router = Router(tags=["chat"])
REFUSALS = dict.fromkeys((400, 404, 409, 413, 415, 422, 429), Problem)


@router.post("/chat", response={201: s.ChatBegunOut, **REFUSALS}, auth=None)
def post_chat(request: HttpRequest, body: s.ChatIn | None = None) -> Any:
    """A new conversation; its token is the only key to it. `waybill_no`: the parcel it begins from."""
    limit_by_address(request, "chat", CONVERSATIONS_AN_HOUR, timedelta(hours=1))
    begun = begin_conversation(
        person=Person(channel=Channel.WEB),
        at=now(),
        language=get_language() or "zh-hans",
        entry_point="api",
        waybill_no=normalise_waybill_no(body.waybill_no if body else "") or "",
    )
    if body is not None and body.proof:
        prove(conversation_id=begun.id, proof=body.proof, at=now())
    return Status(201, {"chat_token": begun.token})


@router.post("/chat/{chat_token}/messages", response={200: s.ChatAnswerOut, **REFUSALS}, auth=None)
def post_message(request: HttpRequest, chat_token: str, response: HttpResponse) -> Any:
    """What the person says, and the assistant's answer: durable before it is answered. JSON, or multipart
    with one part `message` (that JSON) and parts `attachments`. An `Idempotency-Key` is the message's own
    number: the same again is answered as the first time."""
    limit_by_address(request, "chat message", MESSAGES_A_MINUTE_FROM_ONE, timedelta(minutes=1))
    talk = conversation_of_token(chat_token)
    body, uploads = read_with_files(request, s.ChatMessageIn, part="message", files="attachments")
    if body.proof:
        prove(conversation_id=talk.id, proof=body.proof, at=now())
    key = request.headers.get("Idempotency-Key", "")
    received = receive(
        conversation_id=talk.id,
        text=body.text,
        uploads=uploads,
        external_id=f"key:{key}" if key else "",
        at=now(),
    )
    if not received.is_new:
        response["Idempotency-Replayed"] = "true"
    if received.is_new and is_silent(is_automatic=False, state_of_conversation=received.state):
        return _shape(Answered(is_silent=True), replace(talk, state=received.state))
    return _shape(take_turn(message_id=received.message_id, at=now()), get_conversation(talk.id))


def _shape(answered: Answered, talk: ConversationCard) -> dict[str, Any]:
    is_waiting = talk.state == "QUEUED"
    return {
        "replies": [{"text": each.text, "options": list(each.options)} for each in answered.replies],
        "intent": answered.intent,
        "confidence": round(answered.confidence, 3),
        "handed_over": talk.state in ("QUEUED", "WITH_AGENT"),
        "queue": place_in_queue(talk, at=now()) if is_waiting else None,
        "actions": [dict(each) for each in answered.actions],
    }


@router.get("/chat/{chat_token}/messages", response={200: s.ChatMessagesOut, **REFUSALS}, auth=None)
def get_messages(request: HttpRequest, chat_token: str, after: int = 0) -> Any:
    """What was said, oldest first; `after`: the last one that is known."""
    limit_by_address(request, "chat reading", 240, timedelta(minutes=1))
    talk = conversation_of_token(chat_token)
    lines = list_messages(talk.id, for_person=True, after=after)
    return {
        "state": talk.state,
        "items": [
            {
                "id": line.id,
                "author": line.author_kind,
                "kind": line.kind,
                "text": line.text,
                "options": list(line.options),
                "at": line.at,
                "state": line.state,
                "attachments": [
                    {"name": file.name, "content_type": file.content_type} for file in line.files
                ],
            }
            for line in lines
        ],
    }
