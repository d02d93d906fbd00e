"""Who else has this case open: told while they look, gone by itself, nothing of what is written."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from yishi.cases.actions.presence import note_gone, note_here
from yishi.cases.queries.cards import CaseCard, access_case
from yishi.cases.queries.tasks import who_is_here
from yishi.kit.clock import now
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page


@staff_page(Permission.CASE_READ)
@require_POST
def here(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """The page says every few seconds that it is open, and whether somebody types; it hears who else is."""
    at, case = now(), access_case(viewer=viewer, case_no=case_no)
    how = request.POST.get("how", "")
    if how == "gone":
        note_gone(case_id=case.id, case_no=case_no, by=viewer)
        return HttpResponse(status=204)
    if how in ("look", "type"):
        note_here(case_id=case.id, case_no=case_no, is_typing=how == "type", by=viewer, at=at)
    others = who_is_here(case.id, viewer=viewer, at=at)
    return render(request, "desk/case_here.html", {"here_now": others, "case": case, "at": at})


def sheet(viewer: Viewer, case: CaseCard, at: datetime) -> dict[str, object]:
    return {"here_now": who_is_here(case.id, viewer=viewer, at=at)}
