"""What could not be read: by cause, body by body, tried out without a trace, and tried once more for good."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yishi.feeds.actions import inbox
from yishi.feeds.actions.replay import replay_group
from yishi.feeds.queries.quarantine import get_quarantined, open_body, reveal_body
from yishi.feeds.queries.sheets import get_group
from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.people.rules import Permission, Viewer
from yishi.shipments.actions.rehearse import MOST_BODIES, Foreseen, rehearse
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, words_of
from yishi.web.manage.masking import MAX_SHOWN, masked
from yishi.web.manage.people import names_of
from yishi.web.manage.words import REASONS, REFUSALS


@staff_page(Permission.FEEDS_MANAGE)
@require_safe
def quarantined(request: HttpRequest, viewer: Viewer, raw_id: int) -> HttpResponse:
    return _body(request, viewer, raw_id)


def _body(
    request: HttpRequest,
    viewer: Viewer,
    raw_id: int,
    refusal: Refusal | None = None,
    foreseen: Foreseen | None = None,
    plain: bytes | None = None,
) -> HttpResponse:
    raw = get_quarantined(viewer=viewer, raw_id=raw_id)
    body = open_body(raw_id).body
    text, left_away = masked(body)
    if plain is not None:
        whole = plain.decode("utf-8", errors="replace").replace("\x00", "␀")
        text, left_away = whole[:MAX_SHOWN], max(0, len(whole) - MAX_SHOWN)
    values = {
        "here": "manage",
        "tab": "feeds",
        "raw": raw,
        "reason_word": REASONS.get(raw.reason, raw.reason),
        "group_at": group_address(raw.source, raw.reason),
        "size": len(body),
        "text": text,
        "left_away": left_away,
        "is_plain": plain is not None,
        "may_reveal": viewer.may(Permission.REVEAL),
        "foreseen": _told(foreseen) if foreseen else None,
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    return desk_page(
        request, viewer, "manage/quarantined.html", values, status=refusal.status if refusal else 200
    )


@staff_page(Permission.FEEDS_MANAGE)
@require_POST
def reveal(request: HttpRequest, viewer: Viewer, raw_id: int) -> HttpResponse:
    """The body in full, once, with a reason that is written down."""
    try:
        with transaction.atomic():
            reason = request.POST.get("reason", "")
            stored = reveal_body(viewer=viewer, raw_id=raw_id, reason=reason, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _body(request, viewer, raw_id, refusal)
    return _body(request, viewer, raw_id, plain=stored.body)


@staff_page(Permission.FEEDS_MANAGE)
@require_POST
def try_one(request: HttpRequest, viewer: Viewer, raw_id: int) -> HttpResponse:
    """What would become of this body now; nothing is written."""
    (foreseen,) = rehearse(viewer=viewer, raw_ids=[raw_id], at=now())
    return _body(request, viewer, raw_id, foreseen=foreseen)


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
        return _body(request, viewer, raw_id, refusal)
    if _still_waits(viewer, raw_id):
        return HttpResponseRedirect(f"{reverse('manage:quarantined', args=[raw_id])}?done=still")
    return HttpResponseRedirect(f"{reverse('manage:home')}?done=replay")


def _still_waits(viewer: Viewer, raw_id: int) -> bool:
    try:
        get_quarantined(viewer=viewer, raw_id=raw_id)
    except NotFound:
        return False
    return True


def group_address(source: str, reason: str, **said: str) -> str:
    """Where the bodies of one source and cause are shown."""
    return f"{reverse('manage:group', args=[source])}?{urlencode({'reason': reason, **said})}"


@staff_page(Permission.FEEDS_MANAGE)
@require_safe
def group(request: HttpRequest, viewer: Viewer, source: str) -> HttpResponse:
    """All that waits for one cause; asked for in the background, only how far its replay is."""
    return _group(request, viewer, source, request.GET.get("reason", ""))


def _group(
    request: HttpRequest,
    viewer: Viewer,
    source: str,
    reason: str,
    refusal: Refusal | None = None,
    foreseen: Sequence[Foreseen] = (),
) -> HttpResponse:
    found = get_group(viewer=viewer, source=source, reason=reason)
    names = names_of(run.asked_by for run in found.runs)
    values = {
        "here": "manage",
        "tab": "feeds",
        "group": found,
        "group_at": group_address(source, reason),
        "reason_word": REASONS.get(reason, reason),
        "runs": [(run, names.get(run.asked_by, run.asked_by)) for run in found.runs],
        "foreseen": [_told(one) for one in foreseen],
        "most": MOST_BODIES,
        "still": sum(bool(one.quarantined) for one in foreseen),
        "unknown": sum(one.unknown for one in foreseen),
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    if request.headers.get("HX-Request") == "true":
        part = render(request, "manage/replay_runs.html", {**values, "at": now()})
        if not found.runs_now:  # what can be done next, and what still waits, stands elsewhere on the page
            part["HX-Refresh"] = "true"
        return part
    return desk_page(request, viewer, "manage/group.html", values, status=refusal.status if refusal else 200)


def _told(one: Foreseen) -> tuple[Foreseen, str, list[tuple[str, int]]]:
    """With the words of why it still cannot be read, and of what is refused in it."""
    refused = [(str(REFUSALS.get(reason, reason)), count) for reason, count in one.rejected]
    return one, str(REASONS.get(one.quarantined, one.quarantined)), refused


@staff_page(Permission.FEEDS_MANAGE)
@require_POST
def try_group(request: HttpRequest, viewer: Viewer, source: str) -> HttpResponse:
    """What would become of the newest bodies of the group now; nothing is written."""
    reason = request.POST.get("reason", "")
    bodies = get_group(viewer=viewer, source=source, reason=reason, limit=MOST_BODIES).bodies
    try:
        foreseen = rehearse(viewer=viewer, raw_ids=[body.raw_id for body in bodies], at=now())
    except NotFound:  # somebody else has just replayed one of them: look again
        return HttpResponseRedirect(group_address(source, reason))
    return _group(request, viewer, source, reason, foreseen=foreseen)


@staff_page(Permission.FEEDS_MANAGE)
@require_POST
def replay_all(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """All that lies there for one reason of one source: a job, whose progress the group's page shows."""
    source, reason = request.POST.get("source", ""), request.POST.get("reason", "")
    try:
        with transaction.atomic():
            replay_group(source=source, reason=reason, by=viewer, at=now())
    except inbox.NothingToReplay as refusal:
        raise NotFound from refusal
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _group(request, viewer, source, reason, refusal)
    return HttpResponseRedirect(group_address(source, reason, done="asked"))
