"""快递100 asked over a socket that checks keys and signatures; what goes wrong says no secret."""

import json
import socket
from zoneinfo import ZoneInfo

import pytest

from tests.fakes.aggregators import aggregator
from yishi.feeds.port import ENDED, LOST, PluginError, SettingsRefused, SubscriptionNews, Unanswered, Wanted
from yishi.plugins.feeds.kuaidi100.card import CLIENT, PLUGIN

ZONE = ZoneInfo("Asia/Shanghai")
PARCEL = Wanted("SF9900000000017", "shunfeng", "0001")
PUSH_URL = "https://kd.example.cn/feeds/kuaidi100/abc"


@pytest.fixture
def fake():
    with aggregator() as server:
        yield server


def subscribe(fake, wanted=PARCEL, **settings):
    CLIENT.subscribe(wanted, push_url=PUSH_URL, settings=fake.kuaidi100 | settings)
    return json.loads(fake.asked[-1][1]["param"])


def test_a_subscription_says_all_that_is_documented(fake):
    said = subscribe(fake, salt="s4lt")
    assert fake.asked[0][1]["schema"] == "json"
    assert said == {
        "company": "shunfeng",
        "number": "SF9900000000017",
        "key": "fake-key-1",
        "parameters": {"callbackurl": PUSH_URL, "resultv2": "4", "phone": "0001", "salt": "s4lt"},
    }


def test_without_a_carrier_the_source_finds_it_out(fake):
    assert subscribe(fake, Wanted("SF9900000000017", ""))["parameters"]["autoCom"] == "1"


@pytest.mark.parametrize("code", ["200", "501"])
def test_taken(fake, code):
    fake.said[PARCEL.waybill_no] = {"returnCode": code}
    subscribe(fake)
    assert fake.numbers() == [PARCEL.waybill_no]


@pytest.mark.parametrize(
    ("code", "kind", "permanent"),
    [
        ("600", SettingsRefused, True),
        ("601", SettingsRefused, True),
        ("700", PluginError, True),
        ("701", PluginError, True),
        ("702", PluginError, True),
        ("500", PluginError, False),
        ("999", PluginError, False),
    ],
)
def test_refusals(fake, code, kind, permanent):
    fake.said[PARCEL.waybill_no] = {"result": False, "returnCode": code, "message": "拒绝 fake-key-1"}
    with pytest.raises(PluginError) as error:
        subscribe(fake)
    assert (type(error.value), error.value.permanent) == (kind, permanent)
    assert str(error.value) == f"{code} 拒绝 …"


def test_a_query_is_signed_and_its_answer_is_read_by_the_plug_in(fake):
    fetched = CLIENT.query(PARCEL, settings=fake.kuaidi100)
    parsed = PLUGIN.parse(fetched.body, fetched.content_type, {}, ZONE)
    assert [(e.waybill_no, e.carrier, e.kind) for e in parsed.events] == [
        ("SF9900000000017", "shunfeng", "accepted")
    ]
    assert parsed.subscriptions == []


@pytest.mark.parametrize(
    ("settings", "wanted", "kind"),
    [
        ({"customer": "ANOTHER"}, PARCEL, SettingsRefused),
        ({"key": ""}, PARCEL, SettingsRefused),
        ({"query_url": "nonsense"}, PARCEL, SettingsRefused),
        ({}, Wanted("SF9900000000017", ""), PluginError),
    ],
)
def test_queries_that_cannot_be(fake, settings, wanted, kind):
    with pytest.raises(kind) as error:
        CLIENT.query(wanted, settings=fake.kuaidi100 | settings)
    assert error.value.permanent
    assert "fake-key-1" not in str(error.value)


def test_nothing_found_yet_is_asked_later(fake):
    fake.said[PARCEL.waybill_no] = {
        "result": False,
        "returnCode": "500",
        "message": "查询无结果，请隔段时间再查",
    }
    with pytest.raises(PluginError) as error:
        CLIENT.query(PARCEL, settings=fake.kuaidi100)
    assert not error.value.permanent


def test_a_pickup_code_is_asked_with_the_whole_number(fake):
    fetched = CLIENT.pickup_code(PARCEL, phone="19900000001", asked_at_ms=1, settings=fake.kuaidi100)
    assert json.loads(fetched.body)["data"]["pickUpCode"] == "6-1-2045"
    with pytest.raises(PluginError):
        CLIENT.pickup_code(PARCEL, phone="0001", asked_at_ms=1, settings=fake.kuaidi100)


@pytest.mark.parametrize("status", [301, 302, 404, 429, 500, 503])
def test_only_success_counts_and_redirects_are_not_followed(fake, status):
    fake.status, fake.headers = status, {"Location": f"{fake.url}/poll"}
    with pytest.raises(Unanswered) as error:
        subscribe(fake)
    assert (str(error.value), error.value.was_sent, len(fake.asked)) == (f"answered {status}", False, 1)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"returnCode"', b"x" * (2 * 1024 * 1024 + 1)])
def test_what_is_no_answer_may_have_counted(fake, body):
    fake.raw = body
    with pytest.raises(Unanswered) as error:
        subscribe(fake)
    assert error.value.was_sent


def test_too_slow_may_have_counted_not_reached_did_not(fake, monkeypatch):
    monkeypatch.setattr("yishi.plugins.common.asking._TIMEOUT", 0.2)
    fake.delay = 0.6
    with pytest.raises(Unanswered) as slow:
        subscribe(fake)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = f"http://127.0.0.1:{nobody.getsockname()[1]}/poll"
        with pytest.raises(Unanswered) as gone:
            subscribe(fake, subscribe_url=away)
    assert (slow.value.was_sent, gone.value.was_sent) == (True, False)


def push(status, **more):
    result = {"nu": "YT9900000000017", "com": "yuantong", "data": []}
    body = {"status": status, "message": "3天查询无记录", "lastResult": result | more}
    return PLUGIN.parse(json.dumps(body).encode(), "", {}, ZONE).subscriptions


@pytest.mark.parametrize("status", ["polling", "updateall"])
def test_going_on_is_no_news(status):
    assert push(status) == []


@pytest.mark.parametrize(("status", "state"), [("shutdown", ENDED), ("abort", LOST)])
def test_what_a_push_says_of_the_subscription(status, state):
    assert push(status) == [SubscriptionNews("YT9900000000017", state, "yuantong", "3天查询无记录")]


def test_a_signed_parcels_answer_ends_the_polling():
    body = {"nu": "YT9900000000017", "com": "yuantong", "ischeck": "1", "status": "200", "data": []}
    (news,) = PLUGIN.parse(json.dumps(body).encode(), "", {}, ZONE).subscriptions
    assert news.state == ENDED
