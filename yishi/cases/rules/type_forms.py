"""The form of a case type: what was filled in, read and checked a field. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from yishi.cases.rules.types import MAX_VALUE, MOST_FEN, Error, FieldKind, FormField
from yishi.kit.texts import clean_text

_PHONE = re.compile(r"\+?[0-9][0-9 \-]{5,22}[0-9]")
_YES = {True: True, "YES": True, "yes": True, "是": True, False: False, "NO": False, "no": False, "否": False}


class _Unclear(Exception):
    """What was typed is not what the field asks for: (code, detail)."""


def check_form(
    fields: Sequence[FormField], values: Mapping[str, Any], *, is_complete: bool
) -> tuple[dict[str, Any], list[Error]]:
    """What is kept of a filled form, and what is wrong, with a pointer a field.

    `is_complete`: required fields must be filled; a person who complains is never barred by them. Money is
    kept in fen, a date as YYYY-MM-DD, yes and no as a truth; fields left empty are not kept.
    """
    known = {field.key for field in fields}
    errors: list[Error] = [
        (f"/form/{key}", "unknown_field", "这个类型没有这一项") for key in values if key not in known
    ]
    kept: dict[str, Any] = {}
    for field in fields:
        said = values.get(field.key)
        if said is None or (isinstance(said, str) and not said.strip()):
            if field.is_required and is_complete:
                errors.append((f"/form/{field.key}", "missing_field", "这一项要填"))
            continue
        try:
            kept[field.key] = _READERS[FieldKind(field.kind)](field, said)
        except _Unclear as unclear:
            code, detail = unclear.args
            errors.append((f"/form/{field.key}", code, detail))
    return kept, errors


def missing_fields(fields: Sequence[FormField], keys: Sequence[str], form: Mapping[str, Any]) -> list[str]:
    """Names of the fields among `keys` that nobody has filled in; fields the form has not are no bar."""
    names = {field.key: field.name for field in fields}
    return [names[key] for key in keys if key in names and form.get(key) is None]


def _text(_field: FormField, said: Any) -> str:
    if not isinstance(said, str):
        raise _Unclear("not_text", "这一项写文字")
    kept, _removed = clean_text(said)
    if len(kept) > MAX_VALUE:
        raise _Unclear("too_long", "最多 2,000 字")
    return kept


def _choice(field: FormField, said: Any) -> str:
    if said not in field.options:
        raise _Unclear("unknown_choice", "从给出的选项里选一个")
    return str(said)


def _decimal(said: Any) -> Decimal:
    try:
        number = Decimal(str(said).strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(said, bool) or not number.is_finite() or abs(number) > MOST_FEN:
        raise _Unclear("not_a_number", "这一项写数字")
    return number


def _number(_field: FormField, said: Any) -> int | float:
    number = _decimal(said)
    return int(number) if number == number.to_integral_value() else float(number)


def _money(_field: FormField, said: Any) -> int:
    fen = _decimal(said) * 100
    if fen < 0 or fen > MOST_FEN or fen != fen.to_integral_value():
        raise _Unclear("not_money", "金额写元，最多两位小数，不能是负数")
    return int(fen)


def _date(_field: FormField, said: Any) -> str:
    try:
        return date.fromisoformat(str(said).strip()).isoformat()
    except ValueError:
        raise _Unclear("not_a_date", "日期写成 2026-05-01 这样") from None


def _phone(_field: FormField, said: Any) -> str:
    kept = str(said).strip()
    if not _PHONE.fullmatch(kept):
        raise _Unclear("not_a_phone", "电话写不对：手机号是 11 位，座机要带区号")
    return kept


def _yes_no(_field: FormField, said: Any) -> bool:
    if not isinstance(said, (bool, str)) or said not in _YES:
        raise _Unclear("not_yes_or_no", "选是或否")
    return _YES[said]


_READERS = {
    FieldKind.TEXT: _text,
    FieldKind.CHOICE: _choice,
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _money,
    FieldKind.DATE: _date,
    FieldKind.PHONE: _phone,
    FieldKind.YES_NO: _yes_no,
}
