"""Places and their codes: kept by code, found by any of their codes, refused when they clash."""

from datetime import UTC, datetime, time

import pytest
from django.db import IntegrityError, transaction

from tests.world import START
from yishi.kit.errors import Invalid, NotAllowed, NotFound
from yishi.network import actions
from yishi.network.models import CourierNumber, DutyShift, Outlet, OutletCode, Region, Station
from yishi.network.queries import (
    carrier_names,
    courier_numbers,
    find_courier,
    find_outlet,
    find_outlet_card,
    find_outlet_for_address,
    find_outlet_id_by_code,
    get_outlet,
    list_outlets,
    merchant_ids_by_codes,
    outlet_card,
    outlet_ids_by_codes,
    who_is_on_duty,
)
from yishi.people.queries import viewer_of_user
from yishi.people.rules import SYSTEM_VIEWER


def keep_outlet(code="DS01", **changes):
    return actions.add_outlet(**{"code": code, "name": "东山", **changes}, by=SYSTEM_VIEWER, at=START)


def test_an_outlet_is_kept_once(world):
    assert keep_outlet(name="东山新店", region_code="NJ") == world.dongshan_id
    assert get_outlet("DS01").name == "东山新店"
    assert Outlet.objects.count() == 2


def test_one_outlet_by_all_its_codes(world):
    pairs = {
        ("yuantong", "025101"),
        ("zhongtong", "25102"),
        ("yuantong", "JN01"),
        ("", "DS01"),
        ("unknown", "X"),
    }
    assert outlet_ids_by_codes(pairs) == {
        ("yuantong", "025101"): world.dongshan_id,
        ("zhongtong", "25102"): world.jiangning_id,
        ("yuantong", "JN01"): world.jiangning_id,
        ("", "DS01"): world.dongshan_id,
    }
    assert find_outlet_id_by_code("zhongtong", "025101") is None
    assert outlet_ids_by_codes([("yuantong", "")]) == {}


