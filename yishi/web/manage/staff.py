"""People who can sign in and keys that programs use; who made them is in the audit, not here."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yishi.kit.clock import now
from yishi.network.queries import list_outlets
from yishi.people.actions import revoke_key
from yishi.people.queries import list_keys, list_users
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page
from yishi.web.manage.feeds import MANAGERS


@staff_page(*MANAGERS)
@require_safe
def people(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Keys are shown to those who keep them; never the key itself."""
    keeps_keys = viewer.may(Permission.KEYS_MANAGE)
    names = {outlet.code: outlet.name for outlet in list_outlets(viewer)}
    values = {
        "here": "manage",
        "tab": "people",
        "people": [(one, [names.get(code, code) for code in one.places]) for one in list_users(viewer)],
        "keys": list_keys(viewer) if keeps_keys else [],
        "keeps_keys": keeps_keys,
        "done": request.GET.get("done", ""),
    }
    return desk_page(request, viewer, "manage/people.html", values)


@staff_page(Permission.KEYS_MANAGE)
@require_POST
def revoke(request: HttpRequest, viewer: Viewer, key_id: int) -> HttpResponse:
    """The key opens nothing from now on."""
    with transaction.atomic():
        revoke_key(key_id=key_id, by=viewer, at=now())
    return HttpResponseRedirect(f"{reverse('manage:people')}?done=revoke")
