"""Macros: several steps at one press. Looked at before they are done, kept and changed on their own page."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.automation.actions.macros import archive_macro, run_macro, save_macro, try_steps
from yishi.automation.queries.filling import filled
from yishi.automation.queries.macros import MacroCard, access_macro, list_macros
from yishi.automation.rules.steps import kept_steps, tells_consumer
from yishi.cases.queries.cards import access_case
from yishi.cases.rules.categories import CATEGORIES
from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.network.queries import list_outlets
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer
from yishi.web.desk.case import case_page
from yishi.web.desk.choices import scopes
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of
from yishi.web.desk.step_forms import form_values, said_steps, told
from yishi.web.shared import words


@staff_page(Permission.CASE_WRITE)
@require_safe
def preview(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """What a macro would do to this case, in words, and whether it would be refused. Nothing changes."""
    at, case = now(), access_case(viewer=viewer, case_no=case_no)
    macro = access_macro(viewer=viewer, macro_id=whole_number(request.GET.get("macro", "")) or 0)
    refusal = try_steps(case_no=case_no, steps=macro.steps, by=viewer, at=at)
    values = {
        "here": "work",
        "case": case,
        "headline": words.CATEGORIES.get(case.category, case.category),
        "macro": macro,
        "steps": [
            (icon, word, filled(said, case=case, viewer=viewer, at=at))
            for icon, word, said in told(macro.steps, list_outlets(SYSTEM_VIEWER))
        ],
        "tells_consumer": tells_consumer(macro.steps),
        "refused": words_of(refusal) if refusal else "",
    }
    return desk_page(request, viewer, "desk/macro_preview.html", values, at=at)


@staff_page(Permission.CASE_WRITE)
@require_POST
def run(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """All steps or none; a refusal shows the case with what stopped it."""
    access_case(viewer=viewer, case_no=case_no)
    said = request.POST
    try:
        run_macro(
            macro_id=whole_number(said.get("macro", "")) or 0,
            case_no=case_no,
            version=whole_number(said.get("version", "")),
            by=viewer,
            at=now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return case_page(request, viewer, case_no, step="macro", refusal=refusal)
    try:
        access_case(viewer=viewer, case_no=case_no)
    except NotFound:
        return HttpResponseRedirect(f"{reverse('desk:worklist')}?done=macro")
    return HttpResponseRedirect(f"{reverse('desk:case', args=[case_no])}?done=macro")


@staff_page(Permission.CASE_WRITE)
@require_safe
def macros(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    outlets = list_outlets(SYSTEM_VIEWER)
    values = {
        "here": "replies",
        "macros": [(macro, told(macro.steps, outlets)) for macro in list_macros(viewer)],
        "scope_words": dict(scopes(viewer, every=True)),
        "done": request.GET.get("done", ""),
    }
    return desk_page(request, viewer, "desk/macros.html", values)


@staff_page(Permission.CASE_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def macro(request: HttpRequest, viewer: Viewer, macro_id: int | None = None) -> HttpResponse:
    """One macro: read, changed, or made anew."""
    found = access_macro(viewer=viewer, macro_id=macro_id) if macro_id is not None else None
    if request.method != "POST":
        return _page(request, viewer, found)
    said = request.POST
    try:
        save_macro(
            macro_id=macro_id,
            name=said.get("name", ""),
            steps=said_steps(said),
            scope=said.get("scope", ""),
            outlet_code=said.get("outlet", ""),
            categories=[value for value in said.getlist("categories") if value in CATEGORIES],
            by=viewer,
            at=now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, found, refusal)
    return HttpResponseRedirect(f"{reverse('desk:macros')}?done=kept")


@staff_page(Permission.CASE_WRITE)
@require_POST
def archive(request: HttpRequest, viewer: Viewer, macro_id: int) -> HttpResponse:
    archive_macro(macro_id=macro_id, by=viewer, at=now())
    return HttpResponseRedirect(f"{reverse('desk:macros')}?done=archived")


def _page(
    request: HttpRequest, viewer: Viewer, found: MacroCard | None, refusal: Refusal | None = None
) -> HttpResponse:
    said = request.POST
    if refusal:
        shown: dict[str, Any] = {
            "name": said.get("name", ""),
            "scope": said.get("scope", ""),
            "outlet": said.get("outlet", ""),
            "categories": said.getlist("categories"),
        }
        steps = said_steps(said)
    else:
        shown = {"name": found.name, "scope": found.scope, "outlet": found.outlet_code,
                 "categories": found.categories} if found else {}  # fmt: skip
        steps = kept_steps(found.steps) if found else []
    values = {
        "here": "replies",
        "macro": found,
        "shown": shown,
        "scopes": scopes(viewer),
        "outlets": list_outlets(viewer),
        "categories": [(v, words.CATEGORIES.get(v, v)) for v, r in CATEGORIES.items() if r.is_claimable],
        "refused": words_of(refusal) if refusal else "",
        "title": found.name if found else _("新的一键办理"),
        **form_values(viewer, steps),
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "desk/macro_edit.html", values, status=status)
