"""24 小时有轨迹率: how the obligation stands by carrier, lane and outlet, its definition, its parcels."""

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from yishi.kit.clock import now
from yishi.kit.errors import Refusal
from yishi.kit.personal import log_look
from yishi.kit.texts import safe_cell
from yishi.network.queries import carrier_names
from yishi.people.rules import Viewer
from yishi.shipments.queries.silence import GROUPS, MOST_EXPORTED, list_breaks, trace_rates
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, words_of
from yishi.web.manage.feeds import MANAGERS

DAYS = (1, 7, 30)
WORDS = {"carrier": gettext_lazy("快递公司"), "lane": gettext_lazy("线路"), "outlet": gettext_lazy("网点")}
_SHOWN = 50
_LEAST_REASON = 4


class NoReason(Refusal):
    """要导出，先写明用来做什么（至少四个字）"""

    code = "no_reason"
    status = 422


@staff_page(*MANAGERS)
@require_safe
def silence(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The figure of the chosen period, its rows, and the parcels behind one of them or behind all."""
    return _page(request, viewer, _asked(request.GET))


def _asked(said: Any) -> dict[str, Any]:
    """What is looked at: days back, by what, and which row; anything unknown is the usual."""
    days, by = said.get("days", ""), said.get("by", "")
    return {
        "days": int(days) if days in map(str, DAYS) else 7,
        "by": by if by in GROUPS else "carrier",
        "key": said.get("key", "").replace("\x00", "")[:100],
    }


def _page(
    request: HttpRequest, viewer: Viewer, asked: dict[str, Any], refusal: Refusal | None = None
) -> HttpResponse:
    at = now()
    since = at - timedelta(days=asked["days"])
    names = carrier_names()
    total = next(iter(trace_rates(viewer=viewer, by="", since=since, until=at)), None)
    rows = trace_rates(viewer=viewer, by=asked["by"], since=since, until=at)
    values = {
        "here": "manage",
        "tab": "silence",
        **asked,
        "periods": [(days, _period_word(days), urlencode({**asked, "days": days})) for days in DAYS],
        "groups": [(by, WORDS[by], urlencode({"days": asked["days"], "by": by})) for by in GROUPS],
        "by_word": WORDS[asked["by"]],
        "total": total,
        "rows": [
            (row, names.get(row.label, row.label), urlencode({**asked, "key": row.key}))
            for row in rows[:_SHOWN]
        ],
        "more_rows": max(0, len(rows) - _SHOWN),
        "breaks": [
            (one, names.get(one.carrier, one.carrier))
            for one in list_breaks(viewer=viewer, by=asked["by"], key=asked["key"], since=since, until=at)
        ],
        "chosen": next((names.get(r.label, r.label) for r in rows if r.key == asked["key"]), asked["key"]),
        "refused": words_of(refusal) if refusal else "",
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "manage/silence.html", values, status=status, at=at)


def _period_word(days: int) -> str:
    return _("最近 24 小时") if days == 1 else _("最近 %s 天") % days


@staff_page(*MANAGERS)
@require_POST
def export(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The parcels as a file: who took it, when and what for in its first line, and written down."""
    asked, at = _asked(request.POST), now()
    reason = " ".join(request.POST.get("reason", "").replace("\x00", "").split())[:200]
    if len(reason) < _LEAST_REASON:
        return _page(request, viewer, asked, NoReason())
    log_look(
        viewer=viewer.label, subject="trace-breaks", field="waybill_no", reason=reason, is_silent=False, at=at
    )
    lines = _lines(viewer, asked, reason, at)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="trace-breaks-{at:%Y%m%d}.csv"'
    return response  # type: ignore[return-value]


class _Echo:
    """csv writes into this; each row is handed on at once."""

    def write(self, line: str) -> str:
        return line


def _lines(viewer: Viewer, asked: dict[str, Any], reason: str, at: datetime) -> Iterator[str]:
    writer = csv.writer(_Echo())
    mark = _("%(who)s 于 %(when)s 导出，用于：%(reason)s。只限本人此用途，不得转发。") % {
        "who": f"{viewer.name}（{viewer.label}）",
        "when": _stamp(at),
        "reason": reason,
    }
    yield "\ufeff"
    yield writer.writerow([safe_cell(mark)])
    yield writer.writerow(
        [_("运单号"), _("快递公司"), _("线路"), _("最后见到的地方"), _("从"), _("到"), _("没有轨迹的小时数")]
    )
    found = list_breaks(
        viewer=viewer,
        by=asked["by"],
        key=asked["key"],
        since=at - timedelta(days=asked["days"]),
        until=at,
        most=MOST_EXPORTED,
    )
    for one in found:
        until = _stamp(one.until) if one.until else _("还没有")
        cells = [one.waybill_no, one.carrier, one.lane, one.place, _stamp(one.since), until]
        yield writer.writerow([*map(safe_cell, cells), f"{one.hours:.1f}"])


def _stamp(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
