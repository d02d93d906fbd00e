"""Files by their content: headers wherever they stand, several sheets, false names, bombs."""

import io
import json
import os
import struct
import zipfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import psutil
import pytest

from tests.shipments.workbooks import DELIVERY, delivery, number, workbook
from yishi.feeds.port import Unreadable
from yishi.plugins.common.cells import plain_heading
from yishi.plugins.feeds.head_office.card import PLUGIN, READER
from yishi.plugins.feeds.head_office.layouts import best_fit, find_header, layouts

ZONE = ZoneInfo("Asia/Shanghai")
PLACE = Path(os.environ.get("YISHI_SHARED", "../shared")) / "domain/feeds/sto-hq-export-columns.json"
OLD = Path(__file__).parent / "payloads/delivery.xls"


def rows(body):
    return list(READER.rows(body, ZONE))


def one_row(body):
    (row,) = rows(body)
    return row


def as_text(lines, separator=","):
    return "\r\n".join(separator.join(str(cell) for cell in line) for line in lines)


def test_every_export_of_the_shared_file_is_known_by_its_header():
    if not PLACE.exists():
        pytest.skip("the shared files are not here")
    columns = json.loads(PLACE.read_text())
    found = {name: best_fit([(plain_heading(c),) for c in heads]) for name, heads in columns.items()}
    assert {name for name, fit in found.items() if fit.missing} == set()
    assert len({fit.layout.name for fit in found.values()}) == len(columns) == 12


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.name)
def test_every_layout_is_itself(layout):
    """Its own columns, each by its first name, are this layout and no other."""
    heads = [names[0] for names in layout.columns.values()]
    fit = best_fit(
        [(plain_heading(h),) for h in dict.fromkeys([*heads, *layout.tells, *layout.also, *layout.rates])]
    )
    assert (fit.layout.name, fit.missing) == (layout.name, ())


def test_a_header_may_stand_lower_and_have_a_title():
    body = workbook(派件=[["派件清单", ""], ["统计日期", "2026-11-22"], [], DELIVERY, delivery(1)])
    row = one_row(body)
    assert (row.line, row.waybill_no, row.shipment.consignee.name) == (5, number(1), "王小姐")


def test_double_headers_are_merged():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["运单号", "收件人", "", "", "派件员", "派件时间"])
    sheet.append(["", "姓名", "电话", "地址", "", ""])
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:D1")
    sheet.append(delivery(1))
    out = io.BytesIO()
    book.save(out)
    row = one_row(out.getvalue())
    person = row.shipment.consignee
    assert (person.name, person.phone, row.worker.name) == ("王小姐", "19900000001", "刘师傅")


def test_brackets_spaces_and_width_do_not_matter():
    heads = ["运单号（必填）", "收 件 人", "收件人电话*", "收件地址\n(详细)", "派件员", "派件时间"]
    assert one_row(workbook(派件=[heads, delivery(1)])).shipment.consignee.address.startswith("江苏省")


def test_each_sheet_is_what_it_is():
    calls = [["运单号", "拨打时间", "是否接通"], [number(1), "2026-11-22 08:40", "是"]]
    body = workbook(说明=[["本表由总部下发"]], 派件=[DELIVERY, delivery(1)], 电联=calls)
    assert [(s.name, s.layout) for s in READER.recognise(body)] == [
        ("派件", "delivery_list"),
        ("电联", "call_list"),
    ]
    first, second = rows(body)
    assert (first.sheet, second.sheet, second.contact.kind) == (0, 1, "CALL")


def test_totals_and_repeated_headers_are_no_rows():
    body = workbook(派件=[DELIVERY, delivery(1), DELIVERY, ["合计", "", 2], delivery(2)])
    assert [row.waybill_no for row in rows(body)] == [number(1), number(2)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_in_any_dress(encoding, separator):
    body = as_text([["派件清单"], DELIVERY, delivery(1)], separator).encode(encoding)
    assert one_row(body).shipment.consignee.name == "王小姐"


def test_a_web_page_that_calls_itself_xls():
    cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in (DELIVERY, delivery(1))]
    page = f"<html><meta charset=gb2312><table><tr>{cells[0]}</tr><tr>{cells[1]}</tr></table></html>"
    assert one_row(page.encode("gb18030")).waybill_no == number(1)


