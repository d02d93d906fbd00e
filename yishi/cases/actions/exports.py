"""Taking a list out: one row a case, exactly those that the screen counts, with whom and what for on each."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.timezone import get_current_timezone as zone
from django.utils.translation import gettext as _

from yishi.cases.actions.hold import check_may
from yishi.cases.models.case import Case, CaseSource, CaseStatus, Category, Validity
from yishi.cases.models.views import Export, ExportState
from yishi.cases.queries.views import count_matching, filters_of
from yishi.cases.queries.words.findings import CAUSE_BY, PARTIES, cause_word
from yishi.cases.queries.words.remedies import REMEDIES
from yishi.cases.queries.worklist import matching
from yishi.cases.rules.status import NEVER
from yishi.kit.errors import Invalid, Refusal
from yishi.kit.files import store_document
from yishi.kit.live import nudge
from yishi.kit.personal import log_look, mask_name, mask_phone, without_phones
from yishi.kit.texts import safe_cell
from yishi.people.queries import person_of, viewer_of_user
from yishi.people.rules import Permission, Viewer

AT_ONCE = 1000
MOST = 50_000
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_LEAST_REASON = 4


class NoReason(Invalid):
    """要导出，先写明用来做什么（至少四个字）"""

    code = "no_reason"


class TooLong(Refusal):
    """一次最多导出 50,000 件，先用筛选缩小"""

    code = "export_too_long"
    status = 413


@transaction.atomic
def ask_export(
    *, filters: dict[str, str], reason: str, format: str, is_plain: bool, by: Viewer, at: datetime
) -> int:
    """Takes out what the filters leave; at once up to 1,000 cases, longer lists by a job. Returns its id.

    Contacts are masked unless `is_plain`, which needs REVEAL. Who took what for which reason is written
    down and stands in every row. Raises NoReason, Invalid, NotAllowed, TooLong.
    """
    check_may(by, Permission.CASE_READ)
    if is_plain:
        check_may(by, Permission.REVEAL)
    said = " ".join(reason.split())[:200]
    if len(said) < _LEAST_REASON:
        raise NoReason()
    if format not in FORMATS:
        raise Invalid([("/format", "unknown_format", "选 CSV 或 Excel")])
    rows = count_matching(by, filters_of(filters), at=at)
    if rows > MOST:
        raise TooLong()
    kept = Export.objects.create(
        by_id=person_of(by),
        reason=said,
        filters=filters,
        format=format,
        is_plain=is_plain,
        rows=rows,
        asked_at=at,
    )
    field = "contacts" if is_plain else "list"
    log_look(
        viewer=by.label, subject=f"cases-export:{kept.pk}", field=field, reason=said, is_silent=False, at=at
    )
    if rows <= AT_ONCE:
        _make(kept, by, at=at)
    return kept.pk


def make_next_export(*, at: datetime) -> bool:
    """Makes the file of the list that waits longest, as far as its asker still may. False = none waits."""
    with transaction.atomic():
        waiting = Export.objects.filter(state=ExportState.WAITING).order_by("asked_at")
        kept = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("by").first()
        if kept is None:
            return False
        viewer = viewer_of_user(kept.by)
        needed = Permission.REVEAL if kept.is_plain else Permission.CASE_READ
        if not kept.by.is_active or not viewer.may(needed):
            kept.state, kept.done_at = ExportState.FAILED, at
            kept.save(update_fields=["state", "done_at"])
            nudge(f"user:{kept.by_id}")
            return True
        with translation.override(kept.by.language or "zh-hans"):
            _make(kept, viewer, at=at)
    return True


def _make(kept: Export, viewer: Viewer, *, at: datetime) -> None:
    rows = list(_rows(kept, viewer, at))
    body = _csv(rows) if kept.format == "csv" else _xlsx(rows)
    stored = store_document(
        name=f"{_('工单')}-{at.astimezone(zone()):%Y%m%d-%H%M}.{kept.format}",
        content_type=FORMATS[kept.format],
        body=body,
        retention_class="EXPORT",
        at=at,
    )
    kept.rows, kept.state, kept.file, kept.done_at = len(rows) - 1, ExportState.DONE, stored, at
    kept.save(update_fields=["rows", "state", "file", "done_at"])
    nudge(f"user:{kept.by_id}")


def _heads() -> list[str]:
    return [
        _("工单号"), _("诉求类型"), _("状态"), _("来源"), _("外部单号"), _("运单号"), _("快递公司"),
        _("网点"), _("负责人"), _("级别"), _("姓名"), _("电话"), _("收到"), _("首次回复"), _("给办法"),
        _("结案"), _("下一个时限"), _("3 天内来过几次"), _("30 天内第几次"), _("催了几次"), _("核实结果"),
        _("核实为"), _("哪一方"), _("责任方"), _("办法"), _("根子"), _("同一原因"), _("同一原因，之前 3 天"),
        _("同一原因，之前 30 天"), _("导出"),
    ]  # fmt: skip


def _rows(kept: Export, viewer: Viewer, at: datetime) -> Iterator[list[str]]:
    """The head, then a row a case in the order of the worklist."""
    mark = _("%(who)s %(when)s 导出，用于：%(reason)s。编号 %(no)s，不得转发") % {
        "who": kept.by.name,
        "when": _stamp(kept.asked_at),
        "reason": kept.reason,
        "no": kept.pk,
    }
    yield _heads()
    found = matching(viewer, filters_of(kept.filters), at=at)
    related = found.select_related("contact", "outlet", "assignee", "repeat_of")
    for case in related.order_by("next_due_at", "case_no")[:MOST].iterator(chunk_size=500):
        yield [safe_cell(str(cell)) for cell in [*_cells(case, is_plain=kept.is_plain), mark]]


def _cells(case: Case, *, is_plain: bool) -> list[Any]:
    name, phone = (case.contact.name, case.contact.phone) if case.contact else ("", "")
    found = case.finding_validity
    return [
        case.case_no,
        Category(case.category).label,
        CaseStatus(case.status).label,
        CaseSource(case.source).label,
        case.external_no,
        case.waybill_no,
        case.carrier,
        case.outlet.name if case.outlet else _("总部"),
        case.assignee.name if case.assignee else "",
        [_("普通"), _("优先"), _("特急")][case.priority],
        name if is_plain else mask_name(name),
        phone if is_plain else mask_phone(phone),
        *map(_stamp, (case.opened_at, case.replied_at, case.resolved_at, case.closed_at)),
        _stamp(None if case.next_due_at >= NEVER else case.next_due_at),
        case.repeats_in_3_days,
        case.repeats_in_30_days + 1,
        case.urges,
        Validity(found).label if found else "",
        Category(case.finding_category).label if case.finding_category else "",
        PARTIES.get(case.finding_party, case.finding_party),
        without_phones(case.finding_responsible),
        REMEDIES.get(case.remedy) or without_phones(case.remedy),
        without_phones(cause_word(case.root_cause)),
        CAUSE_BY.get(case.cause_by, ""),
        case.causes_in_3_days if case.cause_by else "",
        case.causes_in_30_days if case.cause_by else "",
    ]


def _stamp(moment: datetime | None) -> str:
    return f"{moment.astimezone(zone()):%Y-%m-%d %H:%M}" if moment else ""


def _csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return ("\ufeff" + text.getvalue()).encode()


def _xlsx(rows: list[list[str]]) -> bytes:
    import openpyxl  # 12 MB in every process that never writes a sheet

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(_("工单"))
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
