"""Whose parcels wait is told: all in one message, of a short message's length; a broken one has a case."""

from datetime import time, timedelta

import pytest

from tests.stations.making import PHONE, card_of, keeper, shelves, take_in
from tests.world import START
from yishi.cases.models.case import Case
from yishi.config.worker import sweep_all
from yishi.kit.errors import NotFound, TooMany
from yishi.notifications.actions.pickups import Unreachable, send_pickup_again
from yishi.notifications.actions.queue import zone
from yishi.notifications.models import Delivery
from yishi.notifications.queries.pickups import notices_of_stays
from yishi.notifications.rules import after_quiet, shortest_fit, sms_parts
from yishi.stations.actions.custody import undo_booking
from yishi.stations.actions.hand_out import Handing, hand_out
from yishi.stations.queries.waiting import parcel_of_token, pickup_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(world):
    shelves()
    return keeper()


def work(at=START):
    sweep_all(at=at)


def notices():
    return list(Delivery.objects.filter(kind="PICKUP").order_by("pk"))


def test_several_parcels_of_one_person_are_one_message(by):
    first, second = take_in(by=by), take_in("YT6190000000002", by=by)
    take_in("YT6190000000003", by=by, phone="19900000022")
    work()
    both, other = notices()
    assert "2件" in both.body and first.pickup_code in both.body and second.pickup_code in both.body
    assert f"/p/{pickup_token(first.parcel_id)}" in both.body and "12-2-0003" in other.body
    assert set(notices_of_stays([first.parcel_id, second.parcel_id])) == {first.parcel_id, second.parcel_id}


def test_what_was_undone_or_fetched_is_not_told(by):
    first, second = take_in(by=by), take_in("YT6190000000002", by=by)
    work()
    undo_booking(card=card_of(by), parcel_id=first.parcel_id, by=by, at=START)
    (row,) = notices()
    assert row.state == "QUEUED" and second.pickup_code in row.body and first.pickup_code not in row.body
    hand_out(card=card_of(by), handing=Handing(asked_for=second.parcel_id, how="CODE"), by=by, at=START)
    assert notices()[0].state == "WITHDRAWN"


def test_the_code_again_three_times_an_hour(by):
    booked = take_in(by=by)
    for _ in range(3):
        send_pickup_again(parcel_id=booked.parcel_id, at=START)
    with pytest.raises(TooMany):
        send_pickup_again(parcel_id=booked.parcel_id, at=START)
    assert len(notices()) == 3
    nobody = take_in("YT6190000000009", by=by, phone="")
    with pytest.raises(Unreachable):
        send_pickup_again(parcel_id=nobody.parcel_id, at=START)


def test_a_broken_one_has_a_case(by):
    take_in(by=by, condition="DAMAGED")
    work()
    case = Case.objects.get()
    assert (case.category, case.waybill_no) == ("DAMAGED", "YT6190000000001")
    assert case.contact.phone == PHONE


def test_an_address_that_we_did_not_make(by):
    booked = take_in(by=by)
    assert parcel_of_token(pickup_token(booked.parcel_id)) == booked.parcel_id
    for token in ("", "1", "x-y", f"{booked.parcel_id}-AAAA", pickup_token(booked.parcel_id + 1)[1:]):
        with pytest.raises(NotFound):
            parcel_of_token(token)


@pytest.mark.parametrize(("length", "parts"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_how_many_messages_a_text_is(length, parts):
    assert sms_parts("字" * length) == parts


def test_the_first_that_fits_is_sent():
    assert shortest_fit(["长" * 71, "短" * 70, "小"]) == "短" * 70
    assert shortest_fit(["长" * 140, "短" * 71]) == "短" * 71


@pytest.mark.parametrize(("hour", "due"), [(21, 21), (22, 32), (2, 8), (8, 8), (7, 8)])
def test_quiet_hours_end_in_the_morning(hour, due):
    at = START.astimezone(zone()).replace(hour=hour, minute=0)
    expected = at.replace(hour=0) + timedelta(hours=due)
    assert after_quiet(at, time(21, 30), time(8), zone()) == expected
    assert after_quiet(at, time(8), time(8), zone()) == at
