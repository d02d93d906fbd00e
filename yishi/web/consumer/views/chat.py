"""The chat: the first word begins a conversation, whose token in the address is the whole permission."""

import hashlib
import time
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from yishi.assistant.actions.turn import prove, take_turn
from yishi.cases.actions.talks import link_conversation
from yishi.cases.queries.cards import CaseCard, get_case_by_token
from yishi.conversations.actions.begin import Person, begin_conversation
from yishi.conversations.actions.receive import Received, receive
from yishi.conversations.queries.threads import ConversationCard, conversation_of_token
from yishi.conversations.rules import Channel
from yishi.kit import clock
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.files import Upload
from yishi.kit.idempotency import StillRunning, claim, finish
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.web.consumer.doors import (
    PROOF_COOKIE,
    WAY_COOKIE,
    check_chat,
    check_chat_message,
    check_chat_reading,
    check_look_up,
    keep_way,
)
from yishi.web.consumer.forms import MAX_BYTES, SayForm
from yishi.web.consumer.views.talk_page import address_of_talk, is_embedded, talk_page

_FORM_OVERHEAD = 2 * 1024 * 1024
_WAIT_S, _WAIT_TIMES = 0.25, 20
_JSON = "application/json"


# no cookie decides anything here: whoever can send the form may speak
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, waybill_no: str = "", case_token: str = "") -> HttpResponse:
    """The empty chat, of a parcel or a case where one led here; what is posted is the first message."""
    case = get_case_by_token(case_token) if case_token else None
    number = case.waybill_no if case else normalise_waybill_no(waybill_no or request.GET.get("no", "")) or ""
    if request.method == "POST":
        return _said(request, lambda form: _begin(request, form, number, case), number=number)
    check_look_up(request, clock.now(), [number] if number else [])
    mine = _talk_of_browser(request)
    if mine is not None and mine[1].is_open and (not number or mine[1].waybill_no == number):
        return redirect(address_of_talk(request, mine[0]))
    return talk_page(request, None, "", SayForm(), number=number)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: HttpRequest, token: str) -> HttpResponse:
    """The conversation that this token opens; what is posted is the next message."""
    if request.method == "POST":
        card = conversation_of_token(token)
        return _said(request, lambda form: _go_on(request, form, card, token), talk=card, token=token)
    check_chat_reading(request, clock.now())
    return talk_page(request, conversation_of_token(token), token, SayForm())


def _said(
    request: HttpRequest,
    deed: Callable[[SayForm], str],
    *,
    token: str = "",
    number: str = "",
    talk: ConversationCard | None = None,
) -> HttpResponse:
    """What was posted, once; a refusal says why, and all that was written stays."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES + _FORM_OVERHEAD:
        return _refused(request, talk, token, SayForm(), _("文件一次最多 60 MB"), 413, number)
    posted = request.POST.copy()
    posted["text"] = posted.get("option") or posted.get("text", "")
    form = SayForm(posted, request.FILES)
    if not form.is_valid():
        errors = form.errors.as_data()
        why = str(next(iter(errors.values()))[0].messages[0])
        return _refused(request, talk, token, form, why, 422, number)
    try:
        check_chat_message(request, clock.now())
        token = deed(form)
    except Refusal as refusal:
        detail = refusal.errors[0][2] if isinstance(refusal, Invalid) and refusal.errors else ""
        why = _(detail) if detail else refusal.title
        response = _refused(request, talk, token, form, why, refusal.status, number)
        if refusal.retry_after_s:
            response["Retry-After"] = str(refusal.retry_after_s)
        return response
    address = address_of_talk(request, token)
    if _wants_json(request):
        answer: HttpResponse = JsonResponse({"url": address})
    else:
        answer = redirect(f"{address}#end")
    keep_way(answer, token)
    return answer


def _refused(
    request: HttpRequest,
    talk: ConversationCard | None,
    token: str,
    form: SayForm,
    why: str,
    status: int,
    number: str,
) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"error": why}, status=status)
    return talk_page(request, talk, token, form, number=number, refused=why, status=status)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == _JSON


def _begin(request: HttpRequest, form: SayForm, number: str, case: CaseCard | None) -> str:
    """The token of the conversation; the same form again, even at the same moment, gives the same one."""
    for _attempt in range(_WAIT_TIMES):
        try:
            token, received = _begin_once(request, form, number, case)
            break
        except StillRunning:
            time.sleep(_WAIT_S)
    else:
        raise StillRunning
    if received is not None:
        take_turn(message_id=received.message_id, at=clock.now())
    return token


@transaction.atomic
def _begin_once(
    request: HttpRequest, form: SayForm, number: str, case: CaseCard | None
) -> tuple[str, Received | None]:
    at, key = clock.now(), _key_of(form)
    if key and (replay := claim(scope="web chat", key=key, content_hash=b"", at=at)) is not None:
        return replay.body, None
    check_chat(request, at)
    begun = begin_conversation(
        person=Person(channel=Channel.WEB, contact_id=case.contact_id if case else None),
        at=at,
        language=get_language() or "zh-hans",
        entry_point="widget" if is_embedded(request) else "case" if case else "web",
        waybill_no=number,
    )
    if case is not None:
        link_conversation(case_id=case.id, conversation_id=begun.id, at=at)
    if proof := request.COOKIES.get(PROOF_COOKIE, ""):
        prove(conversation_id=begun.id, proof=proof, at=at)
    received = _receive(begun.id, form, key)
    if key:
        finish(scope="web chat", key=key, status=201, body=begun.token)
    return begun.token, received


def _go_on(request: HttpRequest, form: SayForm, card: ConversationCard, token: str) -> str:
    received = _receive(card.id, form, _key_of(form))
    take_turn(message_id=received.message_id, at=clock.now())
    return token


def _receive(conversation_id: int, form: SayForm, key: str) -> Received:
    uploads = [
        Upload(name=photo.name or "", content_type=photo.content_type or "", stream=photo)
        for photo in form.chosen_photos
    ]
    text = form.cleaned_data.get("text", "")
    return receive(
        conversation_id=conversation_id, text=text, uploads=uploads, external_id=key, at=clock.now()
    )


def _key_of(form: SayForm) -> str:
    """The page's own number of a message, with its content: who goes back and writes otherwise is heard."""
    key = "".join(sign for sign in str(form.data.get("key", ""))[:60] if sign.isalnum() or sign in "-_")
    if not key:
        return ""
    said = [form.cleaned_data.get("text", ""), *(f"{each.name}:{each.size}" for each in form.chosen_photos)]
    return f"{key}:{hashlib.sha256(repr(said).encode()).hexdigest()[:16]}"


def _talk_of_browser(request: HttpRequest) -> tuple[str, ConversationCard] | None:
    token = request.COOKIES.get(WAY_COOKIE, "")
    try:
        return (token, conversation_of_token(token)) if token else None
    except NotFound:
        return None
