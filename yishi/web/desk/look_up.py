"""Looking up a parcel as staff: its story masked, its cases, and a case opened for a caller."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yishi.cases.actions.file import Complaint, file_complaint
from yishi.cases.queries.cards import CaseLine, access_case, list_cases_of_waybill
from yishi.cases.queries.types import fields_of_category
from yishi.cases.rules.categories import CATEGORIES
from yishi.detection.queries.incidents import incidents_of
from yishi.detection.queries.risks import RiskLine, risk_of
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.kit.phrases import joined
from yishi.network.queries import carrier_names
from yishi.network.rules import short_name
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer
from yishi.shipments.queries.parcels import StaffShipment, access_shipment
from yishi.shipments.queries.recognition import recognise
from yishi.shipments.rules.numbers import is_mobile
from yishi.shipments.rules.recognition import Candidate, likely
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.web.desk.doors import staff_page
from yishi.web.desk.intercept import stop_lines
from yishi.web.desk.page import desk_page, words_of
from yishi.web.desk.parcels import expected_words, people_of, tell
from yishi.web.desk.rows import rows_of
from yishi.web.shared import words
from yishi.web.shared.type_fields import TypeField, fields_of, typed_fields

MAX_NUMBER = 40
TYPED = ("waybill_no", "carrier", "category", "text", "phone", "name")


@staff_page(Permission.SHIPMENT_READ)
@require_safe
def look_up(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The field for a number; a number that is ours leads on to its parcel."""
    said = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_NUMBER]
    number = normalise_waybill_no(said)
    if number is not None:
        try:
            find(viewer, number)
        except NotFound:
            pass
        else:
            return HttpResponseRedirect(reverse("desk:parcel", args=[number]))
    return _look_up(request, viewer, said)


def _look_up(request: HttpRequest, viewer: Viewer, said: str, refusal: Refusal | None = None) -> HttpResponse:
    elsewhere = request.GET.get("done", "")
    number = normalise_waybill_no(said)
    values = {
        "here": "parcels",
        "q": said,
        "maybe": _thought_of(number) if number and not is_mobile(number) else "",
        "elsewhere": elsewhere if elsewhere.isdecimal() else "",
        **_call(request, viewer, said, refusal),
    }
    return desk_page(request, viewer, "desk/look_up.html", values, status=refusal.status if refusal else 200)


@staff_page(Permission.SHIPMENT_READ)
@require_safe
def parcel(request: HttpRequest, viewer: Viewer, waybill_no: str) -> HttpResponse:
    found = find(viewer, waybill_no, request.GET.get("carrier", ""))
    return _parcel(request, viewer, found)


def _parcel(
    request: HttpRequest, viewer: Viewer, found: StaffShipment, refusal: Refusal | None = None
) -> HttpResponse:
    at = now()
    values = {
        "here": "parcels",
        "parcel": tell(found),
        "shipment": found,
        "expected": expected_words(found, at),
        "people": people_of(found),
        "maybe": _maybe(found),
        "also": [(code, carrier_names().get(code, code)) for code in found.also_carriers],
        "stopped": stop_lines(found.shipment_id),
        "incidents": incidents_of(found.shipment_id) if viewer.may(Permission.CASE_READ) else [],
        "risk": _risk(viewer, found),
        "rows": rows_of(_cases(viewer, found.waybill_no), at=at),
        **_call(request, viewer, found.waybill_no, refusal),
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "desk/parcel.html", values, status=status, at=at)


def _risk(viewer: Viewer, found: StaffShipment) -> tuple[RiskLine, words.Sign] | None:
    line = risk_of(found.shipment_id, found.milestone) if viewer.may(Permission.CASE_READ) else None
    return (line, words.RISKS[line.level]) if line else None


def _maybe(found: StaffShipment) -> str:
    """The carriers that a parcel without one may be of, in words; '' where it has one."""
    return _thought_of(found.waybill_no) if found.carrier == "unknown" else ""


