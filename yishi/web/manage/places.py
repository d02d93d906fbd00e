"""The outlets in sight, each with the poster whose code leads people to it, and where its couriers scan."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yishi.kit.clock import now
from yishi.network.actions import set_full_mode
from yishi.network.queries import list_outlets
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page
from yishi.web.manage.feeds import MANAGERS


@staff_page(*MANAGERS)
@require_safe
def outlets(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    values = {"here": "manage", "tab": "outlets", "outlets": list_outlets(viewer)}
    may = {"may_network": viewer.may(Permission.NETWORK_MANAGE)}
    return desk_page(request, viewer, "manage/outlets.html", values | may)


@staff_page(Permission.NETWORK_MANAGE)
@require_POST
def full_mode(request: HttpRequest, viewer: Viewer, outlet: str) -> HttpResponse:
    """Whether the outlet's couriers scan here, or on the device of their brand."""
    is_full = request.POST.get("full_mode") == "1"
    set_full_mode(code=outlet, is_full_mode=is_full, by=viewer, at=now())
    return HttpResponseRedirect(reverse("manage:outlets"))
