"""Cases for staff's programs and integrations: list, open, read, and every verb of care."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Router, Status

from yishi.api import schemas as s
from yishi.api.auth import viewer_of
from yishi.api.bodies import read_moment, upload_of
from yishi.api.problems import Problem
from yishi.api.shapes import case_rows, case_shape
from yishi.cases.actions.evidence import add_evidence
from yishi.cases.actions.file import Complaint, file_complaint
from yishi.cases.actions.reopen import reopen_case
from yishi.cases.actions.reply import add_note, add_reply
from yishi.cases.actions.resolve import Finding, resolve_case
from yishi.cases.actions.status import change_status
from yishi.cases.queries.cards import access_case
from yishi.cases.queries.worklist import worklist
from yishi.cases.rules.proofs import Proof
from yishi.kit.clock import now
from yishi.kit.errors import Invalid
from yishi.kit.files import store_upload
from yishi.network.queries import get_outlet
from yishi.people.queries import get_user_id
from yishi.people.rules import Permission, Viewer
from yishi.routing.actions.give import give_case

router = Router(tags=["cases"])
MAX_LIMIT = 100
REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 413, 415, 422, 429), Problem)


@router.get("", response={200: s.CaseListOut, **REFUSALS})
def list_cases(
    request: HttpRequest,
    status: str | None = None,
    outlet: str | None = None,
    category: str | None = None,
    source: str | None = None,
    due_before: datetime | None = None,
    q: str = "",
    cursor: str | None = None,
    limit: int = 25,
) -> Any:
    """Cases in sight, the next promise first."""
    viewer = viewer_of(request, Permission.CASE_READ)
    if not 1 <= limit <= MAX_LIMIT:
        raise Invalid([("/limit", "out_of_range", "1 到 100")])
    page = worklist(
        viewer=viewer,
        view="all",
        status=status,
        outlet=outlet,
        category=category,
        source=source,
        due_before=due_before,
        q=q,
        cursor=cursor,
        limit=limit,
        at=now(),
    )
    return {"items": case_rows(page.items), "next_cursor": page.next_cursor}


@router.post("", response={200: s.CaseOut, 201: s.CaseOut, **REFUSALS})
def open_case(request: HttpRequest, body: s.CaseIn) -> Any:
    """Opens a case; the same (source, external_no) answers the first one, and its deadline, state and
    further words are taken over."""
    viewer = viewer_of(request, Permission.CASE_WRITE)
    contact = body.contact or s.ContactIn()
    complaint = Complaint(
        waybill_no=body.waybill_no,
        carrier=body.carrier,
        category=body.category,
        text=body.text,
        phone=contact.phone,
        email=contact.email,
        name=contact.name,
        priority=body.priority,
        source=body.source,
        external_no=body.external_no,
        external_due_at=body.external_due_at,
        external_state=body.external_state,
        entry_point="api",
        language=get_language() or "zh-hans",
        type_key=body.type_key,
        form=body.form,
    )
    filed = file_complaint(complaint=complaint, by=viewer, at=now())
    if filed.is_new:
        # who files it hears of it once, even where routing has given it to another outlet
        return Status(201, case_shape(filed.case_id, viewer))
    return Status(200, _shape(viewer, filed.case_no))


@router.get("/{case_no}", response={200: s.CaseOut, **REFUSALS})
def get_case(request: HttpRequest, case_no: str) -> Any:
    """One case with its history, clocks and evidence; foreign ones are unknown."""
    return _shape(viewer_of(request, Permission.CASE_READ), case_no)


@router.post("/{case_no}/replies", response={201: s.CaseOut, **REFUSALS})
def post_reply(request: HttpRequest, case_no: str, body: s.TextIn) -> Any:
    """A public word: meets FIRST_RESPONSE, renews NEXT_UPDATE."""
    viewer, case_id = _writing(request, case_no)
    add_reply(case_id=case_id, text=body.text, version=body.version, by=viewer, at=now())
    return Status(201, _shape(viewer, case_no))


@router.post("/{case_no}/notes", response={201: s.CaseOut, **REFUSALS})
def post_note(request: HttpRequest, case_no: str, body: s.TextIn) -> Any:
    """An internal note; the consumer never sees it."""
    viewer, case_id = _writing(request, case_no)
    add_note(case_id=case_id, text=body.text, version=body.version, by=viewer, at=now())
    return Status(201, _shape(viewer, case_no))


@router.post("/{case_no}/assign", response={200: s.CaseOut, **REFUSALS})
def post_assign(request: HttpRequest, case_no: str, body: s.AssignIn) -> Any:
    """To another outlet, another person, or both; the clocks run on.

    At once within the caller's sight (head office: everywhere) and to head office. To any other outlet it is
    offered (`handover`): it stays where it is until that accepts. 409 while another offer waits.
    """
    viewer = viewer_of(request, Permission.CASE_ASSIGN)
    case = access_case(viewer=viewer, case_no=case_no)
    outlet_id = get_outlet(body.outlet).id if body.outlet else case.outlet_id
    give_case(
        case_id=case.id,
        outlet_id=outlet_id,
        assignee_id=get_user_id(viewer=viewer, username=body.user) if body.user else None,
        reason=body.reason,
        version=body.version,
        by=viewer,
        at=now(),
    )
    return case_shape(case.id, viewer)


@router.post("/{case_no}/status", response={200: s.CaseOut, **REFUSALS})
def post_status(request: HttpRequest, case_no: str, body: s.StatusIn) -> Any:
    """A move between statuses that may be chosen by hand."""
    viewer, case_id = _writing(request, case_no)
    change_status(
        case_id=case_id, status=body.status, reason=body.reason, version=body.version, by=viewer, at=now()
    )
    return _shape(viewer, case_no)


@router.post("/{case_no}/resolve", response={200: s.CaseOut, **REFUSALS})
def post_resolve(request: HttpRequest, case_no: str, body: s.ResolveIn) -> Any:
    """Settles the case with what was done for the person and what was found."""
    viewer, case_id = _writing(request, case_no)
    finding = Finding(
        validity=body.finding.validity,
        category=body.finding.category or "",
        party=body.finding.party or "",
        responsible=body.finding.responsible or "",
        reason=body.finding.reason,
    )
    resolve_case(
        case_id=case_id,
        remedy=body.remedy,
        text=body.text,
        finding=finding,
        root_cause=body.root_cause,
        version=body.version,
        by=viewer,
        at=now(),
    )
    return _shape(viewer, case_no)


@router.post("/{case_no}/reopen", response={200: s.CaseOut, **REFUSALS})
def post_reopen(request: HttpRequest, case_no: str, body: s.ReasonIn) -> Any:
    """Opens a settled case again, within 15 days."""
    viewer, case_id = _writing(request, case_no)
    reopen_case(case_id=case_id, reason=body.reason, by=viewer, at=now())
    return _shape(viewer, case_no)


@router.post("/{case_no}/evidence", response={201: s.CaseOut, **REFUSALS})
def post_evidence(request: HttpRequest, case_no: str) -> Any:
    """Files as multipart parts `attachments`, beside them `text`, `kind`, `taken_at` and `position` as far as
    known. Photos are shown re-encoded, without the position in them."""
    viewer, case_id = _writing(request, case_no)
    uploads = [upload_of(file) for file in request.FILES.getlist("attachments")]
    if not uploads:
        raise Invalid([("/attachments", "missing_field", "选一个文件")])
    files = [store_upload(upload=upload, retention_class="EVIDENCE", at=now()).id for upload in uploads]
    said = request.POST
    taken_at = read_moment(said.get("taken_at", ""), pointer="/taken_at")
    proof = Proof(kind=said.get("kind", ""), taken_at=taken_at, position=said.get("position", ""))
    with transaction.atomic():
        add_evidence(
            case_id=case_id, files=files, text=said.get("text", ""), proof=proof, by=viewer, at=now()
        )
    return Status(201, _shape(viewer, case_no))


def _writing(request: HttpRequest, case_no: str) -> tuple[Viewer, int]:
    viewer = viewer_of(request, Permission.CASE_WRITE)
    return viewer, access_case(viewer=viewer, case_no=case_no).id


def _shape(viewer: Viewer, case_no: str) -> dict[str, Any]:
    return case_shape(access_case(viewer=viewer, case_no=case_no).id, viewer)
