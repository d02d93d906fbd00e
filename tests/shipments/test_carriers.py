"""Carriers corrected later: the parcel is given its other key, or joined to the parcel that is there."""

import pytest

from tests.shipments.tracking import AT, event, take
from yishi.kit.models import FactRow
from yishi.shipments.actions.correct import correct_carrier
from yishi.shipments.models.parcels import Shipment, ShipmentDetails, TrackingEvent
from yishi.shipments.queries.public import get_public_shipment

pytestmark = pytest.mark.django_db


def correct(new="zhongtong"):
    return correct_carrier(waybill_no="YT12345678", old="yuantong", new=new, at=AT)


def test_a_parcel_is_given_its_other_key():
    take(event(carrier="yuantong"))
    shipment = Shipment.objects.get()
    assert correct() == shipment.pk
    assert Shipment.objects.get().carrier == "zhongtong"


def test_two_parcels_are_joined_and_the_old_key_leads_there():
    take(event(carrier="yuantong", minutes=9, kind="delivered", place={"city": "南京市"}))
    take(event(carrier="zhongtong"))
    kept = Shipment.objects.get(carrier="zhongtong")
    assert correct() == kept.pk
    take(event(carrier="yuantong", minutes=10, kind="retrieved_by_courier"))
    kept.refresh_from_db()
    assert (kept.milestone, kept.last_city) == ("OUT_FOR_DELIVERY", "南京市")
    assert TrackingEvent.objects.filter(shipment=kept).count() == 3
    assert get_public_shipment("YT12345678").also_carriers == ()


def test_joining_moves_the_details():
    take({"waybill_no": "YT12345678", "carrier": "yuantong", "product": "标快"}, expects="shipments")
    take(event(carrier="zhongtong"))
    correct()
    assert ShipmentDetails.objects.get().shipment.carrier == "zhongtong"


def test_the_correction_is_announced_once():
    take(event(carrier="yuantong"))
    correct()
    correct()
    assert FactRow.objects.filter(fact="shipments.CarrierCorrected").count() == 1


def test_nothing_to_correct_changes_nothing():
    take(event(carrier="shentong"))
    assert correct() is None
    assert Shipment.objects.get().carrier == "shentong"
