"""Pushes of SF in all their forms, literal events out; its signatures and its words."""

import json
from base64 import b64encode
from hashlib import md5

import pytest

from tests.plugins.feeds.reading import (
    PUSHED,
    at,
    digest,
    domain_rows,
    feed,
    form,
    needs_domain,
    payload,
    read,
    refusals,
)
from yishi.feeds.port import BAD_SIGNATURE, TAKEN, UNREADABLE, ParsedEvent, Pushed, Unreadable

XML = payload("sf", "routes.xml")
JSON = payload("sf", "routes.json")
WORD = {"check_word": "ch3ck"}


def route(code="50", remark="x", **said):
    return {
        "mailno": "SF9900000000027",
        "acceptTime": "2026-11-20 10:00:00",
        "opCode": code,
        "remark": remark,
    } | said


def told(*routes):
    return read("sf", json.dumps({"Body": {"WaybillRoute": routes}}, ensure_ascii=False).encode())


def meaning(code, remark="x"):
    (event,) = told(route(code, remark)).events
    return event.kind, event.detail


def legacy(xml, word=b"ch3ck", **fields):
    return form(content=xml, **{"verifyCode": digest(xml, word), **fields})


def message(data, **fields):
    """The newer form; the digest is over the text as Java's URLEncoder writes it."""
    quoted = "%7B%22a%22%3A+%22%E6%B4%BE+%7E*%22%7D1763600000000ch3ck"
    said = b64encode(md5(quoted.encode()).digest()).decode()
    return form(msgData=data, timestamp="1763600000000", **{"msgDigest": said, **fields})


def test_the_xml_form_is_read_literally():
    parsed = read("sf", form(content=XML))
    assert parsed.rejected == []
    assert parsed.events[2] == ParsedEvent(
        waybill_no="SF9900000000027",
        carrier="shunfeng",
        kind="arrived_at_outlet",
        happened_at=at(2026, 11, 19, 7, 30),
        city="南京市",
        outlet="025DJ",
        text="快件到达 【江宁百家湖营业点】",
        source_code="31",
    )
    assert [(e.kind, e.text) for e in parsed.events] == [
        ("accepted", "顺丰速运 已收取快件"),
        ("arrived_hub", "快件到达 【南京集散中心】"),
        ("arrived_at_outlet", "快件到达 【江宁百家湖营业点】"),
        ("out_for_delivery", ""),
    ]


@pytest.mark.parametrize("body", [XML, form(content=XML), b"\xef\xbb\xbf" + XML, b"\n" + XML])
def test_xml_comes_bare_or_in_its_form(body):
    assert read("sf", body).events == read("sf", XML).events


def test_xml_in_gb18030_whatever_it_says_of_itself():
    text = XML.decode()
    expected = read("sf", XML).events
    assert read("sf", text.encode("gb18030")).events == expected
    assert read("sf", text.replace("UTF-8", "GBK").encode("gb18030")).events == expected


def test_the_json_form_is_read_literally():
    parsed = read("sf", JSON)
    assert [(e.kind, e.detail, e.text) for e in parsed.events] == [
        ("delivery_scheduled", "assigning", "正在为您的快件分配最合适的快递员，请您稍等"),
        ("out_for_delivery", "", "快件交给王小明，正在派送途中（联系电话：19900000001）"),
        ("delivery_failed", "unreachable", "收件人无法联系"),
        ("stored_at_pickup_point", "sf_store", "快件已到达顺丰店【江宁百家湖店】"),
        ("returning", "", "您的快件已退回，新单号 SF9900000000043"),
    ]
    assert refusals(parsed) == [(5, "bad_time")]


@pytest.mark.parametrize("body", [form(content=JSON), form(msgData=JSON)])
def test_json_comes_in_a_form_too(body):
    assert read("sf", body).events == read("sf", JSON).events


def test_one_route_alone_need_not_be_a_list():
    body = json.dumps({"Body": {"WaybillRoute": route()}}).encode()
    assert [e.kind for e in read("sf", body).events] == ["accepted"]


@pytest.mark.parametrize(
    ("remark", "expected"),
    [
        ("正在为您的快件分配最合适的快递员，请您稍等", ("delivery_scheduled", "assigning")),
        ("正在派送途中，请您准备签收", ("out_for_delivery", "")),
        ("", ("out_for_delivery", "")),
    ],
)
def test_trap_06_44_may_only_be_the_choice_of_a_courier(remark, expected):
    assert meaning("44", remark) == expected
    assert meaning("204", remark) == ("out_for_delivery", "")


@pytest.mark.parametrize(
    ("remark", "kind"),
    [
        ("快件到达 【南京集散中心】", "arrived_hub"),
        ("快件到达【苏州中转场】，准备发往【江宁营业点】", "arrived_hub"),
        ("快件到达 【江宁百家湖营业点】", "arrived_at_outlet"),
        ("快件到达 【百家湖速运店】", "arrived_at_outlet"),
        ("快件到达", "arrived_hub"),
    ],
)
def test_trap_07_31_is_a_hub_or_an_outlet_as_the_remark_says(remark, kind):
    assert meaning("31", remark) == (kind, "")


def test_trap_15_twelve_bare_digits_are_a_number_of_sf():
    assert told(route(mailno=444000000000)).events[0].waybill_no == "444000000000"


