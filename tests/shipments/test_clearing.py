"""The evening's lists by rule and by query, numbers out of a paste, and what moved on a day."""

from datetime import datetime, timedelta

import pytest

from tests.shipments.tracking import take
from tests.world import START, World
from yishi.kit.errors import NotFound
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.queries.day import clearing, list_parcels, moved
from yishi.shipments.rules.clearing import GIVEN_UP, Hours, overdue_as
from yishi.shipments.rules.pasted import numbers_pasted

HOUR = timedelta(hours=1)
HOURS = Hours(arrived=6, out=10, sent=24, held=24, kept=72)


@pytest.mark.parametrize(
    ("milestone", "quiet", "overdue"),
    [
        ("AT_OUTLET", 6 * HOUR - timedelta(seconds=1), None),
        ("AT_OUTLET", 6 * HOUR, "ARRIVED_NOT_OUT"),
        ("AT_OUTLET", 24 * HOUR, "HELD"),
        ("OUT_FOR_DELIVERY", 10 * HOUR, "OUT_NOT_SIGNED"),
        ("DELIVERY_FAILED", 30 * HOUR, "OUT_NOT_SIGNED"),
        ("IN_TRANSIT", 24 * HOUR, "SENT_NOT_ARRIVED"),
        ("IN_TRANSIT", 23 * HOUR, None),
        ("RETURNING", 24 * HOUR, "HELD"),
        ("AT_PICKUP_POINT", 71 * HOUR, None),
        ("AT_PICKUP_POINT", 72 * HOUR, "HELD"),
        ("AT_OUTLET", GIVEN_UP, None),
        ("DELIVERED", 100 * HOUR, None),
        ("CREATED", 100 * HOUR, None),
    ],
)
def test_a_parcel_stands_in_one_list_at_most(milestone: str, quiet: timedelta, overdue: str | None) -> None:
    assert overdue_as(milestone, START - quiet, at=START, hours=HOURS) == overdue
    assert overdue_as(milestone, None, at=START, hours=HOURS) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("771200000017402\n771200000017403\n771200000017402", ["771200000017402", "771200000017403"]),
        (
            "@东山 这两件 yt8800000000001、YT8800000000002 客户催，电话19900000001",
            ["YT8800000000001", "YT8800000000002"],
        ),
        ("19900000001\n今天有几件没派？", []),
    ],
)  # fmt: skip
def test_numbers_of_a_paste_stand_in_its_order(text: str, numbers: list[str]) -> None:
    assert numbers_pasted(text) == (numbers, 0)


def test_more_than_five_hundred_are_counted_and_left_out() -> None:
    numbers, left_out = numbers_pasted("\n".join(f"7712000000{n:05d}" for n in range(503)))
    assert (len(numbers), numbers[0], left_out) == (500, "771200000000000", 3)


def parcel(waybill_no: str, milestone: str, outlet_id: int | None, quiet: timedelta) -> None:
    Shipment.objects.create(
        waybill_no=waybill_no,
        carrier="yuantong",
        milestone=milestone,
        outlet_id=outlet_id,
        moved_at=START - quiet,
        last_event_at=START - quiet,
    )


def test_the_lists_of_an_outlet_hold_its_own_the_longest_first(
    world: World, django_assert_num_queries
) -> None:
    lin = world.viewer(world.lin)
    parcel("YT1", "AT_OUTLET", world.dongshan_id, 7 * HOUR)
    parcel("YT2", "AT_OUTLET", world.dongshan_id, 9 * HOUR)
    parcel("YT3", "AT_OUTLET", world.jiangning_id, 9 * HOUR)
    parcel("YT4", "AT_PICKUP_POINT", world.dongshan_id, 80 * HOUR)
    with django_assert_num_queries(5):  # the outlet, and one a list
        lists = clearing(viewer=lin, outlet_code="DS01", at=START)
    assert [(one.overdue, [line.waybill_no for line in one.lines], one.count) for one in lists] == [
        ("ARRIVED_NOT_OUT", ["YT2", "YT1"], 2), ("OUT_NOT_SIGNED", [], 0),
        ("SENT_NOT_ARRIVED", [], 0), ("HELD", ["YT4"], 1),
    ]  # fmt: skip
    with pytest.raises(NotFound):
        clearing(viewer=lin, outlet_code="JN01", at=START)
    assert list(list_parcels(viewer=lin, waybill_nos=["YT1", "YT3"], at=START)) == ["YT1"]
    assert list(list_parcels(viewer=lin, waybill_nos=["YT3"], also=["YT3"], at=START)) == ["YT3"]


def scan(waybill_no: str, kind: str, at: datetime) -> dict:
    return {
        "carrier": "yuantong", "waybill_no": waybill_no, "kind": kind, "happened_at": at.isoformat(),
        "place": {"city": "南京市", "outlet": "025101"},
    }  # fmt: skip


def test_what_moved_on_a_day_counts_every_parcel_once(world: World) -> None:
    today = START - 2 * HOUR
    take(
        scan("YT880000000001", "arrived_at_outlet", today),
        scan("YT880000000001", "arrived_at_outlet", today + HOUR / 2),
        scan("YT880000000001", "out_for_delivery", today + HOUR),
        scan("YT880000000001", "delivered", today + HOUR * 1.5),
        scan("YT880000000002", "arrived_at_outlet", today - 24 * HOUR),
        scan("YT880000000002", "out_for_delivery", today),
    )
    found = moved(viewer=world.viewer(world.lin), outlet_code="DS01", since=START - 10 * HOUR, at=START)
    assert (found.came_in, found.went_out, found.signed) == (1, 2, 1)