def test_a_real_old_workbook_is_read():
    row = one_row(OLD.read_bytes())
    assert (row.waybill_no, row.shipment.consignee.name) == (number(1), "王小姐")
    assert row.events[0].happened_at == datetime(2026, 11, 22, 8, 30, tzinfo=ZONE)


def test_a_row_that_cannot_be_read_says_why():
    body = workbook(派件=[DELIVERY, delivery(1, at="昨天"), ["7.712E+14", "王"], ["", "王小姐"], delivery(2)])
    assert [row.refused for row in rows(body)] == ["bad_time", "precision_lost", "missing_waybill_no", ""]
    assert len(PLUGIN.parse(body, "", {}, ZONE).rejected) == 3


def test_a_masked_phone_is_kept_as_its_tail():
    person = one_row(workbook(派件=[DELIVERY, delivery(1, phone="199****0001")])).shipment.consignee
    assert (person.phone, person.phone_tail) == ("", "0001")


def test_rates_become_fractions_whatever_they_were():
    heads = ["所属小件员", "当日派签率", "按需上门率", "客诉发起率"]
    first, second = rows(
        workbook(履约=[heads, ["0012 申亚楠", "93%", 0.5, 0.001], ["0013 李四", 0.93, "50", "0.1%"]])
    )
    assert first.record.rate == second.record.rate == 0.5
    assert (first.record.words["当日派签率"], second.record.words["当日派签率"]) == ("0.93", "0.93")
    assert first.record.words["客诉发起率"] == second.record.words["客诉发起率"] == "0.001"


def test_a_file_that_is_something_else_names_its_nearest():
    (sheet,) = READER.recognise(workbook(一=[["运单号", "考核类型", "考核时间"], [number(1), "", ""]]))
    assert (sheet.label, sheet.missing) == ("考核明细", ("考核金额",))
    assert READER.recognise(workbook(一=[["天气", "心情"], ["晴", "好"]])) == ()


def test_a_layout_that_lost_a_column_does_not_become_another():
    """收件人 and 收件地址 alone would do for a delivery list; the rest says that it is none."""
    heads = [
        "日期",
        "运单号",
        "收件人",
        "收件地址",
        "是否虚假上门",
        "小件员名称",
        "小件员工号",
        "首次签收类型",
        "履约要求",
    ]
    header = find_header([heads])
    assert header.fit.layout.name == "customer_voice" and header.fit.missing == ("履约状态",)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"PK\x03\x04 cut off", "bad_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "bad_workbook"),
        (b"<?xml version='1.0'?><Workbook/>", "bad_workbook"),
        (b"%PDF\x00\x01\x02", "bad_encoding"),
        (b"\xff\xfe\xfd" * 400 + b"\x80", "bad_encoding"),
        (("运单号,收件人\n" + "x," * 401 + "y").encode(), "too_large"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(body, reason):
    with pytest.raises(Unreadable) as refused:
        rows(body)
    assert refused.value.reason == reason


def bomb(lie=False):
    """A workbook whose one sheet unpacks to 600 MB; `lie` = its list says that it is small."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(派件=[DELIVERY]))) as plain,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed,
    ):
        for part in plain.namelist():
            if not part.startswith("xl/worksheets/sheet"):
                packed.writestr(part, plain.read(part))
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(b"<worksheet><sheetData>")
            row = b'<row><c t="inlineStr"><is><t>' + b"x" * 1000 + b"</t></is></c></row>"
            for _ in range(600):
                sheet.write(row * 1000)
    body = out.getvalue()
    if lie:
        large = next(i for i in zipfile.ZipFile(io.BytesIO(body)).infolist() if i.file_size > 10**8).file_size
        body = body.replace(struct.pack("<Q", large), struct.pack("<Q", 5_000)).replace(
            struct.pack("<L", large), struct.pack("<L", 5_000)
        )
    return body


@pytest.mark.parametrize("lie", [False, True])
def test_a_bomb_is_refused_and_costs_this_process_nothing(lie):
    body = bomb(lie)
    before = psutil.Process().memory_info().rss
    with pytest.raises(Unreadable) as refused:
        rows(body)
    assert refused.value.reason in ("too_large", "bad_workbook")
    assert psutil.Process().memory_info().rss - before < 64 * 1024 * 1024


def test_two_cells_at_the_far_ends_of_a_sheet_are_refused():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "运单号", "x"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Unreadable) as refused:
        rows(out.getvalue())
    assert refused.value.reason == "too_large"
