"""Who sees what of a parcel."""

import pytest

from tests.shipments.tracking import AT, event, take
from yishi.kit.errors import Invalid, NotFound
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.actions.contacts import record_contact
from yishi.shipments.models.parcels import ContactAttempt
from yishi.shipments.queries.parcels import access_shipment, find_shipment_refs
from yishi.shipments.queries.public import get_public_shipment

pytestmark = pytest.mark.django_db


def test_the_public_record_has_no_personal_data():
    take(event(carrier="yuantong", text="派件员王小明(19900000001)正在派件", place={"city": "南京市"}))
    shown = get_public_shipment("yt12345678")
    assert (shown.carrier, shown.milestone, shown.events[0].city) == ("yuantong", "ACCEPTED", "南京市")
    assert shown.events[0].text == "派件员***(***)正在派件"


def test_without_carrier_the_one_with_the_newest_event():
    take(event(carrier="yuantong"), event(carrier="zhongtong", minutes=1))
    assert get_public_shipment("YT12345678").carrier == "zhongtong"
    assert get_public_shipment("YT12345678").also_carriers == ("yuantong",)
    assert get_public_shipment("YT12345678", "yuantong").carrier == "yuantong"


@pytest.mark.parametrize("number", ["YT00000000", "x", "", "😀" * 300])
def test_unknown_numbers_are_none(number):
    assert get_public_shipment(number) is None
    assert find_shipment_refs(number) == []


def test_an_outlet_sees_its_own_only(world):
    take(event(carrier="yuantong", place={"outlet": "025101"}))
    assert access_shipment(world.viewer(world.lin), "YT12345678").outlet == "DS01"
    with pytest.raises(NotFound):
        access_shipment(world.viewer(world.he), "YT12345678")
    assert access_shipment(world.viewer(world.quality), "YT12345678").outlet == "DS01"


def test_the_outlet_that_is_to_deliver_sees_it_too(world):
    take(event(carrier="yuantong", place={"outlet": "025101"}))
    take({"waybill_no": "YT12345678", "destination_outlet": "JN01"}, expects="shipments")
    assert access_shipment(world.viewer(world.he), "YT12345678").outlet == "DS01"
    assert find_shipment_refs("YT12345678")[0].destination_outlet_id == world.jiangning_id


def contact(**values):
    said = {"kind": "CALL", "made_at": AT, "outcome": "NO_ANSWER", "courier": "0231"} | values
    return record_contact(waybill_no="YT12345678", by=SYSTEM_VIEWER, at=AT, **said)


def test_the_same_attempt_twice_is_one():
    take(event())
    assert contact() == contact()
    assert access_shipment(SYSTEM_VIEWER, "YT12345678").contacts[0].outcome == "NO_ANSWER"


@pytest.mark.parametrize(
    "values", [{"kind": "WAVE"}, {"made_at": AT.replace(year=1990)}, {"outcome": "x" * 101}]
)
def test_a_refused_attempt_leaves_no_row(values):
    take(event())
    with pytest.raises(Invalid):
        contact(**values)
    assert ContactAttempt.objects.count() == 0
