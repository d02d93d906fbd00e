"""时限与依据 on a case's page: why each limit, what it waited for, and the regulator's notice and its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yishi.cases.actions.regulator import lift_regulator, note_regulator_notice
from yishi.cases.queries.cards import CaseCard, access_case
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, Refusal
from yishi.kit.phrases import joined
from yishi.people.rules import Permission, Viewer
from yishi.sla.queries.policies import province_of
from yishi.sla.queries.reasons import Reason, Wait, limit_here, reasons_of_case
from yishi.sla.rules.law import AUTHORITY_DECISION, Limit
from yishi.web.desk.case import case_page
from yishi.web.desk.doors import staff_page
from yishi.web.desk.once import once
from yishi.web.desk.page import whole_number
from yishi.web.shared import sla_words as words


@dataclass(frozen=True, kw_only=True)
class LimitLine:
    """One limit told: what set it, in words, and its waits."""

    reason: Reason
    why: str
    cited: str
    note: str
    waits: list[tuple[Wait, str, str]]


@dataclass(frozen=True, kw_only=True)
class LimitSheet:
    lines: list[LimitLine]
    is_before_regulator: bool
    decision: Limit | None
    decision_cited: str
    decision_length: str
    may_write: bool
    today: str


def sheet(viewer: Viewer, case: CaseCard, at: datetime) -> Mapping[str, Any]:
    """For everybody who sees the case; what to do only for those who may."""
    province = once(province_of, case.id)
    decision = limit_here(AUTHORITY_DECISION, province=province, at=at) if case.is_before_regulator else None
    values = LimitSheet(
        lines=[_line(reason) for reason in once(reasons_of_case, case.id, province=province)],
        is_before_regulator=case.is_before_regulator,
        decision=decision,
        decision_cited=words.citation(decision) if decision else "",
        decision_length=words.length_words(decision.within) if decision and decision.within else "",
        may_write=viewer.may(Permission.CASE_WRITE),
        today=at.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%Y-%m-%dT%H:%M"),
    )
    return {"limits": values}


def _line(reason: Reason) -> LimitLine:
    law = reason.law
    return LimitLine(
        reason=reason,
        why=_why(reason),
        cited=words.citation(law) if law else "",
        note=joined([law.source, law.note], "；") if law else "",
        waits=[(one, str(words.WAITS.get(one.status, one.status)), _ended(one)) for one in reason.waits],
    )


def _why(reason: Reason) -> str:
    """The policy that set a limit and how it counts, in words; '' where law or the source set it."""
    policy = reason.policy
    if policy is None:
        return _("来源定的期限") if reason.kind == "EXTERNAL" else ""
    counted = _("服务时间") if reason.is_in_hours else _("自然时间")
    if policy.is_in_service_hours and not reason.is_in_hours:
        counted = _("自然时间（没有工作时间表）")
    scope = words.scope_words(policy, reason.outlet_name, reason.region_name, {})
    return _("按“%(scope)s”的规定，%(within)s，%(counted)s") % {
        "scope": scope,
        "within": words.length_words(policy.within),
        "counted": counted,
    }


def _ended(wait: Wait) -> str:
    said = {
        "LIMIT": _("到了上限，接着走"),
        "ANSWERED": _("对方答复了"),
        "MOVED": _("不再等了"),
        "ENDED": _("办完了"),
        "EVENT_OVER": _("事件过去了"),
    }
    return said.get(wait.ended_why, "")


@staff_page(Permission.CASE_WRITE)
@require_POST
def regulator(request: HttpRequest, viewer: Viewer, case_no: str, what: str) -> HttpResponse:
    """Notes the authority's notice, or that it has its answer."""
    found = access_case(viewer=viewer, case_no=case_no)
    version = whole_number(request.POST.get("version", ""))
    try:
        if what == "notice":
            note_regulator_notice(
                case_id=found.id,
                received_at=_moment(request.POST.get("received_at", "")),
                notice_no=request.POST.get("notice_no", ""),
                within_days=whole_number(request.POST.get("within_days", "")),
                by=viewer,
                at=now(),
                version=version,
            )
        else:
            text = request.POST.get("text", "")
            lift_regulator(case_id=found.id, text=text, by=viewer, at=now(), version=version)
    except Refusal as refusal:
        return case_page(request, viewer, case_no, refusal=refusal)
    return HttpResponseRedirect(f"{reverse('desk:case', args=[case_no])}?done=regulator#limits")


def _moment(said: str) -> datetime:
    try:
        return datetime.fromisoformat(said).replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    except ValueError:
        raise Invalid([("/received_at", "bad_time", "写明哪天几点收到的转告")]) from None
