"""升级与暂停, 法定期限: who hears of a broken promise, how long one may wait, what the law says."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yishi.kit.clock import now
from yishi.kit.errors import Refusal
from yishi.people.rules import Permission, Viewer
from yishi.sla.actions.calendars import choose_limit, save_level, save_pause_limit, save_quiet_hours
from yishi.sla.queries.setup import (
    list_changes,
    list_laws,
    list_levels,
    list_pause_limits,
    quiet_hours,
    scopes,
)
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, words_of
from yishi.web.shared import sla_words as words


@staff_page(Permission.POLICY_MANAGE)
@require_safe
def chain(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return _show(request, viewer)


@staff_page(Permission.POLICY_MANAGE)
@require_POST
def level(request: HttpRequest, viewer: Viewer, level: int) -> HttpResponse:
    said = request.POST.get("within", "").strip()
    try:
        save_level(
            level=level,
            within=words.hours_of(said, "/within") if said else None,
            respects_hours=request.POST.get("respects_hours") == "on",
            is_active=request.POST.get("is_active") == "on",
            by=viewer,
            at=now(),
        )
    except Refusal as refusal:
        return _show(request, viewer, refusal)
    return _done("manage:sla_chain")


@staff_page(Permission.POLICY_MANAGE)
@require_POST
def pause(request: HttpRequest, viewer: Viewer, limit_id: int) -> HttpResponse:
    try:
        within = words.hours_of(request.POST.get("within", ""), "/within")
        save_pause_limit(limit_id=limit_id, within=within, by=viewer, at=now())
    except Refusal as refusal:
        return _show(request, viewer, refusal)
    return _done("manage:sla_chain")


@staff_page(Permission.POLICY_MANAGE)
@require_POST
def quiet(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    try:
        save_quiet_hours(
            quiet_from=words.clock_of(request.POST.get("quiet_from", ""), "/quiet_from"),
            quiet_until=words.clock_of(request.POST.get("quiet_until", ""), "/quiet_until"),
            by=viewer,
            at=now(),
        )
    except Refusal as refusal:
        return _show(request, viewer, refusal)
    return _done("manage:sla_chain")


@staff_page(Permission.POLICY_MANAGE)
@require_safe
def law(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The limits of the law with their citations, to read; of what is only configured one can be chosen."""
    rows = [(one, words.citation(one), _length(one.within)) for one in list_laws()]
    values = {
        "here": "manage",
        "tab": "sla",
        "sub": "law",
        "laws": [row for row in rows if row[0].is_law],
        "configured": [row for row in rows if not row[0].is_law],
        "done": request.GET.get("done", ""),
    }
    return desk_page(request, viewer, "manage/sla_law.html", values)


@staff_page(Permission.POLICY_MANAGE)
@require_POST
def choose(request: HttpRequest, viewer: Viewer, law_id: int) -> HttpResponse:
    choose_limit(law_id=law_id, by=viewer, at=now())
    return _done("manage:sla_law")


def _done(name: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse(name)}?done=saved")


def _length(within: Any) -> str:
    return words.length_words(within) if within else ""


def _hours(within: Any) -> str:
    return f"{within.total_seconds() / 3600:g}" if within else ""


def _show(request: HttpRequest, viewer: Viewer, refusal: Refusal | None = None) -> HttpResponse:
    types = dict(scopes().types)
    values = {
        "here": "manage",
        "tab": "sla",
        "sub": "chain",
        "levels": [(one, words.LEVELS.get(one.who, one.who), _hours(one.within)) for one in list_levels()],
        "pauses": [
            (
                one,
                words.WAITS.get(one.status, one.status),
                words.KINDS.get(one.kind, one.kind),
                _hours(one.within),
            )
            for one in list_pause_limits()
        ],
        "quiet": quiet_hours(),
        "changes": [(words.change_words(one, types), one) for one in list_changes(most=20)],
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "manage/sla_chain.html", values, status=status)
