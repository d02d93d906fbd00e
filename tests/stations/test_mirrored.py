"""A station in mirror mode follows its brand's scans, twice the same; it writes nothing of its own."""

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.shipments.tracking import event, take
from tests.stations.making import card_of, keeper, shelves, take_in
from tests.world import START
from yishi.feeds.actions.sources import ensure_source
from yishi.feeds.port import Parsed, ParsedEvent
from yishi.shipments.actions.correct import correct_carrier
from yishi.shipments.actions.take_in import take_parsed
from yishi.shipments.models.parcels import Shipment
from yishi.stations.actions.floor import Working, set_working
from yishi.stations.actions.mirrored import is_any_mirrored, mirror_parcels
from yishi.stations.models.parcels import StationParcel
from yishi.stations.queries.stays import list_stays, story_of
from yishi.stations.rules.mirror import KINDS, Named, Scan, station_of, stays_of

pytestmark = pytest.mark.django_db
NUMBER = "YT6190000000001"
STORED = "快件已存放至东山驿站，请及时取件"


def scan(kind, minute, text=STORED):
    take(event(NUMBER, kind, minute, carrier="yuantong", place={"outlet": "025101"}, text=text))
    return mirror_parcels(shipment_ids=[Shipment.objects.get().pk], at=START)


def test_it_follows_in_and_out(world):
    shelves()
    by = keeper()
    assert not is_any_mirrored() and scan("stored_at_pickup_point", 1) == 0
    set_working(station="ST01", working=Working(mode="MIRROR", template="{tail:4}"), by=by, at=START)
    assert is_any_mirrored() and scan("stored_at_pickup_point", 1) == 1
    scan("stored_at_pickup_point", 1)
    (line,) = list_stays(card_of(by), at=START).items
    assert (line.state, line.waybill_no) == ("INSIDE", NUMBER)
    scan("delivered", 90, "已从东山驿站取走")
    stay = StationParcel.objects.get()
    assert (stay.state, stay.hand_out.how) == ("HANDED_OUT", "MIRROR")
    assert [step.kind for step in story_of(stay.pk)] == ["HANDED_OUT", "BOOKED_IN"]


OURS = [Named(7, "ST01", "东山驿站", frozenset({"DS01", "025101"}))]
OTHERS = [Named(8, "ST02", "西山驿站", frozenset({"JN01"}))]
WORDS = {"stored": "stored_at_pickup_point"}


def scans(*kinds):
    return [
        Scan(WORDS.get(kind, kind), START + timedelta(minutes=n), "", STORED) for n, kind in enumerate(kinds)
    ]


@pytest.mark.parametrize(
    ("kinds", "states"),
    [
        ((), []),
        (("delivered",), []),
        (("stored",), ["INSIDE"]),
        (("stored", "stored"), ["INSIDE"]),
        (("stored", "pickup_overdue", "intercepted", "refused", "damaged", "in_transit"), ["INSIDE"]),
        (("stored", "delivered"), ["HANDED_OUT"]),
        (("stored", "delivered", "returning"), ["HANDED_OUT"]),
        (("stored", "returning", "returned"), ["RETURNED"]),
        (("stored", "retrieved_by_courier", "stored"), ["MOVED", "INSIDE"]),
        (("stored", "out_for_delivery", "delivered"), ["MOVED"]),
        (("stored", "departed_hub"), ["MOVED"]),
        (("stored", "lost"), ["LOST"]),
        (("stored", "destroyed"), ["LOST"]),
    ],
)
def test_what_the_scans_say(kinds, states):
    told = scans(*kinds)
    assert [stay.state for stay in stays_of(told, OURS)] == states
    assert stays_of(reversed(told), OURS) == stays_of(told, OURS) == stays_of([*told, *told], OURS)
    assert stays_of(told, OTHERS) == []


@pytest.mark.parametrize(
    ("said", "place", "is_ours"),
    [
        ({"text": "已存放至东山驿站"}, "", True),
        ({"text": "已存放"}, "东山驿站 8-2", True),
        ({"outlet": "ST01", "text": ""}, "", True),
        ({"position": "station:ST01", "text": ""}, "", True),
        ({"text": "已存放至东山驿站", "outlet": "JN01"}, "", False),
        ({"text": "已存放至丰巢柜"}, "", False),
    ],
)
def test_which_station_a_scan_names(said, place, is_ours):
    scan_ = Scan(**{"kind": STORED, "at": START, "outlet": "", **said})
    found = station_of(scan_, [*OURS, *OTHERS], [place] if place else [])
    assert found == (7 if is_ours else None)
    twins = [*OURS, Named(9, "ST09", "东山驿站", frozenset({"XS01"}))]
    by_chance = station_of(Scan(STORED, START, "", "已存放至东山驿站"), twins)
    assert by_chance is None, "two of the same name: never by chance"


