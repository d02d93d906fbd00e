"""The outlets in sight, each with the poster whose code leads people to it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yishi.network.queries import list_outlets
from yishi.people.rules import Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page
from yishi.web.manage.feeds import MANAGERS


@staff_page(*MANAGERS)
@require_safe
def outlets(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    values = {"here": "manage", "tab": "outlets", "outlets": list_outlets(viewer)}
    return desk_page(request, viewer, "manage/outlets.html", values)
