"""How the feeds stand, on one page: sources, what could not be read and why, codes nobody has mapped yet."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yishi.feeds.queries.complaints import list_refused
from yishi.feeds.queries.health import list_source_health, list_unknown_codes
from yishi.feeds.queries.quarantine import list_quarantine
from yishi.kit.clock import now
from yishi.notifications.queries.deliveries import count_failed
from yishi.people.rules import Permission, Viewer
from yishi.shipments.queries.walks import count_walks
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page
from yishi.web.manage.codes import code_address
from yishi.web.manage.quarantine import group_address
from yishi.web.manage.words import REASONS, sign_of

SHOWN_FOR = timedelta(days=14)
MANAGERS = (Permission.FEEDS_MANAGE, Permission.POLICY_MANAGE)


@staff_page(*MANAGERS)
@require_safe
def home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Those who keep feeds see them all; quality sees what concerns people: notices and outlets."""
    at = now()
    keeps_feeds = viewer.may(Permission.FEEDS_MANAGE)
    sources = list_source_health(viewer=viewer, at=at) if keeps_feeds else []
    unknown = list_unknown_codes(viewer=viewer) if keeps_feeds else []
    groups = list_quarantine(viewer=viewer) if keeps_feeds else []
    labels = {source.code: source.label or source.code for source in sources}
    values = {
        "here": "manage",
        "tab": "feeds",
        "keeps_feeds": keeps_feeds,
        "sources": [(source, sign_of(source)) for source in sources],
        "complaints": list_refused(viewer=viewer) if keeps_feeds else [],
        "groups": [
            (
                one,
                REASONS.get(one.reason, one.reason),
                group_address(one.source, one.reason),
                labels.get(one.source, one.source),
            )
            for one in groups
        ],
        "unknown_codes": [
            (one, code_address(one.source, one.code), labels.get(one.source, one.source)) for one in unknown
        ],
        "walks": count_walks(since=at - timedelta(days=1)) if keeps_feeds else 0,
        "failed_notices": count_failed(since=at - SHOWN_FOR),
        "bodies": sum(source.bodies for source in sources),
        "quarantined": sum(source.quarantined for source in sources),
        "done": request.GET.get("done", ""),
    }
    return desk_page(request, viewer, "manage/home.html", values, at=at)
