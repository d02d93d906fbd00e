"""One conversation at the desk: what was said, the parcel and the person beside it, the answer below."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yishi.cases.queries.cards import access_case, list_cases_of_contact
from yishi.cases.queries.talks import case_of_conversation
from yishi.cases.rules.categories import CATEGORIES
from yishi.consignees.queries import masked_contact, preferences_of_contact
from yishi.conversations.actions.marks import mark_read
from yishi.conversations.actions.mentions import note_seen
from yishi.conversations.queries.beside import access_talk_file, draft_of
from yishi.conversations.queries.call_backs import open_call_back
from yishi.conversations.queries.inbox import place_in_queue
from yishi.conversations.queries.threads import (
    ConversationCard,
    MessageLine,
    access_conversation,
    list_messages,
)
from yishi.conversations.rules import BY_HAND
from yishi.kit.clock import now
from yishi.kit.errors import NotFound, Refusal
from yishi.kit.files import open_file
from yishi.people.queries import list_colleagues, staff_names
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer
from yishi.routing.queries.talks import why_here
from yishi.shipments.queries.parcels import access_shipment
from yishi.sla.queries.talks import clocks_of_talks
from yishi.web.desk import inbox_words as said
from yishi.web.desk.doors import staff_page
from yishi.web.desk.files import SHOWN, quoted_name
from yishi.web.desk.inbox import list_values, topics
from yishi.web.desk.page import desk_page, words_of
from yishi.web.desk.parcels import ParcelStory, tell
from yishi.web.desk.talk_help import help_of
from yishi.web.shared import words
from yishi.web.shared.live import live_url
from yishi.web.shared.sounds import SOUNDS, play
from yishi.web.shared.words import UNKNOWN

STEPS = ("reply", "note", "assign", "settle")
FROM_PERSON = "CONSUMER"


@staff_page(Permission.CASE_READ)
@require_safe
def talk(request: HttpRequest, viewer: Viewer, conversation_id: int) -> HttpResponse:
    return talk_page(request, viewer, conversation_id, step=request.GET.get("do", ""))


def talk_page(
    request: HttpRequest,
    viewer: Viewer,
    conversation_id: int,
    *,
    step: str = "",
    refusal: Refusal | None = None,
) -> HttpResponse:
    """The whole page; after a refusal with what was typed."""
    at = now()
    card = access_conversation(viewer=viewer, conversation_id=conversation_id)
    messages = list_messages(card.id, for_person=False)
    _looked(viewer, card, messages, at)
    typed = request.POST.get("text", "") if refusal else ""
    values = {
        "here": "inbox",
        **list_values(viewer, request.GET.get("view", ""), "", at),
        **_talk_values(viewer, card, messages, at),
        **_side_values(viewer, card, at),
        "help": help_of(card, messages, viewer=viewer, at=at),
        "step": step if step in STEPS else "reply",
        "draft": typed if refusal and step != "note" else draft_of(card.id, viewer=viewer),
        "noted": typed if refusal and step == "note" else "",
        "mates": _mates(viewer, card),
        "categories": [(v, words.CATEGORIES.get(v, v)) for v, r in CATEGORIES.items() if r.is_claimable],
        "typed": request.POST if refusal else {},
        "done": _done(request.GET.get("done", "")),
        "live": _live(viewer, card),
        "refused": words_of(refusal) if refusal else "",
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "desk/talk.html", values, status=status, at=at)


def _looked(viewer: Viewer, card: ConversationCard, messages: list[MessageLine], at: datetime) -> None:
    """Whoever has it and opens it has read it; whoever was called has looked."""
    if viewer.user_id is None:
        return
    if messages and card.assignee_id == viewer.user_id:
        mark_read(conversation_id=card.id, message_id=messages[-1].id, by=viewer, at=at)
    note_seen(conversation_id=card.id, by=viewer, at=at)


def _talk_values(
    viewer: Viewer, card: ConversationCard, messages: list[MessageLine], at: datetime
) -> dict[str, Any]:
    """Head and messages: what a nudge renews."""
    names = staff_names(_people_in(messages))
    why = why_here(card.id)
    queue = place_in_queue(card, at=at)
    return {
        "talk": card,
        "lines": [_line(line, names) for line in messages],
        "clock": clocks_of_talks([card.id]).get(card.id),
        "why": said.why_words(why.place_reason, why.reason),
        "queue": queue,
        "queue_wait": said.how_long(queue["wait_s"]) if queue else "",
        "channel": said.CHANNELS.get(card.channel, UNKNOWN),
        "state": said.STATES.get(card.state, UNKNOWN),
        "handed": said.HANDED.get(card.handed_over_for.partition("_")[0], ""),
        "is_mine": card.assignee_id == viewer.user_id and card.state == "WITH_AGENT",
        "may_write": viewer.may(Permission.CASE_WRITE),
        "is_by_hand": card.channel in BY_HAND,
    }


def _is_asked(messages: list[MessageLine]) -> bool:
    return bool(messages) and messages[-1].author_kind == FROM_PERSON


def _people_in(messages: list[MessageLine]) -> set[int]:
    """Colleagues whom the lines of the house and the notes name."""
    named = {one for line in messages for one in line.data.get("mentioned", [])}
    house = [line.data for line in messages if line.author_kind == "SYSTEM"]
    named |= {data.get(key) for data in house for key in ("to", "by", "from")}
    return {one for one in named if isinstance(one, int)}


def _line(line: MessageLine, names: dict[int, str]) -> dict[str, Any]:
    state = "READ" if line.is_read and line.state in ("SENT", "DELIVERED") else line.state
    return {
        "it": line,
        "is_person": line.author_kind == FROM_PERSON,
        "is_note": line.kind == "NOTE" and line.author_kind == "AGENT",
        "house": said.line_words(line.data, names) if line.author_kind == "SYSTEM" else "",
        "channel": said.CHANNELS.get(line.channel, UNKNOWN),
        "state": None if line.author_kind == FROM_PERSON else said.state_sign(state, line.failed_for),
        "why": said.why_unsent(line.failed_for, line.channel) if line.failed_for else "",
        "came_at": _moment_of(line.data.get("came_at")) if line.author_kind == FROM_PERSON else None,
        "mentioned": [names[one] for one in line.data.get("mentioned", []) if one in names],
    }


def _moment_of(said: Any) -> datetime | None:
    return datetime.fromisoformat(said) if isinstance(said, str) and said else None


def _side_values(viewer: Viewer, card: ConversationCard, at: datetime) -> dict[str, Any]:
    """The parcel, the wishes, the person, what he came for before, the case that this became."""
    contact = card.contact_id
    linked = case_of_conversation(card.id)
    try:
        linked = access_case(viewer=viewer, case_no=linked.case_no) if linked else None
    except NotFound:
        linked = None
    return {
        "parcel": _parcel(card),
        "wishes": [said.wished(one, at) for one in preferences_of_contact(contact, at=at)] if contact else [],
        "contact": masked_contact(contact) if contact else None,
        "earlier": list_cases_of_contact(viewer=viewer, contact_id=contact)[:5] if contact else [],
        "linked": linked,
        "call_back": open_call_back(card.id),
    }


def _parcel(card: ConversationCard) -> ParcelStory | None:
    if not card.waybill_no:
        return None
    try:
        # need implies sight: whoever answers sees the parcel that it is about, whichever outlet scanned it
        return tell(access_shipment(SYSTEM_VIEWER, card.waybill_no, None))
    except NotFound:
        return None


def _mates(viewer: Viewer, card: ConversationCard) -> list[tuple[int, str]]:
    people = list_colleagues(viewer, card.outlet_code or None)
    return [(one.user_id, one.name) for one in people if one.user_id != viewer.user_id]


def _done(word: str) -> str:
    words_said = {
        "reply": _("发出去了"),
        "held": _("到时间就发"),
        "note": _("备注记下了，提到的人会看到"),
        "take": _("现在由你接待"),
        "case": _("工单开好了"),
        "link": _("和工单连上了"),
        "withdrawn": _("取消了，不会发"),
    }
    return words_said.get(word, "")


def _live(viewer: Viewer, card: ConversationCard) -> str:
    own = [f"conversation:{card.id}", f"typing:{card.id}:person"]
    return live_url([*own, *topics(viewer)], viewer.name)


@staff_page(Permission.CASE_READ)
@require_safe
def news(request: HttpRequest, viewer: Viewer, conversation_id: int) -> HttpResponse:
    """After a nudge: the head, the messages, the help and the list; what is being typed stays."""
    at = now()
    card = access_conversation(viewer=viewer, conversation_id=conversation_id)
    messages = list_messages(card.id, for_person=False)
    _looked(viewer, card, messages, at)
    values = {
        **list_values(viewer, request.GET.get("view", ""), "", at),
        **_talk_values(viewer, card, messages, at),
        # what was suggested answers what was said before
        "help": help_of(card, messages, viewer=viewer, at=at) if _is_asked(messages) else None,
        "at": at,
        "is_swap": True,
    }
    return render(request, "desk/talk_news.html", values)


@staff_page(Permission.CASE_READ)
@require_safe
def live_again(request: HttpRequest, viewer: Viewer, conversation_id: int) -> HttpResponse:
    card = access_conversation(viewer=viewer, conversation_id=conversation_id)
    return JsonResponse({"address": _live(viewer, card)})


@staff_page(Permission.CASE_READ)
@require_safe
def transcript(request: HttpRequest, viewer: Viewer, conversation_id: int) -> HttpResponse:
    """What was said, as text to keep; inner notes are none of it."""
    card = access_conversation(viewer=viewer, conversation_id=conversation_id)
    who = {"CONSUMER": _("顾客"), "ASSISTANT": _("智能助手")}
    text = "\n".join(
        f"{line.at:%Y-%m-%d %H:%M} {who.get(line.author_kind) or line.author_name}：{line.text}"
        + "".join(f" [{file.name}]" for file in line.files)
        for line in list_messages(card.id, for_person=True)
    )
    return HttpResponse(
        text,
        content_type="text/plain; charset=utf-8",
        headers={
            "Content-Disposition": f"attachment; filename=conversation-{card.id}.txt",
            "Cache-Control": "private, no-store",
        },
    )


@staff_page(Permission.CASE_READ)
@require_safe
def file(request: HttpRequest, viewer: Viewer, talk_file_id: UUID) -> HttpResponse:
    """A file of a message in sight, never run by the browser."""
    held = access_talk_file(viewer=viewer, file_id=talk_file_id)
    try:
        body = open_file(held)
    except FileNotFoundError:
        raise NotFound from None
    if held.content_type.startswith(SOUNDS):
        return play(request, body, content_type=held.content_type, file_name=held.name)
    how = "inline" if held.content_type == SHOWN else "attachment"
    return HttpResponse(
        body,
        content_type=held.content_type,
        headers={
            "Content-Disposition": f"{how}; filename*=UTF-8''{quoted_name(held.name)}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; img-src 'self'; sandbox",
            "Cache-Control": "private, no-store",
        },
    )
