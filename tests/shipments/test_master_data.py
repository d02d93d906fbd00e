"""Master data: added to what is known, never taking away what was not said."""

import pytest

from tests.shipments.tracking import event, take
from yishi.consignees.queries import masked_contact
from yishi.shipments.models.parcels import Shipment, ShipmentDetails

pytestmark = pytest.mark.django_db

PARCEL = {
    "waybill_no": "YT12345678",
    "carrier": "yuantong",
    "product": "标快",
    "consignee": {"name": "王女士", "phone": "19900000001", "address": "江苏省南京市江宁区东山街道1号"},
    "promised_at": "2026-11-25T18:00:00+08:00",
    "destination_outlet": "025102",
    "merchant": "M01",
    "handling": ["易碎"],
    "freight_fen": 1200,
}


def keep(*parcels):
    return take(*parcels, expects="shipments")


def test_a_parcel_is_kept_with_its_people_and_places(world):
    assert keep(PARCEL).accepted == 1
    details = ShipmentDetails.objects.get()
    assert (details.city, details.district, details.address) == (
        "南京市",
        "江宁区",
        PARCEL["consignee"]["address"],
    )
    assert (details.destination_outlet_id, details.merchant_id) == (world.jiangning_id, world.merchant_id)
    assert details.consignee_id == world.contact_id
    assert masked_contact(details.consignee_id).phone == "199****0001"


def test_the_same_again_is_a_duplicate(world):
    keep(PARCEL)
    counts = keep(PARCEL)
    assert (counts.accepted, counts.duplicate) == (0, 1)


def test_what_is_not_said_stays(world):
    keep(PARCEL)
    keep({"waybill_no": "YT12345678", "goods": "茶叶"})
    details = ShipmentDetails.objects.get()
    assert (details.goods, details.product, details.freight_fen) == ("茶叶", "标快", 1200)
    assert Shipment.objects.get().promised_at.isoformat() == "2026-11-25T10:00:00+00:00"


def test_want_of_a_phone_is_said():
    assert keep({"waybill_no": "YT12345678"}, PARCEL).notes == ((0, "no_phone"),)


def test_events_and_master_data_meet_in_either_order():
    take(event(carrier="yuantong"))
    keep({**PARCEL, "waybill_no": "yt 1234-5678"})
    assert Shipment.objects.get().milestone == "ACCEPTED"


def test_twice_in_one_body_the_later_word_counts():
    keep({**PARCEL, "goods": "茶"}, {**PARCEL, "goods": "书"})
    assert ShipmentDetails.objects.get().goods == "书"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"waybill_no": "x"}, "bad_waybill_no"),
        ({"waybill_no": None}, "missing_field"),
        ({"promised_at": "morgen"}, "bad_time"),
        ({"promised_at": "2026-11-25T18:00:00"}, "time_without_offset"),
        ({"product": "长" * 101}, "too_long"),
        ({"freight_fen": -1}, "bad_amount"),
        ({"freight_fen": "viel"}, "bad_json"),
        ({"consignee": "王女士"}, "bad_json"),
    ],
)
def test_refusals_keep_nothing(values, reason):
    counts = keep({**PARCEL, **values})
    assert [r.reason for r in counts.rejected] == [reason]
    assert ShipmentDetails.objects.count() == 0
