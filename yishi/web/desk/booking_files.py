"""批量登记: a file or a pasted table of bookings, its check report as page and workbook, and the yes."""

import io
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.feeds.port import Unreadable
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.kit.files import Upload
from yishi.kit.personal import log_look
from yishi.kit.texts import safe_cell
from yishi.network.queries import list_outlets, list_shippers
from yishi.people.rules import Permission, Viewer
from yishi.shipments.actions.booking_files import MOST_BYTES, MOST_ROWS, check_file, confirm_file, drop_file
from yishi.shipments.queries.booking_words import FAULTS, fault_words
from yishi.shipments.queries.bookings import ReportRow, access_file, list_files, list_report_rows
from yishi.shipments.rules.bookings import HEADINGS, TEMPLATE, Party
from yishi.web.desk.bookings import outlet_of, party_of, shipper_of_form
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, words_of
from yishi.web.manage.import_words import FILE_REASONS
from yishi.web.shared.errors import error_page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORM_OVERHEAD = 1024 * 1024
STATES: dict[str, tuple[str | Promise, str, str]] = {
    "READY": (gettext_lazy("还没登记"), "clock", "is-warn"),
    "BOOKED": (gettext_lazy("已登记"), "ok", "is-good"),
    "DROPPED": (gettext_lazy("作废了"), "x", "is-idle"),
}


class NoTable(Refusal):
    """%(why)s"""

    code = "no_table"
    status = 422


@staff_page(Permission.CASE_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The form and the newest files; a POST is looked at at once, and nothing is booked by it."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + _FORM_OVERHEAD:
        return error_page(request, 413)
    if request.method != "POST":
        return _list(request, viewer)
    try:
        shipper = shipper_of_form(request, viewer)
        outlet_id = shipper.outlet_id if shipper else outlet_of(request, list_outlets(viewer)).id
        file_id = _checked(
            upload=_upload(request),
            sender=party_of(shipper) if shipper else _sender(request),
            merchant_id=shipper.id if shipper else None,
            outlet_id=outlet_id,
            by=viewer,
        )
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _list(request, viewer, refusal)
    return HttpResponseRedirect(reverse("desk:booking_file", args=[file_id]))


def _checked(**said: Any) -> int:
    try:
        return check_file(**said, at=now())
    except Unreadable as error:
        raise NoTable(why=FILE_REASONS.get(error.reason, error.reason)) from None


def _upload(request: HttpRequest) -> Upload:
    given, pasted = request.FILES.get("file"), request.POST.get("text", "")
    if given is not None:
        return Upload(name=given.name or "", content_type=given.content_type or "", stream=given)
    if not pasted.strip():
        raise Invalid([("/file", "missing_field", "选一个文件，或粘贴一张表")])
    return Upload(
        name=_("粘贴的表"), content_type="text/csv", stream=io.BytesIO(pasted.encode("utf-8", "replace"))
    )


def _sender(request: HttpRequest) -> Party:
    return Party(*(request.POST.get(f"sender_{name}", "").strip() for name in ("name", "phone", "address")))


def _list(request: HttpRequest, viewer: Viewer, refusal: Refusal | None = None) -> HttpResponse:
    values = {
        "here": "bookings",
        "tab": "files",
        "files": [(one, STATES[one.state]) for one in list_files(viewer=viewer)],
        "shippers": list_shippers(viewer),
        "outlets": list_outlets(viewer),
        "most_rows": MOST_ROWS,
        "most_mb": MOST_BYTES // 1024**2,
        "refused": words_of(refusal) if refusal else "",
        "typed": request.POST,
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "desk/booking_files.html", values, status=status)


@staff_page(Permission.CASE_READ)
@require_safe
def file(request: HttpRequest, viewer: Viewer, list_id: int) -> HttpResponse:
    return _one(request, viewer, list_id)


def _one(request: HttpRequest, viewer: Viewer, list_id: int, refusal: Refusal | None = None) -> HttpResponse:
    report = access_file(viewer=viewer, file_id=list_id)
    rows = list_report_rows(list_id, only_faults=True)
    values = {
        "here": "bookings",
        "tab": "files",
        "report": report,
        "sign": STATES[report.state],
        "rows": [(row, [(fault_words(code), is_sure) for code, is_sure in row.faults]) for row in rows],
        "reasons": [(_reason(code), count) for code, count in report.reasons],
        "refused": words_of(refusal) if refusal else "",
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "desk/booking_file.html", values, status=status)


def _reason(code: str) -> str:
    """A kind of fault without what it is about in one row."""
    plain = {"forbidden": _("物品不收"), "not_served": _("现在不到"), "twice_in_file": _("文件里重复")}
    return plain.get(code) or str(FAULTS.get(code, code))


@staff_page(Permission.CASE_WRITE)
@require_POST
def confirm(request: HttpRequest, viewer: Viewer, list_id: int) -> HttpResponse:
    return _turned(request, viewer, list_id, lambda: confirm_file(file_id=list_id, by=viewer, at=now()))


@staff_page(Permission.CASE_WRITE)
@require_POST
def drop(request: HttpRequest, viewer: Viewer, list_id: int) -> HttpResponse:
    return _turned(request, viewer, list_id, lambda: drop_file(file_id=list_id, by=viewer, at=now()))


def _turned(request: HttpRequest, viewer: Viewer, list_id: int, act: Any) -> HttpResponse:
    try:
        act()
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _one(request, viewer, list_id, refusal)
    return HttpResponseRedirect(reverse("desk:booking_file", args=[list_id]))


@staff_page(Permission.CASE_READ)
@require_safe
def workbook(request: HttpRequest, viewer: Viewer, list_id: int) -> HttpResponse:
    """The whole report, people masked; that it was taken is written down."""
    report = access_file(viewer=viewer, file_id=list_id)
    look = {"viewer": viewer.label, "subject": f"booking file:{list_id}", "field": "report"}
    log_look(**look, reason="", is_silent=True, at=now())
    header = [
        _("行"), _("结果"), _("原因"), _("订单号"), _("收件人"), _("电话"), _("地址"), _("物品"), _("运单号"),
    ]  # fmt: skip
    rows = [header, *(_cells(row) for row in list_report_rows(list_id, only_faults=False))]
    return _xlsx(rows, f"bookings-{report.id}.xlsx")


def _cells(row: ReportRow) -> list[str]:
    word = _("不收") if row.is_refused else _("要问一下") if row.faults else _("收")
    why = _("；").join(fault_words(code) for code, _is_sure in row.faults)
    said = (row.reference, *vars(row.receiver).values(), row.goods, row.waybill_no)
    return [str(row.line), word, why, *map(safe_cell, said)]


@staff_page(Permission.CASE_READ)
@require_safe
def template(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The empty table to fill in, with one line as an example."""
    example = [
        "A-1001",
        "王小明",
        "19900000001",
        "江苏省南京市江宁区东山街道翠屏山花园12栋2单元1203",
        "玻璃茶具",
        "400",
        "",
    ]
    return _xlsx([[HEADINGS[name][0] for name in TEMPLATE], example], "bookings-template.xlsx")


def _xlsx(rows: list[list[str]], name: str) -> HttpResponse:
    import openpyxl  # 12 MB in every process that never writes a sheet

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(_("寄件"))
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    disposition = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(out.getvalue(), content_type=XLSX, headers=disposition)
