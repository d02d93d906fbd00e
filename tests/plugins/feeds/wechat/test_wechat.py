"""WeChat's logistics messages in, literal results out; its signature, its greeting and its answers."""

import csv
import json
import os
from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import yishi
from yishi.feeds.port import (
    BAD_SIGNATURE,
    QUERY,
    TAKEN,
    UNREADABLE,
    ParsedComplaint,
    ParsedEvent,
    Pushed,
    Rejected,
    Unreadable,
)
from yishi.feeds.rules import KINDS
from yishi.plugins.common.sealed import key_of, seal, signature_of, unseal
from yishi.plugins.feeds.wechat.card import PLUGIN
from yishi.plugins.feeds.wechat.mapping import ACTION, STATE, kind_of_action, kind_of_state

ZONE = ZoneInfo("Asia/Shanghai")
PAYLOADS = Path(yishi.__file__).parent / "plugins" / "feeds" / "wechat" / "payloads"
SHARED = Path(os.environ.get("YISHI_SHARED", "../shared")) / "domain"
FEED = PLUGIN
AT = datetime(2026, 11, 22, tzinfo=UTC)


def payload(name):
    return (PAYLOADS / f"{name}.json").read_bytes()


def read(body):
    return FEED.parse(body, "", {}, ZONE)


def moment(seconds):
    return datetime.fromtimestamp(seconds, UTC)


def query(token, timestamp="1795320000", nonce="77", **more):
    signature = sha1("".join(sorted((token, timestamp, nonce))).encode()).hexdigest()
    said = {"signature": signature, "timestamp": timestamp, "nonce": nonce, **more}
    return "&".join(f"{name}={value}" for name, value in said.items())


def test_a_path_is_read_literally():
    parsed = read(payload("path"))
    assert parsed.events[3] == ParsedEvent(
        waybill_no="YT9900000000025",
        carrier="YTO",
        kind="out_for_delivery",
        happened_at=moment(1795305600),
        text="苏州园区网点正在派件",
        source_code="300002",
    )
    assert [(e.kind, e.detail) for e in parsed.events[:3]] == [
        ("pickup_pending", "courier_assigned"),
        ("accepted", ""),
        ("in_transit", ""),
    ]
    assert parsed.rejected == []


def test_a_node_that_cannot_be_read_is_refused_alone():
    parsed = read(payload("path_broken"))
    assert parsed.rejected == [Rejected(0, "bad_time"), Rejected(1, "bad_json")]
    assert [(e.kind, e.source_code) for e in parsed.events] == [("unknown", "987654")]


def test_xml_says_the_same_as_json():
    parsed = read((PAYLOADS / "path.xml").read_bytes())
    assert [(e.kind, e.text) for e in parsed.events] == [
        ("accepted", "南京江宁网点已揽收"),
        ("out_for_delivery", "苏州园区网点 <2 号线> 正在派件"),
    ]
    one = b"<xml><Event>ewaybill_push_path</Event><waybill_info><waybill_id>YT9900000000033</waybill_id>"
    one += b"<update_time>1795312800</update_time><status>5</status></waybill_info></xml>"
    (event,) = read(one).events
    assert (event.waybill_no, event.kind) == ("YT9900000000033", "delivered")


@pytest.mark.parametrize(
    "body",
    [
        b"<xml><Event>add_express_path",
        b"<other/>",
        b"<xml>text</xml>",
        b'<!DOCTYPE x [<!ENTITY e "eeee">]><xml><Event>&e;</Event></xml>',
        b"<a>" * 5000,
    ],
)
def test_xml_that_is_none_is_unreadable(body):
    with pytest.raises(Unreadable):
        read(body)


def test_xml_is_answered_in_xml():
    body = b"<xml><FromUserName>o]]&gt;1</FromUserName><Event>waybill_complaint</Event></xml>"
    answer = FEED.answer(TAKEN, Pushed(body, {}, AT, ZONE))
    assert answer.content_type == "text/xml; charset=utf-8"
    assert b"<ToUserName><![CDATA[o]]1]]></ToUserName>" in answer.body
    assert b"<ResultCode>0</ResultCode><ResultMsg><![CDATA[success]]></ResultMsg></xml>" in answer.body


def test_a_state_is_read_literally():
    assert read(payload("state")).events == [
        ParsedEvent(
            waybill_no="YT9900000000033",
            carrier="YTO",
            kind="stored_at_pickup_point",
            detail="locker",
            happened_at=moment(1795312800),
            text="快件已放入百家湖小区快递柜",
            source_code="4",
        )
    ]


