"""Work orders of others: what is still to be entered there, and rows handed in, looked at, taken."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.cases.actions.work_order_answers import AlreadyAnsweredThere, tick_answered_there
from yishi.cases.actions.work_order_rows import MOST_BYTES, RowsUnreadable, confirm_run, drop_run, hand_in
from yishi.cases.queries.cards import access_case
from yishi.cases.queries.work_order_answers import list_to_answer
from yishi.cases.queries.work_order_runs import access_run, list_runs, preview_run
from yishi.cases.queries.work_order_sources import get_order_source, list_order_sources
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.kit.files import Upload, read_upload
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.order_words import BODY_REASONS, FATES, ROW_REASONS, RUN_STATES, SEND_STATES, WAYS
from yishi.web.desk.page import desk_page, words_of
from yishi.web.shared import words
from yishi.web.shared.errors import error_page

_FORM_OVERHEAD = 1024 * 1024
MOST_PASTED = 200_000


@staff_page(Permission.CASE_READ)
@require_safe
def to_answer(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Answers of ours that are not entered at their source, the nearest deadline first."""
    chosen = request.GET.get("source", "")
    lines = list_to_answer(viewer=viewer, source_code=chosen)
    values = {
        "here": "orders",
        "tab": "to_answer",
        "lines": [
            (line, words.CATEGORIES.get(line.category, line.category), SEND_STATES.get(line.sent_state))
            for line in lines
        ],
        "sources": list_order_sources(viewer=viewer),
        "chosen": chosen,
        "may_write": viewer.may(Permission.CASE_WRITE),
        "done": request.GET.get("done", ""),
    }
    return desk_page(request, viewer, "desk/orders_to_answer.html", values)


@staff_page(Permission.CASE_WRITE)
@require_POST
def tick_many(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Whoever has entered a whole list there ticks it at once; one that is ticked already stays so."""
    for case_no in request.POST.getlist("case")[:200]:
        case = access_case(viewer=viewer, case_no=case_no)
        with suppress(AlreadyAnsweredThere):
            tick_answered_there(case_id=case.id, by=viewer, at=now())
    return HttpResponseRedirect(reverse("desk:orders") + "?done=tick")


@staff_page(Permission.CASE_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def rows_in(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The form, and the hand-ins so far; what cannot be read is refused here, and what was typed stays."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + _FORM_OVERHEAD:
        return error_page(request, 413)
    if request.method != "POST":
        return _form(request, viewer)
    try:
        run_id = _hand_in(request, viewer)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _form(request, viewer, refusal)
    return HttpResponseRedirect(reverse("desk:order_run", args=[run_id]))


def _hand_in(request: HttpRequest, viewer: Viewer) -> int:
    code = request.POST.get("source", "")
    if code not in {source.code for source in list_order_sources(viewer=viewer)}:
        raise Invalid([("/source", "missing_field", "选一个来源")])
    source = get_order_source(code=code)
    given, text = request.FILES.get("file"), request.POST.get("text", "")
    if given is not None:
        upload = Upload(name=given.name or "", content_type=given.content_type or "", stream=given)
        body, name, kind = read_upload(upload=upload, most=MOST_BYTES), upload.name, upload.content_type
    elif text.strip():
        if len(text) > MOST_PASTED:
            raise Invalid([("/text", "too_long", "一次最多贴 20 万字")])
        body, name, kind = text.encode("utf-8", "replace"), "", "text/plain; charset=utf-8"
    else:
        raise Invalid([("/text", "missing_field", "贴上内容，或选一个文件")])
    way = "FILE" if given is not None else "PASTE"
    return hand_in(source=source, way=way, body=body, content_type=kind, name=name, by=viewer, at=now())


def _form(request: HttpRequest, viewer: Viewer, refusal: Refusal | None = None) -> HttpResponse:
    values: dict[str, Any] = {
        "here": "orders",
        "tab": "rows",
        "sources": [s for s in list_order_sources(viewer=viewer) if not s.is_paused],
        "chosen": request.POST.get("source", "") or request.GET.get("source", ""),
        "typed": request.POST.get("text", ""),
        "runs": [
            (run, RUN_STATES[run.state], WAYS.get(run.way, run.way)) for run in list_runs(viewer=viewer)
        ],
        "most_mb": MOST_BYTES // (1024 * 1024),
        "refused": _why(refusal) if refusal else "",
        "may_sources": viewer.may(Permission.FEEDS_MANAGE),
    }
    return desk_page(
        request, viewer, "desk/orders_in.html", values, status=refusal.status if refusal else 200
    )


def _why(refusal: Refusal) -> str:
    if isinstance(refusal, RowsUnreadable):
        why = str(refusal.values["why"])
        return _("读不出工单：%(why)s") % {"why": BODY_REASONS.get(why, why)}
    return words_of(refusal)


@staff_page(Permission.CASE_WRITE, Permission.FEEDS_MANAGE)
@require_safe
def run(request: HttpRequest, viewer: Viewer, run_id: int) -> HttpResponse:
    return _run(request, viewer, run_id)


@staff_page(Permission.CASE_WRITE, Permission.FEEDS_MANAGE)
@require_safe
def run_state(request: HttpRequest, viewer: Viewer, run_id: int) -> HttpResponse:
    """The part of the page that changes while the worker is at it."""
    return _run(request, viewer, run_id, template="desk/_order_run.html")


def _run(
    request: HttpRequest,
    viewer: Viewer,
    run_id: int,
    refusal: Refusal | None = None,
    template: str = "desk/order_run.html",
) -> HttpResponse:
    card = access_run(viewer=viewer, run_id=run_id)
    preview = None if card.is_busy else preview_run(viewer=viewer, run_id=run_id)
    rows = preview.rows if preview else []
    values = {
        "here": "orders",
        "tab": "rows",
        "card": card,
        "sign": RUN_STATES[card.state],
        "way": WAYS.get(card.way, card.way),
        "preview": preview,
        "rows": [
            (
                row,
                FATES[row.fate],
                words.CATEGORIES.get(row.category, row.category),
                ROW_REASONS.get(row.reason),
            )
            for row in rows
        ],
        "refused_rows": [
            (row, ROW_REASONS.get(row.reason, row.reason)) for row in (preview.refused if preview else [])
        ],
        "useful": sum(preview.counts.get(fate, 0) for fate in ("NEW", "CHANGED")) if preview else 0,
        "percent": 100 * card.position // card.total if card.total else 0,
        "refused": words_of(refusal) if refusal else "",
    }
    return desk_page(request, viewer, template, values, status=refusal.status if refusal else 200)


def _turned(request: HttpRequest, viewer: Viewer, run_id: int, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _run(request, viewer, run_id, refusal)
    return HttpResponseRedirect(reverse("desk:order_run", args=[run_id]))


@staff_page(Permission.CASE_WRITE)
@require_POST
def confirm(request: HttpRequest, viewer: Viewer, run_id: int) -> HttpResponse:
    is_whole = request.POST.get("whole") == "1"
    return _turned(
        request,
        viewer,
        run_id,
        lambda: confirm_run(run_id=run_id, is_whole=is_whole, by=viewer, at=now()),
    )


@staff_page(Permission.CASE_WRITE)
@require_POST
def drop(request: HttpRequest, viewer: Viewer, run_id: int) -> HttpResponse:
    return _turned(request, viewer, run_id, lambda: drop_run(run_id=run_id, by=viewer, at=now()))
