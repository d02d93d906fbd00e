"""交接与协同 on a case's page: why it is here, who is asked to take it, which outlets work on it too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from yishi.cases.queries.cards import CaseCard
from yishi.cases.queries.history import EvidenceLine, list_evidence, list_timeline
from yishi.cases.queries.sight import Party, list_parties
from yishi.cases.rules.audiences import INTERNAL, audience_of
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.files import Upload, store_upload
from yishi.network.queries import OutletCard, list_outlets
from yishi.people.queries import staff_names
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer
from yishi.routing.actions import handovers, joint
from yishi.routing.queries.handovers import HandOverCard, is_for_head_office, list_handovers
from yishi.sla.queries.clocks import ClockCard, clock_of
from yishi.web.desk.deeds import do_on_case
from yishi.web.desk.doors import staff_page
from yishi.web.desk.once import once
from yishi.web.desk.page import whole_number
from yishi.web.shared import words

MAX_FILES = 6
ANSWERS = {
    "ACCEPTED": words.Sign(_("接收了"), "ok", "is-good"),
    "REFUSED": words.Sign(_("不是它的"), "x", "is-bad"),
    "LAPSED": words.Sign(_("到时没答复"), "clock", "is-bad"),
    "WITHDRAWN": words.Sign(_("收回了"), "undo", "is-idle"),
}


@dataclass(frozen=True, kw_only=True)
class HandOverSheet:
    """What the sheet shows; what may not be done has nothing to choose from."""

    why: list[str]
    waiting: HandOverCard | None
    clock: ClockCard | None
    may_answer: bool
    may_withdraw: bool
    ended: list[tuple[HandOverCard, words.Sign, str]]
    parties: list[Party]
    leads: bool
    may_lead: list[Party]
    targets: list[OutletCard]
    is_for_head_office: bool
    is_pressing: bool
    proofs: list[EvidenceLine]


def sheet(viewer: Viewer, case: CaseCard, at: datetime) -> Mapping[str, Any]:
    """For everybody who may move cases."""
    if not viewer.may(Permission.CASE_ASSIGN):
        return {}
    known, parties = list_handovers(case.id), list_parties(case.id)
    waiting = next((one for one in known if not one.answer), None)
    leads = case.is_open and viewer.sees_outlet(case.outlet_code)
    may_answer = waiting is not None and case.is_open and waiting.may_answer(viewer)
    joined = [party for party in parties if not party.is_offered]
    values = HandOverSheet(
        why=_why_here(viewer, case.id),
        waiting=waiting,
        clock=clock_of(subject_kind=handovers.SUBJECT, subject_id=waiting.id) if waiting else None,
        may_answer=may_answer,
        may_withdraw=waiting is not None and waiting.may_withdraw(viewer),
        ended=_ended([one for one in known if one.answer]),
        parties=joined,
        leads=leads,
        may_lead=[p for p in joined if case.is_open and not leads and viewer.sees_outlet(p.outlet_code)],
        targets=[o for o in once(list_outlets, SYSTEM_VIEWER) if o.id != case.outlet_id] if leads else [],
        is_for_head_office=viewer.outlet_codes is not None and is_for_head_office(known),
        # an offer, or that somebody else leads, is read before anything is done
        is_pressing=waiting is not None or (bool(joined) and case.is_open and not leads),
        proofs=[
            one
            for one in once(list_evidence, case.id, audience=audience_of(viewer))
            if not one.is_for_head_office
        ]
        if may_answer
        else [],
    )
    return {"handover": values}


def _why_here(viewer: Viewer, case_id: int) -> list[str]:
    """Why it was sent here and to whom, as it was reasoned at the beginning; and why it was moved last."""
    lines = [line for line in once(list_timeline, case_id, audience_of(viewer)) if line.audience == INTERNAL]
    routed = [line.text for line in lines if line.kind == "ROUTED"]
    moved = [line.text for line in lines if line.kind in {"ASSIGNED", "LEAD_TAKEN", "HANDOVER_ACCEPTED"}]
    return routed[:1] + moved[-1:]


def _ended(known: Sequence[HandOverCard]) -> list[tuple[HandOverCard, words.Sign, str]]:
    names = staff_names({one.answered_by_id for one in known if one.answered_by_id is not None})
    return [(one, ANSWERS[one.answer], names.get(one.answered_by_id or 0, "")) for one in known]


@staff_page(Permission.CASE_ASSIGN)
@require_POST
def offer(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """Asks another outlet to take the case; what proves that it is theirs goes with it."""
    said = request.POST

    def deed(case: CaseCard, at: datetime) -> str:
        handovers.offer(
            case_id=case.id,
            outlet_id=_outlet_id(said.get("outlet", "")),
            reason=said.get("reason", ""),
            files=_files(request, at),
            version=whole_number(said.get("version", "")),
            by=viewer,
            at=at,
        )
        return "offer"

    return do_on_case(request, viewer, case_no, deed, step="handover")


@staff_page(Permission.CASE_ASSIGN)
@require_POST
def answer(request: HttpRequest, viewer: Viewer, case_no: str, handover_id: int) -> HttpResponse:
    """Accept it, say with proof that it is not ours, or take the offer back."""
    said = request.POST

    def deed(case: CaseCard, at: datetime) -> str:
        if handover_id not in {one.id for one in list_handovers(case.id)}:
            raise NotFound()
        what = said.get("what", "")
        if what == "accept":
            handovers.accept(handover_id=handover_id, by=viewer, at=at)
        elif what == "withdraw":
            handovers.withdraw(handover_id=handover_id, by=viewer, at=at)
        else:
            handovers.refuse(
                handover_id=handover_id,
                reason=said.get("reason", ""),
                files=_files(request, at),
                shown=[file for one in said.getlist("shown") if (file := _uuid(one)) is not None],
                by=viewer,
                at=at,
            )
            what = "not_ours"
        return what

    return do_on_case(request, viewer, case_no, deed, step="handover")


@staff_page(Permission.CASE_ASSIGN)
@require_POST
def party(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """Ask an outlet to work on it too, let it go again, or take the lead."""
    said = request.POST
    deeds = {"join": joint.join, "leave": joint.leave, "lead": joint.take_lead}

    def deed(case: CaseCard, at: datetime) -> str:
        what = said.get("what", "")
        if what not in deeds:
            raise NotFound()
        outlet_id = _outlet_id(said.get("outlet", ""))
        deeds[what](case_id=case.id, outlet_id=outlet_id, why=said.get("reason", ""), by=viewer, at=at)
        return what

    return do_on_case(request, viewer, case_no, deed, step="handover")


class TooManyFiles(Refusal):
    """一次最多 6 个文件"""

    code = "too_many_files"
    status = 413


def _files(request: HttpRequest, at: datetime) -> list[UUID]:
    sent = request.FILES.getlist("files")
    if len(sent) > MAX_FILES:
        raise TooManyFiles()
    uploads = [Upload(name=f.name or "", content_type=f.content_type or "", stream=f) for f in sent]
    return [store_upload(upload=upload, retention_class="EVIDENCE", at=at).id for upload in uploads]


def _outlet_id(code: str) -> int:
    for place in list_outlets(SYSTEM_VIEWER):
        if place.code == code:
            return place.id
    raise Invalid([("/outlet", "unknown_outlet", "没有这个网点")])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
