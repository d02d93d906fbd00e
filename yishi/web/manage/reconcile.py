"""Both sides of work orders compared: what differs, why it may, and a note where it is meant so."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from yishi.cases.actions.reconcile import compare_all, note_difference
from yishi.cases.queries.differences import list_differences
from yishi.cases.queries.work_order_sources import list_order_sources
from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, words_of
from yishi.web.manage.work_orders import KEEPERS
from yishi.web.shared import words
from yishi.web.shared.words import Sign

KINDS: dict[str, Sign] = {
    "OPEN_THERE": Sign(_("那边没结，我们结了"), "alert", "is-warn"),
    "CLOSED_THERE": Sign(_("那边结了，我们没结"), "info", "is-info"),
    "UNKNOWN_THERE": Sign(_("那边查不到，我们没结"), "search", "is-idle"),
    "OVERDUE_THERE": Sign(_("那边到期了，还没回填"), "clock", "is-bad"),
}
WHAT_TO_DO = {
    "OPEN_THERE": _("看回填有没有真的提交；没有就补填，再标“已填写”。"),
    "CLOSED_THERE": _("看那边为什么结；顾客的事没完就接着办，完了就给处理办法。"),
    "UNKNOWN_THERE": _("多半已撤或转走；问对方，再给处理办法或写明原因。"),
    "OVERDUE_THERE": _("马上回填；会被考核的，先和对方说明。"),
}


@staff_page(*KEEPERS)
@require_safe
def reconcile(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return _page(request, viewer)


def _page(request: HttpRequest, viewer: Viewer, refusal: Refusal | None = None) -> HttpResponse:
    lines = list_differences(viewer=viewer)
    groups = [
        (
            kind,
            sign,
            WHAT_TO_DO[kind],
            [(line, _category(line.category)) for line in lines if line.kind == kind],
        )
        for kind, sign in KINDS.items()
    ]
    values = {
        "here": "manage",
        "tab": "orders",
        "groups": groups,
        "count": sum(line.noted_at is None for line in lines),
        "sources": list_order_sources(viewer=viewer),
        "may_read": viewer.may(Permission.CASE_READ),
        "done": request.GET.get("done", ""),
        "refused": words_of(refusal) if refusal else "",
    }
    return desk_page(
        request, viewer, "manage/reconcile.html", values, status=refusal.status if refusal else 200
    )


def _category(category: str) -> object:
    return words.CATEGORIES.get(category, category)


@staff_page(*KEEPERS)
@require_POST
def again(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Compares with what the sources said last, now instead of by night."""
    compare_all(at=now())
    return HttpResponseRedirect(reverse("manage:reconcile") + "?done=again")


@staff_page(*KEEPERS)
@require_POST
def note(request: HttpRequest, viewer: Viewer, difference_id: int) -> HttpResponse:
    try:
        with transaction.atomic():
            note_difference(
                difference_id=difference_id, note=request.POST.get("note", ""), by=viewer, at=now()
            )
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, refusal)
    return HttpResponseRedirect(reverse("manage:reconcile") + "?done=note")
