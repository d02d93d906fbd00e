"""Complain: a form that bars nobody, keeps what was typed, and opens one case however often it is sent."""

import hashlib
import secrets
import time
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from yishi.cases.actions.file import Complaint, file_complaint
from yishi.cases.queries.types import fields_of_category
from yishi.kit import clock
from yishi.kit.errors import Invalid, Refusal, TooMany
from yishi.kit.files import Upload
from yishi.kit.idempotency import StillRunning, claim, finish
from yishi.shipments.queries.public import get_public_shipment
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.web.consumer import stories, words
from yishi.web.consumer.doors import check_complaint, poster_of
from yishi.web.consumer.forms import MAX_BYTES, ComplaintForm
from yishi.web.shared.errors import error_page
from yishi.web.shared.type_fields import fields_of, typed_fields

_FORM_OVERHEAD = 2 * 1024 * 1024
_WAIT_S, _WAIT_TIMES = 0.25, 40
_FIELD_OF = {"/category": "category", "/text": "text", "/contact/phone": "phone", "/contact/email": "email"}


# no cookie decides anything here: whoever can send the form may complain, with or without cookies
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest, waybill_no: str = "") -> HttpResponse:
    """The complaint about a parcel, or about one whose number nobody has."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES + _FORM_OVERHEAD:
        return error_page(request, 413)
    number = normalise_waybill_no(waybill_no) or waybill_no[:64]
    if request.method != "POST":
        said = request.GET.get("no", "")[:64]
        return _page(request, ComplaintForm(initial={"waybill_no": number or said}), number)
    form, type_refusal = ComplaintForm(request.POST, request.FILES), None
    if form.is_valid():
        try:
            check_complaint(request, clock.now())
            return redirect("consumer:progress", token=_file_once(form, number))
        except Invalid as invalid:
            type_refusal = invalid
            for pointer, _code, detail in invalid.errors:
                form.add_error(_FIELD_OF.get(pointer, "phone" if pointer == "/contact" else None), _(detail))
        except TooMany as refusal:
            form.add_error(None, refusal.title)
            return _page(request, form, number, status=429)
        except Refusal as refusal:
            form.add_error("photos", refusal.title)
    return _page(request, form, number, status=422, type_refusal=type_refusal)


def _file_once(form: ComplaintForm, waybill_no: str) -> str:
    """The token of the case; the same form sent again, even at the same moment, gives the same one."""
    for _attempt in range(_WAIT_TIMES):
        try:
            return _file(form, waybill_no)
        except StillRunning:
            time.sleep(_WAIT_S)
    return _file(form, waybill_no)


@transaction.atomic
def _file(form: ComplaintForm, waybill_no: str) -> str:
    data, at = form.cleaned_data, clock.now()
    key = f"{data['once']}:{_content_hash(form).hex()}"
    if data["once"]:
        replay = claim(scope="web complaint", key=key, content_hash=b"", at=at)
        if replay is not None:
            return replay.body
    uploads = [
        Upload(name=photo.name or "", content_type=photo.content_type or "", stream=photo)
        for photo in form.chosen_photos
    ]
    complaint = Complaint(
        waybill_no=data["waybill_no"] or waybill_no,
        category=data["category"],
        text=data["text"] or str(words.SAYINGS[data["category"]]),
        phone=data["phone"],
        email=data["email"],
        name=data["name"],
        carrier=data["carrier"],
        entry_point=data["entry_point"],
        language=get_language() or "zh-hans",
        form=_answers(form, at),
    )
    filed = file_complaint(complaint=complaint, uploads=uploads, by=None, at=at)
    if data["once"]:
        finish(scope="web complaint", key=key, status=201, body=filed.token)
    return filed.token


def _answers(form: ComplaintForm, at: datetime) -> dict[str, str]:
    """What was filled in of the questions that the type asks."""
    fields = fields_of_category(form.cleaned_data["category"], at=at)
    return typed_fields(form.data, fields) if isinstance(form.data, QueryDict) else {}


@require_safe
def fields(request: HttpRequest) -> HttpResponse:
    """The questions of a category, fetched when it is chosen; nobody is barred by them."""
    asked = fields_of(fields_of_category(request.GET.get("category", ""), at=clock.now()))
    return render(request, "yishi/type_fields.html", {"type_fields": asked, "is_optional": True})


def _content_hash(form: ComplaintForm) -> bytes:
    """Equal for the same words and files; whoever goes back and says more is heard again."""
    said = sorted(form.cleaned_data.items(), key=lambda item: item[0])
    digest = hashlib.sha256(repr((said, _answers(form, clock.now()))).encode())
    for photo in form.chosen_photos:
        digest.update(f"{photo.name}:{photo.size}".encode())
    return digest.digest()


def _page(
    request: HttpRequest,
    form: ComplaintForm,
    number: str,
    status: int = 200,
    type_refusal: Invalid | None = None,
) -> HttpResponse:
    at = clock.now()
    carrier = (request.POST.get("carrier") or request.GET.get("carrier", ""))[:40]
    found = get_public_shipment(number, carrier or None) if number else None
    chosen = request.POST.get("category") or request.GET.get("category", "")
    first = words.first_choices(found.milestone if found else "UNKNOWN", chosen if not form.is_bound else "")
    poster = poster_of(request)
    asked = fields_of_category(chosen, at=at) if chosen else ()
    context: dict[str, Any] = {
        "at": at,
        "form": form,
        "parcel": found,
        "story_title": stories.tell(found, at).title if found else "",
        "first": first,
        "others": words.other_choices(first),
        "chosen": chosen,
        "is_ask": chosen in words.ASKS,
        "hint": words.HINTS.get(chosen, words.HINT),
        "chosen_is_other": bool(chosen) and chosen not in {choice.category for choice in first},
        "type_fields": fields_of(asked, typed_fields(request.POST, asked), type_refusal),
        "once": request.POST.get("once") or secrets.token_urlsafe(16),
        "carrier": carrier,
        "entry_point": request.POST.get("entry_point") or (f"poster:{poster}" if poster else "web"),
        "draft_key": f"complain:{number}",
        "had_photos": bool(request.FILES),
        "back": reverse("consumer:parcel", args=[number]) if found else reverse("consumer:look_up"),
    }
    return render(request, "consumer/complain.html", context, status=status)
