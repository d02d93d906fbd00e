"""The sheet of a case that is somebody's work order: the answer in his format, its proofs, and the tick."""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from yishi.cases.actions.work_order_answers import ask_to_send, tick_answered_there, untick_answered_there
from yishi.cases.queries.cards import CaseCard, access_case
from yishi.cases.queries.work_order_answers import find_answer_sheet, is_of_others, named_proofs
from yishi.kit.errors import NotFound
from yishi.kit.files import open_file
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.deeds import Deed, do_on_case
from yishi.web.desk.doors import staff_page
from yishi.web.desk.order_words import SEND_STATES


def sheet(viewer: Viewer, case: CaseCard, at: datetime) -> Mapping[str, Any]:
    """What the case's page shows; nothing where the case came from a person."""
    is_theirs = is_of_others(source=case.source, external_no=case.external_no)
    found = find_answer_sheet(case.id) if is_theirs else None
    if found is None:
        return {}
    sent = found.sent
    values = {
        "sheet": found,
        "sent_sign": SEND_STATES[sent.state] if sent else None,
        "is_on_its_way": sent is not None and sent.state in ("WAITING", "SENDING"),
        "amount": "" if found.amount_fen is None else f"¥{found.amount_fen / 100:.2f}",
        "may_write": viewer.may(Permission.CASE_WRITE),
    }
    return {"work_order": values}


def _do(request: HttpRequest, viewer: Viewer, case_no: str, deed: Deed) -> HttpResponse:
    return do_on_case(request, viewer, case_no, deed, anchor="work-order")


@staff_page(Permission.CASE_WRITE)
@require_POST
def tick(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    return _do(
        request, viewer, case_no, lambda case, at: tick_answered_there(case_id=case.id, by=viewer, at=at)
    )


@staff_page(Permission.CASE_WRITE)
@require_POST
def untick(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return _do(
        request,
        viewer,
        case_no,
        lambda case, at: untick_answered_there(case_id=case.id, reason=reason, by=viewer, at=at),
    )


@staff_page(Permission.CASE_WRITE)
@require_POST
def send(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    return _do(request, viewer, case_no, lambda case, at: ask_to_send(case_id=case.id, by=viewer, at=at))


@staff_page(Permission.CASE_READ)
@require_safe
def answer(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """The answer as a file in the source's format."""
    case = access_case(viewer=viewer, case_no=case_no)
    found = find_answer_sheet(case.id)
    if found is None:
        raise NotFound
    filled = found.filled
    return _saved(filled.body, filled.file_name, filled.content_type)


@staff_page(Permission.CASE_READ)
@require_safe
def proofs(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """The answer and our proofs packed together, under plain names. Bytes that are gone are left away."""
    case = access_case(viewer=viewer, case_no=case_no)
    found = find_answer_sheet(case.id)
    if found is None:
        raise NotFound
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(found.filled.file_name, found.filled.body)
        for name, file in named_proofs(case.id):
            try:
                archive.writestr(name, open_file(file))
            except FileNotFoundError:
                continue
    return _saved(packed.getvalue(), f"{case_no}.zip", "application/zip")


def _saved(body: bytes, name: str, content_type: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(body, content_type=content_type, headers=headers)
