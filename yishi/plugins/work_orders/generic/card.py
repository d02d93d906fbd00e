"""Work orders as JSON: for operators whose own program carries them over from a source."""

import json
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

import msgspec
from django.utils.translation import gettext_noop as _

from yishi.cases.port import (
    FILE,
    PASTE,
    PUSH,
    AnsweredCase,
    FilledAnswer,
    NotFramed,
    ParsedRows,
    RowRefused,
    SettingField,
    WorkOrderCard,
)
from yishi.plugins.common.order_tables import MOST_ROWS, add_row
from yishi.plugins.common.reading import load_json

CARD = WorkOrderCard(
    name="generic",
    label=_("通用 JSON"),
    takes=frozenset({FILE, PASTE, PUSH}),
    settings=(SettingField("closed_words", _("表示已结的状态，用逗号隔开")),),
    docs=_(
        "一个数组，或 {items: […]}，或每行一个；字段：external_no、waybill_no、carrier、type、reason、text、"
        "name、phone、created_at、updated_at、due_at、state、is_open、amount（元）。"
    ),
)


class GenericPlugin:
    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> ParsedRows:
        parsed = ParsedRows()
        for line, item in enumerate(_items(body), start=1):
            if line > MOST_ROWS:
                parsed.refused.append(RowRefused(line, "too_many_rows"))
                break
            if not isinstance(item, dict):
                parsed.refused.append(RowRefused(line, "not_an_object"))
                continue
            contact = item.get("contact")
            words = {**item, **(contact if isinstance(contact, dict) else {})}
            add_row(parsed, line, {k: v for k, v in words.items() if _is_word(v)}, settings, zone)
            _say_state(parsed, line, item)
        return parsed

    def answer(self, case: AnsweredCase, settings: Mapping[str, str], zone: tzinfo) -> FilledAnswer:
        at = case.answered_at.astimezone(zone).isoformat() if case.answered_at else None
        said = {
            "external_no": case.external_no,
            "waybill_no": case.waybill_no,
            "answer": case.answer,
            "remedy": case.remedy,
            "validity": case.validity,
            "responsible": case.responsible,
            "reason": case.reason,
            "outlet": case.outlet,
            "handled_by": case.handled_by,
            "answered_at": at,
            "compensation_fen": case.compensation_fen,
            "proofs": [{"name": proof.name, "kind": proof.kind} for proof in case.proofs],
            "case_no": case.case_no,
        }
        text = json.dumps(said, ensure_ascii=False, indent=2)
        return FilledAnswer(text, f"{case.case_no}.json", "application/json", text.encode())


def _items(body: bytes) -> list[Any]:
    if b"\n" in body.strip() and body.strip()[:1] == b"{" and _is_lines(body):
        return [load_json(line) for line in body.splitlines() if line.strip()]
    said = load_json(body)
    if isinstance(said, dict):
        said = said.get("items", [said])
    if not isinstance(said, list):
        raise NotFramed("neither an array nor an object")
    return said


def _is_lines(body: bytes) -> bool:
    """Whether each line is an object of its own; else one object is laid out over lines."""
    return all(
        line.strip()[-1:] == b"}" and line.strip()[:1] == b"{" for line in body.splitlines() if line.strip()
    )


def _is_word(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _say_state(parsed: ParsedRows, line: int, item: Mapping[str, Any]) -> None:
    """What the sender says of open or closed counts before any word of a state."""
    if isinstance(item.get("is_open"), bool) and parsed.rows and parsed.rows[-1][0] == line:
        row = parsed.rows[-1][1]
        parsed.rows[-1] = (line, msgspec.structs.replace(row, is_open=item["is_open"]))


PLUGIN = GenericPlugin()
