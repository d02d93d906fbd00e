"""手工登记: somebody rang, came in or wrote in a private group; it is kept, with a case on demand."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from yishi.assistant.queries.understand import understand
from yishi.assistant.rules.category import category_of
from yishi.cases.actions.file import Complaint, file_complaint
from yishi.cases.actions.talks import link_conversation
from yishi.cases.queries.cards import access_case
from yishi.cases.rules.categories import CATEGORIES
from yishi.consignees.actions.contacts import keep_contact
from yishi.conversations.actions.begin import Person
from yishi.conversations.actions.calls import enter_call
from yishi.conversations.actions.hand import end_conversation, take
from yishi.conversations.actions.receive import note_down
from yishi.conversations.rules import Channel
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.kit.personal import normalise_phone
from yishi.people.rules import Permission, Viewer
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, words_of
from yishi.web.shared import words

CHANNELS = (
    (Channel.WALK_IN, gettext_lazy("到店"), "home"),
    (Channel.PHONE, gettext_lazy("来电"), "phone"),
    (Channel.GROUP_CHAT, gettext_lazy("群聊"), "chat"),
)
TYPED = ("channel", "phone", "waybill_no", "name", "text", "category", "is_over")
_MOST = {"text": 20_000, "name": 80, "phone": 30, "waybill_no": 40}


@staff_page(Permission.CASE_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def talk_note(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The form; posted, the talk is kept, with a case where one was asked for."""
    if request.method != "POST":
        return _page(request, viewer, {"channel": "WALK_IN", "is_over": "1"})
    said = {name: request.POST.get(name, "").replace("\x00", "").strip() for name in TYPED}
    try:
        with transaction.atomic():
            case_no = _keep(said, wants_case=request.POST.get("do") == "case", by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, said, refusal)
    return HttpResponseRedirect(_onward(viewer, case_no))


def _keep(said: dict[str, str], *, wants_case: bool, by: Viewer, at: datetime) -> str:
    """Keeps the talk; returns the number of its case, '' without one. Raises Invalid and what it refuses."""
    _check(said)
    number = normalise_waybill_no(said["waybill_no"]) or ""
    phone = normalise_phone(said["phone"])
    contact_id = keep_contact(phone=phone, name=said["name"], at=at) if phone else None
    channel = Channel(said["channel"])
    if channel == Channel.PHONE:
        talk_id = enter_call(caller=phone, text=said["text"], waybill_no=number, by=by, at=at)
    else:
        person = Person(channel=channel, address=phone, name=said["name"], contact_id=contact_id)
        talk_id = note_down(person=person, text=said["text"], waybill_no=number, at=at).conversation_id
    # whoever notes it has dealt with it: it waits in nobody's queue
    take(conversation_id=talk_id, by=by, at=at)
    case_no = ""
    if wants_case:
        complaint = Complaint(
            waybill_no=said["waybill_no"],
            category=said["category"] or _category(said["text"]),
            text=said["text"],
            phone=said["phone"],
            name=said["name"],
            source=channel.value,
            entry_point="desk",
            language=translation.get_language() or "zh-hans",
        )
        filed = file_complaint(complaint=complaint, by=by, at=at)
        link_conversation(case_id=filed.case_id, conversation_id=talk_id, at=at)
        case_no = filed.case_no
    if said["is_over"]:
        end_conversation(conversation_id=talk_id, by=by, at=at)
    return case_no


def _check(said: dict[str, str]) -> None:
    errors = [
        (f"/{name}", "too_long", "太长了，删短一点") for name, most in _MOST.items() if len(said[name]) > most
    ]
    if said["channel"] not in {channel.value for channel, _word, _icon in CHANNELS}:
        errors.append(("/channel", "unknown_channel", "选他是怎么来的"))
    if not said["text"]:
        errors.append(("/text", "missing_field", "写下他说了什么"))
    if said["phone"] and not 7 <= len(normalise_phone(said["phone"])) <= 20:
        errors.append(("/phone", "bad_phone", "手机号是 11 位"))
    if said["waybill_no"] and normalise_waybill_no(said["waybill_no"]) is None:
        errors.append(("/waybill_no", "bad_number", "运单号写法不对"))
    if not said["phone"] and not said["waybill_no"]:
        errors.append(("/phone", "missing_field", "电话和运单号至少写一个"))
    if errors:
        raise Invalid(errors)


def _category(text: str) -> str:
    """The likeliest category of what he said."""
    intents = {guess.intent: guess.confidence for guess in understand(text).intents}
    found = category_of(text, intents).category
    return found if found in CATEGORIES and CATEGORIES[found].is_claimable else "OTHER"


def _onward(viewer: Viewer, case_no: str) -> str:
    """To the case, or back with a word where there is none or another outlet has it."""
    home = reverse("desk:talk_note")
    if not case_no:
        return f"{home}?done=1"
    try:
        access_case(viewer=viewer, case_no=case_no)
    except NotFound:
        return f"{home}?done={case_no}"
    return f"{reverse('desk:case', args=[case_no])}?done=call"


def _page(
    request: HttpRequest, viewer: Viewer, typed: dict[str, str], refusal: Refusal | None = None
) -> HttpResponse:
    done = request.GET.get("done", "")
    values = {
        "here": "paste",
        "typed": typed,
        "channels": CHANNELS,
        "done": bool(done),
        "elsewhere": done if done.isdecimal() and len(done) > 1 else "",
        "refused": words_of(refusal) if refusal else "",
        **_categories(typed.get("category", ""), ""),
    }
    return desk_page(
        request, viewer, "desk/talk_note.html", values, status=refusal.status if refusal else 200
    )


def _categories(chosen: str, suggested: str) -> dict[str, Any]:
    offered = [
        (value, words.CATEGORIES.get(value, value)) for value, rule in CATEGORIES.items() if rule.is_claimable
    ]
    named = words.CATEGORIES.get(suggested, "") if suggested else ""
    return {"offered": offered, "chosen": chosen or suggested, "suggested": named}


@staff_page(Permission.CASE_WRITE)
@require_POST
def suggest(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The choice of a category with the likeliest chosen, from what has been typed so far."""
    text = request.POST.get("text", "").replace("\x00", "").strip()[: _MOST["text"]]
    values = _categories("", _category(text) if text else "")
    return render(request, "desk/talk_note_category.html", values)
