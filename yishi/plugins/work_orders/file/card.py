"""Files of work orders as head offices and platforms export them, known by their header."""

from collections.abc import Mapping
from datetime import tzinfo
from itertools import groupby

from django.utils.translation import gettext_noop as _

from yishi.cases.port import (
    FILE,
    AnsweredCase,
    FilledAnswer,
    ParsedRows,
    RowRefused,
    SettingField,
    Unreadable,
    WorkOrderCard,
)
from yishi.plugins.common.order_answers import ROW_COLUMNS, as_row
from yishi.plugins.common.order_tables import read_table
from yishi.plugins.common.workbook import sheet_rows

CARD = WorkOrderCard(
    name="file",
    label=_("总部工单表（XLSX、XLS、CSV）"),
    takes=frozenset({FILE}),
    settings=(
        SettingField("answer_columns", _("回填表的列，用逗号隔开")),
        SettingField("closed_words", _("表示已结的状态，用逗号隔开")),
    ),
    docs=_("按表头认，不看文件名；要有“工单号”，并有“运单号”“工单类型”“工单内容”之一。"),
)


class FilePlugin:
    """Reads the sheet of a file that holds work orders; other sheets are left."""

    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> ParsedRows:
        read = [
            read_table(((line, cells) for _name, line, cells in rows), settings, zone)
            for _name, rows in groupby(sheet_rows(body), key=lambda row: row[0])
        ]
        known = [each for each in read if not each.missing]
        if not read:
            raise Unreadable("empty")
        if not known:
            return min(read, key=lambda each: len(each.missing))
        whole = ParsedRows()
        for each in known:
            whole.rows += each.rows
            whole.refused += each.refused
        _refuse_twice(whole)
        return whole

    def answer(self, case: AnsweredCase, settings: Mapping[str, str], zone: tzinfo) -> FilledAnswer:
        columns = (settings.get("answer_columns") or ROW_COLUMNS).replace("，", ",").split(",")
        return as_row(case, [column.strip() for column in columns if column.strip()], zone)


def _refuse_twice(parsed: ParsedRows) -> None:
    """A number that stands in a file twice with different words: the last one counts, the first is said."""
    last = {row.external_no: line for line, row in parsed.rows}
    for line, row in parsed.rows:
        if last[row.external_no] != line:
            parsed.refused.append(RowRefused(line, "again_below", row.external_no))
    parsed.rows = [(line, row) for line, row in parsed.rows if last[row.external_no] == line]


PLUGIN = FilePlugin()