def test_trap_16_text_and_code_disagree_and_both_are_kept():
    (event,) = read(payload("state_contradicted")).events
    assert (event.source_code, event.text) == ("1", "您的快件已由本人签收，感谢使用")
    assert (event.kind, event.detail) == ("delivered", "unknown")


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        ("1", "您的快件已签收", "delivered"),
        ("3", "快件签收成功", "delivered"),
        ("3", "您的快件还未签收，请保持电话畅通", "out_for_delivery"),
        ("3", "快件已派送请签收", "out_for_delivery"),
        ("3", "快件已送达待签收", "out_for_delivery"),
        ("6", "快件已签收后退回", "returning"),
        ("9", "快递员已将快件取出", "retrieved_by_courier"),
        ("9", "出柜", "retrieved_by_courier"),
        ("9", "收件人已凭取件码取出", "delivered"),
        ("42", "", "unknown"),
    ],
)
def test_the_text_counts_where_it_plainly_says_more(code, text, kind):
    assert kind_of_state(code, text)[0] == kind


def test_a_failed_signing_is_not_a_signing():
    assert kind_of_action("300004", "签收失败，收件人不在") == ("delivery_failed", "")
    assert kind_of_action("300002", "签收失败，改日再派") == ("out_for_delivery", "")


@pytest.mark.parametrize(("source", "mapping"), [("wechat_ewaybill", STATE), ("wechat_path", ACTION)])
def test_the_mapping_is_the_domain_s(source, mapping):
    path = SHARED / "mapping.csv"
    if not path.exists():
        pytest.skip("mapping.csv is not here")
    rows = [r for r in csv.DictReader(path.open(encoding="utf-8")) if r["source"] == source]
    # a remark of several words is no detail
    expected = {
        r["code"]: (r["normalised"], r["detail"] if " " not in r["detail"] else "ambiguous") for r in rows
    }
    assert mapping == expected
    assert {kind for kind, _ in mapping.values()} <= KINDS


def test_a_complaint_is_read_literally():
    assert read(payload("complaint")).complaints == [
        ParsedComplaint(
            external_no="wxtoken99000017-1795320060",
            category="DAMAGED",
            text="箱子压扁了，里面的杯子少了一个",
            waybill_no="YT9900000000025",
            phone="19900000025",
            name="林晓",
            pictures=("https://pictures.example.cn/a.jpg", "https://pictures.example.cn/b.jpg"),
            happened_at=moment(1795320060),
        )
    ]


@pytest.mark.parametrize(
    ("kind", "category"),
    [
        (1004, "DELAY"),
        ("1005", "LOST"),
        (1006, "DAMAGED"),
        (1007, "ATTITUDE"),
        (1008, "OTHER"),
        (1099, "1099"),
    ],
)
def test_kinds_of_complaint(kind, category):
    message = {**json.loads(payload("complaint")), "ComplainType": kind}
    assert read(json.dumps(message).encode()).complaints[0].category == category


def test_a_complaint_that_says_nothing_is_handed_on():
    (complaint,) = read(payload("complaint_bare")).complaints
    assert (complaint.category, complaint.text, complaint.phone, complaint.pictures) == ("1099", "", "", ())


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'{"Event": "subscribe"}', b'{"Event": {"a": 1}}', b"<xml>"]
)
def test_what_is_no_message_is_unreadable(body):
    with pytest.raises(Unreadable):
        read(body)


def test_a_state_without_its_object_is_unreadable():
    with pytest.raises(Unreadable):
        read(b'{"Event": "ewaybill_push_path", "waybill_info": 7}')


def test_the_signature_stands_in_the_address():
    settings = {"token": "t0ken"}
    assert FEED.check_signature(b"{}", {QUERY: query("t0ken")}, settings)
    assert FEED.check_signature(b"{}", {}, {})
    for wrong in ("", query("other"), query("t0ken").replace("nonce=77", "nonce=78"), "signature=%FF&" * 99):
        assert not FEED.check_signature(b"{}", {QUERY: wrong}, settings)


def test_the_console_gets_its_echo_back():
    settings = {"token": "t0ken"}
    assert FEED.greet(query("t0ken", echostr="817326"), settings).body == b"817326"
    assert FEED.greet(query("other", echostr="817326"), settings).status == 401


