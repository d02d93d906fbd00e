"""The chat's page and its parts that are fetched again: what was said, and where the conversation stands."""

import secrets
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yishi.conversations.actions.marks import mark_read
from yishi.conversations.queries.inbox import place_in_queue
from yishi.conversations.queries.threads import ConversationCard, list_messages, seen_up_to
from yishi.conversations.rules import Author, State
from yishi.feedback.queries import find_talk_rating
from yishi.kit import clock
from yishi.shipments.queries.public import get_public_shipment
from yishi.web.consumer import talks
from yishi.web.consumer.forms import SayForm
from yishi.web.shared.live import live_url
from yishi.web.shared.policy import allow_frame


def is_embedded(request: HttpRequest) -> bool:
    """Whether it is shown by the widget, in a frame of another site."""
    return request.GET.get("embed") == "1"


def address_of_talk(request: HttpRequest, token: str) -> str:
    return reverse("consumer:talk", args=[token]) + ("?embed=1" if is_embedded(request) else "")


def talk_page(
    request: HttpRequest,
    card: ConversationCard | None,
    token: str,
    form: SayForm,
    *,
    number: str = "",
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """The whole page; without a conversation the greeting; after a refusal its reason and what was typed."""
    number = card.waybill_no if card else number
    posted = form.data if form.is_bound else {}
    context: dict[str, Any] = {
        "refused": refused,
        "typed": "" if posted.get("option") else posted.get("text", ""),
        "key": secrets.token_urlsafe(12),
        "parcel": get_public_shipment(number) if number else None,
        "is_embedded": is_embedded(request),
        "tail": "?embed=1" if is_embedded(request) else "",
        "post_to": address_of_talk(request, token) if token else request.get_full_path(),
        "live_url": live_of(card) if card else "",
        **(parts(card, token, mark="", is_looking=True) if card else _nothing_yet()),
    }
    response = render(request, "consumer/chat.html", context, status=status)
    return allow_frame(response) if is_embedded(request) else response


def live_of(card: ConversationCard) -> str:
    """Where the page listens: to the conversation, and whether somebody of ours is typing."""
    return live_url([f"conversation:{card.id}", f"typing:{card.id}:staff"], viewer="public")


def parts(card: ConversationCard, token: str, *, mark: str, is_looking: bool) -> dict[str, Any]:
    """What was said after the mark and where the conversation stands; whoever looks has read it."""
    at, (after, second) = clock.now(), talks.read_mark(mark)
    lines = list_messages(card.id, for_person=True, after=after)
    if is_looking and lines and lines[-1].author_kind == Author.AGENT:
        mark_read(conversation_id=card.id, message_id=lines[-1].id, by=None, at=at)
    return {
        "at": at,
        "token": token,
        "talk": card,
        "state": card.state,
        "head": talks.who_answers(card),
        "rows": talks.rows_of(lines, since=datetime.fromtimestamp(second, UTC) if second else None, at=at),
        "drawn": talks.drawn_in(lines, at),
        "mark": talks.mark_of(lines, mark),
        "seen": seen_up_to(card.id, for_person=True),
        "queue": talks.waits(place_in_queue(card, at=at)) if card.state == State.QUEUED else None,
        "rating": find_talk_rating(card.id) if not card.is_open else None,
        "scores": range(1, 6),
    }


def _nothing_yet() -> dict[str, Any]:
    return {
        "at": clock.now(),
        "rows": [],
        "state": State.ASSISTANT.value,
        "head": (_("驿使小灯"), _("智能助手 · 随时可转人工")),
    }
