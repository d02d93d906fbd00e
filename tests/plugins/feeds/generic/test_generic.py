"""Our own format: JSON, NDJSON, CSV and Excel, well-formed and not."""

import io
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from yishi.feeds.port import NotFramed, Unreadable
from yishi.feeds.queries.sources import plugins

ZONE = ZoneInfo("Asia/Shanghai")
FEED = plugins()["generic"][1]
EVENT = {"waybill_no": "YT12345678", "kind": "accepted", "happened_at": "2026-11-20T10:00:00+08:00"}


def read(body, expects="events", content_type=""):
    return FEED.parse(body, content_type, {"expects": expects}, ZONE)


def array(*items):
    return json.dumps(items).encode()


def reasons(parsed):
    return [(r.index, r.reason) for r in parsed.rejected]


def test_all_fields_of_an_event():
    full = EVENT | {
        "carrier": "yuantong",
        "detail": "self",
        "place": {"city": "南京市", "outlet": "025101"},
        "courier": "0231",
        "text": "已签收",
        "source_code": "301",
        "signed_by": "王",
        "consent": True,
        "position": {"lat": 31.9, "lng": 118.8},
    }
    (event,) = read(array(full)).events
    assert (event.city, event.outlet, event.consent, event.position) == (
        "南京市",
        "025101",
        True,
        '{"lat":31.9,"lng":118.8}',
    )
    assert event.happened_at == datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def test_the_quick_way_and_item_by_item_read_the_same():
    items = [EVENT | {"place": {"city": "南京市"}, "courier": None}, EVENT | {"waybill_no": 1234567890123}]
    assert read(array(*items)).events == read(array(*items, "broken")).events


@pytest.mark.parametrize("separator", [b"\n", b"\r\n", b"\n\n"])
def test_lines(separator):
    body = separator.join([json.dumps(EVENT).encode()] * 3) + separator
    assert len(read(body).events) == 3


def test_a_bad_line_is_one_refusal():
    body = b"\n".join(
        [json.dumps(EVENT).encode(), b'{"waybill', b"[1]", b"\xff\xfe", json.dumps(EVENT).encode()]
    )
    parsed = read(body)
    assert (len(parsed.events), reasons(parsed)) == (2, [(1, "bad_json"), (2, "bad_json"), (3, "bad_json")])


def test_a_single_object_over_several_lines():
    assert len(read(json.dumps(EVENT, indent=2).encode()).events) == 1


@pytest.mark.parametrize(
    "body", [b"", b"  \n", b"[", b"[{]", b"{bad", b"42", b"null", b"[" * 100_000, b"\x00"]
)
def test_nothing_can_be_framed(body):
    with pytest.raises(NotFramed):
        read(body, content_type="application/json")


def test_an_empty_array_is_nothing_sent():
    assert read(b"[]").events == []


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"kind": None}, "missing_field"),
        ({"waybill_no": None}, "missing_field"),
        ({"happened_at": None}, "missing_field"),
        ({"happened_at": 1700000000}, "bad_time"),
        ({"happened_at": "heute"}, "bad_time"),
        ({"kind": 5}, "unknown_kind"),
        ({"waybill_no": True}, "bad_waybill_no"),
        ({"waybill_no": 1.5}, "bad_waybill_no"),
        ({"place": "南京"}, "bad_json"),
        ({"text": ["x"]}, "bad_json"),
        ({"consent": "yes"}, "bad_json"),
    ],
)
def test_refusals(values, reason):
    assert reasons(read(array(EVENT | values))) == [(0, reason)]


def test_a_time_without_offset_stays_without_one_for_the_taker_to_refuse():
    assert read(array(EVENT | {"happened_at": "2026-11-20T10:00:00"})).events[0].happened_at.tzinfo is None


def test_a_file_may_hold_both_kinds():
    parsed = read(array(EVENT, {"waybill_no": "YT12345678", "goods": "茶"}), expects="")
    assert (len(parsed.events), parsed.master_data[0].goods) == (1, "茶")


CSV = "运单号,快递公司,扫描时间,状态,城市,描述\nYT12345678,yuantong,2026/11/20 10:00:00,签收,南京市,已签收\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_of_events(encoding):
    (event,) = read(CSV.encode(encoding), expects="").events
    assert (event.waybill_no, event.kind, event.source_code, event.city) == (
        "YT12345678",
        "delivered",
        "签收",
        "南京市",
    )
    assert event.happened_at == datetime(2026, 11, 20, 10, 0, tzinfo=ZONE)


def test_english_columns_tabs_titles_and_empty_rows():
    header, row = b"Waybill_No*\tkind\thappened_at", b"YT12345678\taccepted\t2026-11-20T10:00:00Z"
    body = b"report of November\n\n" + header + b"\n\n" + row + b"\n\t\t\n"
    assert [e.kind for e in read(body, expects="").events] == ["accepted"]


def test_a_word_nobody_has_mapped_is_unknown_and_keeps_its_code():
    (event,) = read(CSV.replace("签收,南京市", "飞走了,南京市").encode(), expects="").events
    assert (event.kind, event.source_code) == ("unknown", "飞走了")


def test_a_csv_of_master_data():
    header = "运单号,收件人,收件人电话,收件地址,内件\n"
    body = (header + '="YT12345678",王女士,\'19900000001,南京市江宁区,茶\n').encode()
    (item,) = read(body, expects="").master_data
    assert (item.waybill_no, item.consignee.phone, item.goods) == ("YT12345678", "19900000001", "茶")


def workbook(*rows):
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["说明"])
    sheet = book.create_sheet("轨迹")
    for row in rows:
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def test_an_excel_file_with_a_cover_sheet_and_real_dates():
    body = workbook(["运单号", "时间", "状态"], [3160000261634, datetime(2026, 11, 20, 10, 0), "派件"])  # noqa: DTZ001
    (event,) = read(body, expects="").events
    assert (event.waybill_no, event.kind) == ("3160000261634", "out_for_delivery")
    assert event.happened_at == datetime(2026, 11, 20, 10, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    "body", [b"PK\x03\x04 no zip", b"a,b\n1,2\n", "姓名,电话\n".encode(), b"\x89PNG\r\n\xff\xff\xff"]
)
def test_files_without_a_header_we_know(body):
    with pytest.raises(NotFramed):
        read(body, expects="")


def test_an_old_excel_file_is_named():
    with pytest.raises(Unreadable) as caught:
        read(b"\xd0\xcf\x11\xe0rest", expects="")
    assert caught.value.reason == "old_excel"
