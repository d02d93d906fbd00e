"""Waybill numbers as people paste them: invented messages as carriers, lockers and shops send them."""

import time

import pytest

from yishi.shipments.rules.numbers import MOST_NUMBERS, is_mobile, numbers_in

YT, SF, ZT, JT, EMS = (
    "YT1234567890123",
    "SF1234567890123",
    "73100000001234",
    "JT0000000001234",
    "9800000001234",
)
NO = "771200000018826"
OTHER = "771200000018827"

BARE = [
    (NO, [NO]),
    ("７７１２００００００１８８２６", [NO]),
    (" 7712 0000 0018 826 ", [NO]),
    ("7712-0000-0018-826", [NO]),
    ("7712\u20130000\u20130018\u2013826", [NO]),
    ("7712\u200b00000018826", [NO]),
    ("sf-1234-5678-9012", ["SF123456789012"]),
    ("SF 1234 5678 9012 3", [SF]),
    ("yt1234567890123", [YT]),
    ("JD0123456789012-1-1-", ["JD012345678901211"]),
    ("JDVA00000000123", ["JDVA00000000123"]),
    ("RR123456785CN", ["RR123456785CN"]),
    ("单号 123456", ["123456"]),
    ("12345678", ["12345678"]),
    (f"{NO} {YT}", [YT, NO]),
    (f"{NO}\n{OTHER}", [NO, OTHER]),
    (f"{NO},{OTHER};{YT}", [YT, NO, OTHER]),
    (f"{NO}、{OTHER}", [NO, OTHER]),
    (f"{NO} {NO}", [NO]),
    (f"{YT}/{SF}", [YT, SF]),
]

MESSAGES = [
    (f"【某快递】您的包裹{YT}已到东山驿站，取件码3-2-1045，另一件{NO}也已到。", [YT, NO]),
    (f"【菜鸟驿站】您的{NO}包裹已到，请凭3-2-1045到东山老街店领取，电话13812345678。", [NO]),
    (f"【驿站】您的快递{NO}已到，电话13812345678", [NO]),
    (f"【圆通】{YT}由小李19900000011派送，如有疑问请致电025-00000101。", [YT]),
    (f"【顺丰速运】您的快件{SF}预计2026年11月22日15:00前送达，派件员19900000012转8821。", [SF]),
    (f"【中通】运单号{ZT}，2026-11-22 08:15:30 已签收。", [ZT]),
    (f"【极兔】包裹{JT}已存入丰巢，取件码12345678，24小时后收费0.5元。", [JT]),
    (f"【丰巢】凭取件码470812至1号柜领取{ZT}。", [ZT]),
    (f"【邮政】邮件号{EMS}，请持身份证领取。", [EMS]),
    (f"您尾号8826的手机有一件快递{NO}待取", [NO]),
    (f"您有包裹 {NO} 到站，货架号：A-1024", [NO]),
    (f"取件码：AB1234，单号：{YT}", [YT]),
    (f"验证码204816，请勿告诉他人。查询{YT}", [YT]),
    (f"亲，您的订单4012345678901234567已发货，圆通快递单号{YT}", [YT]),
    (f"订单编号：231122-123456789012345 快递：{YT}", [YT]),
    (f"订单号231122-123456789012345，中通{ZT}", [ZT]),
    (f"交易号2026112222001400001234567890，运单{NO}", [NO]),
    (f"代收货款¥1234567.00元，单号{NO}", [NO]),
    (f"运费1234567元 {NO}", [NO]),
    (f"重量1234567.5kg，运单号：{NO}", [NO]),
    (f"麻烦帮我查一下{YT}谢谢", [YT]),
    (f"我的快递{YT}怎么还没到啊都三天了", [YT]),
    (f"单号：{NO}，急", [NO]),
    (f"快递单号是{YT[:2].lower()}{YT[2:]}吧", [YT]),
    (f"帮查：1.{YT} 2.{SF} 3.{NO}", [YT, SF, NO]),
    (f"①{YT}②{SF}", [YT, SF]),
    (f"{YT}（大件）、{SF}（易碎）", [YT, SF]),
    (f"王女士 13812345678 江宁区东山街道 {NO}", [NO]),
    (f"王女士，138 1234 5678，{NO}", [NO]),
    (f"电话+86 13812345678 运单{NO}", [NO]),
    (f"客服400-000-0000，单号{NO}", [NO]),
    (f"收件人 138****5678 {NO}", [NO]),
    (f"QQ群123456789 {NO}", [NO]),
    (f"微信支付流水号4200001234202611220000001234，运单号 {NO}", [NO]),
    ("【京东物流】您的订单JD0123456789012已出库，京东快递JDVA00000000123", ["JDVA00000000123"]),
    (f"YT12****3456的另一单是{NO}", [NO]),
    (f"{NO}\n取件码 8-3-2015\n地址：3号楼2单元501", [NO]),
    (f"请到2号柜取{NO}，编号123456789", [NO]),
    (f"您的快件({YT})已由本人签收.", [YT]),
    (f"“{YT}”", [YT]),
    (f"快递：{YT}；备用：{SF}；不要放柜", [YT, SF]),
    (f"Your parcel {YT} has arrived, pickup code 3-2-1045", [YT]),
    ("包裹 7712 0000 0018 826 到了 2026/11/22", [NO]),
    ("圆通YT 1234 5678 9012 3到了", [YT]),
    (f"UPS? 不是，是EMS {EMS}，11:30打过电话 025-00000101", [EMS]),
]  # fmt: skip

