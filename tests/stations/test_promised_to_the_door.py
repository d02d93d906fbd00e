"""A parcel promised to the door is taken in only with its person's yes: of this place, of this parcel."""

from datetime import timedelta

import pytest

from tests.shipments.tracking import event, take
from tests.stations.making import PHONE, keeper, shelves, take_in
from tests.world import START
from yishi.consignees.actions.consents import Allowed, give_consent
from yishi.consignees.actions.standing import Wish
from yishi.consignees.actions.wishes import note_wishes
from yishi.consignees.models import Consent
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.actions.choices import Choice, choose_for_parcel
from yishi.shipments.models.parcels import Shipment
from yishi.stations.actions.book_in import Held
from yishi.stations.models.parcels import StationParcel

pytestmark = pytest.mark.django_db
NUMBER = "YT6190000000001"
HOME, OFFICE = "南京市江宁区东山街道示例苑 3 幢", "南京市江宁区天元大道 9 号"
YES = frozenset({"consent_needed"})


@pytest.fixture
def by(world):
    shelves()
    return keeper()


def told(**details):
    consignee = {"name": "王女士", "phone": PHONE, "address": HOME}
    said = {"waybill_no": NUMBER, "carrier": "yuantong", "consignee": consignee, **details}
    take(said, expects="shipments")


def wished(kind, address=""):
    wish = Wish(kind=kind, source="AGENT", address=address)
    note_wishes(phone=PHONE, wishes=[wish], by=SYSTEM_VIEWER, at=START)


def is_asked(by):
    with pytest.raises(Held) as found:
        take_in(by=by, phone="")
    assert not StationParcel.objects.exists() and not Consent.objects.filter(channel="station").exists()
    return found.value.reason == "consent_needed"


def test_a_wish_counts_at_its_address(by):
    told()
    wished("DOOR", OFFICE)
    wished("CALL_FIRST", OFFICE)
    assert take_in(by=by, phone="").wish == ""


def test_a_wish_of_this_address_asks_though_stations_are_allowed_elsewhere(by):
    told()
    wished("DOOR", "东山街道示例苑")
    everywhere = Allowed(placement="STATION", channel="call", wording="都可以放驿站")
    give_consent(phone=PHONE, allowed=everywhere, by=SYSTEM_VIEWER, at=START)
    assert is_asked(by)


@pytest.mark.parametrize(
    "said",
    [{"product": "送货上门"}, {"product": "标准快递", "handling": ["按需上门"]}],
    ids=["product", "mark"],
)
def test_delivery_to_the_door_was_paid_for(by, said):
    told(**said)
    assert is_asked(by)


def test_another_visit_was_announced(by):
    told()
    take(event(NUMBER, "delivery_failed", carrier="yuantong"))
    take(event(NUMBER, "redelivery_scheduled", minutes=5, carrier="yuantong"))
    assert is_asked(by)
    take(event(NUMBER, "delivery_failed", minutes=9, carrier="yuantong"))
    assert take_in(by=by, phone="").shelf == "12-1"


def test_a_time_was_agreed_for_this_parcel(by):
    told()
    take(event(NUMBER, "arrived_at_outlet", carrier="yuantong"))
    shipment_id = Shipment.objects.get(waybill_no=NUMBER).pk
    hours = {"from_at": START + timedelta(hours=2), "until_at": START + timedelta(hours=4)}
    everywhere = Allowed(placement="STATION", channel="call", wording="都可以放驿站")
    give_consent(phone=PHONE, allowed=everywhere, by=SYSTEM_VIEWER, at=START)
    choice = Choice(kind="TIME", via="link", **hours)
    choose_for_parcel(shipment_id=shipment_id, choice=choice, phone=PHONE, at=START)
    assert is_asked(by)
    assert take_in(by=by, phone="", at=START + timedelta(hours=5)).shelf == "12-1"


def test_his_yes_is_kept_under_the_keepers_name(by):
    told()
    wished("NO_STATION")
    assert is_asked(by)
    take_in(by=by, phone="", answered=YES)
    (kept,) = Consent.objects.all()
    assert (kept.placement, kept.waybill_no, kept.channel) == ("STATION", NUMBER, "station")
    assert kept.given_by == by.label


def test_a_yes_to_nothing_writes_nothing(by):
    told()
    take_in(by=by, phone="", answered=YES)
    assert not Consent.objects.exists()
