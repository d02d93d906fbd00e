"""What is done to a case from its page: each form is one action, then back to the page or the words kept."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from yishi.automation.actions.macros import OpenVariable
from yishi.cases.actions.assign import assign as assign_case
from yishi.cases.actions.reopen import reopen_case
from yishi.cases.actions.reply import add_note, add_reply
from yishi.cases.actions.resolve import Finding, resolve_case
from yishi.cases.actions.status import change_status
from yishi.cases.queries.cards import CaseCard
from yishi.cases.rules.status import WAITING_STATUSES
from yishi.kit.errors import Invalid
from yishi.knowledge.actions.replies import note_use
from yishi.knowledge.rules.replies import variables_of
from yishi.network.queries import list_outlets
from yishi.people.queries import list_colleagues
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.deeds import Deed, do_on_case
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import whole_number
from yishi.web.shared.outcomes import cause_of

HEAD_OFFICE = "-"


def _do(request: HttpRequest, viewer: Viewer, case_no: str, step: str, deed: Deed) -> HttpResponse:
    return do_on_case(request, viewer, case_no, deed, done=step, step=step)


def _version(request: HttpRequest) -> int | None:
    return whole_number(request.POST.get("version", ""))


@staff_page(Permission.CASE_WRITE)
@require_POST
def reply(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """What was left open of a saved reply is not sent to anybody; which ones were used is counted."""
    text, version = request.POST.get("text", ""), _version(request)
    used = [int(one) for one in request.POST.getlist("used") if whole_number(one) is not None]

    def deed(case: CaseCard, at: datetime) -> None:
        if variables_of(text):
            raise OpenVariable()
        add_reply(case_id=case.id, text=text, version=version, by=viewer, at=at)
        note_use(reply_ids=used, by=viewer)

    return _do(request, viewer, case_no, "reply", deed)


@staff_page(Permission.CASE_WRITE)
@require_POST
def note(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """A note never collides: it needs no version."""
    text, is_for_head_office = request.POST.get("text", ""), request.POST.get("readers") == "HEAD_OFFICE"
    return _do(
        request, viewer, case_no, "note",
        lambda case, at: add_note(
            case_id=case.id, text=text, is_for_head_office=is_for_head_office, by=viewer, at=at
        ),
    )  # fmt: skip


@staff_page(Permission.CASE_ASSIGN)
@require_POST
def assign(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    reason, version = request.POST.get("reason", ""), _version(request)

    def deed(case: CaseCard, at: datetime) -> None:
        outlet_code = request.POST.get("outlet", "")
        assign_case(
            case_id=case.id,
            outlet_id=_outlet_id(viewer, case, outlet_code),
            assignee_id=_assignee_id(viewer, case, outlet_code, request.POST.get("user", "")),
            reason=reason,
            version=version,
            by=viewer,
            at=at,
        )

    return _do(request, viewer, case_no, "assign", deed)


def _outlet_id(viewer: Viewer, case: CaseCard, code: str) -> int | None:
    """The outlet chosen; nothing chosen leaves it where it is. Raises Invalid for one out of reach."""
    if code == HEAD_OFFICE:
        return None
    if not code:
        return case.outlet_id
    for place in list_outlets(viewer):
        if place.code == code:
            return place.id
    raise Invalid([("/outlet", "unknown_outlet", "没有这个网点")])


def _assignee_id(viewer: Viewer, case: CaseCard, outlet_code: str, said: str) -> int | None:
    if not said:
        return None
    code = None if outlet_code == HEAD_OFFICE else outlet_code or case.outlet_code
    for mate in list_colleagues(viewer, code):
        if str(mate.user_id) == said:
            return mate.user_id
    raise WrongMate()


class WrongMate(Invalid):
    """这个人不在所选的网点，换个人或换个网点"""

    code = "wrong_assignee"


@staff_page(Permission.CASE_WRITE)
@require_POST
def status(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """Taken in hand, or for whom it waits: a person at the desk always says what for (a program may not)."""
    said, reason, version = request.POST.get("status", ""), request.POST.get("reason", ""), _version(request)

    def deed(case: CaseCard, at: datetime) -> None:
        if said in WAITING_STATUSES and not reason.strip():
            raise Invalid([("/reason", "missing_field", "写明在等什么")])
        change_status(case_id=case.id, status=said, reason=reason, version=version, by=viewer, at=at)

    return _do(request, viewer, case_no, "status", deed)


@staff_page(Permission.CASE_WRITE)
@require_POST
def settle(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    said = request.POST
    finding = Finding(
        validity=said.get("validity", ""),
        category=said.get("category", ""),
        party=said.get("party", ""),
        responsible=said.get("responsible", "").strip(),
        reason=said.get("finding_reason", ""),
    )
    return _do(
        request, viewer, case_no, "settle",
        lambda case, at: resolve_case(
            case_id=case.id,
            remedy=said.get("remedy", ""),
            text=said.get("text", ""),
            finding=finding,
            root_cause=cause_of(said.get("root_cause", "")),
            version=_version(request),
            by=viewer,
            at=at,
        ),
    )  # fmt: skip


@staff_page(Permission.CASE_WRITE)
@require_POST
def reopen(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return _do(
        request, viewer, case_no, "reopen",
        lambda case, at: reopen_case(
            case_id=case.id, reason=reason, version=_version(request), by=viewer, at=at
        ),
    )  # fmt: skip
