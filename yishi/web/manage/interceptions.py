"""拦截: until when each outlet can still stop a parcel, what runs, how many succeed, with their cases."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from yishi.cases.queries.interceptions import (
    InterceptionLine,
    cut_offs,
    interception_success,
    list_interceptions,
    outlet_cut_offs,
)
from yishi.cases.queries.words.interceptions import asked_words, holder_words, result_words
from yishi.cases.rules.outcomes import FEW
from yishi.kit.clock import now
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.intercept import sign_of
from yishi.web.desk.page import desk_page

DAYS, USUAL = (7, 30, 90), 30
STATES = {
    "STOPPED": gettext_lazy("拦住了"),
    "MISSED": gettext_lazy("没拦住"),
    "REFUSED": gettext_lazy("不能拦"),
    "TOO_LATE": gettext_lazy("要求时已来不及"),
    "WITHDRAWN": gettext_lazy("不用拦了"),
    "RUNNING": gettext_lazy("还在拦"),
}


@staff_page(Permission.CASE_READ)
@require_safe
def interceptions(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The figure of the period, the cases behind a chosen number, what runs, and the outlets' cut-offs."""
    at, said = now(), request.GET
    days = next((one for one in DAYS if said.get("days") == str(one)), USUAL)
    chosen = said.get("state", "") if said.get("state") in STATES else ""
    since, until = _period(at, days)
    success = interception_success(viewer=viewer, since=since, until=until)
    behind = list_interceptions(viewer=viewer, state=chosen, since=since, until=until) if chosen else []
    habits = cut_offs()
    values: dict[str, Any] = {
        "here": "manage",
        "tab": "interceptions",
        "days": days,
        "periods": [(one, _("最近 %d 天") % one) for one in DAYS],
        "since": since,
        "last_day": until - timedelta(days=1),
        "success": success,
        "is_small": success.decided < FEW,
        "percent": 100 * success.rate if success.rate is not None else None,
        "counts": [(s, w, getattr(success, s.lower())) for s, w in STATES.items()],
        "chosen": STATES.get(chosen, ""),
        "behind": _rows(behind),
        "running": _rows(list_interceptions(viewer=viewer, state="RUNNING")),
        "outlets": outlet_cut_offs(viewer=viewer, at=at),
        "departs": [f"{one:%H:%M}" for one in habits.departs],
        "rounds": [f"{one:%H:%M}" for one in habits.rounds],
        "at_once": int(habits.at_once / timedelta(minutes=1)),
    }
    return desk_page(request, viewer, "manage/interceptions.html", values, at=at)


def _period(at: datetime, days: int) -> tuple[datetime, datetime]:
    """Whole days of the installation's zone, today among them."""
    zone = ZoneInfo(settings.TIME_ZONE)
    last = timezone.localdate(at)
    first = last - timedelta(days=days - 1)
    return datetime.combine(first, time(0), zone), datetime.combine(last + timedelta(days=1), time(0), zone)


def _rows(lines: list[InterceptionLine]) -> list[dict[str, Any]]:
    return [
        {
            "line": one,
            "asked": asked_words(one.asked),
            "holder": holder_words(one.holder, one.outlet_name),
            "sign": sign_of(one.state),
            "result": result_words(one.state, one.why, one.asked),
        }
        for one in lines
    ]