def test_codes_are_found_in_one_statement(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        outlet_ids_by_codes([("yuantong", str(number)) for number in range(500)])


def test_a_brand_calls_one_outlet_so(world):
    with pytest.raises(actions.CodeTaken):
        keep_outlet("JN02", carrier_codes={"yuantong": "025101"})
    assert find_outlet("JN02") is None
    assert OutletCode.objects.filter(code="025101").count() == 1


def test_the_same_code_may_belong_to_another_brand(world):
    keep_outlet("JN01", carrier_codes={"zhongtong": "025101"})
    assert find_outlet_id_by_code("zhongtong", "025101") == world.jiangning_id


@pytest.mark.parametrize("changes", [{"region_code": "XX"}, {"carrier_codes": {"sf": "1"}}])
def test_unknown_places_are_refused(world, changes):
    with pytest.raises(NotFound):
        keep_outlet("JN02", **changes)
    assert find_outlet("JN02") is None


def test_only_who_may_builds_the_network(world):
    with pytest.raises(NotAllowed):
        actions.add_carrier(code="sf", name="顺丰", by=world.viewer(world.zhou))
    assert "sf" not in carrier_names()


def test_a_viewer_lists_what_he_sees(world):
    assert [o.code for o in list_outlets(world.viewer(world.lin))] == ["DS01"]
    assert [o.code for o in list_outlets(world.viewer(world.quality))] == ["DS01", "JN01"]


def test_a_closed_outlet_takes_no_new_work(world):
    actions.close_outlet(code="DS01", by=SYSTEM_VIEWER, at=START)
    assert list_outlets(world.viewer(world.lin)) == []
    assert find_outlet_for_address(city="南京市", district="江宁区", address="东山街道") == world.jiangning_id
    assert outlet_card(world.dongshan_id).name == "东山网点"


def test_cards_of_unknown_outlets(db):
    assert find_outlet_card(0) is None
    for call in (lambda: outlet_card(0), lambda: get_outlet("XX")):
        with pytest.raises(NotFound):
            call()


def test_an_address_is_served(world):
    assert find_outlet_for_address(city="南京", district="江宁区", address="东山街道") == world.dongshan_id
    assert find_outlet_for_address(city="", district="", address="南京市江宁区百家湖") == world.jiangning_id
    assert find_outlet_for_address(city="徐州市", district="", address="东山") is None


def test_regions_reach_down_and_never_round(world):
    actions.add_region(code="JS", name="江苏省区", by=SYSTEM_VIEWER)
    actions.add_region(code="NJ", name="南京片区", parent_code="JS", by=SYSTEM_VIEWER)
    person = _head_of("JS")
    assert viewer_of_user(person).outlet_codes == {"DS01", "JN01"}
    with pytest.raises(Invalid):
        actions.add_region(code="JS", name="江苏省区", parent_code="NJ", by=SYSTEM_VIEWER)
    assert Region.objects.get(code="JS").parent is None


def _head_of(region_code):
    from tests.world import PASSWORD
    from yishi.people.actions import add_user

    values = {"username": "pian", "name": "片区", "password": PASSWORD, "role": "OUTLET_MANAGER"}
    return add_user(**values, region_codes=[region_code], by=SYSTEM_VIEWER, at=START)


def test_an_outlet_that_moves_leaves_its_old_region(world):
    person = _head_of("NJ")
    keep_outlet("DS01", region_code="")
    assert viewer_of_user(person).outlet_codes == {"JN01"}


def test_a_courier_by_each_brands_number(world):
    found = find_courier("zhongtong", "ZT0001")
    assert found is not None and (found.name, found.phone) == ("刘师傅", "19900000011")
    assert find_courier("yuantong", "ZT0001") is None
    assert courier_numbers(world.dongshan_id) == [("yuantong", "YT0001"), ("zhongtong", "ZT0001")]


def keep_courier(**changes):
    values = {
        "outlet_code": "DS01",
        "name": "新师傅",
        "phone": "19900000012",
        "numbers": {"yuantong": "YT0002"},
    }
    return actions.add_courier(**{**values, **changes}, by=SYSTEM_VIEWER)


def test_a_courier_is_known_again_by_phone(world):
    assert keep_courier(phone="+86 199 0000 0011", numbers={"yuantong": "YT0003"}) == world.courier_id
    assert CourierNumber.objects.filter(courier_id=world.courier_id).count() == 3


def test_a_number_belongs_to_one_courier(world):
    with pytest.raises(actions.CodeTaken):
        keep_courier(numbers={"yuantong": "YT0001"})
    with pytest.raises(NotFound):
        keep_courier(contract_area_code="Z9")
    assert courier_numbers(world.dongshan_id) == [("yuantong", "YT0001"), ("zhongtong", "ZT0001")]


def test_stations_have_both_hours_or_none(world):
    values = {"code": "ST02", "outlet_code": "JN01", "name": "江宁驿站", "by": SYSTEM_VIEWER}
    with pytest.raises(Invalid):
        actions.add_station(**values, opens=time(8))
    with pytest.raises(Invalid):
        actions.add_station(**values, kind="SHOP")
    assert Station.objects.count() == 1
    assert (
        actions.add_station(**values, opens=time(8), closes=time(21)) == Station.objects.get(code="ST02").pk
    )


def test_lockers_and_merchants(world):
    first = actions.add_locker(code="L1", outlet_code="DS01", name="东门柜", by=SYSTEM_VIEWER)
    assert actions.add_locker(code="L1", outlet_code="DS01", name="西门柜", by=SYSTEM_VIEWER) == first
    assert merchant_ids_by_codes(["M01", "M99"]) == {"M01": world.merchant_id}


@pytest.mark.parametrize(
    "change", [lambda: keep_outlet(" "), lambda: actions.add_carrier(code="", name="无", by=SYSTEM_VIEWER)]
)
def test_a_place_has_a_code(change, db):
    with pytest.raises(Invalid):
        change()


def test_the_duty_roster(world):
    shift = {"outlet_code": "DS01", "user_id": world.lin.pk, "starts": time(8), "ends": time(18)}
    for _ in range(2):
        actions.add_duty_shift(**shift, weekdays=[6], by=SYSTEM_VIEWER)
    assert DutyShift.objects.count() == 1
    assert who_is_on_duty(world.dongshan_id, START) == world.lin.pk
    assert who_is_on_duty(world.dongshan_id, datetime(2026, 11, 22, 10, tzinfo=UTC)) is None
    assert who_is_on_duty(world.jiangning_id, START) is None


@pytest.mark.parametrize("changes", [{"weekdays": [7]}, {"weekdays": []}, {"weekdays": [1], "ends": time(8)}])
def test_a_shift_that_cannot_be(world, changes):
    shift = {"outlet_code": "DS01", "user_id": world.lin.pk, "starts": time(8), "ends": time(18)}
    with pytest.raises(Invalid):
        actions.add_duty_shift(**{**shift, **changes}, by=SYSTEM_VIEWER)
    assert not DutyShift.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"weekday": None, "date": None},
        {"weekday": 1, "date": START.date()},
        {"weekday": 7, "date": None},
        {"weekday": 1, "date": None, "ends": time(8)},
    ],
)
def test_the_database_keeps_its_own_watch(world, values):
    row = {"outlet_id": world.dongshan_id, "user": world.lin, "starts": time(8), "ends": time(18), **values}
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyShift.objects.create(**row)
