"""Tables of work orders, whoever exported them: which column says what, and what a row says. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Any

from yishi.cases.port import ParsedRows, ParsedWorkOrder, RowRefused
from yishi.plugins.common.cells import fen_of, moment_of, plain_heading, said, waybill_of

HEADER_WITHIN = 10
LONGEST_NUMBER = 64
LONGEST_TEXT = 20_000
_LONGEST_WORD = 120
MOST_ROWS = 5_000

# what the columns are called, the name that we tell people first (domain.md, 5.2)
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "external_no": (
        "工单号", "工单编号", "工单ID", "投诉单号", "投诉编号", "任务单号", "申诉编号", "申诉单号",
        "来件编号", "仲裁单号", "external_no",
    ),
    "waybill_no": ("运单号", "运单编号", "快递单号", "邮件号", "物流单号", "单号", "waybill_no"),
    "carrier": ("快递公司", "品牌", "carrier"),
    "type": (
        "工单类型", "工单类型名称", "投诉类型", "申诉类型", "问题类型", "诉求类型", "仲裁类型", "拦截类型",
        "type",
    ),
    "reason": ("投诉理由", "二级类型", "工单子类型", "申诉二级类型"),
    "text": ("工单内容", "投诉内容", "申诉内容", "问题描述", "内容描述", "内容", "描述", "text"),
    "name": ("投诉人", "申诉人", "联系人", "收件人", "客户姓名", "name"),
    "phone": ("联系电话", "投诉人电话", "收件人电话", "收件手机号", "手机号", "电话", "phone"),
    "created_at": ("投诉时间", "工单创建时间", "创建时间", "申诉时间", "下发时间", "created_at"),
    "updated_at": ("更新时间", "最后更新时间", "最后处理时间", "updated_at"),
    "due_at": ("截止时间", "要求完成时间", "答复期限", "最晚处理时间", "处理截止时间", "due_at"),
    "state": ("工单状态", "处理状态", "状态", "state"),
    "amount": ("索赔金额", "预估考核金额", "考核金额", "金额", "amount"),
}  # fmt: skip
_ROLES = {plain_heading(name): role for role, names in COLUMNS.items() for name in names}
# of these one is needed beside the number: else it is a list of numbers and no work orders
_SAYS = ("waybill_no", "type", "text")

_CLOSED = (
    "已完结", "完结", "已结案", "结案", "已关闭", "关闭", "已办结", "办结", "已归档", "已撤销", "已撤诉",
    "已处理", "已完成", "closed",
)  # fmt: skip
_OPEN = (
    "待处理", "处理中", "未处理", "待回复", "待答复", "待受理", "已受理", "待举证", "待办", "跟进中",
    "未完结", "重新打开", "处理超时", "待审核", "新建", "open",
)  # fmt: skip


def is_open_word(word: str, settings: Mapping[str, str]) -> bool | None:
    """Whether a state of the source means open; None for a word that nobody knows. The operator's own words
    (`closed_words`, with commas) go first."""
    plain = word.strip().lower()
    own = {each.strip().lower() for each in settings.get("closed_words", "").replace("，", ",").split(",")}
    if (plain and plain in own) or plain in _CLOSED:
        return False
    return True if plain in _OPEN else None


def find_header(rows: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]] | None:
    """(row, column of each role) of the row that names most columns; None where no row names two."""
    found = [(number, _roles_of(row)) for number, row in enumerate(rows[:HEADER_WITHIN])]
    best = max(found, key=lambda each: len(each[1]), default=None)
    return best if best is not None and len(best[1]) > 1 else None


def _roles_of(row: Sequence[Any]) -> dict[str, int]:
    roles: dict[str, int] = {}
    for column, cell in enumerate(row):
        role = _ROLES.get(plain_heading(cell))
        if role is not None:
            roles.setdefault(role, column)
    return roles


def missing_of(roles: Mapping[str, int]) -> tuple[str, ...]:
    """The columns without which a table holds no work orders, by the name that people know."""
    missing = [] if "external_no" in roles else [COLUMNS["external_no"][0]]
    if not any(role in roles for role in _SAYS):
        missing.append(" / ".join(COLUMNS[role][0] for role in _SAYS))
    return tuple(missing)


def read_table(
    rows: Iterable[tuple[int, Sequence[Any]]], settings: Mapping[str, str], zone: tzinfo
) -> ParsedRows:
    """The work orders of a table whose rows carry their line; `missing` where it is another table."""
    lines = [(line, cells) for line, cells in rows if any(cell not in (None, "") for cell in cells)]
    header = find_header([cells for _line, cells in lines])
    if header is None:
        return ParsedRows(missing=missing_of({}))
    first, roles = header
    if missing := missing_of(roles):
        return ParsedRows(missing=missing)
    parsed = ParsedRows()
    for line, cells in lines[first + 1 : first + 1 + MOST_ROWS]:
        words = {role: cells[column] for role, column in roles.items() if column < len(cells)}
        add_row(parsed, line, words, settings, zone)
    for line, _cells in lines[first + 1 + MOST_ROWS :][:1]:
        parsed.refused.append(RowRefused(line, "too_many_rows"))
    return parsed


def _verbatim(cell: Any) -> str:
    """What somebody wrote, as he wrote it; '' where a dash stands for nothing."""
    return cell.strip() if isinstance(cell, str) and said(cell) else said(cell)


def add_row(
    parsed: ParsedRows, line: int, words: Mapping[str, Any], settings: Mapping[str, str], zone: tzinfo
) -> None:
    """Adds what the cells of one row say, or why the row is none."""
    number = said(words.get("external_no"))
    waybill_no, reason = waybill_of(words["waybill_no"]) if said(words.get("waybill_no")) else ("", "")
    text = _verbatim(words.get("text"))
    if not number:
        reason = "missing_external_no"
    elif len(number) > LONGEST_NUMBER or not number.isprintable():
        reason = "bad_external_no"
    elif "e+" in number.lower() and number[:1].isdigit():
        reason = "precision_lost"
    elif len(text) > LONGEST_TEXT:
        reason = "too_long"
    moments = {role: moment_of(words.get(role), zone) for role in ("created_at", "updated_at", "due_at")}
    if not reason and any(said(words.get(role)) and moments[role] is None for role in moments):
        reason = "bad_time"
    if reason:
        parsed.refused.append(RowRefused(line, reason, (number or waybill_no)[:LONGEST_NUMBER]))
        return
    state = said(words.get("state"))[:_LONGEST_WORD]
    types = (said(words.get("type")), said(words.get("reason")))
    parsed.rows.append(
        (
            line,
            ParsedWorkOrder(
                external_no=number,
                waybill_no=waybill_no,
                carrier=said(words.get("carrier"))[:_LONGEST_WORD],
                type_word="/".join(filter(None, types))[:_LONGEST_WORD],
                text=text,
                name=said(words.get("name"))[:_LONGEST_WORD],
                phone=said(words.get("phone"))[:_LONGEST_WORD],
                state_word=state,
                is_open=is_open_word(state, settings),
                amount_fen=fen_of(words.get("amount")),
                **moments,
            ),
        )
    )
