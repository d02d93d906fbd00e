"""What every desk page has in common: who looks, at what moment, what the rail shows."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from yishi.cases.queries.tasks import count_waiting
from yishi.conversations.queries.inbox import count_waiting_for
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.phrases import joined
from yishi.network.queries import has_rounds
from yishi.people.rules import Permission, Role, Viewer
from yishi.stations.queries.stations import list_stations

_SECRET = ("csrf", "set-", "password", "pin", "again", "secret", "token", "key")


def desk_page(
    request: HttpRequest,
    viewer: Viewer,
    template: str,
    values: Mapping[str, Any],
    *,
    status: int = 200,
    at: datetime | None = None,
) -> HttpResponse:
    """The template with the person, the moment and what he may do; `values` win."""
    shared = {
        "viewer": viewer,
        "me": request.user,
        "at": at or now(),
        "may_manage": may_manage(viewer),
        "may_feeds": viewer.may(Permission.FEEDS_MANAGE),
        "may_import": viewer.may(Permission.FILES_IMPORT),
        "may_declare": viewer.may(Permission.EVENTS_DECLARE),
        "may_roster": viewer.may(Permission.ROSTER),
        "may_care": viewer.may(Permission.CASE_READ),
        "tasks_count": count_waiting(viewer=viewer, at=at or now()),
        "talks_count": count_waiting_for(viewer=viewer),
        "may_look_up": viewer.may(Permission.SHIPMENT_READ),
        "refilled": _typed(request) if status >= 400 else "",
    }
    return render(request, template, {**shared, **values}, status=status)


def _typed(request: HttpRequest) -> str:
    """What was typed into a form that was refused, for the script that puts it back; never a secret."""
    said = {name: request.POST.getlist(name) for name in request.POST}
    kept = {name: values for name, values in said.items() if not any(word in name for word in _SECRET)}
    return json.dumps(kept, ensure_ascii=False) if kept else ""


def whole_number(said: str) -> int | None:
    """A number as a form or address says it; None for anything else, and for more than nine digits."""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None


def safe_next(request: HttpRequest, address: str, home: str) -> str:
    """Where to go after signing in: only an address of our own, else home."""
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if address and is_ours else home


def speak(response: HttpResponse, language: str) -> HttpResponse:
    """Keeps the person's language in this browser; an unknown one changes nothing."""
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 86400,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


class Said(str):
    """What a refusal says on a page, with the names of the fields that it is about."""

    fields: tuple[str, ...] = ()


def words_of(refusal: Refusal) -> Said:
    """What a refusal says on a page: what is wrong with which field, or its own words."""
    if not isinstance(refusal, Invalid) or not refusal.errors:
        return Said(refusal.title)
    said = Said(joined((_(detail) for _pointer, _code, detail in refusal.errors), "；"))
    said.fields = tuple(pointer.rpartition("/")[2] for pointer, _code, _detail in refusal.errors)
    return said


def home_of(viewer: Viewer) -> str:
    """The first page of a role: his round, the worklist, the operator's pages, looking up, or one's own."""
    if viewer.role is Role.COURIER and has_rounds(viewer):
        return reverse("courier:today")
    if viewer.role is Role.STATION_KEEPER and list_stations(viewer):
        return reverse("station:home")
    if viewer.may(Permission.CASE_READ):
        return reverse("desk:worklist")
    if may_manage(viewer):
        return reverse("manage:home")
    return reverse("desk:look_up") if viewer.may(Permission.SHIPMENT_READ) else reverse("desk:me")


def may_manage(viewer: Viewer) -> bool:
    """Whether the operator's pages are open: those who keep feeds or policies."""
    return viewer.may(Permission.FEEDS_MANAGE) or viewer.may(Permission.POLICY_MANAGE)


def refused_page(request: HttpRequest, viewer: Viewer, refusal: Refusal) -> HttpResponse:
    """Where a thing is not his, or is not there: nothing changed, and the way on."""
    is_there = refusal.status == 403
    is_page = type(refusal) is not NotFound and not is_there
    missing = refusal.title if is_page else _("没找到这一件")
    values = {
        "is_there": is_there,
        "is_page": is_page,
        "title": _("这一页归别的岗位") if is_there else missing,
        "home": home_of(viewer),
    }
    if request.headers.get("HX-Request") == "true":
        response = render(request, "desk/refused_note.html", values, status=refusal.status)
        response["HX-Retarget"], response["HX-Reswap"] = "#notes", "innerHTML"
        return response
    return desk_page(request, viewer, "desk/refused.html", values, status=refusal.status)
