"""Progress: what was done, what comes next and by when; the person can say more, go up a level, or stop."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from yishi.cases.actions.escalate import escalate_case, withdraw_case
from yishi.cases.actions.reopen import reopen_case
from yishi.cases.actions.reply import consumer_reply
from yishi.cases.actions.status import close_case
from yishi.cases.queries.cards import get_case_by_token
from yishi.cases.queries.history import access_file, list_evidence, list_timeline
from yishi.cases.rules.status import CLOSE_AFTER, OPEN_STATUSES, Status, may_reopen
from yishi.feedback.queries import find_rating
from yishi.kit import clock
from yishi.kit.errors import Refusal
from yishi.kit.files import Upload, open_file, store_upload
from yishi.network.queries import find_outlet_card
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.queries.public import get_public_shipment
from yishi.sla.queries.clocks import clocks_of_case
from yishi.web.consumer import journeys
from yishi.web.consumer.doors import check_look_up, check_words
from yishi.web.consumer.forms import SayForm
from yishi.web.shared.live import live_url

JUST_NOW = timedelta(minutes=10)


@require_safe
def progress(request: HttpRequest, token: str) -> HttpResponse:
    """The private page of one complaint. Whoever holds the link may see it."""
    check_look_up(request, clock.now())
    return _page(request, token, SayForm())


def _page(request: HttpRequest, token: str, form: SayForm, status: int = 200) -> HttpResponse:
    at = clock.now()
    case = get_case_by_token(token)
    rating, entries = find_rating(case.id), list_timeline(case.id, audience="PUBLIC")
    outlet = find_outlet_card(case.outlet_id) if case.outlet_id else None
    outlet_name = outlet.name if outlet else ""
    ended_at = case.closed_at or case.resolved_at
    higher_at = journeys.escalates_again_at(entries, at)
    may_rate = case.status in {Status.RESOLVED, Status.CLOSED} and rating is None
    context: dict[str, Any] = {
        "at": at,
        "case": case,
        "token": token,
        "outlet": outlet,
        "journey": journeys.tell(case, clocks_of_case(case.id), outlet_name=outlet_name, at=at),
        "lines": journeys.lines(entries, list_evidence(case.id, audience="PUBLIC")),
        "result": journeys.result(entries) if case.status == Status.RESOLVED else None,
        "asked": journeys.question(entries) if case.status == Status.WAITING_CUSTOMER else None,
        "higher_at": higher_at,
        "closes_at": case.resolved_at + CLOSE_AFTER if case.resolved_at else None,
        "form": form,
        "is_open": case.status in OPEN_STATUSES,
        "may_reopen": may_reopen(case.status, ended_at, at),
        "may_rate": may_rate,
        "may_confirm": case.status == Status.RESOLVED,
        "stage": _stage(case.status, may_rate=may_rate, has_gone_up=higher_at is not None),
        "is_new": at - case.opened_at < JUST_NOW,
        "rating": rating,
        "has_parcel": bool(case.waybill_no) and get_public_shipment(case.waybill_no) is not None,
        "here": request.get_full_path(),
        "live_url": live_url([f"case:{case.case_no}"], viewer="public"),
    }
    return render(request, "consumer/progress.html", context, status=status)


def _stage(status: str, *, may_rate: bool, has_gone_up: bool) -> str:
    """What decides which forms the page offers: they are fetched again when it changes."""
    stage = "OPEN" if status in OPEN_STATUSES else status
    return f"{stage}-{int(may_rate)}{'-up' if has_gone_up else ''}"


@require_safe
def photo(request: HttpRequest, token: str, file_id: UUID) -> HttpResponse:
    """The small picture of a file that the person sent himself; nobody else's, and none of staff's."""
    case = get_case_by_token(token)
    mine = {line.file_id for line in list_evidence(case.id, audience="PUBLIC") if line.has_thumbnail}
    if file_id not in mine:
        raise Http404
    body = open_file(access_file(viewer=SYSTEM_VIEWER, file_id=file_id), thumbnail=True)
    return HttpResponse(body, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})


# the token in the address is the whole permission: no cookie decides anything here
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, token: str, verb: str) -> HttpResponse:
    """One thing that the person does. A tab restored at this address gets the page itself."""
    if verb not in _ACTS:
        raise Http404
    if request.method != "POST":
        return redirect("consumer:progress", token=token)
    at, form = clock.now(), SayForm(request.POST, request.FILES)
    check_look_up(request, at)
    case_id = get_case_by_token(token).id
    if not form.is_valid() and (verb == "say" or request.POST.get("text", "").strip()):
        return _page(request, token, form, status=422)
    text = form.cleaned_data.get("text", "")
    try:
        check_words(case_id, at)
        uploads = [_store(photo, at) for photo in form.chosen_photos] if verb == "say" else []
        with transaction.atomic():
            _ACTS[verb](case_id, text, uploads, at)
    except Refusal as refusal:
        form.add_error(None, refusal.title)
        return _page(request, token, form, status=refusal.status)
    return redirect(f"/c/{token}#{'said' if verb in _SAYING else 'steps'}")


def _store(photo: "UploadedFile[Any]", at: datetime) -> UUID:
    upload = Upload(name=photo.name or "", content_type=photo.content_type or "", stream=photo)
    return store_upload(upload=upload, retention_class="EVIDENCE", at=at).id


def _say(case_id: int, text: str, files: list[UUID], at: datetime) -> None:
    consumer_reply(case_id=case_id, text=text, files=files, at=at)


def _escalate(case_id: int, text: str, files: list[UUID], at: datetime) -> None:
    escalate_case(case_id=case_id, reason=text, by=None, at=at)


def _withdraw(case_id: int, text: str, files: list[UUID], at: datetime) -> None:
    withdraw_case(case_id=case_id, reason=text, at=at)


def _confirm(case_id: int, text: str, files: list[UUID], at: datetime) -> None:
    close_case(case_id=case_id, at=at)


def _reopen(case_id: int, text: str, files: list[UUID], at: datetime) -> None:
    reopen_case(case_id=case_id, reason=text, by=None, at=at)


_ACTS: dict[str, Callable[[int, str, list[UUID], datetime], None]] = {
    "say": _say,
    "escalate": _escalate,
    "withdraw": _withdraw,
    "confirm": _confirm,
    "reopen": _reopen,
}
_SAYING = {"say", "reopen"}  # what was typed has arrived: the page forgets its draft
