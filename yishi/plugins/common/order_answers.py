"""Answers to work orders, as people who read them in another system want them: a text by a pattern, a row of
a table. What is written here is read by the source and not by our reader, so it is Chinese in any case. Pure.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import tzinfo

from yishi.cases.port import AnsweredCase, FilledAnswer
from yishi.kit.texts import safe_cell

_FIELD = re.compile(r"\{([^{}]{1,20})\}")
_BREAKS = re.compile(r"[\t\r\n]+")

TEXT_PATTERN = (
    "工单号：{工单号}\n运单号：{运单号}\n处理结果：{处理结果}\n核实情况：{核实结果}，{核实说明}\n"
    "答复客户：{答复}\n处理网点：{网点}　处理人：{处理人}　时间：{答复时间}\n凭证：{凭证}"
)
ROW_COLUMNS = "工单号,运单号,处理结果,核实结果,责任方,核实说明,答复,网点,处理人,答复时间,凭证"


def fields_of(case: AnsweredCase, zone: tzinfo) -> dict[str, str]:
    """What a pattern or a column can name. A number of our own making (it begins with ~) is no number."""
    money = "" if case.compensation_fen is None else f"{case.compensation_fen / 100:.2f}"
    when = case.answered_at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if case.answered_at else ""
    return {
        "工单号": "" if case.external_no.startswith("~") else case.external_no,
        "运单号": case.waybill_no,
        "工单类型": case.type_word,
        "处理结果": case.remedy,
        "核实结果": case.validity,
        "责任方": case.responsible,
        "核实说明": case.reason,
        "答复": case.answer,
        "网点": case.outlet,
        "处理人": case.handled_by,
        "答复时间": when,
        "赔付金额": money,
        "凭证": "、".join(proof.name for proof in case.proofs) or "无",
        "我方单号": case.case_no,
    }


def in_words(pattern: str, fields: Mapping[str, str]) -> str:
    """The pattern filled; a line of it none of whose fields says anything is left away. A name that is no
    field stays as it stands."""
    lines = []
    for line in pattern.replace("\\n", "\n").split("\n"):
        named = [name for name in _FIELD.findall(line) if name in fields]
        if named and not any(fields[name] for name in named):
            continue
        filled = _FIELD.sub(lambda found: fields.get(found[1], found[0]), line)
        lines.append(filled.replace("，\n", "\n").rstrip("，"))
    return "\n".join(lines).strip()


def one_cell(text: str) -> str:
    """One cell that no spreadsheet takes for a formula, and that stays one cell."""
    return safe_cell(_BREAKS.sub(" ", text.strip()))


def as_row(case: AnsweredCase, columns: Sequence[str], zone: tzinfo) -> FilledAnswer:
    """A row to paste into a sheet, and the same as CSV with its header."""
    fields = fields_of(case, zone)
    cells = [one_cell(fields.get(column, "")) for column in columns]
    sheet = io.StringIO()
    csv.writer(sheet).writerows([[one_cell(column) for column in columns], cells])
    return FilledAnswer(
        text="\t".join(cells),
        file_name=f"{_plain_name(case)}.csv",
        content_type="text/csv; charset=utf-8",
        body=("\ufeff" + sheet.getvalue()).encode(),
    )


def as_text(case: AnsweredCase, pattern: str, zone: tzinfo) -> FilledAnswer:
    """A text by the pattern, and the same as a file."""
    text = in_words(pattern, fields_of(case, zone))
    return FilledAnswer(
        text=text,
        file_name=f"{_plain_name(case)}.txt",
        content_type="text/plain; charset=utf-8",
        body=text.encode(),
    )


def _plain_name(case: AnsweredCase) -> str:
    number = case.case_no if case.external_no.startswith("~") else case.external_no
    return re.sub(r"[^\w.-]+", "_", number)[:60] or case.case_no
