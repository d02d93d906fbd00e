"""收件 at the courier's and at the desk: a photo of the slip or the hand, marks, advice, and the booking."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yishi.assistant.rules.slips import read_slip
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.kit.files import MAX_BYTES, FileTooLarge, Upload
from yishi.kit.personal import log_look
from yishi.people.rules import Viewer
from yishi.shipments.actions.booking_slips import keep_slip
from yishi.shipments.actions.bookings import Desk, book, check_may_book
from yishi.shipments.queries.bookings import SlipCard, access_slip, slip_photo
from yishi.shipments.queries.goods import running_book
from yishi.shipments.rules.bookings import Order, Party, check_order
from yishi.web.desk.page import desk_page, whole_number, words_of
from yishi.web.shared.booking_form import form_values, order_of, order_of_slip

_FORM_OVERHEAD = 64 * 1024
AWAY: Mapping[str, str | Promise] = {
    "BLANK": _("照片上没读出字：拍近一点、亮一点再来，或者直接填"),
    "NOT_INSTALLED": _("这里没有装读字的程序，照着照片填就行"),
    "FAILED": _("这张没读成，照着照片填就行"),
    "GONE": _("照片不在了，直接填就行"),
}


@dataclass(frozen=True, kw_only=True)
class Counter:
    """Where somebody takes parcels in: the addresses' space, its outlet, and what its page shows besides."""

    space: str
    template: str
    outlet_id: int | None
    merchant_id: int | None = None
    sender: Party = field(default_factory=Party)
    more: Mapping[str, Any] = field(default_factory=dict)

    def url(self, name: str, *args: object) -> str:
        return reverse(f"{self.space}:{name}", args=args)


def page(
    request: HttpRequest,
    viewer: Viewer,
    counter: Counter,
    *,
    order: Order | None = None,
    slip: SlipCard | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form: empty, as the photo said it, or as it was typed and refused."""
    at = now()
    begun = order or Order(sender=counter.sender, receiver=Party())
    values = {
        "viewer": viewer,
        "at": at,
        "slip": slip,
        "away": AWAY.get(slip.why or slip.state, "") if slip else "",
        "refused": words_of(refusal) if refusal else "",
        "is_fresh": order is None,
        **form_values(check_order(begun, running_book()), is_fresh=order is None, at=at),
        **_urls(counter, slip),
        **counter.more,
    }
    return desk_page(request, viewer, counter.template, values, status=status)


def _urls(counter: Counter, slip: SlipCard | None) -> dict[str, str]:
    named = {"url_home": "accept", "url_photo": "accept_photo", "url_check": "accept_check"}
    urls = {name: counter.url(address) for name, address in named.items()}
    if slip is not None:
        urls["url_state"] = counter.url("accept_slip", slip.id)
        urls["url_picture"] = counter.url("accept_picture", slip.id)
    return urls


def take_photo(request: HttpRequest, viewer: Viewer, counter: Counter) -> HttpResponse:
    """Keeps the photo and goes to its page, which says how far it is read."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES + _FORM_OVERHEAD:
            raise FileTooLarge()
        photo = request.FILES.get("photo")
        if photo is None:
            raise Invalid([("/photo", "missing_field", "拍一张照片")])
        upload = Upload(name="", content_type=photo.content_type or "", stream=photo)
        slip_id = keep_slip(upload=upload, outlet_id=counter.outlet_id, by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return page(request, viewer, counter, refusal=refusal, status=refusal.status)
    return HttpResponseRedirect(counter.url("accept_slip", slip_id))


def slip_page(request: HttpRequest, viewer: Viewer, counter: Counter, slip_id: int) -> HttpResponse:
    """While it is read: how far; then the form with what was read, and its marks. Nothing read: by hand."""
    slip = access_slip(viewer=viewer, slip_id=slip_id)
    if slip.state != "READ":
        return page(request, viewer, counter, slip=slip)
    _seen(viewer, slip_id, "text", now())
    return page(request, viewer, counter, slip=slip, order=order_of_slip(read_slip(slip.text)))


def picture(request: HttpRequest, viewer: Viewer, slip_id: int) -> HttpResponse:
    """The photo itself, for who took it."""
    try:
        body = slip_photo(viewer=viewer, slip_id=slip_id)
    except FileNotFoundError:
        raise NotFound from None
    _seen(viewer, slip_id, "photo", now())
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
    return HttpResponse(body, content_type="image/jpeg", headers=headers)


def _seen(viewer: Viewer, slip_id: int, what: str, at: datetime) -> None:
    log_look(
        viewer=viewer.label, subject=f"slip:{slip_id}", field=what, reason="booking", is_silent=True, at=at
    )


def check_again(request: HttpRequest, viewer: Viewer, counter: Counter) -> HttpResponse:
    """The marks of what is typed by now, for the page to show; nothing is kept."""
    at = now()
    values = form_values(check_order(order_of(request), running_book()), is_fresh=False, at=at)
    return render(request, "yishi/booking_marks.html", {**values, "at": at, "is_swap": True})


def take_down(request: HttpRequest, viewer: Viewer, counter: Counter) -> HttpResponse:
    """The booking; or the form again with every mark, and nothing is lost. What is corrected counts."""
    order = order_of(request)
    slip_id = whole_number(request.POST.get("slip", ""))
    slip = access_slip(viewer=viewer, slip_id=slip_id) if slip_id else None
    try:
        if request.POST.get("step") == "check":
            check_may_book(check_order(order, running_book()))
            return page(request, viewer, counter, order=order, slip=slip)
        desk = Desk(
            source="SLIP" if slip else "HAND",
            outlet_id=counter.outlet_id,
            merchant_id=counter.merchant_id,
            slip_id=slip.id if slip else None,
        )
        number = book(order=order, desk=desk, by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return page(request, viewer, counter, order=order, slip=slip, refusal=refusal, status=refusal.status)
    return HttpResponseRedirect(f"{counter.url('accept')}?booked={number}")
