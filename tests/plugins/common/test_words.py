"""What texts of carriers plainly say, and what they only seem to."""

import pytest

from yishi.plugins.common.words import arrival_of, failure_of, kind_of_text

LOCKER = ("stored_at_pickup_point", "locker_or_station")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("【苏州园区公司】已揽收", ("accepted", "")),
        ("浙江临安西部公司-已收件", ("accepted", "")),
        ("快件正在派送途中，请您准备签收", ("out_for_delivery", "")),
        ("正在派件，如不在家可放丰巢代收", ("out_for_delivery", "")),
        ("快件已被丰巢代收", LOCKER),
        ("快件已存放至百家湖驿站，请及时领取", LOCKER),
        ("到【青岛转运中心】", ("arrived_hub", "")),
        ("已到达 江宁百家湖公司", ("arrived_at_outlet", "")),
        ("快件到达南京", ("in_transit", "")),
        ("【青岛转运中心】，正发往【广州番禺转运中心】", ("in_transit", "")),
        ("快件离开苏州，已发往南京营业部", ("in_transit", "")),
        ("已签收，感谢使用", ("unknown", "")),
        ("未签收", ("unknown", "")),
        ("您的订单已分配", ("unknown", "")),
        ("", ("unknown", "")),
    ],
)
def test_a_text_without_a_code(text, found):
    assert kind_of_text(text) == found


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("南京分拨中心", "arrived_hub"),
        ("华中枢纽", "arrived_hub"),
        ("江宁百家湖营业部", "arrived_at_outlet"),
        ("到达南京转运中心，准备送往江宁营业部", "arrived_hub"),
        ("离开南京转运中心", ""),
        ("南京市", ""),
        ("", ""),
    ],
)
def test_where_it_arrived(place, found):
    assert arrival_of(place) == found


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("电话无法接通", "unreachable"),
        ("收件人不在家", "unreachable"),
        ("电话号码是空号", "bad_phone"),
        ("收件人手机号码有误，无法联系", "bad_phone"),
        ("地址不详细，请核实", "bad_address"),
        ("超出派送范围", "out_of_area"),
        ("公司放假", "business_closed"),
        ("小区封控", "security"),
        ("派件不成功", ""),
    ],
)
def test_why_it_failed(text, why):
    assert failure_of(text) == why