LINKS = [
    (f"{YT} 已到，详见 http://t.cn/A6abc123456", [YT]),
    (f"https://example.cn/t/{YT}?from=sms", [YT]),
    (f"https://example.cn/q?mailNo={NO}&type=1", [NO]),
    (f"http://example.cn/s?no={YT}", [YT]),
    (f"https://example.cn:8443/w/{NO}", [NO]),
    (f"【驿站】{NO} example.cn/a/9876543210123", [NO]),
]

NOTHING = [
    "hello world",
    "你好",
    "",
    "\x00",
    "1" * 300,
    "取件码3-2-1045",
    "凭 12-3-4567 到东山驿站",
    "2026-11-22 08:15",
    "138****5678",
    "¥128.00",
    "您的快递到了，尾号8826",
]

LAST_RESORT = [
    ("13812345678", ["13812345678"]),
    ("订单号4012345678901234567", ["4012345678901234567"]),
]


@pytest.mark.parametrize(("pasted", "numbers"), [*BARE, *MESSAGES, *LINKS, *LAST_RESORT])
def test_numbers_are_found_in_what_was_pasted(pasted, numbers):
    assert numbers_in(pasted) == numbers


@pytest.mark.parametrize("pasted", NOTHING)
def test_what_is_no_number_is_none(pasted):
    assert numbers_in(pasted) == []


def test_at_most_twenty_numbers_are_taken_from_one_message():
    many = "，".join(str(771200000000000 + n) for n in range(50))
    assert len(numbers_in(many)) == MOST_NUMBERS


def test_endless_text_is_read_up_to_a_length():
    assert numbers_in("好" * 100_000 + NO) == []


@pytest.mark.parametrize(("number", "is_one"), [("19900000001", True), (NO, False), ("12345678901", False)])
def test_a_mobile_number_is_known_by_its_shape(number, is_one):
    assert is_mobile(number) is is_one


@pytest.mark.parametrize("unit", ["1-", "A1", "-", "a.b", "1,", "0", "1.1/", "12 ", "转1", "取件码1"])
def test_hostile_text_costs_no_more_than_its_length(unit):
    began = time.process_time()
    numbers_in(unit * 6000)
    assert time.process_time() - began < 0.2
