"""What is said of a parcel's arrival on pages and in the API, from lanes learned before."""

from datetime import timedelta

import pytest

from tests.shipments.tracking import AT, event, take
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.models.promises import LaneTime
from yishi.shipments.queries.eta import find_estimate, find_estimates
from yishi.shipments.queries.public import get_public_shipment
from yishi.shipments.rules.eta import Standing

pytestmark = pytest.mark.django_db
ADDRESS = "江苏省南京市江宁区东山街道 1 号"


def lane(key, first=60.0, step=30.0):
    minutes = [first + step * i for i in range(20)]
    LaneTime.objects.create(key=key, count=50, minutes=minutes, stretch=0.0)


def on_its_way(**values):
    """A parcel to Nanjing, accepted a day ago in Hangzhou."""
    consignee = {"name": "王女士", "phone": "19900000001", "address": ADDRESS}
    take({"waybill_no": "YT12345678", "carrier": "yuantong", "consignee": consignee}, expects="shipments")
    take(event(carrier="yuantong", place={"city": "杭州市"}, **values))
    return Shipment.objects.get()


def test_nothing_is_said_without_history_or_destination():
    assert find_estimate(on_its_way(), at=AT) is None
    lane("1|ACCEPTED", first=24 * 60)
    take(event(waybill_no="YT00000002", carrier="yuantong", place={"city": "杭州市"}))
    assert find_estimate(Shipment.objects.get(waybill_no="YT00000002"), at=AT) is None


@pytest.mark.parametrize(
    "key",
    [
        "1|ACCEPTED",
        "2|accepted|d5",
        "3|accepted|d5|南京",
        "4|accepted|d5|南京|浙江",
        "5|accepted|d5|南京|杭州|yuantong",
    ],
)
def test_each_width_of_lane_can_speak(key):
    # Saturday in Shanghai: the weekend's hours
    shipment = on_its_way()
    lane(key.replace("|d5", "|e5"), first=26 * 60)
    said = find_estimate(shipment, at=AT)
    assert said is not None and said.from_at <= said.likely_at <= said.until_at
    assert said.from_at >= AT + timedelta(hours=2) - timedelta(minutes=30)


def test_the_narrowest_lane_speaks_and_the_batch_agrees():
    shipment = on_its_way()
    lane("1|ACCEPTED", first=90 * 60)
    lane("3|accepted|e5|南京", first=26 * 60)
    one = find_estimate(shipment, at=AT)
    standing = Standing("yuantong", "accepted", "杭州市", "南京市", shipment.moved_at)
    (other,) = find_estimates([standing], at=AT)
    assert one is not None and other is not None
    assert one.until_at < AT + timedelta(hours=24)
    assert one.likely_at == other.likely_at


def test_who_carries_it_to_the_door_needs_no_master_data():
    take(event(kind="out_for_delivery", place={"city": "南京市"}, minutes=23 * 60))  # nine in the morning
    lane("3|out_for_delivery|e4|南京", first=30)
    assert find_estimate(Shipment.objects.get(), at=AT) is not None


def test_the_public_record_carries_it_only_when_asked_for_a_moment():
    on_its_way()
    lane("1|ACCEPTED", first=26 * 60)
    told = get_public_shipment("YT12345678", at=AT)
    assert told is not None and told.eta is not None and told.eta_range is not None
    assert told.eta_range.from_at.minute in (0, 30)
    silent = get_public_shipment("YT12345678")
    assert silent is not None and silent.eta is None
