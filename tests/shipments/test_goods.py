"""What is sent: the kind, whether it may go, how it is packed; nothing of ours is called law."""

from datetime import date

import pytest

from yishi.shipments.rules.goods import advise, kinds_in, laws_at, with_own
from yishi.shipments.rules.goods_kinds import CHECK, DEFAULTS, FORBIDDEN, OK, RESTRICTED, GoodsKind


@pytest.mark.parametrize(
    ("goods", "kind", "verdict"),
    [
        ("阳澄湖大闸蟹 8 只", "FRESH", OK),
        ("烟台苹果一箱", "FRUIT", OK),
        ("生日蛋糕", "CAKE", OK),
        ("鲜花花束", "FLOWERS", OK),
        ("绿萝盆栽", "PLANT", CHECK),
        ("景德镇瓷器茶具", "GLASS", OK),
        ("苹果手机", "ELECTRONICS", RESTRICTED),
        ("充电宝", "BATTERY", RESTRICTED),
        ("白酒两瓶", "LIQUID", CHECK),
        ("奶粉", "POWDER", CHECK),
        ("降压药", "MEDICINE", CHECK),
        ("口红和面霜", "COSMETICS", CHECK),
        ("发胶", "AEROSOL", FORBIDDEN),
        ("打火机 100 个", "FLAMMABLE", FORBIDDEN),
        ("75%酒精", "FLAMMABLE", FORBIDDEN),
        ("烟花", "EXPLOSIVE", FORBIDDEN),
        ("宠物狗", "LIVE_ANIMAL", FORBIDDEN),
        ("现金", "CASH", FORBIDDEN),
        ("合同文件", "DOCUMENTS", OK),
        ("身份证", "IDENTITY", CHECK),
        ("黄金项链", "VALUABLE", CHECK),
        ("羽绒服", "CLOTHING", OK),
        # what only looks like it
        ("手机壳", None, CHECK),
        ("无酒精消毒湿巾", None, CHECK),
        ("牛肉干", "FOOD", OK),
        ("遥控车（不含电池）玩具", "TOYS", OK),
        ("", None, CHECK),
    ],
)
def test_what_is_sent(goods, kind, verdict):
    advice = advise(goods=goods)
    assert (advice.kinds[0].key if advice.kinds else None, advice.verdict) == (kind, verdict)
    assert advice.must_open == (verdict in (CHECK, RESTRICTED))


def test_the_gravest_counts_and_steps_stand_once():
    advice = advise(goods="玻璃瓶白酒，打火机")
    assert advice.verdict == FORBIDDEN and advice.kinds[0].reason == "burns"
    assert len(advice.steps) == len(set(advice.steps)) and "WRAP_EACH" in advice.steps


@pytest.mark.parametrize(
    ("goods", "fen", "insures"),
    [
        ("衣服", 99_999, False),
        ("衣服", 100_000, True),
        ("茶具", 30_000, True),
        ("衣服", 30_000, False),
        ("黄金", None, True),
    ],
)
def test_insurance_is_suggested_by_value(goods, fen, insures):
    assert advise(goods=goods, declared_value_fen=fen).insures is insures


def test_fresh_goods_want_ice_and_have_their_hours():
    advice = advise(goods="海鲜、水果")
    assert advice.needs_ice and advice.best_before_hours == 48


def test_the_operators_own_rule_stands_in_the_place_of_ours():
    own = GoodsKind("CAKE", ("蛋糕",), FORBIDDEN, own_reason="本站不收蛋糕", source="网点通知 2026-1")
    more = GoodsKind("OWN1", ("无糖粽",), RESTRICTED)
    rules = with_own([own, more])
    assert len(rules) == len(DEFAULTS) + 1
    assert advise(goods="蛋糕", rules=rules).kinds[0].own_reason == "本站不收蛋糕"
    assert kinds_in("无糖粽", rules)[0].key == "OWN1"


def test_a_law_that_ended_is_not_shown():
    assert [law.name for law in laws_at(date(2026, 11, 22))] == ["浙江省快递业促进条例"]
