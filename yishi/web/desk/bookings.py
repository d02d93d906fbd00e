"""寄件登记 at the desk: what was taken down, taking one down by photo or hand, giving it its waybill."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.network.queries import OutletCard, Shipper, list_carriers, list_outlets, list_shippers
from yishi.people.rules import Permission, Viewer
from yishi.shipments.actions.bookings import give_waybill
from yishi.shipments.queries.booking_words import fault_words
from yishi.shipments.queries.bookings import list_bookings
from yishi.shipments.rules.bookings import Party
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of
from yishi.web.shared import accepting
from yishi.web.shared.accepting import Counter
from yishi.web.shared.booking_form import VERDICTS


@staff_page(Permission.CASE_READ)
@require_safe
def bookings(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The newest, of one shipper or of all in sight."""
    return _list(request, viewer)


def _list(request: HttpRequest, viewer: Viewer, refusal: Refusal | None = None) -> HttpResponse:
    merchant_id = whole_number(request.GET.get("shipper", ""))
    lines = list_bookings(viewer=viewer, merchant_id=merchant_id)
    values = {
        "here": "bookings",
        "tab": "list",
        "lines": [
            (line, VERDICTS.get(line.verdict, VERDICTS["CHECK"]), [fault_words(code) for code in line.doubts])
            for line in lines
        ],
        "shippers": list_shippers(viewer),
        "shipper_id": merchant_id,
        "carriers": list_carriers(),
        "done": request.GET.get("done", ""),
        "refused": words_of(refusal) if refusal else "",
    }
    return desk_page(request, viewer, "desk/bookings.html", values, status=refusal.status if refusal else 200)


@staff_page(Permission.CASE_WRITE)
@require_POST
def waybill(request: HttpRequest, viewer: Viewer, booking_id: int) -> HttpResponse:
    """The slip has its number now."""
    try:
        give_waybill(
            booking_id=booking_id,
            waybill_no=request.POST.get("waybill_no", ""),
            carrier=request.POST.get("carrier", "")[:64],
            by=viewer,
            at=now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _list(request, viewer, refusal)
    return HttpResponseRedirect(f"{reverse('desk:bookings')}?done=waybill")


def outlet_of(request: HttpRequest, outlets: list[OutletCard]) -> OutletCard:
    """The outlet that was chosen among those in sight, else the first. NotFound where there is none."""
    said = request.POST.get("outlet") or request.GET.get("outlet", "")
    found = next((one for one in outlets if one.code == said), outlets[0] if outlets else None)
    if found is None:
        raise NotFound()
    return found


def shipper_of_form(request: HttpRequest, viewer: Viewer) -> Shipper | None:
    """The shipper that was chosen, if one was and it is in sight."""
    said = whole_number(request.POST.get("merchant") or request.GET.get("merchant", ""))
    return next((one for one in list_shippers(viewer) if one.id == said), None) if said else None


def _counter(request: HttpRequest, viewer: Viewer) -> Counter:
    shipper = shipper_of_form(request, viewer)
    outlets = list_outlets(viewer)
    more: dict[str, Any] = {
        "here": "bookings",
        "tab": "accept",
        "me": request.user,
        "may_care": viewer.may(Permission.CASE_READ),
        "may_look_up": viewer.may(Permission.SHIPMENT_READ),
        "booked": whole_number(request.GET.get("booked", "")),
        "shippers": list_shippers(viewer),
        "merchant_id": shipper.id if shipper else None,
    }
    return Counter(
        space="desk",
        template="desk/accept.html",
        outlet_id=shipper.outlet_id if shipper else outlet_of(request, outlets).id,
        merchant_id=shipper.id if shipper else None,
        sender=party_of(shipper) if shipper else Party(),
        more=more,
    )


def party_of(shipper: Shipper) -> Party:
    """A corporate shipper as the sender of a booking."""
    return Party(shipper.contact_name or shipper.name, shipper.contact_phone, "")


@staff_page(Permission.CASE_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The form, or the booking."""
    counter = _counter(request, viewer)
    if request.method == "POST":
        return accepting.take_down(request, viewer, counter)
    return accepting.page(request, viewer, counter)


@staff_page(Permission.CASE_WRITE)
@require_POST
def photo(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return accepting.take_photo(request, viewer, _counter(request, viewer))


@staff_page(Permission.CASE_WRITE)
@require_POST
def check(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return accepting.check_again(request, viewer, _counter(request, viewer))


@staff_page(Permission.CASE_WRITE)
@require_safe
def slip(request: HttpRequest, viewer: Viewer, slip_id: int) -> HttpResponse:
    return accepting.slip_page(request, viewer, _counter(request, viewer), slip_id)


@staff_page(Permission.CASE_WRITE)
@require_safe
def picture(request: HttpRequest, viewer: Viewer, slip_id: int) -> HttpResponse:
    return accepting.picture(request, viewer, slip_id)
