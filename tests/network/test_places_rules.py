"""Which outlet serves an address, and who is on duty: tables without a database."""

from datetime import date, datetime, time

import pytest

from yishi.network.rules import Area, Shift, person_on_duty, plain_place, serving_outlet

AREAS = [
    Area(1, "南京市", "江宁区", "东山"),
    Area(2, "南京市", "江宁区"),
    Area(3, "南京市", "", "", priority=1),
    Area(4, "苏州市", "", "园区"),
]


@pytest.mark.parametrize(
    ("city", "district", "address", "outlet"),
    [
        ("南京市", "江宁区", "东山街道上元大街", 1),
        ("南京", "江宁", "东山街道", 1),
        ("南京市", "江宁区", "秣陵街道", 2),
        ("南京市", "鼓楼区", "中山路", 3),
        ("南京市", "", "江宁区秣陵街道", 2),
        ("", "", "江苏省南京市江宁区东山街道", 1),
        ("", "", "中山路", None),
        ("苏州市", "", "人民路", None),
        ("苏州市", "", "工业园区", 4),
        ("北京市", "", "南京市东山街道", None),
        ("", "", "", None),
    ],
)
def test_the_closest_area_serves(city, district, address, outlet):
    assert serving_outlet(AREAS, city=city, district=district, address=address) == outlet


def test_among_equals_the_priority_decides():
    areas = [Area(7, "南京市"), Area(8, "南京市", priority=5)]
    assert serving_outlet(areas, city="南京市", district="", address="") == 8


@pytest.mark.parametrize(
    ("name", "plain"), [("南京市", "南京"), ("沙市", "沙市"), ("江宁区", "江宁"), ("", "")]
)
def test_a_place_without_its_rank(name, plain):
    assert plain_place(name) == plain


SUNDAY = 6
SHIFTS = [
    Shift(1, time(8), time(18), weekday=SUNDAY),
    Shift(2, time(18), time(8), weekday=SUNDAY),
    Shift(3, time(0), time(23, 59), weekday=SUNDAY, is_fallback=True),
    Shift(4, time(10), time(12), date=date(2026, 11, 29)),
]


@pytest.mark.parametrize(
    ("day", "moment", "person"),
    [
        (22, time(8), 1),
        (22, time(17, 59), 1),
        (22, time(18), 2),
        (23, time(7, 59), 2),  # Sunday's night goes on into Monday
        (23, time(8), None),
        (22, time(7), 3),
        (29, time(11), 4),  # one date goes before its weekday
        (29, time(12), 1),
    ],
)
def test_who_is_on_duty(day, moment, person):
    assert person_on_duty(SHIFTS, local=datetime.combine(date(2026, 11, day), moment)) == person