def _thought_of(waybill_no: str) -> str:
    """The carriers that a number may be of, each with what speaks for it."""
    thought = likely(recognise(waybill_no, at=now()))
    return _("或").join(_("%(carrier)s（%(why)s）") % _reasons(each) for each in thought)


def _reasons(each: Candidate) -> dict[str, str]:
    why = joined((words.RECOGNISED[reason] for reason in each.reasons), "，")
    return {"carrier": short_name(each.carrier), "why": why}


def find(viewer: Viewer, waybill_no: str, carrier: str = "") -> StaffShipment:
    """The parcel, when it or a case about it is in sight: need implies sight. Raises NotFound."""
    number = normalise_waybill_no(waybill_no) or waybill_no
    try:
        return access_shipment(viewer, number, carrier or None, at=now())
    except NotFound:
        if not _cases(viewer, number):
            raise
        return access_shipment(SYSTEM_VIEWER, number, carrier or None, at=now())


def _cases(viewer: Viewer, waybill_no: str) -> list[CaseLine]:
    if not viewer.may(Permission.CASE_READ):
        return []
    return list_cases_of_waybill(viewer=viewer, waybill_no=waybill_no)


def _call(request: HttpRequest, viewer: Viewer, number: str, refusal: Refusal | None) -> dict[str, Any]:
    """What the form for somebody on the telephone offers, and what was typed into it."""
    typed = {name: request.POST.get(name, "") for name in TYPED} if request.method == "POST" else {}
    return {
        "may_open": viewer.may(Permission.CASE_WRITE),
        "categories": [
            (value, words.CATEGORIES.get(value, value))
            for value, rule in CATEGORIES.items()
            if rule.is_claimable
        ],
        "call_no": typed.get("waybill_no", number),
        "typed": typed,
        "type_fields": _type_fields(request, typed.get("category", ""), refusal),
        "refused": words_of(refusal) if refusal else "",
    }


def _type_fields(request: HttpRequest, category: str, refusal: Refusal | None = None) -> list[TypeField]:
    """What the type of this category asks for, with what was typed."""
    fields = fields_of_category(category, at=now())
    invalid = refusal if isinstance(refusal, Invalid) else None
    return fields_of(fields, typed_fields(request.POST, fields), invalid)


@staff_page(Permission.CASE_WRITE)
@require_safe
def call_fields(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The questions of a category, fetched when it is chosen."""
    values = {"type_fields": _type_fields(request, request.GET.get("category", "")), "is_optional": True}
    return render(request, "yishi/type_fields.html", values)


@staff_page(Permission.CASE_WRITE)
@require_POST
def take_call(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A case for the caller, routed as any other; then to the case, or back when another outlet has it."""
    said = {name: request.POST.get(name, "").replace("\x00", "").strip() for name in TYPED}
    complaint = Complaint(
        waybill_no=said["waybill_no"],
        carrier=said["carrier"],
        category=said["category"],
        text=said["text"],
        phone=said["phone"],
        name=said["name"],
        source="PHONE",
        language=translation.get_language() or "zh-hans",
        form=typed_fields(request.POST, fields_of_category(said["category"], at=now())),
    )
    try:
        filed = file_complaint(complaint=complaint, by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _refused(request, viewer, said["waybill_no"], refusal)
    try:
        access_case(viewer=viewer, case_no=filed.case_no)
    except NotFound:
        return HttpResponseRedirect(f"{reverse('desk:look_up')}?done={filed.case_no}")
    return HttpResponseRedirect(f"{reverse('desk:case', args=[filed.case_no])}?done=call")


def _refused(request: HttpRequest, viewer: Viewer, number: str, refusal: Refusal) -> HttpResponse:
    try:
        found = find(viewer, number, request.POST.get("carrier", ""))
    except NotFound:
        return _look_up(request, viewer, number, refusal)
    return _parcel(request, viewer, found, refusal)
