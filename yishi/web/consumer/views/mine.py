"""My parcels: a phone proves itself by a code, then sees what comes to it. Known or not, every phone is
answered alike."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yishi.consignees.actions.codes import CodeExpired, check_code
from yishi.consignees.queries import mask_of_code
from yishi.kit import clock
from yishi.kit.errors import NotFound, Refusal
from yishi.kit.personal import mask_phone
from yishi.network.queries import carrier_names
from yishi.notifications.actions.codes import send_code
from yishi.shipments.queries.lines import ParcelLine, list_own_parcels
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.web.consumer.doors import (
    check_code_request,
    check_code_try,
    forget_proof,
    keep_proof,
    proven_phone,
)
from yishi.web.consumer.forms import phone_error
from yishi.web.consumer.views.look_up import Row

WISHES = "wishes"
# nothing more comes of these
_OVER = {"DELIVERED", "RETURNED", "CANCELLED", "LOST"}


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """The parcels of the proven phone, else the form that asks for one; posted, it sends the code."""
    if request.method == "POST":
        return _send(request)
    phone = proven_phone(request)
    return _parcels(request, phone) if phone else render(request, "consumer/mine_phone.html")


def _send(request: HttpRequest) -> HttpResponse:
    typed, at = request.POST.get("phone", "").replace("\x00", "")[:60].strip(), clock.now()
    error = phone_error(typed) if typed else _("填一个手机号")
    # who came to have a parcel stopped comes back to it, also after a slip of the pen
    to = _way(request.POST.get("to", ""))
    if not error:
        try:
            check_code_request(request, typed, at)
            code_id, _until = send_code(phone=typed, at=at, language=get_language() or "zh-hans")
            back = f"?{urlencode({'to': to})}" if to else ""
            return redirect(reverse("consumer:mine_code", args=[code_id]) + back)
        except Refusal as refusal:
            context = {"phone": typed, "error": refusal.title, "to": to}
            return render(request, "consumer/mine_phone.html", context, status=refusal.status)
    return render(request, "consumer/mine_phone.html", {"phone": typed, "error": error, "to": to}, status=422)


def _way(to: str) -> str:
    """Where he goes on with his proof: his wishes, a parcel, or ''."""
    return WISHES if to == WISHES else normalise_waybill_no(to) or ""


def _url(to: str) -> str:
    return reverse("consumer:wishes") if to == WISHES else reverse("consumer:stop", args=[to])


@require_http_methods(["GET", "HEAD", "POST"])
def mine_code(request: HttpRequest, code_id: str) -> HttpResponse:
    """The form for the code that was sent; the right one leads to the parcels."""
    if request.method != "POST":
        return _code_page(request, code_id)
    at = clock.now()
    try:
        check_code_try(request, at)
        proof = check_code(code_id=code_id, code=request.POST.get("code", "")[:20], at=at)
    except NotFound:
        return _code_page(request, code_id, CodeExpired())
    except Refusal as refusal:
        return _code_page(request, code_id, refusal)
    # who came to have a parcel stopped, or for his wishes, goes on there
    to = _way(request.GET.get("to", ""))
    response = redirect(_url(to) if to else "consumer:mine")
    keep_proof(response, proof)
    return response


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Not you: this browser forgets the proof."""
    response = redirect("consumer:look_up")
    forget_proof(response)
    return response


def _code_page(request: HttpRequest, code_id: str, refusal: Refusal | None = None) -> HttpResponse:
    to = _way(request.GET.get("to", ""))
    context = {
        "mask": mask_of_code(code_id),
        "error": refusal.title if refusal else "",
        "to": to,
        "back": _url(to) if to else reverse("consumer:mine"),
        "is_over": refusal is not None and refusal.code in {"code_expired", "code_used", "code_locked"},
    }
    return render(request, "consumer/mine_code.html", context, status=refusal.status if refusal else 200)


def _parcels(request: HttpRequest, phone: str) -> HttpResponse:
    at = clock.now()
    own, names = list_own_parcels(phone=phone, at=at), carrier_names()

    def rows(lines: tuple[ParcelLine, ...]) -> list[Row]:
        return [Row(line.waybill_no, line, names.get(line.carrier, "")) for line in lines]

    context = {
        "at": at,
        "mask": mask_phone(phone),
        "received": rows(own.received),
        "sent": rows(own.sent),
        "coming": sum(line.milestone not in _OVER for line in own.received),
    }
    return render(request, "consumer/mine.html", context)