def put(source, code, kind, minute):
    """As kuaidi100 304 and kdniao 311 come: signed, but only put into the station."""
    ensure_source(code=source, plugin=source, at=START)
    parsed = ParsedEvent(
        waybill_no=NUMBER,
        kind=kind,
        carrier="yuantong",
        happened_at=START + timedelta(minutes=minute),
        source_code=code,
        outlet="025101",
        text=STORED,
    )
    card = ensure_source(code=source, plugin=source, at=START)
    take_parsed(source=card, parsed=Parsed(events=[parsed]), at=START)
    mirror_parcels(shipment_ids=[Shipment.objects.get().pk], at=START)


@pytest.fixture
def follows(world):
    shelves()
    by = keeper()
    set_working(station="ST01", working=Working(mode="MIRROR", template="{tail:4}"), by=by, at=START)
    return by


@pytest.mark.parametrize(("source", "code"), [("kuaidi100", "304"), ("kdniao", "311")])
def test_signed_for_that_means_put_in(follows, source, code):
    put(source, code, "delivered", 1)
    (line,) = list_stays(card_of(follows), at=START).items
    assert line.state == "INSIDE" and Shipment.objects.get().milestone == "AT_PICKUP_POINT"
    put(source, "3", "delivered", 60)
    assert StationParcel.objects.get().state == "HANDED_OUT"


def test_its_end_comes_late_and_from_another_outlet(follows):
    """It went back to another outlet before we heard that it had stood here."""
    take(event(NUMBER, "returning", 50, carrier="yuantong", place={"outlet": "025102"}, text="退回途中"))
    scan("stored_at_pickup_point", 1)
    stay = StationParcel.objects.get()
    assert (stay.state, stay.ended_at - stay.booked_in_at) == ("RETURNED", timedelta(minutes=49))
    scan("delivered", 20, "已取件")
    stay.refresh_from_db()
    assert (stay.state, stay.hand_out.at - stay.booked_in_at) == ("HANDED_OUT", timedelta(minutes=19))
    kinds = [step.kind for step in story_of(stay.pk)]
    assert kinds == ["RETURNED", "HANDED_OUT", "BOOKED_IN"], "what was heard first stays in the story"


def test_its_brand_says_overdue(follows):
    scan("stored_at_pickup_point", 1)
    scan("pickup_overdue", 90, "包裹已滞留")
    (line,) = list_stays(card_of(follows), at=START).items
    assert line.standing == "OVERDUE"


def test_its_record_is_joined_to_another(follows):
    """Two sources knew it under two carriers: one parcel, one stay."""
    for carrier in ("yuantong", "zhongtong"):
        take(event(NUMBER, "stored_at_pickup_point", 1, carrier=carrier, text=STORED))
    ids = list(Shipment.objects.values_list("pk", flat=True))
    mirror_parcels(shipment_ids=ids, at=START)
    assert StationParcel.objects.filter(state="INSIDE").count() == 2
    correct_carrier(waybill_no=NUMBER, old="zhongtong", new="yuantong", at=START)
    stay = StationParcel.objects.get(state="INSIDE")
    assert stay.shipment.carrier == "yuantong"
    assert StationParcel.objects.exclude(pk=stay.pk).get().state == "UNDONE"


def test_what_was_booked_in_here_before_is_ended_by_the_brands_scans(world):
    shelves()
    by = keeper()
    take_in(NUMBER, by=by, at=START - timedelta(hours=30))
    set_working(station="ST01", working=Working(mode="MIRROR", template="{tail:4}"), by=by, at=START)
    scan("delivered", 90, "已从东山驿站取走")
    stay = StationParcel.objects.get()
    assert (stay.state, stay.booked_in_by, stay.hand_out.how) == ("HANDED_OUT", by.label, "MIRROR")


TOLD = st.lists(
    st.tuples(
        st.sampled_from([*KINDS, "intercepted", "in_transit"]),
        st.integers(0, 9),
        st.sampled_from([STORED, "", "已取件"]),
    ),
    min_size=1,
    max_size=7,
    unique=True,
)
NUMBERS = (f"YT77{n:09}" for n in count())


def rows_of(number):
    stays = StationParcel.objects.filter(shipment__waybill_no=number).exclude(state="UNDONE")
    fields = ("station__code", "booked_in_at", "state", "ended_at", "keep_until", "hand_out__at")
    return sorted(stays.values_list(*fields), key=str)


@settings(
    max_examples=10, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(told=TOLD, order=st.randoms(use_true_random=False))
def test_any_order_gives_the_same_stay(follows, told, order):
    """In order and at once; shuffled, one by one, the last said twice."""
    first, second = next(NUMBERS), next(NUMBERS)

    def said(number, kind, minute, text):
        return event(number, kind, minute, carrier="yuantong", text=text)

    def mirror(number):
        mirror_parcels(shipment_ids=[Shipment.objects.get(waybill_no=number).pk], at=START)

    take(*[said(first, *one) for one in sorted(told, key=lambda one: one[1])])
    mirror(first)
    mixed = list(told)
    order.shuffle(mixed)
    for one in [*mixed, mixed[-1]]:
        take(said(second, *one))
        mirror(second)
    assert rows_of(first) == rows_of(second)
    before = rows_of(second)
    mirror(second)
    assert rows_of(second) == before
