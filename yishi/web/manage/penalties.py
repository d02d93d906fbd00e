"""收到的考核: what can still be appealed, until when, for how much; what was saved; the books behind it."""

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.claims.actions.penalties import (
    NewPenalty,
    appeal_penalty,
    note_appeal_result,
    note_penalty,
    void_penalty,
)
from yishi.claims.queries.ledger import account_balances, list_entries
from yishi.claims.queries.penalties import (
    VIEWS,
    PenaltyLine,
    export_penalties,
    list_fee_codes,
    list_penalties,
    months_of_penalties,
    penalty_sums,
)
from yishi.claims.rules.money import read_yuan, yuan
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.kit.personal import log_look
from yishi.kit.texts import safe_cell
from yishi.network.queries import list_outlets
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.claim_words import ORIGINS, RESULTS
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of
from yishi.web.shared import clocks

FIELDS = ("origin", "fee_code", "external_no", "waybill_no", "outlet", "amount", "day", "until")


@staff_page(Permission.FILES_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def penalties(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The list; a POST adds one, and comes back with what was typed when it is refused."""
    if request.method != "POST":
        return _page(request, viewer)
    typed = {name: request.POST.get(name, "").replace("\x00", "").strip()[:100] for name in FIELDS}
    try:
        with transaction.atomic():
            note_penalty(penalty=_read(typed), by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, typed=typed, refusal=refusal)
    return HttpResponseRedirect(f"{reverse('manage:penalties')}?done=added")


@staff_page(Permission.FILES_IMPORT)
@require_POST
def act(request: HttpRequest, viewer: Viewer, penalty_id: int, what: str) -> HttpResponse:
    """Appealed, its result, or written down by mistake."""
    said, at = request.POST, now()
    version = whole_number(said.get("version", ""))
    one: dict[str, Any] = {"penalty_id": penalty_id, "version": version, "by": viewer, "at": at}
    try:
        with transaction.atomic():
            if what == "appeal":
                appeal_penalty(**one, reason=said.get("reason", ""))
            elif what == "result":
                note_appeal_result(
                    **one, result=said.get("result", ""), left_fen=read_yuan(said.get("left", ""))
                )
            elif what == "void":
                void_penalty(**one)
            else:
                raise NotFound()
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, refusal=refusal)
    return HttpResponseRedirect(f"{reverse('manage:penalties')}?done={what}")


@staff_page(Permission.FILES_IMPORT)
@require_safe
def export(request: HttpRequest, viewer: Viewer) -> Any:
    """All of them as CSV; who took it is written down."""
    at = now()
    log_look(
        viewer=viewer.label, subject="penalties", field="export", reason="导出考核", is_silent=True, at=at
    )
    response = StreamingHttpResponse(
        _csv(export_penalties(viewer=viewer, at=at)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="penalties-{at:%Y%m%d}.csv"'
    return response


@staff_page(Permission.POLICY_MANAGE)
@require_safe
def ledger(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What stands on each account, and the newest entries; together always zero."""
    accounts = account_balances()
    entries = [
        (entry, [(code, name, yuan(fen)) for code, name, fen in entry.postings]) for entry in list_entries()
    ]
    values = {
        "here": "manage",
        "tab": "penalties",
        "accounts": [(line, yuan(line.amount_fen)) for line in accounts],
        "total": yuan(sum(line.amount_fen for line in accounts)),
        "is_balanced": not sum(line.amount_fen for line in accounts),
        "entries": entries,
    }
    return desk_page(request, viewer, "manage/ledger.html", values)


def _page(
    request: HttpRequest,
    viewer: Viewer,
    *,
    typed: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    at = now()
    view = request.GET.get("view", "open")
    view = view if view in VIEWS else "open"
    sums = penalty_sums(viewer=viewer, at=at)
    values = {
        "here": "manage",
        "tab": "penalties",
        "view": view,
        "views": (
            ("open", _("还能复核")),
            ("appealed", _("等结果")),
            ("done", _("有结果")),
            ("all", _("全部")),
        ),
        "sums": sums,
        "first_left": clocks.words_for(sums.first_until - at) if sums.first_until else "",
        "appealable": yuan(sums.appealable_fen),
        "saved": yuan(sums.saved_fen),
        "received": yuan(sums.received_fen),
        "lines": [
            (line, yuan(line.amount_fen), yuan(line.saved_fen))
            for line in list_penalties(viewer=viewer, view=view, at=at)
        ],
        "months": [(m, yuan(m.received_fen), yuan(m.saved_fen)) for m in months_of_penalties(viewer=viewer)],
        "origins": ORIGINS.items(),
        "results": RESULTS.items(),
        "fees": list_fee_codes(),
        "outlets": list_outlets(viewer),
        "may_books": viewer.may(Permission.POLICY_MANAGE),
        "typed": typed or {"day": timezone.localtime(at).date().isoformat()},
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "manage/penalties.html", values, status=status, at=at)


def _read(typed: Mapping[str, str]) -> NewPenalty:
    """What the form says. Raises Invalid."""
    fen = read_yuan(typed["amount"])
    if fen is None:
        raise Invalid([("/amount", "bad_amount", "金额写成 12.50 这样，单位元")])
    happened_at = _day(typed["day"], time(12))
    if happened_at is None:
        raise Invalid([("/day", "bad_time", "写清哪天开的")])
    return NewPenalty(
        origin=typed["origin"],
        amount_fen=fen,
        happened_at=happened_at,
        fee_code=typed["fee_code"],
        external_no=typed["external_no"],
        waybill_no=typed["waybill_no"],
        outlet_code=typed["outlet"],
        # the whole of the last day still counts
        appeal_until=_day(typed["until"], time(23, 59, 59)),
    )


def _day(said: str, clock: time) -> datetime | None:
    try:
        day = datetime.fromisoformat(said).date()
    except ValueError:
        return None
    return timezone.make_aware(datetime.combine(day, clock))


class _Echo:
    """csv writes into this; each row is handed on at once."""

    def write(self, row: str) -> str:
        return row


def _csv(lines: Iterator[PenaltyLine]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow(
        [
            _("哪天"), _("谁开的"), _("费用代码"), _("名称"), _("编号"), _("运单号"), _("工单"), _("网点"),
            _("金额（元）"), _("复核到"), _("复核时间"), _("结果"), _("省下（元）"), _("作废"),
        ]
    )  # fmt: skip
    for one in lines:
        said = [
            _date(one.happened_at), one.origin_label, one.fee_code, one.label, one.external_no,
            one.waybill_no, one.case_no, one.outlet_name, yuan(one.amount_fen).replace(",", ""),
            _date(one.appeal_until),
            _date(one.appealed_at), one.result_label, yuan(one.saved_fen).replace(",", ""),
            _("作废") if one.is_voided else "",
        ]  # fmt: skip
        yield writer.writerow([safe_cell(word) for word in said])


def _date(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
