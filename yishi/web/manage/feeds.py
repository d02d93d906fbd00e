"""How the feeds stand: sources, what could not be read and why, codes nobody has mapped, and trying again."""

from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yishi.feeds.actions import inbox
from yishi.feeds.queries.health import SourceHealth, list_source_health, list_unknown_codes
from yishi.feeds.queries.quarantine import get_quarantined, list_quarantine, open_body
from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.notifications.queries.deliveries import count_failed
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, words_of
from yishi.web.manage.masking import masked
from yishi.web.manage.words import HEALTHS, NEVER_CAME, REASONS
from yishi.web.shared.words import Sign

SHOWN_FOR = timedelta(days=14)
MANAGERS = (Permission.FEEDS_MANAGE, Permission.POLICY_MANAGE)


@staff_page(*MANAGERS)
@require_safe
def home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Those who keep feeds see them all; quality sees what concerns people: notices and outlets."""
    return _home(request, viewer)


def _home(request: HttpRequest, viewer: Viewer, refusal: Refusal | None = None) -> HttpResponse:
    at = now()
    keeps_feeds = viewer.may(Permission.FEEDS_MANAGE)
    sources = list_source_health(viewer=viewer, at=at) if keeps_feeds else []
    values = {
        "here": "manage",
        "tab": "feeds",
        "keeps_feeds": keeps_feeds,
        "sources": [(source, _sign_of(source)) for source in sources],
        "groups": [
            (group, REASONS.get(group.reason, group.reason))
            for group in (list_quarantine(viewer=viewer) if keeps_feeds else [])
        ],
        "unknown_codes": list_unknown_codes(viewer=viewer) if keeps_feeds else [],
        "failed_notices": count_failed(since=at - SHOWN_FOR),
        "bodies": sum(source.bodies for source in sources),
        "quarantined": sum(source.quarantined for source in sources),
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    return desk_page(
        request, viewer, "manage/home.html", values, status=refusal.status if refusal else 200, at=at
    )


def _sign_of(source: SourceHealth) -> Sign:
    """A source that never sent anything is not one that fell silent."""
    is_new = source.health == "QUIET" and source.last_received_at is None
    return NEVER_CAME if is_new else HEALTHS[source.health]


@staff_page(Permission.FEEDS_MANAGE)
@require_safe
def quarantined(request: HttpRequest, viewer: Viewer, raw_id: int) -> HttpResponse:
    return _quarantined(request, viewer, raw_id)


def _quarantined(
    request: HttpRequest, viewer: Viewer, raw_id: int, refusal: Refusal | None = None
) -> HttpResponse:
    raw = get_quarantined(viewer=viewer, raw_id=raw_id)
    body = open_body(raw_id).body
    text, left_away = masked(body)
    values = {
        "here": "manage",
        "tab": "feeds",
        "raw": raw,
        "reason_word": REASONS.get(raw.reason, raw.reason),
        "size": len(body),
        "text": text,
        "left_away": left_away,
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    return desk_page(
        request, viewer, "manage/quarantined.html", values, status=refusal.status if refusal else 200
    )


@staff_page(Permission.FEEDS_MANAGE)
@require_POST
def replay(request: HttpRequest, viewer: Viewer, raw_id: int) -> HttpResponse:
    """Once more through the same path; what still cannot be read comes back here with its reason."""
    try:
        with transaction.atomic():
            inbox.replay(raw_id=raw_id, by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _quarantined(request, viewer, raw_id, refusal)
    if _still_waits(viewer, raw_id):
        return HttpResponseRedirect(f"{reverse('manage:quarantined', args=[raw_id])}?done=still")
    return HttpResponseRedirect(f"{reverse('manage:home')}?done=replay")


def _still_waits(viewer: Viewer, raw_id: int) -> bool:
    try:
        get_quarantined(viewer=viewer, raw_id=raw_id)
    except NotFound:
        return False
    return True


@staff_page(Permission.FEEDS_MANAGE)
@require_POST
def replay_group(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """All that lies there for one reason of one source, the listed ones at a time."""
    source, reason = request.POST.get("source", ""), request.POST.get("reason", "")
    for group in list_quarantine(viewer=viewer):
        if (group.source, group.reason) != (source, reason):
            continue
        for raw_id in group.raw_ids:
            try:
                with transaction.atomic():
                    inbox.replay(raw_id=raw_id, by=viewer, at=now())
            except inbox.NothingToReplay:
                continue  # somebody else was quicker
        done = "still" if any(_still_waits(viewer, raw_id) for raw_id in group.raw_ids) else "replay"
        return HttpResponseRedirect(f"{reverse('manage:home')}?done={done}")
    raise NotFound()
