"""快递员账号: which account opens which courier's page."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.network.actions import link_courier
from yishi.network.queries import carrier_names
from yishi.people.queries import colleagues_by_outlet
from yishi.people.rules import Permission, Role, Viewer
from yishi.shipments.queries.couriers import list_couriers
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of


@staff_page(Permission.USERS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def couriers(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The couriers in sight; a POST links one to an account of his outlet, or to none."""
    if request.method != "POST":
        return _page(request, viewer)
    said = request.POST
    courier_id = whole_number(said.get("courier", "")) or 0
    try:
        link_courier(courier_id=courier_id, user_id=whole_number(said.get("user", "")), by=viewer)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, refusal)
    return HttpResponseRedirect(f"{reverse('manage:couriers')}?done=linked#courier-{courier_id}")


def _page(request: HttpRequest, viewer: Viewer, refusal: Refusal | None = None) -> HttpResponse:
    lines, names = list_couriers(viewer=viewer), carrier_names()
    near = colleagues_by_outlet(viewer, {line.outlet_code for line in lines})
    values: dict[str, Any] = {
        "here": "manage",
        "tab": "couriers",
        "rows": [
            {
                "line": line,
                "numbers": [f"{names.get(brand, brand)} {number}" for brand, number in line.numbers],
                "accounts": [one for one in near[line.outlet_code] if one.role == Role.COURIER],
            }
            for line in lines
        ],
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "manage/couriers.html", values, status=status)
