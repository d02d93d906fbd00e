"""拦截、退回 by the parcel's own sender or receiver: who proved his phone asks, and hears honestly whether it
can still be done. Without proof anybody may say it as a request, which a person then looks at."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yishi.cases.actions.file import Complaint, file_complaint
from yishi.cases.queries.interceptions import chance_for, is_being_stopped
from yishi.cases.queries.words.interceptions import chance_words
from yishi.kit import clock
from yishi.kit.personal import mask_phone
from yishi.network.queries import find_outlet_card
from yishi.shipments.queries.lines import is_party
from yishi.shipments.queries.public import PublicShipment, get_public_shipment
from yishi.shipments.rules.waybills import fit_text, normalise_waybill_no
from yishi.web.consumer.doors import PROOF_COOKIE, check_complaint, check_look_up, poster_of, proven_phone

MAX_WORDS = 2_000
# what he may ask for, each as the request that a case is opened of
ASKS = {"INTERCEPT": gettext_lazy("拦下来，退回寄件人"), "REDIRECT": gettext_lazy("拦下来，改送别处")}


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, waybill_no: str) -> HttpResponse:
    """Whether it can still be stopped; the form for whose it is, the way to prove that for others."""
    at = clock.now()
    check_look_up(request, at, [waybill_no])
    number = normalise_waybill_no(waybill_no)
    found = (
        get_public_shipment(number, request.GET.get("carrier", "")[:40] or None, at=at) if number else None
    )
    if number is None or found is None:
        return redirect("consumer:parcel", waybill_no=waybill_no)
    phone = proven_phone(request)
    is_his = bool(phone) and is_party(phone=phone, shipment_id=found.shipment_id)
    if request.method != "POST":
        return _page(request, found, phone, is_his)
    if not is_his:
        return _page(request, found, phone, is_his, status=403)
    return _ask(request, found, phone)


def _ask(request: HttpRequest, found: PublicShipment, phone: str) -> HttpResponse:
    """Opens the case; the interception begins by itself, its progress page tells how it stands."""
    at = clock.now()
    asked = request.POST.get("asked", "")
    text = fit_text(request.POST.get("text", "")).strip()
    error = ""
    if asked not in ASKS:
        error = _("选一个")
    elif asked == "REDIRECT" and not text:
        error = _("写明改送到哪里")
    elif len(text) > MAX_WORDS:
        error = _("最多 2,000 字")
    if error:
        return _page(request, found, phone, True, error=error, status=422)
    # asked while this page was open: it may have been signed, or somebody else was quicker
    if is_being_stopped(found.shipment_id) or not chance_for(found.shipment_id, at=at).is_possible:
        return _page(request, found, phone, True, status=409)
    check_complaint(request, at)
    poster = poster_of(request)
    complaint = Complaint(
        waybill_no=found.waybill_no,
        carrier=found.carrier,
        category=asked,
        text=text or str(ASKS[asked]),
        phone=phone,
        proof=request.COOKIES.get(PROOF_COOKIE, ""),
        entry_point=f"poster:{poster}" if poster else "web",
        language=get_language() or "zh-hans",
    )
    filed = file_complaint(complaint=complaint, by=None, at=at)
    return redirect("consumer:progress", token=filed.token)


def _page(
    request: HttpRequest,
    found: PublicShipment,
    phone: str,
    is_his: bool,
    *,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    chance = chance_for(found.shipment_id, at=clock.now())
    outlet = find_outlet_card(chance.outlet_id) if chance.outlet_id is not None else None
    chosen = request.POST.get("asked") or request.GET.get("asked", "")
    context: dict[str, Any] = {
        "parcel": found,
        "is_possible": chance.is_possible,
        "standing": chance_words(chance, outlet.name if outlet else ""),
        # that somebody has asked is told to the two whom it concerns only
        "is_running": is_his and is_being_stopped(found.shipment_id),
        "is_his": is_his,
        "mask": mask_phone(phone) if phone else "",
        "asks": [
            (key, word, key == (chosen if chosen in ASKS else "INTERCEPT")) for key, word in ASKS.items()
        ],
        "text": request.POST.get("text", "")[:MAX_WORDS],
        "error": error,
    }
    return render(request, "consumer/stop.html", context, status=status)
