"""The kin of a case on its page: what came before, what could be merged, what was split; and the deeds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from yishi.cases.actions.links import UNDO_WITHIN, Share, merge_case, split_case, unmerge_case
from yishi.cases.queries.cards import CaseCard, CaseLine, access_case, category_choices
from yishi.cases.queries.causes import CauseLines, cause_lines
from yishi.cases.queries.history import EvidenceLine, TimelineLine, list_evidence, list_timeline
from yishi.cases.queries.links import Kin, LinkedCase, cases_beside, kin_of
from yishi.cases.queries.words.findings import cause_word
from yishi.cases.queries.words.links import cause_words
from yishi.cases.rules.audiences import audience_of
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.choices import REMEDIES, VALIDITIES, Text
from yishi.web.desk.deeds import do_on_case
from yishi.web.desk.doors import staff_page
from yishi.web.desk.once import once
from yishi.web.desk.page import whole_number


@dataclass(frozen=True, kw_only=True)
class Links:
    """What the sheet shows. `similar`, `lines` and `files` only while the case is open."""

    kin: Kin
    cause: CauseLines | None
    cause_said: str
    root_cause: str
    earlier: list[tuple[LinkedCase, Text, Text]]
    of_person: list[CaseLine]
    similar: list[LinkedCase]
    may_unmerge: bool
    lines: list[TimelineLine]
    files: list[EvidenceLine]
    categories: list[tuple[str, str]]


def links_of(viewer: Viewer, case: CaseCard, at: datetime) -> Links:
    """All of it, for a viewer who has come through the case's door."""
    cause = cause_lines(viewer=viewer, case=case)
    beside = cases_beside(viewer=viewer, case=case)
    may_write = viewer.may(Permission.CASE_WRITE)
    may_change = case.is_open and may_write
    kin = kin_of(viewer=viewer, case=case)
    is_fresh = case.closed_at is not None and at - case.closed_at <= UNDO_WITHIN
    return Links(
        kin=kin,
        may_unmerge=may_write and kin.goes_on_in is not None and is_fresh,
        cause=cause,
        root_cause=cause_word(cause.root_cause) if cause else "",
        cause_said=cause_words(cause.by, cause.in_3_days, cause.in_30_days) if cause else "",
        earlier=[
            (one, REMEDIES.get(one.remedy, one.remedy), VALIDITIES.get(one.validity, ""))
            for one in beside.earlier
        ],
        of_person=beside.of_person,
        similar=beside.similar if may_change else [],
        lines=[
            line
            for line in once(list_timeline, case.id, audience_of(viewer))
            if line.is_said and line.author_kind != "SYSTEM" and not line.is_for_head_office
        ]
        if may_change
        else [],
        files=[
            one
            for one in once(list_evidence, case.id, audience=audience_of(viewer))
            if not one.is_for_head_office
        ]
        if may_change
        else [],
        categories=[choice for choice in category_choices() if choice[0] != case.category],
    )


def sheet(viewer: Viewer, case: CaseCard, at: datetime) -> Mapping[str, Any]:
    """Stands on every case: that nobody came before is worth knowing too."""
    return {"links": links_of(viewer, case, at)}


@staff_page(Permission.CASE_WRITE)
@require_POST
def merge(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """This case into the other (`into`), or the other into this one."""
    said = request.POST
    other = access_case(viewer=viewer, case_no=said.get("other", ""))
    is_into = said.get("way") == "into"

    def deed(case: CaseCard, at: datetime) -> None:
        merge_case(
            case_id=case.id if is_into else other.id,
            into_id=other.id if is_into else case.id,
            reason=said.get("reason", ""),
            version=whole_number(said.get("version", "")) if is_into else None,
            by=viewer,
            at=at,
        )

    return do_on_case(
        request, viewer, case_no, deed, done="merge", after=other.case_no if is_into else case_no
    )


@staff_page(Permission.CASE_WRITE)
@require_POST
def unmerge(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    return do_on_case(
        request,
        viewer,
        case_no,
        lambda case, at: unmerge_case(case_id=case.id, by=viewer, at=at),
        done="unmerge",
        after=case_no,
    )


@staff_page(Permission.CASE_WRITE)
@require_POST
def split(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    said = request.POST
    share = Share(
        category=said.get("category", ""),
        text=said.get("text", ""),
        entry_ids=tuple(number for one in said.getlist("line") if (number := whole_number(one)) is not None),
        file_ids=tuple(file for one in said.getlist("file") if (file := _uuid(one)) is not None),
    )
    return do_on_case(
        request,
        viewer,
        case_no,
        lambda case, at: split_case(
            case_id=case.id, shares=[share], version=whole_number(said.get("version", "")), by=viewer, at=at
        ),
        done="split",
        after=case_no,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
