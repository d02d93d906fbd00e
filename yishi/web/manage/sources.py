"""One source: how it stands, its settings without its secrets, its push address once, and a new one."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.feeds.actions.asking import ask_again
from yishi.feeds.actions.codes import NoReason
from yishi.feeds.actions.follow import change_asking
from yishi.feeds.actions.settings import change_source, open_source, renew_address
from yishi.feeds.actions.silence import expect_input
from yishi.feeds.actions.sources import pause_source
from yishi.feeds.queries.following import client_of, list_followed
from yishi.feeds.queries.health import list_source_health, list_unknown_codes
from yishi.feeds.queries.mappings import list_mappings
from yishi.feeds.queries.quarantine import list_quarantine
from yishi.feeds.queries.sheets import get_source_sheet
from yishi.feeds.queries.sources import plugins
from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, words_of
from yishi.web.manage.codes import code_address
from yishi.web.manage.people import names_of
from yishi.web.manage.quarantine import group_address
from yishi.web.manage.words import EXPECTED, POLLED, REASONS, meaning_word, sign_of


@staff_page(Permission.FEEDS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Choose a format, fill its form; the push address is shown in the answer and never again."""
    said = request.POST if request.method == "POST" else request.GET
    plugin = said.get("plugin", "")
    card = plugins()[plugin][0] if plugin in plugins() else None
    values: dict[str, Any] = {
        "here": "manage",
        "tab": "feeds",
        "plugins": sorted((card.label, name) for name, (card, _) in plugins().items()),
        "card": card,
        "typed": said,
        "fields": [(field, said.get(f"set-{field.name}", "")) for field in card.settings] if card else [],
    }
    if request.method != "POST":
        return desk_page(request, viewer, "manage/source_new.html", values)
    try:
        with transaction.atomic():
            path = open_source(
                code=said.get("code", "").strip(),
                plugin=plugin,
                label=said.get("label", ""),
                carrier=said.get("carrier", ""),
                time_zone=said.get("time_zone", ""),
                settings=_settings(request),
                by=viewer,
                at=now(),
            )
    except NotAllowed:
        raise
    except Refusal as refusal:
        values["refused"] = words_of(refusal)
        return desk_page(request, viewer, "manage/source_new.html", values, status=refusal.status)
    return _address(request, viewer, said.get("code", "").strip(), path, is_new=True)


def _settings(request: HttpRequest) -> dict[str, str]:
    return {
        name.removeprefix("set-"): str(value)
        for name, value in request.POST.items()
        if name.startswith("set-")
    }


def _address(request: HttpRequest, viewer: Viewer, code: str, path: str, *, is_new: bool) -> HttpResponse:
    values = {
        "here": "manage",
        "tab": "feeds",
        "source": get_source_sheet(viewer=viewer, code=code),
        "address": request.build_absolute_uri(path),
        "is_new": is_new,
    }
    return desk_page(request, viewer, "manage/source_address.html", values)


@staff_page(Permission.FEEDS_MANAGE)
@require_safe
def source(request: HttpRequest, viewer: Viewer, source: str) -> HttpResponse:
    return _source(request, viewer, source)


def _source(request: HttpRequest, viewer: Viewer, code: str, refusal: Refusal | None = None) -> HttpResponse:
    at = now()
    sheet = get_source_sheet(viewer=viewer, code=code)
    (health,) = list_source_health(viewer=viewer, at=at, code=code)
    unknown = [one for one in list_unknown_codes(viewer=viewer) if one.source == code]
    groups = list_quarantine(viewer=viewer, source=code)
    mappings = list_mappings(viewer=viewer, source_id=sheet.id)
    names = names_of(line.noted_by for line in mappings)
    is_asked = client_of(sheet.plugin) is not None
    values = {
        "here": "manage",
        "tab": "feeds",
        "source": sheet,
        "health": health,
        "sign": sign_of(health),
        "unknown_codes": [(one, code_address(code, one.code), "") for one in unknown],
        "groups": [
            (one, REASONS.get(one.reason, one.reason), group_address(code, one.reason), sheet.label or code)
            for one in groups
        ],
        "mappings": [
            (
                line,
                meaning_word(line.kind, line.detail),
                names.get(line.noted_by, line.noted_by),
                code_address(code, line.source_code),
            )
            for line in mappings
            if line.ended_at is None
        ],
        "is_asked": is_asked,
        "refused_parcels": list_followed(viewer=viewer, source_code=code, state="REFUSED")
        if is_asked
        else [],
        "polled_choices": POLLED,
        "polled_minutes": int(sheet.polled_every.total_seconds() // 60) if sheet.polled_every else 0,
        "expected_choices": EXPECTED,
        "expected_hours": int(sheet.expected_within.total_seconds() // 3600) if sheet.expected_within else 0,
        "typed": request.POST,
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    return desk_page(
        request, viewer, "manage/source.html", values, status=refusal.status if refusal else 200, at=at
    )


@staff_page(Permission.FEEDS_MANAGE)
@require_POST
def change(request: HttpRequest, viewer: Viewer, source: str, what: str) -> HttpResponse:
    """One of: settings, pause, resume, expect, follow (new parcels), ask (again)."""
    try:
        with transaction.atomic():
            _change(request, viewer, source, what)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _source(request, viewer, source, refusal)
    return HttpResponseRedirect(f"{reverse('manage:source', args=[source])}?done={what}")


def _change(request: HttpRequest, viewer: Viewer, source: str, what: str) -> None:
    said, at = request.POST, now()
    if what == "settings":
        change_source(
            code=source,
            label=said.get("label", ""),
            carrier=said.get("carrier", ""),
            time_zone=said.get("time_zone", ""),
            settings=_settings(request),
            cleared=said.getlist("clear"),
            by=viewer,
            at=at,
        )
    elif what == "pause":
        if not (reason := said.get("reason", "").strip()[:200]):
            raise NoReason
        pause_source(code=source, reason=reason, by=viewer, at=at)
    elif what == "resume":
        pause_source(code=source, reason="", by=viewer, at=at)
    elif what == "expect":
        hours = said.get("hours", "")
        within = (
            timedelta(hours=int(hours)) if hours in {str(value) for value, _ in EXPECTED if value} else None
        )
        expect_input(code=source, within=within, by=viewer, at=at)
    elif what == "follow":
        minutes = {str(value): value for value, _ in POLLED if value}.get(said.get("minutes", ""))
        polled_every = timedelta(minutes=minutes) if minutes else None
        is_following = said.get("is_following") == "1"
        change_asking(code=source, is_following=is_following, polled_every=polled_every, by=viewer, at=at)
    elif what == "ask":
        ask_again(code=source, by=viewer, at=at)
    else:
        raise NotFound


@staff_page(Permission.FEEDS_MANAGE)
@require_POST
def address(request: HttpRequest, viewer: Viewer, source: str) -> HttpResponse:
    """A new push address, shown in this answer and never again."""
    with transaction.atomic():
        path = renew_address(code=source, by=viewer, at=now())
    return _address(request, viewer, source, path, is_new=False)
