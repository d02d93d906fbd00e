"""大客户: corporate shippers, each with one named contact of ours, its outlet, cut-off and private page."""

from datetime import time

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.kit.personal import log_look, mask_email, mask_name, mask_phone
from yishi.network.actions import ShipperTerms, keep_shipper
from yishi.network.queries import Shipper, access_shipper, list_outlets, list_shippers
from yishi.people.queries import colleagues_by_outlet
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of

KEEPERS = (Permission.ROSTER, Permission.NETWORK_MANAGE)


@staff_page(Permission.CASE_READ, *KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def shippers(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The list; a POST makes a new one or changes one."""
    if request.method != "POST":
        return _page(request, viewer)
    if not any(viewer.may(one) for one in KEEPERS):
        raise NotAllowed()
    shipper_id = whole_number(request.POST.get("shipper", ""))
    known = access_shipper(viewer=viewer, merchant_id=shipper_id) if shipper_id else None
    try:
        keep_shipper(terms=_terms(request, known), by=viewer)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, refusal)
    return HttpResponseRedirect(f"{reverse('desk:shippers')}?done=kept")


def _terms(request: HttpRequest, known: Shipper | None) -> ShipperTerms:
    """What the form says; what is shown masked and was left alone stays as it was."""

    def said(name: str) -> str:
        return request.POST.get(name, "").replace("\x00", "").strip()[:250]

    def kept(name: str) -> str:
        return said(name) or (getattr(known, name) if known else "")

    return ShipperTerms(
        code=known.code if known else "",
        name=said("name"),
        outlet_code=said("outlet"),
        contact_name=kept("contact_name"),
        contact_phone=kept("contact_phone"),
        contact_email=kept("contact_email"),
        agent=said("agent"),
        cut_off=_clock(said("cut_off")),
    )


def _clock(said: str) -> time | None:
    if not said:
        return None
    try:
        return time.fromisoformat(said)
    except ValueError:
        raise Invalid([("/cut_off", "bad_value", "时间写成 17:30 这样")]) from None


def _page(request: HttpRequest, viewer: Viewer, refusal: Refusal | None = None) -> HttpResponse:
    chosen = whole_number(request.POST.get("shipper") or request.GET.get("shipper", ""))
    one = access_shipper(viewer=viewer, merchant_id=chosen) if chosen else None
    outlets = list_outlets(viewer)
    places: list[str | None] = [outlet.code for outlet in outlets]
    people = colleagues_by_outlet(viewer, [*places, None])
    agents = {person.username: person.name for found in people.values() for person in found}
    if one is not None:
        look = {"viewer": viewer.label, "subject": f"shipper:{one.id}", "field": "contact"}
        log_look(**look, reason="", is_silent=True, at=now())
    masked = (
        {
            "name": mask_name(one.contact_name),
            "phone": mask_phone(one.contact_phone),
            "email": mask_email(one.contact_email),
        }
        if one
        else {}
    )
    values = {
        "here": "bookings",
        "tab": "shippers",
        "lines": list_shippers(viewer),
        "one": one,
        "masked": masked,
        "name_said": request.POST.get("name") or (one.name if one else ""),
        "outlet_said": one.outlet_code if one else "",
        "agent_said": one.named.name if one and one.named else "",
        "outlets": outlets,
        "agents": sorted(agents.items()),
        "may_keep": any(viewer.may(permission) for permission in KEEPERS),
        "done": request.GET.get("done", ""),
        "refused": words_of(refusal) if refusal else "",
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "desk/shippers.html", values, status=status)
