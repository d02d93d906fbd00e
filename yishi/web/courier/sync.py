"""The line to a courier's telephone: it asks who is signed in, then sends what it has kept, deed by deed.

Each is done once however often it is sent, and answered the same; what is refused says why.
"""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yishi.kit.clock import now
from yishi.kit.errors import Refusal
from yishi.kit.personal import keyed_hash
from yishi.network.queries import Rounds
from yishi.notifications.actions.lending import lend_number
from yishi.people.rules import Viewer
from yishi.shipments.actions.deeds import DeedAnswer, SentDeed, answer_deed, claim_deed, find_answer
from yishi.shipments.rules.deeds import deed_time
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.web.courier.deeds import address_after
from yishi.web.courier.doing import Doing
from yishi.web.courier.doors import courier_page
from yishi.web.courier.full import take_out
from yishi.web.courier.registry import DEEDS, TAKE_OUT, ask_first
from yishi.web.courier.rounds import access_stop, day_began, stop_of_deed
from yishi.web.desk.page import words_of


class BadDeed(Refusal):
    """这一条手机没记全，没法上传；在这一件的页面上再做一次"""

    code = "bad_deed"
    status = 422


class DeedsRunning(Exception):
    """Another sending of the same deed took it; its answer is read."""


@courier_page
@require_safe
def state(request: HttpRequest, viewer: Viewer, rounds: Rounds) -> HttpResponse:
    """Whose page this is, which day it is, and the token of forms. Nothing else: it is asked often."""
    at = now()
    account = keyed_hash("courier-account", str(viewer.user_id)).hex()
    said = {"account": account, "day": f"{day_began(at):%Y-%m-%d}", "csrf": get_token(request)}
    return JsonResponse({**said, "at": at.isoformat()})


@courier_page
@require_POST
def dial(request: HttpRequest, viewer: Viewer, rounds: Rounds, waybill_no: str) -> HttpResponse:
    """The number for one call, lent at the touch; '' where there is none to dial."""
    at = now()
    parcel = access_stop(rounds, waybill_no, at=at).parcel
    if parcel.consignee_id is None:
        return JsonResponse({"dial": ""})
    task = f"delivery:{waybill_no}"
    found = lend_number(
        viewer=viewer, contact_id=parcel.consignee_id, courier_id=rounds.courier_id, task=task, at=at
    )
    return JsonResponse({"dial": found.number, "kind": found.kind, "reference": found.reference})


@courier_page
@require_POST
def deeds(request: HttpRequest, viewer: Viewer, rounds: Rounds) -> HttpResponse:
    """One deed of the telephone's queue."""
    at = now()
    assert viewer.user_id is not None
    try:
        sent = _sent(request, at)
        answer = find_answer(user_id=viewer.user_id, sent=sent)
        answer = answer or _take(request, viewer, rounds, sent, at)
    except Refusal as refusal:
        return JsonResponse(_refused(refusal), status=refusal.status)
    return JsonResponse({"state": "refused" if answer.is_refused else "done", **answer.answer})


def _refused(refusal: Refusal) -> dict[str, Any]:
    return {"state": "refused", "code": refusal.code, "said": str(words_of(refusal))}


def _sent(request: HttpRequest, at: datetime) -> SentDeed:
    """What came, checked. Raises BadDeed."""
    said = request.POST
    try:
        deed_id = UUID(said.get("deed_id", ""))
        made_at, sent_at = (datetime.fromisoformat(said.get(name, "")) for name in ("made_at", "sent_at"))
        is_whole = said.get("deed", "") in {*DEEDS, TAKE_OUT} and None not in (made_at.tzinfo, sent_at.tzinfo)
        # years at the ends of the calendar cannot be moved by a clock's error
        is_whole = is_whole and all(2000 < moment.year < 2200 for moment in (made_at, sent_at))
    except (ValueError, OverflowError):
        raise BadDeed() from None
    number = normalise_waybill_no(said.get("waybill_no", "")[:100])
    if not is_whole or number is None:
        raise BadDeed()
    return SentDeed(
        deed_id=deed_id,
        kind=said["deed"],
        waybill_no=number,
        made_at=made_at,
        sent_at=sent_at,
        content_hash=_hash(request),
    )


def _hash(request: HttpRequest) -> bytes:
    """Of all that was said and of the photos' bytes; not of the moment of sending."""
    said = hashlib.sha256()
    for name in sorted({*request.POST} - {"sent_at", "csrfmiddlewaretoken"}):
        said.update(repr((name, request.POST.getlist(name))).encode())
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            said.update(repr((name, file.size)).encode())
            for chunk in file.chunks():
                said.update(chunk)
            file.seek(0)
    return said.digest()


def _take(request: HttpRequest, viewer: Viewer, rounds: Rounds, sent: SentDeed, at: datetime) -> DeedAnswer:
    """Does it and keeps the answer in one transaction; a refusal undoes the deed and keeps its reason."""
    assert viewer.user_id is not None
    time = deed_time(made_at=sent.made_at, sent_at=sent.sent_at, received_at=at)
    try:
        one = None
        if sent.kind != TAKE_OUT:
            one = stop_of_deed(rounds, sent.waybill_no, made_at=time.at, at=at)
            doing = Doing(request=request, viewer=viewer, rounds=rounds, stop=one, made_at=time.at, at=at)
            ask_first(sent.kind, doing)
        with transaction.atomic():
            if not claim_deed(sent=sent, time=time, by=viewer, at=at):
                raise DeedsRunning
            if one is None:
                number = sent.waybill_no
                take_out(rounds=rounds, number=number, viewer=viewer, made_at=time.at, at=at)
            said = {"done": "order"} if one is None else DEEDS[sent.kind](doing)
            answer = {"go": address_after(sent.waybill_no, said), "said": _note(time.is_doubtful)}
            return answer_deed(user_id=viewer.user_id, deed_id=sent.deed_id, answer=answer)
    except DeedsRunning:
        found = find_answer(user_id=viewer.user_id, sent=sent)
        assert found is not None
        return found
    except Refusal as refusal:
        return _keep_refusal(viewer, sent, refusal, at)


def _note(is_doubtful: bool) -> str:
    return _("手机的时间不对，按收到的时间记") if is_doubtful else ""


def _keep_refusal(viewer: Viewer, sent: SentDeed, refusal: Refusal, at: datetime) -> DeedAnswer:
    """Its reason is answered again however often the deed comes."""
    assert viewer.user_id is not None
    time = deed_time(made_at=sent.made_at, sent_at=sent.sent_at, received_at=at)
    with transaction.atomic():
        if not claim_deed(sent=sent, time=time, by=viewer, at=at):
            found = find_answer(user_id=viewer.user_id, sent=sent)
            assert found is not None
            return found
        return answer_deed(
            user_id=viewer.user_id, deed_id=sent.deed_id, answer=_refused(refusal), is_refused=True
        )
