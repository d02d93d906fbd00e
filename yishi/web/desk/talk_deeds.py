"""What is done to a conversation: each form is one action, then back to the page or the words kept."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from yishi.automation.actions.macros import OpenVariable
from yishi.cases.actions.open import open_case
from yishi.cases.actions.talks import link_conversation
from yishi.cases.queries.cards import access_case
from yishi.cases.rules.categories import CATEGORIES
from yishi.conversations.actions.hand import end_conversation, give, give_back, take
from yishi.conversations.actions.marks import keep_draft, tell_typing
from yishi.conversations.actions.say import add_inner_note, say, withdraw_held
from yishi.conversations.queries.threads import (
    ConversationCard,
    access_conversation,
    list_files_of_person,
    list_messages,
)
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.kit.files import Upload, store_upload
from yishi.knowledge.actions.replies import note_use
from yishi.knowledge.rules.replies import variables_of
from yishi.people.queries import list_colleagues
from yishi.people.rules import Permission, Viewer
from yishi.shipments.queries.parcels import find_shipment_refs
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import whole_number
from yishi.web.desk.talk import talk_page

Deed = Callable[[ConversationCard, datetime], object]
MOST_FILES = 6


def _do(
    request: HttpRequest, viewer: Viewer, conversation_id: int, done: str, deed: Deed, *, step: str = ""
) -> HttpResponse:
    """In one transaction; a refusal shows the page again with everything that was typed."""
    card, at = access_conversation(viewer=viewer, conversation_id=conversation_id), now()
    try:
        with transaction.atomic():
            said = deed(card, at)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return talk_page(request, viewer, conversation_id, step=step or done, refusal=refusal)
    word = said if isinstance(said, str) else done
    try:
        access_conversation(viewer=viewer, conversation_id=conversation_id)
    except NotFound:
        return HttpResponseRedirect(f"{reverse('desk:inbox')}?done={word}")
    return HttpResponseRedirect(f"{reverse('desk:talk', args=[conversation_id])}?done={word}")


@staff_page(Permission.CASE_WRITE)
@require_POST
def reply(request: HttpRequest, viewer: Viewer, conversation_id: int) -> HttpResponse:
    """Said now or at a chosen time. Whoever has it not takes it; where somebody else has it he is told."""
    said = request.POST
    used = [int(one) for one in said.getlist("used") if whole_number(one) is not None]

    def deed(card: ConversationCard, at: datetime) -> str:
        if variables_of(said.get("text", "")):
            raise OpenVariable()
        send_at = _send_at(said.get("send_at", ""))
        files = [
            store_upload(
                upload=Upload(name=one.name or "", content_type=one.content_type or "", stream=one),
                retention_class="EVIDENCE",
                at=at,
            )
            for one in request.FILES.getlist("files")[:MOST_FILES]
        ]
        text = said.get("text", "")
        say(conversation_id=card.id, text=text, files=files, send_at=send_at, by=viewer, at=at)
        note_use(reply_ids=used, by=viewer)
        return "held" if send_at else "reply"

    return _do(request, viewer, conversation_id, "reply", deed)


def _send_at(said: str) -> datetime | None:
    if not said.strip():
        return None
    try:
        stated = parse_datetime(said)
    except ValueError:
        stated = None
    if stated is None:
        raise Invalid([("/send_at", "bad_time", "时间没看懂，重新选一下")])
    return timezone.make_aware(stated) if timezone.is_naive(stated) else stated


@staff_page(Permission.CASE_WRITE)
@require_POST
def note(request: HttpRequest, viewer: Viewer, conversation_id: int) -> HttpResponse:
    """A line between colleagues; those who are ticked, or named with an @, are called to it."""
    text = request.POST.get("text", "")

    def deed(card: ConversationCard, at: datetime) -> None:
        mates = list_colleagues(viewer, card.outlet_code or None)
        ticked = {int(one) for one in request.POST.getlist("mention") if whole_number(one) is not None}
        named = [m.user_id for m in mates if m.user_id in ticked or f"@{m.name}" in text]
        add_inner_note(conversation_id=card.id, text=text, mentioned=named, by=viewer, at=at)

    return _do(request, viewer, conversation_id, "note", deed)


@staff_page(Permission.CASE_WRITE)
@require_POST
def take_it(request: HttpRequest, viewer: Viewer, conversation_id: int) -> HttpResponse:
    """Taken where nobody has it; from a colleague only where that was said."""
    is_sure = bool(request.POST.get("from_colleague"))
    return _do(
        request, viewer, conversation_id, "take",
        lambda card, at: take(conversation_id=card.id, by=viewer, from_colleague=is_sure, at=at),
    )  # fmt: skip


@staff_page(Permission.CASE_WRITE)
@require_POST
def give_it(request: HttpRequest, viewer: Viewer, conversation_id: int) -> HttpResponse:
    """To a colleague of its outlet, or back into the queue where nobody is named."""
    user_id = whole_number(request.POST.get("user", ""))

    def deed(card: ConversationCard, at: datetime) -> str:
        if user_id is None:
            give_back(conversation_id=card.id, by=viewer, at=at)
            return "given_back"
        if user_id not in {one.user_id for one in list_colleagues(viewer, card.outlet_code or None)}:
            raise Invalid([("/user", "unknown_person", "这个网点没有这个人")])
        give(conversation_id=card.id, user_id=user_id, by=viewer, at=at)
        return "given"

    return _do(request, viewer, conversation_id, "given", deed, step="assign")


@staff_page(Permission.CASE_WRITE)
@require_POST
def end(request: HttpRequest, viewer: Viewer, conversation_id: int) -> HttpResponse:
    card = access_conversation(viewer=viewer, conversation_id=conversation_id)
    end_conversation(conversation_id=card.id, by=viewer, at=now())
    return HttpResponseRedirect(f"{reverse('desk:inbox')}?done=ended")


@staff_page(Permission.CASE_WRITE)
@require_POST
def draft(request: HttpRequest, viewer: Viewer, conversation_id: int) -> HttpResponse:
    """Kept while it is written; the other side sees that somebody writes."""
    card = access_conversation(viewer=viewer, conversation_id=conversation_id)
    try:
        keep_draft(conversation_id=card.id, text=request.POST.get("text", ""), by=viewer, at=now())
    except Refusal as refusal:
        return HttpResponse(status=refusal.status)
    if request.POST.get("text", "").strip():
        tell_typing(conversation_id=card.id, is_staff=True)
    return HttpResponse(status=204)


@staff_page(Permission.CASE_WRITE)
@require_POST
def withdraw(request: HttpRequest, viewer: Viewer, conversation_id: int, held_id: int) -> HttpResponse:
    """A message that waits for its time is not sent."""

    def deed(card: ConversationCard, at: datetime) -> None:
        if held_id not in {line.id for line in list_messages(card.id, for_person=False)}:
            raise NotFound()
        withdraw_held(message_id=held_id, by=viewer, at=at)

    return _do(request, viewer, conversation_id, "withdrawn", deed, step="reply")


@staff_page(Permission.CASE_WRITE)
@require_POST
def case(request: HttpRequest, viewer: Viewer, conversation_id: int) -> HttpResponse:
    """A case from it, with what the person said and his files; or the link to one that is there."""
    said = request.POST

    def deed(card: ConversationCard, at: datetime) -> str:
        if said.get("case_no", "").strip():
            found = access_case(viewer=viewer, case_no=said["case_no"].replace(" ", ""))
            link_conversation(case_id=found.id, conversation_id=card.id, at=at)
            return "link"
        if said.get("category") not in CATEGORIES:
            raise Invalid([("/category", "missing_field", "选一下是哪一类")])
        refs = find_shipment_refs(card.waybill_no) if card.waybill_no else []
        opened = open_case(
            waybill_no=card.waybill_no,
            category=said["category"],
            text=said.get("case_text", "") or _their_words(card),
            contact_id=card.contact_id,
            is_verified=card.is_proven,
            files=list_files_of_person(card.id)[-6:],
            language=card.language,
            entry_point=f"conversation:{card.id}",
            shipment=refs[0] if refs else None,
            by=viewer,
            at=at,
        )
        link_conversation(case_id=opened.case_id, conversation_id=card.id, at=at)
        return "case"

    return _do(request, viewer, conversation_id, "case", deed, step="reply")


def _their_words(card: ConversationCard) -> str:
    lines = [line.text for line in list_messages(card.id, for_person=True) if line.author_kind == "CONSUMER"]
    return "\n".join(one for one in lines[-10:] if one)[:5_000]
