"""Saved views of the worklist, tags and priority of a case: kept from small forms, then back to the page."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from yishi.cases.actions.priority import change_priority
from yishi.cases.actions.views import add_tag, drop_view, remove_tag, save_view
from yishi.cases.queries.cards import access_case
from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.case import case_page
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import whole_number
from yishi.web.desk.wanted import wanted_of
from yishi.web.desk.worklist import worklist_page


@staff_page(Permission.CASE_READ)
@require_POST
def save(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Keeps what the filters say now under a name, for oneself or for an outlet."""
    said, wanted = request.POST, wanted_of(request.POST)
    share = said.get("share", "")
    try:
        save_view(
            name=said.get("name", ""),
            filters=wanted.kept(),
            share_with=share or None,
            by=viewer,
            at=now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return worklist_page(request, viewer, wanted, refusal=refusal)
    return HttpResponseRedirect(f"{wanted.address()}&done=view")


@staff_page(Permission.CASE_READ)
@require_POST
def drop(request: HttpRequest, viewer: Viewer, view_id: int) -> HttpResponse:
    drop_view(view_id=view_id, by=viewer)
    return HttpResponseRedirect(f"{reverse('desk:worklist')}?done=view_gone")


@staff_page(Permission.CASE_WRITE)
@require_POST
def tag(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """Hangs a tag on the case, or takes one off."""
    case, said = access_case(viewer=viewer, case_no=case_no), request.POST
    try:
        if said.get("off"):
            remove_tag(case_id=case.id, tag=said["off"], by=viewer, at=now())
        else:
            add_tag(case_id=case.id, tag=said.get("tag", ""), by=viewer, at=now())
    except NotFound:
        raise
    except Refusal as refusal:
        return case_page(request, viewer, case_no, step="tasks", refusal=refusal)
    return HttpResponseRedirect(f"{reverse('desk:case', args=[case_no])}?done=tag")


@staff_page(Permission.CASE_WRITE)
@require_POST
def priority(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    case, said = access_case(viewer=viewer, case_no=case_no), request.POST
    level = whole_number(said.get("priority", ""))
    try:
        change_priority(
            case_id=case.id,
            priority=-1 if level is None else level,
            reason=said.get("reason", ""),
            version=whole_number(said.get("version", "")),
            by=viewer,
            at=now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return case_page(request, viewer, case_no, step="status", refusal=refusal)
    return HttpResponseRedirect(f"{reverse('desk:case', args=[case_no])}?done=priority")