@pytest.mark.parametrize(
    ("remark", "expected"),
    [
        ("快件已退回，新单号SF9900000000043", ("returning", "")),
        ("已按要求转寄，新单号SF9900000000043", ("forwarded", "new_address")),
    ],
)
def test_648_goes_back_or_on(remark, expected):
    assert meaning("648", remark) == expected


@pytest.mark.parametrize(
    ("remark", "why"),
    [
        ("派件不成功，电话无法接通", "unreachable"),
        ("收件地址不详", "bad_address"),
        ("收方电话号码有误", "bad_phone"),
        ("超出派送范围", "out_of_area"),
        ("收方公司放假", "business_closed"),
        ("派件不成功", ""),
    ],
)
def test_the_remark_says_why_a_delivery_failed(remark, why):
    assert meaning("70", remark) == meaning("33", remark) == ("delivery_failed", why)


@pytest.mark.parametrize(
    ("remark", "kind"),
    [
        ("快件正在派送途中", "out_for_delivery"),
        ("已揽收", "accepted"),
        ("您的快件已签收", "unknown"),
        ("感谢使用", "unknown"),
    ],
)
def test_without_a_code_the_remark_speaks_but_never_signs(remark, kind):
    assert meaning("", remark) == (kind, "")


def test_an_unknown_code_is_unknown_whatever_its_remark_says():
    assert meaning("9999", "快件正在派送途中") == ("unknown", "")


def test_one_broken_route_of_a_thousand_leaves_the_others():
    routes = [route(mailno=f"SF99{n:011}") for n in range(1000)]
    routes[500] = route(acceptTime="")
    parsed = told(*routes)
    assert len(parsed.events) == 999
    assert refusals(parsed) == [(500, "missing_field")]


_LAUGHS = b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
_FILE = b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("doctype", [_LAUGHS, _FILE, b'<!DOCTYPE r SYSTEM "http://127.0.0.1/x.dtd">'])
def test_a_document_type_is_refused(doctype):
    body = doctype + b'<Request><Body><WaybillRoute mailno="SF9900000000027" remark="&a;"/></Body></Request>'
    with pytest.raises(Unreadable, match="document type"):
        read("sf", body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "missing_field"),
        (b"content=", "missing_field"),
        (b"content=%3Cbroken", "bad_xml"),
        (b"<Request/>", "missing_field"),
        (b"<Request>&undefined;</Request>", "bad_xml"),
        (b"<a>" * 100_000, "bad_xml"),
        (b"<\x00>", "bad_xml"),
        (b"content=%ff%ff", "bad_encoding"),
        (b"{}", "missing_field"),
        (b'{"Body": 5}', "missing_field"),
        (b'{"Body": {"WaybillRoute": "x"}}', "missing_field"),
        (b'{"Body": ' + b"[" * 5000, "bad_json"),
        (b"msgData=x", "bad_json"),
    ],
)
def test_what_is_no_push_is_unreadable(body, reason):
    with pytest.raises(Unreadable) as caught:
        read("sf", body)
    assert caught.value.reason == reason


MESSAGE = '{"a": "派 ~*"}'.encode()


@pytest.mark.parametrize(
    ("body", "is_right"),
    [
        (legacy(XML), True),
        (legacy(XML, b"other"), False),
        (legacy(XML, verifyCode=""), False),
        (legacy(XML).replace(b"SF99", b"SF98"), False),
        (form(content=XML), False),
        (message(MESSAGE), True),
        (message(MESSAGE).replace(b"timestamp=17", b"timestamp=18"), False),
        (message(MESSAGE, msgDigest="x"), False),
        (message(b"{}"), False),
        (JSON, False),
        (XML, False),
        (b"", False),
        (b"\xff\x00&&==%", False),
    ],
)
def test_the_signature(body, is_right):
    assert feed("sf").check_signature(body, {}, WORD) is is_right


def test_without_a_check_word_nothing_is_signed():
    assert feed("sf").check_signature(b"content=x", {}, {})


def answered(outcome, body):
    return feed("sf").answer(outcome, Pushed(body, {}, PUSHED.at, PUSHED.zone))


@pytest.mark.parametrize("body", [form(content=XML), XML, b"content=broken", b""])
def test_xml_is_answered_in_xml(body):
    taken, refused = answered(TAKEN, body), answered(BAD_SIGNATURE, body)
    assert taken == answered(UNREADABLE, body)
    assert (taken.status, taken.content_type) == (200, "text/xml; charset=utf-8")
    assert b'<Response service="RoutePushService"><Head>OK</Head></Response>' in taken.body
    assert refused.status == 401
    assert b'<Head>ERR</Head><ERROR code="4001">' in refused.body


@pytest.mark.parametrize("body", [JSON, message(MESSAGE), b"{broken"])
def test_json_is_answered_in_json(body):
    taken, refused = answered(TAKEN, body), answered(BAD_SIGNATURE, body)
    assert taken == answered(UNREADABLE, body)
    assert json.loads(taken.body) == {"return_code": "0000", "return_msg": "成功"}
    assert (refused.status, json.loads(refused.body)["return_code"]) == (401, "1000")


@needs_domain
def test_every_code_of_the_domain_is_mapped_as_it_says():
    rows = domain_rows("sf_opcode")
    assert len(rows) == 19
    for code, (_label, kind, detail) in rows.items():
        # details with spaces or a question mark are remarks to the reader of that table
        is_remark = " " in detail or "?" in detail
        assert meaning(code) == (kind, "" if is_remark else detail), code
