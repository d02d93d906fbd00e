"""Pushes of YTO in, literal events out: it sends sentences instead of codes."""

import json
from hashlib import md5

import pytest

from tests.plugins.feeds.reading import (
    PUSHED,
    at,
    domain_rows,
    feed,
    form,
    needs_domain,
    payload,
    read,
    refusals,
)
from yishi.feeds.port import BAD_SIGNATURE, TAKEN, UNREADABLE, ParsedEvent, Unreadable

PARAM = payload("yto", "push.json")
FIELDS = {
    "app_key": "k",
    "format": "JSON",
    "method": "yto.Marketing.WaybillTrace",
    "param": PARAM.decode(),
    "timestamp": "2026-11-20 16:00:00",
    "user_id": "u",
    "v": "1.01",
}


def signed(secret="s4lt", **values):
    fields = {**FIELDS, **values}
    sign = md5((secret + "".join(k + fields[k] for k in sorted(fields))).encode()).hexdigest().upper()
    return form(sign=sign, **fields)


def kind(text):
    scan = {"waybill_No": "YT9900000000171", "upload_Time": "2026-11-20 10:00:00", "processInfo": text}
    return read("yto", json.dumps([scan]).encode()).events[0].kind


def test_a_push_is_read_literally():
    parsed = read("yto", signed())
    assert parsed.rejected == []
    assert parsed.events[3] == ParsedEvent(
        waybill_no="YT9900000000171",
        carrier="yuantong",
        kind="accepted",
        happened_at=at(2026, 11, 18, 17, 5),
        city="杭州市",
        text="【浙江省杭州市未来科技城公司】 已收件 取件人: 赵师傅 (19900000012)",
    )
    assert [e.kind for e in parsed.events] == ["delivered", "out_for_delivery", "in_transit", "accepted"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("【南京市东山公司】 已收件", "accepted"),
        ("【南京市东山公司】 派件中 派件人: 刘师傅", "out_for_delivery"),
        ("【东山公司】 派件中，如您不在家请联系刘师傅", "out_for_delivery"),
        ("客户签收人: 王** 已签收", "delivered"),
        ("快件到达 南京派件中心", "in_transit"),
        ("快件已发往 派件中转部", "in_transit"),
        ("退回件 已签收", "unknown"),
        ("客户未收到，系统显示已签收", "unknown"),
        ("如已签收请忽略", "unknown"),
        ("若您已签收，请忽略", "unknown"),
        ("已签收，如需取件请到东山驿站", "unknown"),
        ("快递柜 已签收", "unknown"),
        ("拒收，派件中断", "unknown"),
        ("上午派件中，下午已签收", "unknown"),
        ("快件已到达东山网点", "arrived_at_outlet"),
        ("快件已暂存至东山驿站", "stored_at_pickup_point"),
        ("如需存放驿站请联系刘师傅", "unknown"),
        ("天气晴朗", "unknown"),
        ("", "unknown"),
    ],
)
def test_trap_low_confidence_a_sentence_is_read_only_where_it_is_plain(text, expected):
    assert kind(text) == expected


@needs_domain
def test_every_phrase_of_the_domain_is_mapped_as_it_says():
    rows = domain_rows("yto_text")
    assert {text: kind(text) for text in rows} == {text: row[1] for text, row in rows.items()}
    assert len(rows) == 3


def test_one_bad_scan_is_one_refusal():
    parsed = read("yto", PARAM.replace(b"2026/11/18 17:05", b"yesterday"))
    assert (len(parsed.events), refusals(parsed)) == (3, [(3, "bad_time")])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "missing_field"),
        (b"param=%5B", "bad_json"),
        (b"param=true", "bad_json"),
        (b"{}", "missing_field"),
    ],
)
def test_what_is_no_push_is_unreadable(body, reason):
    with pytest.raises(Unreadable) as caught:
        read("yto", body)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("body", "is_right"),
    [
        (signed(), True),
        (signed().replace(b"YT9900000000171", b"YT9900000000172"), False),
        (signed("other"), False),
        (signed().replace(b"sign=", b"sign=0"), False),
        (PARAM, False),
        (b"", False),
    ],
)
def test_the_sign_is_over_every_field(body, is_right):
    assert feed("yto").check_signature(body, {}, {"secret": "s4lt"}) is is_right


def test_without_a_secret_nothing_is_signed():
    assert feed("yto").check_signature(PARAM, {}, {})


def test_its_own_words():
    assert feed("yto").answer(TAKEN, PUSHED) == feed("yto").answer(UNREADABLE, PUSHED)
    assert json.loads(feed("yto").answer(TAKEN, PUSHED).body)["success"] is True
    assert feed("yto").answer(BAD_SIGNATURE, PUSHED).status == 401
