"""Proof of a case: files with what they are, words as proof, one-touch records; and lines put right."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yishi.cases.actions.corrections import correct_line
from yishi.cases.actions.evidence import add_evidence, add_written_proof
from yishi.cases.actions.snapshots import keep_contacts, keep_trace
from yishi.cases.queries.cards import CaseCard, access_case
from yishi.cases.queries.history import TimelineLine, evidence_kinds, list_timeline
from yishi.cases.rules.audiences import audience_of
from yishi.cases.rules.proofs import WRITTEN, Proof
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.kit.files import Upload, store_upload
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.deeds import Deed, do_on_case
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, words_of

MAX_FILES = 6


class NothingGiven(Invalid):
    """选一个文件，或写下是什么"""

    code = "missing_file"


class TooManyFiles(Refusal):
    """一次最多 6 个文件"""

    code = "too_many_files"
    status = 413


def sheet(viewer: Viewer, case: CaseCard, at: datetime) -> Mapping[str, Any]:
    """What the form for proof offers."""
    return {"proofs": {"kinds": evidence_kinds(), "has_parcel": case.shipment_id is not None}}


@staff_page(Permission.CASE_WRITE)
@require_POST
def evidence(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """Files are read and re-encoded first; one that cannot be read leaves the case as it was. A place on a
    camera's record, a position or a log may be words alone."""
    return do_on_case(
        request,
        viewer,
        case_no,
        lambda case, at: _add(request, viewer, case, at),
        done="evidence",
        step="evidence",
        anchor="evidence",
    )


def _add(request: HttpRequest, viewer: Viewer, case: CaseCard, at: datetime) -> None:
    sent, said = request.FILES.getlist("files"), request.POST
    text = said.get("words", "").strip()
    proof = Proof(
        kind=said.get("kind", ""),
        taken_at=_moment(said.get("taken_at", "")),
        position=said.get("position", ""),
    )
    if len(sent) > MAX_FILES:
        raise TooManyFiles()
    if not sent and not (text and proof.kind in WRITTEN):
        raise NothingGiven()
    if not sent:
        name = f"{dict(evidence_kinds())[proof.kind]}.txt"
        add_written_proof(case_id=case.id, proof=proof, name=name, words=text, by=viewer, at=at)
        return
    uploads = [Upload(name=f.name or "", content_type=f.content_type or "", stream=f) for f in sent]
    files = [store_upload(upload=upload, retention_class="EVIDENCE", at=at).id for upload in uploads]
    add_evidence(case_id=case.id, files=files, text=text, proof=proof, by=viewer, at=at)


def _moment(said: str) -> datetime | None:
    """What a field of date and time holds, in the zone in which people here read a clock."""
    if not said:
        return None
    try:
        return datetime.fromisoformat(said).replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    except ValueError:
        raise Invalid([("/taken_at", "bad_time", "拍摄时间写成年-月-日 时:分")]) from None


@staff_page(Permission.CASE_WRITE)
@require_POST
def keep(request: HttpRequest, viewer: Viewer, case_no: str, what: str) -> HttpResponse:
    """The trace, or the calls and messages of the parcel, kept as they are now: one touch."""
    deed = {"trace": keep_trace, "contacts": keep_contacts}.get(what)
    if deed is None:
        raise NotFound()
    return do_on_case(
        request,
        viewer,
        case_no,
        lambda case, at: deed(case_id=case.id, by=viewer, at=at),
        done="evidence",
        step="evidence",
        anchor="evidence",
    )


@staff_page(Permission.CASE_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, viewer: Viewer, case_no: str, entry_id: int) -> HttpResponse:
    """A line stays as it was written; what is right stands in a new one, shown beside it."""
    case, at = access_case(viewer=viewer, case_no=case_no), now()
    values: dict[str, Any] = {"here": "work", "case": case, "line": _line(viewer, case, entry_id)}
    status = 200
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            correct_line(case_id=case.id, entry_id=entry_id, text=text, by=viewer, at=at)
            return HttpResponseRedirect(f"{reverse('desk:case', args=[case_no])}?done=correct#timeline")
        except (NotAllowed, NotFound):
            raise
        except Refusal as refusal:
            values |= {"refused": words_of(refusal), "typed": text}
            status = refusal.status
    return desk_page(request, viewer, "desk/correct.html", values, status=status, at=at)


def _line(viewer: Viewer, case: CaseCard, entry_id: int) -> TimelineLine:
    lines = list_timeline(case.id, audience_of(viewer))
    found = next((line for line in lines if line.id == entry_id and line.may_be_corrected), None)
    if found is None:
        raise NotFound()
    return found


def _do(request: HttpRequest, viewer: Viewer, case_no: str, deed: Deed) -> HttpResponse:
    return do_on_case(request, viewer, case_no, deed, done="evidence", step="evidence", anchor="evidence")
