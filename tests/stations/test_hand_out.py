"""Parcels are given away to the right person only: codes, one-time codes, names; guesses are counted."""

from datetime import timedelta

import pytest

from tests.shipments.tracking import take
from tests.stations.making import card_of, keeper, milestone, shelves, take_in
from tests.world import START
from yishi.network.actions import add_station
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.actions.stops import stop_parcel
from yishi.shipments.models.stops import ScanCheck
from yishi.stations.actions.hand_out import Handing, NotGiven, hand_out
from yishi.stations.actions.identify import (
    CodeLocked,
    WrongCode,
    WrongStation,
    identify,
    one_time_secret,
    unlock,
)
from yishi.stations.models.handouts import CodeTry, HandOut
from yishi.stations.models.parcels import StationParcel
from yishi.stations.rules.moments import shown

pytestmark = pytest.mark.django_db
NUMBER = "YT6190000000001"


@pytest.fixture
def by(world):
    shelves()
    return keeper()


def ask(by, text, *, who="user:1", at=START, attended=True, **said):
    return identify(card=card_of(by), text=text, asked_by=who, is_attended=attended, at=at, **said)


def give(by, known, *, at=START, **said):
    handing = Handing(asked_for=known.parcel_id, how=known.how, **said)
    return hand_out(card=card_of(by), handing=handing, by=by, at=at)


def test_the_code_gives_all_of_the_persons_parcels(by):
    take_in(by=by)
    take_in("YT6190000000002", by=by)
    take_in("YT6190000000003", by=by, phone="19900000022")
    done = give(by, ask(by, "12-1-0001"))
    assert [one.waybill_no[-1] for one in done.given] == ["1", "2"] and done.left == []
    assert milestone() == "DELIVERED" and milestone("YT6190000000003") == "AT_PICKUP_POINT"
    with pytest.raises(WrongCode) as found:
        ask(by, "12-1-0001")
    assert found.value.reason == "handed_out" and not CodeTry.objects.exists()


def test_by_the_one_time_code_of_his_page(by):
    booked = take_in(by=by)
    text = shown(one_time_secret(), booked.parcel_id, START)
    with pytest.raises(WrongCode):
        ask(by, text, at=START + timedelta(minutes=2))
    assert ask(by, text, at=START + timedelta(minutes=1)).how == "DYNAMIC"


@pytest.mark.parametrize(("name", "is_right"), [("何田", True), ("何", True), ("王田", False), ("", False)])
def test_by_the_tail_with_the_name(by, name, is_right):
    take_in(by=by, person_name="何田")
    if is_right:
        assert ask(by, "0021", person_name=name).how == "TAIL"
    else:
        with pytest.raises(WrongCode):
            ask(by, "0021", person_name=name)


def test_five_wrong_then_locked_even_for_the_right_one(by):
    take_in(by=by)
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(WrongCode) as found:
            ask(by, f"9-9-000{left}")
        assert found.value.left == left
    with pytest.raises(CodeLocked):
        ask(by, "12-1-0001")
    assert ask(by, "12-1-0001", who="user:2").how == "CODE"
    assert ask(by, "12-1-0001", at=START + timedelta(minutes=30)).how == "CODE"


def test_a_person_is_locked_whoever_asks(by):
    booked = take_in(by=by)
    for i in range(5):
        with pytest.raises(WrongCode):
            ask(by, f"YQ{booked.parcel_id}.0000000{i}", who=f"user:{i}")
    with pytest.raises(CodeLocked):
        ask(by, shown(one_time_secret(), booked.parcel_id, START), who="user:9")


def test_many_machines_together_are_locked(by):
    take_in(by=by)
    for i in range(20):
        with pytest.raises(WrongCode):
            ask(by, f"9-9-{i:04}", who=f"kiosk:{i}", attended=False)
    with pytest.raises(CodeLocked):
        ask(by, "12-1-0001", who="kiosk:99", attended=False)
    assert ask(by, "12-1-0001").how == "CODE"


def test_a_thief_with_parcels_of_his_own_does_not_go_on_for_ever(by):
    """His right code clears the machine's wrong ones; the count of all machines keeps them."""
    take_in(by=by)
    for i in range(20):
        with pytest.raises(WrongCode):
            ask(by, f"9-9-{i:04}", who="kiosk:1", attended=False)
        if i % 4 == 3 and i < 19:
            assert ask(by, "12-1-0001", who="kiosk:1", attended=False).how == "CODE"
    with pytest.raises(CodeLocked) as found:
        ask(by, "12-1-0001", who="kiosk:1", attended=False)
    assert found.value.what == "STATION" and CodeTry.objects.filter(cleared_at=None).count() == 4
    assert ask(by, "12-1-0001").how == "CODE", "the keeper at the counter still listens"


def test_the_keeper_who_saw_the_papers_lets_him_try_again(by):
    take_in(by=by)
    for i in range(5):
        with pytest.raises(WrongCode):
            ask(by, f"9-9-000{i}", who=by.label)
    assert unlock(card=card_of(by), by=by, at=START) == 5
    assert ask(by, "12-1-0001", who=by.label).how == "CODE"


def test_the_parcel_of_another_station_is_named(by):
    add_station(code="ST02", outlet_code="DS01", name="西山驿站", by=SYSTEM_VIEWER)
    booked = take_in(by=by, station="ST02")
    with pytest.raises(WrongStation) as found:
        ask(by, booked.pickup_code)
    assert "西山驿站" in str(found.value) and CodeTry.objects.count() == 1


def stopped(shipment_id, reason="INTERCEPTED"):
    asked = "RETURN" if reason == "INTERCEPTED" else ""
    stop_parcel(
        shipment_id=shipment_id,
        reason=reason,
        asked=asked,
        case_no="26112200000018",
        by=SYSTEM_VIEWER,
        at=START,
    )


@pytest.mark.parametrize("reason", ["INTERCEPTED", "WANTED_BY_CASE", "FREIGHT_UNPAID"])
def test_a_stopped_parcel_stays_and_the_question_is_kept(by, reason):
    take_in(by=by)
    stopped(StationParcel.objects.get().shipment_id, reason)
    with pytest.raises(NotGiven) as found:
        give(by, ask(by, "12-1-0001"))
    assert found.value.reason == reason.lower()
    assert StationParcel.objects.get().state == "INSIDE" and not HandOut.objects.exists()
    assert ScanCheck.objects.get().station == "ST01"


def test_the_others_of_the_person_go(by):
    take_in(by=by)
    second = take_in("YT6190000000002", by=by)
    stopped(StationParcel.objects.get(pk=second.parcel_id).shipment_id)
    done = give(by, ask(by, "12-1-0001"))
    assert [one.waybill_no[-1] for one in done.given] == ["1"]
    assert [(one.waybill_no[-1], one.reason) for one in done.left] == [("2", "intercepted")]


def test_what_is_to_be_paid_is_collected_first(by):
    take(
        {"waybill_no": NUMBER, "carrier": "yuantong", "freight_fen": 1200, "freight_collect": True,
         "cash_on_delivery_fen": 5000},
        expects="shipments",
    )  # fmt: skip
    take_in(by=by)
    known = ask(by, "12-1-0001")
    with pytest.raises(NotGiven) as found:
        give(by, known)
    assert found.value.reason == "freight_unpaid" and "62.00" in str(found.value)
    give(by, known, is_paid=True)
    assert HandOut.objects.get().collected_fen == 6200
