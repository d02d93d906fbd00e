"""Every work-order plug-in, found by walking: what is handed in → literal rows; a case → its answer."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.cases.port import AnsweredCase, ParsedRows, Proof, Unreadable
from yishi.cases.queries.work_order_sources import plugins
from yishi.cases.rules.categories import CATEGORIES

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=ZONE)
SHEET = (
    "﻿总部工单明细,,,,,,\n"
    "工单号,运单号,投诉类型,投诉理由,工单内容,要求完成时间,处理状态\n"
    'W1,="771200000017402",虚签投诉,要求送货上门,一直在家没人敲门,2026-11-22 12:00,待处理\n'
    "W2,7.712E+14,遗失,,找不到,,处理中\n"
    "W3,YT9900000000018,破损,,碎了,明天,待处理\n"
    ",YT9900000000019,破损,,碎了,,待处理\n"
    "W1,771200000017402,虚签投诉,要求送货上门,一直在家没人敲门,2026-11-22 12:00,已完结\n"
)
CASE = AnsweredCase(
    case_no="2611220000001",
    external_no="W1",
    waybill_no="771200000017402",
    type_word="虚签投诉/要求送货上门",
    answer="=今天 18 点前送上门",
    remedy="重新派送、送上门",
    validity="属实",
    responsible="东山网点",
    reason="快递员放了驿站\n没有打电话",
    outlet="东山网点",
    handled_by="林客服",
    answered_at=datetime(2026, 11, 22, 3, 30, tzinfo=UTC),
    proofs=(Proof("凭证1.jpg", "image/jpeg"),),
)

READ = {
    "file": (
        SHEET.encode("gb18030"),
        {},
        [(7, "W1", "771200000017402", "虚签投诉/要求送货上门", "一直在家没人敲门", NOON, False)],
        [(4, "precision_lost"), (5, "bad_time"), (6, "missing_external_no"), (3, "again_below")],
    ),
    "paste": (
        "群里：\nYT9900000000017 客户说没收到 电话19900000001\n\n"
        "工单号：W8 运单号：YT9900000000018\n投诉类型：破损\n投诉内容：箱子湿了\n".encode(),
        {},
        [
            (
                1,
                "~YT9900000000017-fb7e4a7e",
                "YT9900000000017",
                "",
                "群里：\nYT9900000000017 客户说没收到 电话19900000001",
                None,
                None,
            ),
            (4, "W8", "YT9900000000018", "破损", "箱子湿了", None, None),
        ],
        [],
    ),
    "generic": (
        json.dumps(
            [
                {
                    "external_no": "P1",
                    "waybill_no": 771200000017402,
                    "type": "URGE",
                    "text": "快点",
                    "due_at": "2026-11-22T04:00:00Z",
                    "is_open": True,
                    "contact": {"phone": "19900000001"},
                },
                7,
                {"waybill_no": "YT9900000000017"},
            ]
        ).encode(),
        {},
        [(1, "P1", "771200000017402", "URGE", "快点", NOON, True)],
        [(2, "not_an_object"), (3, "missing_external_no")],
    ),
    "kuaidi100": (
        json.dumps(
            [
                {
                    "consultId": "1056",
                    "data": {
                        "id": 1056,
                        "status": 3,
                        "kuaidinum": "YT9900000000017",
                        "secondType": 4,
                        "desc": {"content": "称重不对"},
                        "telWeight": "3",
                    },
                },
                {"data": {"status": 1}},
            ]
        ).encode(),
        {"closed_states": "3,4"},
        [(1, "1056", "YT9900000000017", "重量异常", "称重不对\n反馈重量 3 kg", None, False)],
        [(2, "missing_external_no")],
    ),
}

ANSWERS = {
    "file": (
        "W1\t771200000017402\t重新派送、送上门\t属实\t东山网点\t快递员放了驿站 没有打电话"
        "\t'=今天 18 点前送上门\t东山网点\t林客服\t2026-11-22 11:30\t凭证1.jpg"
    ),
    "paste": (
        "工单号：W1\n运单号：771200000017402\n处理结果：重新派送、送上门\n核实情况：属实，快递员放了驿站\n"
        "没有打电话\n答复客户：=今天 18 点前送上门\n处理网点：东山网点　处理人：林客服　"
        "时间：2026-11-22 11:30\n凭证：凭证1.jpg"
    ),
    "kuaidi100": (
        "重新派送、送上门\n核实情况：属实，快递员放了驿站\n没有打电话\n=今天 18 点前送上门\n"
        "东山网点　林客服　2026-11-22 11:30\n凭证（另附）：凭证1.jpg"
    ),
    "generic": json.dumps(
        {
            "external_no": "W1",
            "waybill_no": "771200000017402",
            "answer": "=今天 18 点前送上门",
            "remedy": "重新派送、送上门",
            "validity": "属实",
            "responsible": "东山网点",
            "reason": "快递员放了驿站\n没有打电话",
            "outlet": "东山网点",
            "handled_by": "林客服",
            "answered_at": "2026-11-22T11:30:00+08:00",
            "compensation_fen": None,
            "proofs": [{"name": "凭证1.jpg", "kind": "image/jpeg"}],
            "case_no": "2611220000001",
        },
        ensure_ascii=False,
        indent=2,
    ),
}


def read(name: str, body: bytes, settings: dict[str, str] | None = None) -> ParsedRows:
    return plugins()[name].reader.parse(body, "", settings or {}, ZONE)


def test_every_plugin_is_tested_here() -> None:
    assert set(plugins()) == set(READ) == set(ANSWERS)
    assert {name: kind.card.name for name, kind in plugins().items()} == {name: name for name in plugins()}
    assert all(word in CATEGORIES for kind in plugins().values() for word in kind.card.words.values())


@pytest.mark.parametrize("name", sorted(READ))
def test_what_is_handed_in_is_read(name: str) -> None:
    body, settings, rows, refused = READ[name]
    parsed = read(name, body, settings)
    said = [
        (line, o.external_no, o.waybill_no, o.type_word, o.text, o.due_at, o.is_open)
        for line, o in parsed.rows
    ]
    assert said == rows
    assert [(row.line, row.reason) for row in parsed.refused] == refused


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_the_answer_is_in_the_sources_format(name: str) -> None:
    filled = plugins()[name].reader.answer(CASE, {}, ZONE)
    assert filled.text == ANSWERS[name]
    if name == "kuaidi100":
        assert json.loads(filled.body) == {"consultId": "W1", "content": filled.text, "attach": []}


def test_no_cell_of_an_answer_is_a_formula() -> None:
    filled = plugins()["file"].reader.answer(CASE, {"answer_columns": "答复，工单号,没有这一列"}, ZONE)
    assert filled.body.decode("utf-8-sig") == "答复,工单号,没有这一列\r\n'=今天 18 点前送上门,W1,\r\n"


def test_the_operator_may_write_the_answer_his_way() -> None:
    filled = plugins()["paste"].reader.answer(CASE, {"answer_pattern": "{运单号} {处理结果}{别的}"}, ZONE)
    assert filled.text == "771200000017402 重新派送、送上门{别的}"


def test_a_table_pasted_with_its_header_is_read_by_columns() -> None:
    for split in ("\t", ",", "  "):
        text = f"工单编号{split}快递单号{split}工单类型\nW1{split}YT9900000000017{split}催件\n"
        ((line, row),) = read("paste", text.encode()).rows
        assert (line, row.external_no, row.waybill_no, row.type_word) == (2, "W1", "YT9900000000017", "催件")


def test_an_empty_first_cell_does_not_move_the_others() -> None:
    parsed = read("paste", "工单号\t运单号\t工单类型\n\tYT9900000000017\t破损\n".encode())
    assert [(row.line, row.reason, row.number) for row in parsed.refused] == [
        (2, "missing_external_no", "YT9900000000017")
    ]


def test_the_wrong_file_is_refused_with_what_it_lacks() -> None:
    parsed = read("file", "日期,运单号,网点\n2026-11-22,YT9900000000017,东山\n".encode())
    assert (parsed.rows, parsed.missing) == ([], ("工单号", "运单号 / 工单类型 / 工单内容"))


def test_head_offices_own_columns_are_known() -> None:
    shared = Path(os.environ.get("YISHI_SHARED", Path(__file__).resolve().parents[4] / "shared"))
    path = shared / "domain" / "feeds" / "sto-hq-export-columns.json"
    if not path.exists():
        pytest.skip("no shared domain files here")
    layouts = json.loads(path.read_text())
    lacks = {}
    for label in ("虚签投诉明细", "虚假签收明细", "进港投诉明细"):
        words = {"工单号": "W1", "运单号": "YT9900000000017"}
        row = ",".join(words.get(column, "") for column in layouts[label])
        lacks[label] = read("file", f"{','.join(layouts[label])}\n{row}\n".encode()).missing
    # the last one has no number of its own: it is a quality file, and is taken as one
    assert lacks == {"虚签投诉明细": (), "虚假签收明细": (), "进港投诉明细": ("工单号",)}


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for name in plugins():
        try:
            parsed = read(name, body)
        except Unreadable:
            continue
        assert all(row.external_no for _line, row in parsed.rows)
