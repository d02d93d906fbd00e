"""派送前的消息: at which outlets people hear that their parcel comes today, of which parcels, by what."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yishi.kit.clock import now
from yishi.kit.errors import Refusal
from yishi.notifications.actions.ahead_settings import MAY_TELL, set_ahead
from yishi.notifications.queries.ahead import list_settings
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, words_of
from yishi.web.manage.words import AHEAD_MODES, CHANNELS


@staff_page(Permission.POLICY_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def ahead(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The settings; a POST changes one."""
    refused = ""
    status = 200
    if request.method == "POST":
        number = request.POST.get("outlet", "")
        is_number = number.isascii() and number.isdigit() and len(number) < 19
        try:
            set_ahead(
                outlet_id=int(number) if is_number else None if not number else 0,
                mode=request.POST.get("mode", ""),
                channels=request.POST.getlist("channels"),
                by=viewer,
                at=now(),
            )
            return HttpResponseRedirect(f"{reverse('manage:ahead')}?done=kept")
        except Refusal as refusal:
            refused, status = words_of(refusal), refusal.status
    values = {
        "here": "manage",
        "tab": "ahead",
        "lines": list_settings(viewer=viewer),
        "modes": AHEAD_MODES.items(),
        "channels": [(code, CHANNELS[code]) for code in MAY_TELL],
        "refused": refused,
        "is_kept": request.GET.get("done") == "kept",
    }
    return desk_page(request, viewer, "manage/ahead.html", values, at=now(), status=status)
