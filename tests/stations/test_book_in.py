"""Parcels are taken in: once, with a code of their own, where their people agreed; and put back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.shipments.tracking import event, take
from tests.stations.making import PHONE, card_of, keeper, milestone, shelves, take_in
from tests.world import START, add_person
from yishi.consignees.actions.consents import Allowed, give_consent
from yishi.consignees.actions.standing import Wish
from yishi.consignees.actions.wishes import note_wishes
from yishi.kit.errors import Invalid, NotAllowed, NotFound
from yishi.kit.hot import hot_insert
from yishi.network.actions import add_station
from yishi.people.queries import viewer_of_user
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.queries.pickup import pickup_codes_of
from yishi.stations.actions.book_in import Held
from yishi.stations.actions.custody import (
    NotLonger,
    TooLateToUndo,
    extend_keeping,
    hand_back,
    move_parcel,
    undo_booking,
)
from yishi.stations.actions.floor import StillFull, Working, close_shelf, keep_shelf, set_working
from yishi.stations.models.parcels import StationMove, StationParcel
from yishi.stations.queries.stays import extensions_for, get_stay, list_standing, list_stays, story_of

pytestmark = pytest.mark.django_db
NUMBER = "YT6190000000001"


@pytest.fixture
def by(world):
    shelves()
    return keeper()


def refused(reason, **said):
    before = StationParcel.objects.count(), StationMove.objects.count()
    with pytest.raises(Held) as found:
        take_in(**said)
    assert found.value.reason == reason
    assert (StationParcel.objects.count(), StationMove.objects.count()) == before


def test_it_gets_a_place_a_code_and_a_day(by):
    booked = take_in(by=by)
    assert (booked.shelf, booked.pickup_code) == ("12-1", "12-1-0001")
    assert booked.keep_until.astimezone().isoformat() == (booked.keep_until.isoformat())
    assert (booked.keep_until - START).days in (5, 6)
    stay = StationParcel.objects.get()
    assert milestone() == "AT_PICKUP_POINT"
    assert [step.kind for step in story_of(stay.pk)] == ["BOOKED_IN"]
    (told,) = pickup_codes_of(stay.shipment_id, PHONE)
    assert (told.code, told.place) == ("12-1-0001", "东山驿站")


def test_parcels_of_one_person_stand_together(by):
    assert {take_in(f"YT619000000000{i}", by=by).shelf for i in range(3)} == {"12-1"}
    assert take_in("YT6190000000009", by=by, phone="19900000022").shelf == "12-2"


def test_the_same_scan_sent_again_is_the_same(by):
    first = take_in(by=by, client_id="a1")
    again = take_in(by=by, client_id="a1")
    assert again.is_repeat and (again.parcel_id, again.pickup_code) == (first.parcel_id, first.pickup_code)
    assert StationParcel.objects.count() == 1


def test_what_two_scanners_wrote_at_once_is_refused_in_the_words_of_django(by):
    """Else the second of two would not be tried again, and answer 500."""
    take_in(by=by)
    twin = StationParcel.objects.get()
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        hot_insert(twin)
    assert StationParcel.objects.count() == 1


def test_twice_or_in_two_stations(by):
    take_in(by=by)
    refused("already_inside", by=by)
    add_station(code="ST02", outlet_code="DS01", name="西山驿站", by=SYSTEM_VIEWER)
    refused("inside_elsewhere", by=by, station="ST02")


def test_after_it_was_signed_for_the_keeper_is_asked(by):
    take(event(NUMBER, "delivered", carrier="yuantong"))
    refused("signed", by=by)
    assert take_in(by=by, answered=frozenset({"signed"})).shelf == "12-1"
    assert milestone() == "AT_PICKUP_POINT"


def test_promised_to_the_door_it_waits_for_a_yes(by, world):
    wish = Wish(kind="DOOR", source="AGENT")
    note_wishes(phone=PHONE, wishes=[wish], by=SYSTEM_VIEWER, at=START)
    refused("consent_needed", by=by)
    allowed = Allowed(placement="STATION", channel="call", wording="可以放驿站", waybill_no=NUMBER)
    give_consent(phone=PHONE, allowed=allowed, by=SYSTEM_VIEWER, at=START)
    assert take_in(by=by).shelf == "12-1"


def test_a_place_that_is_not_there_and_a_number_that_cannot_be_read(by):
    for said in ({"place": ("99", 1)}, {"number": "??"}, {"condition": "SOSO"}):
        with pytest.raises(Invalid):
            take_in(by=by, **said)
    assert not StationParcel.objects.exists()


def test_the_clock_of_the_scanner_does_not_matter(by):
    wrong = START + timedelta(days=3)
    take_in(by=by, scanned_at=wrong, sent_at=wrong + timedelta(minutes=20))
    stay = StationParcel.objects.get()
    assert stay.booked_in_at == START - timedelta(minutes=20)
    assert stay.device_offset_ms == (timedelta(days=3, minutes=20)).total_seconds() * 1000


def test_codes_of_tails_never_meet(by):
    set_working(station="ST01", working=Working(template="{tail:4}"), by=by, at=START)
    codes = [take_in(f"YT6190000{i}4444", by=by).pickup_code for i in range(3)]
    assert codes == ["4444", "4444-2", "4444-3"]


def test_mirror_mode_is_said(by):
    take_in(by=by)
    set_working(station="ST01", working=Working(mode="MIRROR", template="{tail:4}"), by=by, at=START)
    refused("mirror", by=by, number="YT6190000000002")


def test_foreign_stations_are_not_there(by, world):
    stranger = viewer_of_user(add_person("other", "别家", Role.STATION_KEEPER, "JN01"))
    with pytest.raises(NotFound):
        take_in(by=stranger)
    with pytest.raises(NotAllowed):
        take_in(by=world.viewer(world.lin))


def test_a_booking_is_undone_within_half_an_hour(by):
    booked = take_in(by=by)
    with pytest.raises(TooLateToUndo):
        undo_booking(card=card_of(by), parcel_id=booked.parcel_id, by=by, at=START + timedelta(minutes=31))
    assert get_stay(card_of(by), booked.parcel_id, at=START).state == "INSIDE"
    undo_booking(card=card_of(by), parcel_id=booked.parcel_id, by=by, at=START + timedelta(minutes=1))
    assert milestone() == "OUT_FOR_DELIVERY"
    assert take_in(by=by, at=START + timedelta(minutes=2)).pickup_code == "12-1-0002"


def test_moved_kept_longer_and_given_back(by):
    card, booked = card_of(by), take_in(by=by)
    assert move_parcel(card=card, parcel_id=booked.parcel_id, shelf="13", layer=2, by=by, at=START) == "13-2"
    stay = StationParcel.objects.get()
    offered = extensions_for(card, stay.pk, at=START)
    extend_keeping(card=card, parcel_id=stay.pk, until=offered[-1].until, by=None, at=START)
    with pytest.raises(NotLonger):
        extend_keeping(card=card, parcel_id=stay.pk, until=offered[0].until, by=None, at=START)
    late = offered[-1].until + timedelta(days=4)
    (line,) = list_standing(card, {"TO_RETURN"}, at=late)
    back = {"carrier": "yuantong", "receiver": "刘师傅", "by": by, "at": late}
    assert hand_back(card=card, parcel_ids=[line.parcel_id], **back).waybill_nos == [NUMBER]
    assert milestone() == "RETURNING"
    kinds = [step.kind for step in story_of(line.parcel_id)]
    assert kinds == ["RETURNED", "EXTENDED", "SHELVED", "BOOKED_IN"]
    with pytest.raises(NotFound):
        hand_back(card=card, parcel_ids=[line.parcel_id], **back)


def test_a_full_shelf_stays(by):
    take_in(by=by)
    with pytest.raises(StillFull):
        close_shelf(station="ST01", code="12", by=by, at=START)
    close_shelf(station="ST01", code="13", by=by, at=START)
    for bad in (
        {"code": "", "layers": 1},
        {"code": "7", "layers": 0},
        {"code": "7", "layers": 1, "size": "X"},
    ):
        with pytest.raises(Invalid):
            keep_shelf(station="ST01", capacity=9, by=by, at=START, **bad)


def test_lists_are_found_by_number_tail_and_place(by):
    take_in(by=by)
    take_in("YT6190000000002", by=by, phone="19900000022")
    card = card_of(by)

    def found(q):
        return [line.waybill_no[-1] for line in list_stays(card, q=q, at=START).items]

    assert (found("0002"), found(NUMBER), found("12-1"), found("0022")) == (["2"], ["1"], ["1"], ["2"])
    assert found("12-1-0001") == ["1"] and found("不存在") == []
    page = list_stays(card, limit=1, at=START)
    assert [line.waybill_no for line in list_stays(card, cursor=page.next_cursor, at=START).items] == [NUMBER]
