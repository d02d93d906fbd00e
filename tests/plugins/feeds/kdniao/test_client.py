"""快递鸟 asked over a socket that checks account and signature."""

import json
from zoneinfo import ZoneInfo

import pytest

from tests.fakes.aggregators import aggregator
from yishi.feeds.port import ENDED, LOST, PluginError, SettingsRefused, Wanted
from yishi.plugins.feeds.kdniao.card import CLIENT, PLUGIN

ZONE = ZoneInfo("Asia/Shanghai")
PARCEL = Wanted("SF9900000000017", "shunfeng", "0001")


@pytest.fixture
def fake():
    with aggregator() as server:
        yield server


def subscribe(fake, wanted=PARCEL, **settings):
    CLIENT.subscribe(wanted, push_url="", settings=fake.kdniao | settings)
    return fake.asked[-1][1]


@pytest.mark.parametrize(("plan", "kinds"), [("", ("8008", "8002")), ("free", ("1008", "1002"))])
def test_what_is_asked(fake, plan, kinds):
    form = subscribe(fake, plan=plan)
    CLIENT.query(PARCEL, settings=fake.kdniao | {"plan": plan})
    assert (form["RequestType"], fake.asked[1][1]["RequestType"]) == kinds
    said = json.loads(form["RequestData"])
    assert (said["ShipperCode"], said["LogisticCode"], said["CustomerName"]) == (
        "SF",
        "SF9900000000017",
        "0001",
    )


def test_an_answer_is_read_by_the_plug_in(fake):
    fetched = CLIENT.query(PARCEL, settings=fake.kdniao)
    (event,) = PLUGIN.parse(fetched.body, fetched.content_type, {}, ZONE).events
    assert (event.waybill_no, event.carrier, event.kind) == ("SF9900000000017", "SF", "accepted")


def test_already_subscribed_is_what_was_wanted(fake):
    fake.said[PARCEL.waybill_no] = {"Success": False, "Reason": "该单号已订阅"}
    assert subscribe(fake)["EBusinessID"] == "1999999"


@pytest.mark.parametrize(
    ("reason", "kind", "permanent"),
    [
        ("数据验证不通过", SettingsRefused, True),
        ("套餐余额不足", SettingsRefused, True),
        ("快递公司不支持", PluginError, True),
        ("CustomerName 不能为空", PluginError, True),
        ("暂无轨迹信息", PluginError, False),
        ("没有该单号的轨迹", PluginError, False),
        ("系统繁忙", PluginError, False),
    ],
)
def test_refusals(fake, reason, kind, permanent):
    fake.said[PARCEL.waybill_no] = {"Success": False, "Reason": reason}
    for ask in (lambda: subscribe(fake), lambda: CLIENT.query(PARCEL, settings=fake.kdniao)):
        with pytest.raises(PluginError) as error:
            ask()
        assert (type(error.value), error.value.permanent, str(error.value)) == (kind, permanent, reason)


def test_a_wrong_key_is_found_out(fake):
    with pytest.raises(SettingsRefused) as error:
        subscribe(fake, app_key="other-key-7")
    assert "other-key-7" not in str(error.value)


@pytest.mark.parametrize(
    ("parcel", "states"),
    [
        ({"State": "2"}, []),
        ({"State": "3", "StateEx": "301"}, [ENDED]),
        ({"State": "3", "StateEx": "311"}, []),
        ({"State": "4", "StateEx": "406"}, [ENDED]),
        ({"Success": False, "Reason": "3天无轨迹"}, [LOST]),
    ],
)
def test_what_a_push_says_of_the_subscription(parcel, states):
    pushed = {"LogisticCode": "780000000001", "ShipperCode": "ZTO", "Success": True, "Traces": []} | parcel
    body = {"PushTime": "2026-11-22 09:00:00", "Count": "1", "Data": [pushed]}
    parsed = PLUGIN.parse(json.dumps(body).encode(), "", {}, ZONE)
    assert [news.state for news in parsed.subscriptions] == states
