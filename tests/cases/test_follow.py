"""Cases follow their parcel when its carrier is corrected, also into a record that was there already."""

import pytest

from tests.cases.making import WAYBILL, opened, parcel, row
from tests.world import START
from yishi.shipments.actions.correct import correct_carrier
from yishi.shipments.models.parcels import Shipment

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world):
    return opened(world, ref=parcel(outlet_id=world.dongshan_id))


def correct() -> int | None:
    return correct_carrier(waybill_no=WAYBILL, old="yuantong", new="zhongtong", at=START)


def test_a_new_key_is_the_cases_too(case):
    kept = correct()
    assert (row(case).shipment_id, row(case).carrier) == (kept, "zhongtong")


def test_a_joined_parcel_takes_its_cases_along(case):
    there = Shipment.objects.create(waybill_no=WAYBILL, carrier="zhongtong")
    assert correct() == there.pk
    assert (row(case).shipment_id, row(case).carrier) == (there.pk, "zhongtong")


def test_cases_of_other_parcels_stay(case, world):
    other = opened(world, ref=parcel(waybill_no="YT8800000000002"))
    before = row(other)
    correct()
    assert row(other).version == before.version
