"""Goods that want care, and wishes against leaving a parcel somewhere."""

import pytest

from yishi.shipments.rules.placing import wish_against
from yishi.shipments.rules.special import special_of


@pytest.mark.parametrize(
    ("goods", "handling", "value", "insured", "expected"),
    [
        ("衣服", (), None, False, ()),
        ("衣服", (), 99_999, False, ()),
        ("衣服", (), 100_000, False, ("VALUABLE",)),
        ("手机", (), None, True, ("VALUABLE",)),
        ("水果礼盒", (), None, False, ("FRESH",)),
        ("", ("Fresh", "贵重"), None, False, ("FRESH", "VALUABLE")),
    ],
)
def test_special_goods(goods, handling, value, insured, expected):
    said = {"handling": handling, "declared_value_fen": value, "is_insured": insured}
    assert special_of(goods=goods, **said) == expected


@pytest.mark.parametrize(
    ("place", "wishes", "against"),
    [
        ("LOCKER", (), ""),
        ("LOCKER", ("NO_STATION", "GUARD"), ""),
        ("LOCKER", ("DOOR", "NO_LOCKER"), "NO_LOCKER"),
        ("STATION", ("DOOR",), "DOOR"),
        ("GUARD", ("NO_LOCKER", "NO_STATION"), ""),
        ("GUARD", ("DOOR",), "DOOR"),
    ],
)
def test_a_wish_against_a_place(place, wishes, against):
    assert wish_against(place, wishes) == against
