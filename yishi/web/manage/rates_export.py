"""处理结果 as a file: the table as it stands on the screen, or the cases behind one of its numbers."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yishi.cases.queries.outcomes import MOST_EXPORTED, Asked, outcome_rates
from yishi.kit.clock import now
from yishi.kit.personal import log_look
from yishi.kit.texts import safe_cell
from yishi.people.rules import Permission, Viewer
from yishi.shipments.queries.day import count_signed
from yishi.web.desk.doors import staff_page
from yishi.web.manage.rates import FIGURES, WORDS, asked_of, label_of, lines_behind, rates_page, wanted_of
from yishi.web.manage.silence import NoReason
from yishi.web.shared import words

_LEAST_REASON = 4


@staff_page(Permission.CASE_READ)
@require_POST
def export(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The table as on the screen, or the cases behind the chosen number; its first line says who took it."""
    wanted, at = wanted_of(request.POST), now()
    reason = " ".join(request.POST.get("reason", "").replace("\x00", "").split())[:200]
    if len(reason) < _LEAST_REASON:
        return rates_page(request, viewer, wanted, NoReason())
    log_look(viewer=viewer.label, subject="rates", field="cases", reason=reason, is_silent=False, at=at)
    asked = asked_of(wanted)
    table = _case_table(viewer, wanted, asked, at) if wanted["figure"] else _table(viewer, wanted, asked, at)
    response = StreamingHttpResponse(_csv(viewer, reason, table, at), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rates-{at:%Y%m%d}.csv"'
    return response  # type: ignore[return-value]


def _table(
    viewer: Viewer, wanted: Mapping[str, str], asked: Asked, at: datetime
) -> Iterator[list[str | int]]:
    has_signed = wanted["by"] == "outlet"
    wholes = [_("办完满期"), _("受理满 3 天"), _("受理满 30 天"), *([_("签收")] if has_signed else [])]
    signed = count_signed(viewer=viewer, since=asked.since, until=asked.until) if has_signed else {}
    yield [
        str(WORDS[wanted["by"]]),
        *(str(word) for word in FIGURES.values()),
        *wholes,
        *([_("签收")] if has_signed else []),
    ]
    for one in outcome_rates(viewer=viewer, asked=asked, by=wanted["by"], at=at):
        counts = {**one.counts, "found_as": one.found_as}
        of = (one.once.whole, one.again_3.whole, one.again_30.whole)
        parcels = [signed.get(int(one.key) or None, 0)] if has_signed else []
        yield [label_of(wanted["by"], one), *(counts[figure] for figure in FIGURES), *of, *parcels]


def _case_table(
    viewer: Viewer, wanted: Mapping[str, str], asked: Asked, at: datetime
) -> Iterator[list[str | int]]:
    yield [_("工单号"), _("诉求类型"), _("状态"), _("网点"), _("来源"), _("受理时间")]
    for line in lines_behind(viewer, wanted, asked, at, MOST_EXPORTED):
        yield [
            line.case_no,
            str(words.CATEGORIES.get(line.category, line.category)),
            str(words.CASE_STATUSES[line.status].word),
            line.outlet_name or _("总部"),
            str(words.SOURCES.get(line.source, line.source)),
            f"{timezone.localtime(line.opened_at):%Y-%m-%d %H:%M}",
        ]


class _Echo:
    """csv writes into this; each row is handed on at once."""

    def write(self, line: str) -> str:
        return line


def _csv(viewer: Viewer, reason: str, table: Iterable[list[str | int]], at: datetime) -> Iterator[str]:
    writer = csv.writer(_Echo())
    mark = _("%(who)s 于 %(when)s 导出，用于：%(reason)s。只限本人此用途，不得转发。") % {
        "who": f"{viewer.name}（{viewer.label}）",
        "when": f"{timezone.localtime(at):%Y-%m-%d %H:%M}",
        "reason": reason,
    }
    yield "\ufeff"
    yield writer.writerow([safe_cell(mark)])
    for cells in table:
        yield writer.writerow([cell if isinstance(cell, int) else safe_cell(cell) for cell in cells])
