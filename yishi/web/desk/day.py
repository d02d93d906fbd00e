"""今天: an outlet's day. Many numbers dealt with at once, the evening's clearing list, the 日报."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from yishi.cases.queries.day import CareDay, OpenCase, care_day, open_cases_of
from yishi.cases.queries.tasks import list_tasks
from yishi.cases.queries.work_order_answers import count_to_answer
from yishi.cases.rules.status import NEVER
from yishi.kit.clock import now
from yishi.kit.errors import NotFound
from yishi.kit.phrases import joined
from yishi.network.queries import OutletCard, list_outlets
from yishi.network.rules import short_name
from yishi.people.rules import Permission, Viewer
from yishi.shipments.queries.day import MOST_LISTED, Moved, ParcelLine, hours, list_parcels, moved
from yishi.shipments.rules.clearing import Overdue
from yishi.shipments.rules.pasted import MOST_PASTED, MOST_TEXT, numbers_pasted
from yishi.sla.queries.day import settled_in_time
from yishi.web.desk.bulk import choose_form
from yishi.web.desk.choices import Text
from yishi.web.desk.clearing import lists_of
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page

LISTS: Mapping[str, tuple[Text, str]] = {
    Overdue.ARRIVED_NOT_OUT: (gettext_lazy("有到未派"), "home"),
    Overdue.OUT_NOT_SIGNED: (gettext_lazy("有派未签"), "truck"),
    Overdue.SENT_NOT_ARRIVED: (gettext_lazy("有发未到"), "route"),
    Overdue.HELD: (gettext_lazy("滞留"), "shelf"),
}
_ACTS = ("press", "note", "assign", "settle", "INTERCEPT")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One number of a table: its parcel (None where we know none) and the case that is open about it."""

    waybill_no: str
    parcel: ParcelLine | None
    carrier: str
    overdue: Text
    case: OpenCase | None
    due_at: datetime | None
    more: int
    is_stopped: bool


@dataclass(frozen=True)
class Report:
    """The day of an outlet, every number as its list counts it."""

    outlet: OutletCard
    parcels: Moved
    care: CareDay
    in_time: int
    promised: int
    waiting: Mapping[str, int]

    def text(self, at: datetime) -> str:
        """What is pasted into the group in the evening."""
        local = timezone.localtime(at)
        share = _("，按时 %d%%") % round(100 * self.in_time / self.promised) if self.promised else ""
        parts = [
            _("【%(outlet)s】%(month)d 月 %(day)d 日 日报（截至 %(time)s）")
            % {"outlet": self.outlet.name, "month": local.month, "day": local.day, "time": f"{local:%H:%M}"},
            _("包裹：到件 %(came)d，派件 %(out)d，签收 %(signed)d")
            % {"came": self.parcels.came_in, "out": self.parcels.went_out, "signed": self.parcels.signed},
            _("投诉：今日收到 %(got)d，办结 %(done)d（属实 %(valid)d%(share)s）")
            % {
                "got": self.care.received,
                "done": self.care.settled,
                "valid": self.care.valid,
                "share": share,
            },
            _("未结工单 %(open)d，超时 %(overdue)d") % {"open": self.care.open, "overdue": self.care.overdue},
            _("待清：%s")
            % joined((f"{word} {self.waiting[key]}" for key, (word, _i) in LISTS.items()), "，"),
        ]
        return "\n".join(parts)


