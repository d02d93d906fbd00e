"""The list as a file: one row a case, just what the filters show; who took it and what for stands in it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yishi.cases.actions.exports import FORMATS, ask_export
from yishi.cases.queries.exports import export_file, get_export, list_exports
from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.kit.files import open_file
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.files import quoted_name
from yishi.web.desk.page import desk_page
from yishi.web.desk.wanted import wanted_of
from yishi.web.desk.worklist import worklist_page
from yishi.web.shared.live import live_url


@staff_page(Permission.CASE_READ)
@require_POST
def ask(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Up to 1,000 cases come at once; a longer list is made by the worker and waits on its page."""
    said, wanted = request.POST, wanted_of(request.POST)
    try:
        export_id = ask_export(
            filters=wanted.kept(),
            reason=said.get("reason", ""),
            format=said.get("format", ""),
            is_plain=said.get("plain") == "1",
            by=viewer,
            at=now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return worklist_page(request, viewer, wanted, refusal=refusal)
    if get_export(viewer=viewer, export_id=export_id).has_file:
        return HttpResponseRedirect(reverse("desk:export_file", args=[export_id]))
    return HttpResponseRedirect(reverse("desk:exports"))


@staff_page(Permission.CASE_READ)
@require_safe
def exports(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What this person took out, and what is still being made."""
    rows = list_exports(viewer=viewer)
    waits = any(row.state == "WAITING" for row in rows)
    template = (
        "desk/exports_list.html" if request.headers.get("HX-Request") == "true" else "desk/exports.html"
    )
    live = live_url([f"user:{viewer.user_id}"], viewer.name)
    values = {"here": "work", "exports": rows, "waits": waits, "live": live}
    return desk_page(request, viewer, template, values)


@staff_page(Permission.CASE_READ)
@require_safe
def file(request: HttpRequest, viewer: Viewer, export_id: int) -> HttpResponse:
    """The bytes, only for whoever asked for them."""
    held = export_file(viewer=viewer, export_id=export_id)
    kind = get_export(viewer=viewer, export_id=export_id).format
    try:
        body = open_file(held)
    except FileNotFoundError:
        raise NotFound from None
    return HttpResponse(
        body,
        content_type=FORMATS[kind],
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quoted_name(held.name)}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
