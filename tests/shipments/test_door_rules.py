"""Goods that want care, and wishes against leaving a parcel somewhere."""

import pytest

from yishi.shipments.rules.placing import promised_to_door, wish_against
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


@pytest.mark.parametrize(
    ("chosen", "wishes", "newest_visit", "words", "promised"),
    [
        ("", (), "", (), None),
        ("", ("NO_LOCKER", "CALL_FIRST"), "delivery_failed", ("标准快递", "易碎"), None),
        ("", ("NO_STATION",), "", (), "WISH"),
        ("", ("DOOR",), "", (), "WISH"),
        ("STATION", ("DOOR",), "redelivery_scheduled", ("送货上门",), None),  # his word for this parcel
        ("TIME", (), "", (), "CHOSEN"),
        ("HOME", (), "", (), "CHOSEN"),
        ("GUARD", (), "", (), "CHOSEN"),
        ("", (), "redelivery_scheduled", (), "SCHEDULED"),
        ("", (), "delivery_scheduled", (), "SCHEDULED"),
        ("", (), "stored_at_pickup_point", (), None),
        ("", (), "", ("送货上门",), "PRODUCT"),
        ("", (), "", ("按需上门", ""), "PRODUCT"),
        ("", (), "", ("标准快递", "需送件上门"), "PRODUCT"),
        ("", (), "", ("Door-to-door",), "PRODUCT"),
        ("", (), "", ("上门取件",), None),
        ("", (), "", ("上门揽收",), None),
    ],
)
def test_what_is_promised_to_the_door(chosen, wishes, newest_visit, words, promised):
    found = promised_to_door(chosen=chosen, wishes=wishes, newest_visit=newest_visit, words=words)
    assert found == promised
