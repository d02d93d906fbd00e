"""One carrier, however a feed calls it, is one carrier."""

import pytest

from tests.shipments.tracking import event, milestone, take
from yishi.network.rules import _CALLED, carrier_of
from yishi.shipments.models.parcels import Shipment, TrackingEvent
from yishi.shipments.queries.public import get_public_shipment


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("YTO", "yuantong"),
        (" yuantong ", "yuantong"),
        ("YD", "yunda"),
        ("YUNDA", "yunda"),
        ("HTKY", "huitongkuaidi"),
        ("BSHT", "huitongkuaidi"),
        ("JTSD", "jtexpress"),
        ("SF", "shunfeng"),
        ("圆通速递", "yuantong"),
        ("Nobody-Knows", "nobody-knows"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_names(said, kept):
    assert carrier_of(said) == kept


def test_no_word_means_two_carriers_and_kept_names_stay():
    words = [word for said in _CALLED.values() for word in said.split()]
    assert len(words) == len(set(words))
    assert not set(words) & set(_CALLED)
    assert all(carrier_of(carrier_of(word)) == carrier_of(word) for word in words)


@pytest.mark.django_db
def test_two_feeds_that_call_the_carrier_differently_meet_in_one_parcel():
    take(event(carrier="yuantong"), source="one")
    take(event(carrier="YTO", kind="delivered", minutes=5), source="two")
    assert Shipment.objects.count() == 1
    assert (TrackingEvent.objects.count(), milestone()) == (2, "DELIVERED")
    assert get_public_shipment("YT12345678", "YTO").carrier == "yuantong"


@pytest.mark.django_db
def test_master_data_and_scans_meet_too():
    take(event(carrier="ZTO"))
    take({"waybill_no": "YT12345678", "carrier": "中通快递", "goods": "书"}, expects="shipments")
    assert Shipment.objects.get().carrier == "zhongtong"