@staff_page(Permission.CASE_READ)
@require_safe
def day(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The paste box, the evening's lists with their numbers, and the report; with `list` that list's rows."""
    at, places = now(), list_outlets(viewer)
    outlet = outlet_asked(places, request.GET.get("outlet", ""))
    values: dict[str, Any] = {"here": "day", "outlets": places, "outlet": outlet, "most": MOST_PASTED}
    if outlet is None:
        return desk_page(request, viewer, "desk/day.html", values, at=at)
    lists = lists_of(viewer=viewer, outlet_code=outlet.code, at=at)
    chosen = next((one for one in lists if one.overdue == request.GET.get("list")), None)
    report = _report(viewer, outlet, {one.overdue: one.count for one in lists}, at)
    values |= {
        "lists": [(one, *LISTS[one.overdue], one is chosen) for one in lists],
        "chosen": chosen,
        "report": report,
        "report_text": report.text(at),
        "hours": hours(),
        "to_answer": count_to_answer(viewer=viewer),
        "task_count": sum(one.outlet_code == outlet.code for one in list_tasks(viewer=viewer)),
    }
    if chosen is not None:
        known = {line.waybill_no: line for line in chosen.lines}
        values |= _table(viewer, list(known), known, uuid.uuid4())
        values |= {"table_name": LISTS[chosen.overdue][0], "is_cut": chosen.count > MOST_LISTED}
    return desk_page(request, viewer, "desk/day.html", values, at=at)


def outlet_asked(places: Sequence[OutletCard], code: str) -> OutletCard | None:
    """The one asked for; without a word the first. Raises NotFound for one out of sight."""
    if not code:
        return places[0] if places else None
    found = next((place for place in places if place.code == code), None)
    if found is None:
        raise NotFound()
    return found


def _report(viewer: Viewer, outlet: OutletCard, waiting: Mapping[str, int], at: datetime) -> Report:
    since = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    care = care_day(viewer=viewer, outlet_code=outlet.code, since=since, at=at)
    parcels = moved(viewer=viewer, outlet_code=outlet.code, since=since, at=at)
    return Report(outlet, parcels, care, *settled_in_time(care.settled_ids), waiting)


@staff_page(Permission.CASE_READ)
@require_POST
def paste(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A column of numbers or a piece of group chat, as a table of what is known; nothing changes."""
    said = request.POST.get("text", "").replace("\x00", "")[:MOST_TEXT]
    numbers, left_out = numbers_pasted(said)
    cases = open_cases_of(viewer=viewer, waybill_nos=numbers)
    known = list_parcels(viewer=viewer, waybill_nos=numbers, also=list(cases), at=now())
    values = {
        "here": "day",
        "said": said,
        "left_out": left_out,
        "unknown": sum(no not in known and no not in cases for no in numbers),
        **_table(viewer, numbers, known, uuid.uuid4()),
    }
    return desk_page(request, viewer, "desk/day_paste.html", values, status=200 if numbers else 422)


def _table(
    viewer: Viewer, numbers: Sequence[str], known: Mapping[str, ParcelLine], key: uuid.UUID
) -> dict[str, Any]:
    """The rows, and the key under which whatever is done to them happens once."""
    cases = open_cases_of(viewer=viewer, waybill_nos=numbers)
    rows = [row_for(no, known.get(no), cases.get(no, [])) for no in numbers]
    return {"rows": rows, "key": key, "may_act": viewer.may(Permission.CASE_WRITE)}


def row_for(number: str, parcel: ParcelLine | None, cases: Sequence[OpenCase]) -> Row:
    case = cases[0] if cases else None
    return Row(
        waybill_no=number,
        parcel=parcel,
        carrier=short_name(parcel.carrier) if parcel else "",
        overdue=LISTS[parcel.overdue][0] if parcel and parcel.overdue else "",
        case=case,
        due_at=case.next_due_at if case and case.next_due_at < NEVER else None,
        more=max(0, len(cases) - 1),
        is_stopped=any(one.category == "INTERCEPT" for one in cases),
    )


@staff_page(Permission.CASE_WRITE)
@require_POST
def act(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """From chosen numbers to the form of the bulk: their cases, and the parcels that have none yet.

    The same action on the same rows of the same paste is the same bulk, however often it is pressed.
    """
    said = request.POST
    do = said.get("do_first", "") if said.get("do_first", "") in _ACTS else ""
    numbers = list(dict.fromkeys(no for no in said.getlist("no") if no.isalnum()))[:MOST_PASTED]
    cases = open_cases_of(viewer=viewer, waybill_nos=numbers)
    chosen, parcels = _sorted_out(numbers, cases, do)
    key = uuid.uuid5(_key(said.get("key", "")), f"{do} {' '.join(numbers)}")
    opens = {"press": "URGE", "INTERCEPT": "INTERCEPT"}.get(do, "")
    steps = [{"do": do}] if do not in ("", "INTERCEPT") else []
    return choose_form(request, viewer, chosen, steps, parcels=parcels, opens=opens, key=key)


def _sorted_out(
    numbers: Iterable[str], cases: Mapping[str, Sequence[OpenCase]], do: str
) -> tuple[list[str], list[str]]:
    """The most pressing case of each number, and the numbers without one; an interception is a case of its
    own beside whatever else is open."""
    if do == "INTERCEPT":
        stopped = {no for no, found in cases.items() if any(one.category == do for one in found)}
        return [], [no for no in numbers if no not in stopped]
    return (
        [cases[no][0].case_no for no in numbers if no in cases],
        [no for no in numbers if no not in cases],
    )


def _key(said: str) -> uuid.UUID:
    try:
        return uuid.UUID(said)
    except ValueError:
        return uuid.uuid4()