@pytest.mark.parametrize("name", ["state", "complaint"])
def test_the_answer_is_the_message_back_with_a_result(name):
    answer = FEED.answer(TAKEN, Pushed(payload(name), {}, AT, ZONE))
    assert json.loads(answer.body) == {
        "ToUserName": "oAbCdEfGhIjKlMnOpQrStUvWxYz0",
        "FromUserName": "gh_0a1b2c3d4e5f",
        "CreateTime": 1795305600,
        "MsgType": "event",
        "Event": json.loads(payload(name))["Event"],
        "ResultCode": 0,
        "ResultMsg": "success",
    }


def test_a_path_and_what_cannot_be_read_hear_success():
    for outcome, body in ((TAKEN, payload("path")), (UNREADABLE, b"<xml>")):
        answer = FEED.answer(outcome, Pushed(body, {}, AT, ZONE))
        assert (answer.status, answer.body) == (200, b"success")
    assert FEED.answer(BAD_SIGNATURE, Pushed(b"", {}, AT, ZONE)).status == 401


def test_the_documented_files_are_read():
    sample = SHARED / "feeds" / "wechat-1-ewaybill_push_path.json"
    if not sample.exists():
        pytest.skip("the shared feeds are not here")
    (event,) = read(sample.read_bytes()).events
    assert (event.waybill_no, event.kind, event.source_code, event.text) == (
        "xxxx",
        "delivered",
        "1",
        "您的快件已签收",
    )
    said = json.loads((SHARED / "feeds" / "wechat-2-ewaybill_push_path-ack.json").read_bytes())
    answer = json.loads(FEED.answer(TAKEN, Pushed(sample.read_bytes(), {}, AT, ZONE)).body)
    assert set(answer) == set(said)
    assert (answer["ResultCode"], answer["ResultMsg"]) == (said["ResultCode"], said["ResultMsg"])


# ---- safe mode: sealed with the console's key

SAFE = {"token": "t0ken", "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"}


def sealed_push(body, *, settings=SAFE, timestamp="1795320000", nonce="77"):
    """What WeChat sends: the envelope, and its address."""
    sealed = seal(body, key_of(settings["aes_key"]), "wx0000000000000001")
    said = signature_of(settings["token"], timestamp, nonce, sealed)
    return json.dumps({"ToUserName": "gh_1", "Encrypt": sealed}).encode(), {
        QUERY: f"timestamp={timestamp}&nonce={nonce}&msg_signature={said}"
    }


def test_a_sealed_path_reads_like_a_plain_one():
    body, headers = sealed_push(payload("path"))
    assert FEED.check_signature(body, headers, SAFE)
    assert FEED.parse(body, "", SAFE, ZONE) == read(payload("path"))


def test_what_was_sealed_is_answered_sealed():
    body, _headers = sealed_push(payload("complaint"))
    answer = FEED.answer(TAKEN, Pushed(body, SAFE, AT, ZONE))
    said = json.loads(answer.body)
    opened, app_id = unseal(said["Encrypt"], key_of(SAFE["aes_key"]))
    assert json.loads(opened)["ResultMsg"] == "success"
    assert app_id == "wx0000000000000001"
    parts = (SAFE["token"], str(said["TimeStamp"]), said["Nonce"], said["Encrypt"])
    assert said["MsgSignature"] == signature_of(*parts)


@pytest.mark.parametrize("change", ["altered", "plain", "unsigned"])
def test_with_a_key_nothing_else_passes(change):
    body, headers = sealed_push(payload("path"))
    if change == "altered":
        body = body.replace(b'"Encrypt": "', b'"Encrypt": "A')
    elif change == "plain":
        body, headers = payload("path"), {QUERY: query(SAFE["token"])}
    else:
        headers = {QUERY: headers[QUERY].partition("&msg_signature")[0]}
    assert not FEED.check_signature(body, headers, SAFE)


@pytest.mark.parametrize("sealed", ["", "x", "AAAA", "A" * 64])
def test_what_another_key_sealed_is_unreadable(sealed):
    with pytest.raises(Unreadable) as refused:
        FEED.parse(json.dumps({"Encrypt": sealed}).encode(), "", SAFE, ZONE)
    assert refused.value.reason == "bad_seal"


def test_a_key_of_the_wrong_length_is_said():
    body, _headers = sealed_push(payload("path"))
    with pytest.raises(Unreadable) as refused:
        FEED.parse(body, "", {**SAFE, "aes_key": "short"}, ZONE)
    assert refused.value.reason == "bad_key"
