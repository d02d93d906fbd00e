"""The line: drawn once, called in order, our mistakes first, measured; the peak; links of machines."""

from datetime import timedelta

import pytest

from tests.stations.making import card_of, keeper, shelves, take_in
from tests.world import START
from yishi.kit.errors import Invalid, NotFound
from yishi.people.rules import SYSTEM_VIEWER
from yishi.stations.actions.floor import keep_shelf
from yishi.stations.actions.hand_out import Handing, hand_out
from yishi.stations.actions.queue import (
    Drawing,
    NobodyWaits,
    call_again,
    call_next,
    draw_ticket,
    pass_over,
    serve,
)
from yishi.stations.actions.queue_setup import (
    make_link,
    notice_slot,
    open_counters,
    switch_peak,
    take_link_back,
)
from yishi.stations.models.places import Shelf
from yishi.stations.models.queue import QueueTicket
from yishi.stations.queries.queue import door_of, line_of, ticket_of_token, wait_of, waits_by_hour
from yishi.stations.queries.stations import local
from yishi.stations.rules.queue import Expected

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def by(world):
    shelves()
    return keeper()


@pytest.fixture
def card(by):
    return card_of(by)


def draw(card, at=START, **said):
    return draw_ticket(card=card, drawing=Drawing(**{"drawn_by": "LINK", **said}), at=at)


def numbers(lines):
    return [one.ticket_no for one in lines]


def call(card, at=START, after=0, counter=1):
    return call_next(card=card, counter=counter, after=after, at=at)


def test_a_ticket_is_drawn_once_and_shows_who_is_before(card):
    first = draw(card, client_id="a")
    assert draw(card, client_id="a").ticket_id == first.ticket_id
    second = draw(card)
    own = ticket_of_token(second.token, at=START)
    assert (own.line.ticket_no, own.before, own.expected) == ("A002", 1, None)
    with pytest.raises(NotFound):
        ticket_of_token(second.token, at=START + timedelta(days=1))
    assert draw(card, at=START + timedelta(days=1)).ticket_no == "A001"
    assert QueueTicket.objects.get(pk=first.ticket_id).state == "GONE"  # it waited until the day ended


def test_the_parcel_that_waits_keeps_its_place(card, by):
    stay = take_in(by=by).parcel_id
    first = draw(card, parcel_id=stay, tail="19900000021")
    assert draw(card, parcel_id=stay).ticket_id == first.ticket_id
    assert line_of(card, at=START).waiting[0].tail == "21"
    with pytest.raises(Invalid):
        draw(card, reason="RICH")
    with pytest.raises(NotFound):
        draw(card, parcel_id=stay + 1)
    assert QueueTicket.objects.count() == 1
    hand_out(card=card, handing=Handing(asked_for=stay, how="CODE"), by=by, at=START)
    assert QueueTicket.objects.get().state == "SERVED"


def test_called_in_order_and_pressed_twice_calls_once(card):
    for _n in range(2):
        draw(card)
    draw(card, reason="PARCEL_NOT_FOUND")
    first = call(card)
    assert call(card) == first  # the same press again: who stands there stays
    line = line_of(card, at=START)
    assert numbers(line.called) == ["A003"] and numbers(line.waiting) == ["A001", "A002"]
    second = call(card, after=first, at=START + MINUTE)
    assert QueueTicket.objects.get(pk=first).state == "SERVED"
    third = call(card, counter=2, at=START + MINUTE)
    assert third != second and set(numbers(line_of(card, at=START).called)) == {"A001", "A002"}
    assert call(card, after=second, at=START + 2 * MINUTE) == 0
    with pytest.raises(NobodyWaits):
        call(card, at=START + 2 * MINUTE)


def test_who_was_passed_over_may_come_back(card):
    draw(card), draw(card)
    first = call(card)
    call_again(card=card, ticket_id=first, counter=1, at=START)
    assert QueueTicket.objects.get(pk=first).calls == 2
    pass_over(card=card, ticket_id=first, at=START + MINUTE)
    second = call(card, at=START + MINUTE)
    serve(card=card, ticket_id=second, at=START + 2 * MINUTE)
    serve(card=card, ticket_id=second, at=START + 9 * MINUTE)
    assert QueueTicket.objects.get(pk=second).served_at == START + 2 * MINUTE
    call_again(card=card, ticket_id=first, counter=1, at=START + 3 * MINUTE)
    assert numbers(line_of(card, at=START).called) == ["A001"]
    with pytest.raises(NotFound):
        call_again(card=card, ticket_id=second, counter=1, at=START + 4 * MINUTE)


def test_the_wait_is_measured_and_promised_from_it(card, by):
    at = START
    for _n in range(5):
        draw(card, at=at)
        ticket = call(card, at=at + 2 * MINUTE)
        serve(card=card, ticket_id=ticket, at=at + 3 * MINUTE)
        at += 3 * MINUTE
    assert wait_of(card, since=START) == (120, 120, 5)
    assert [(one.hour, one.median_s) for one in waits_by_hour(card, at=at)] == [(10, 120)]
    assert line_of(card, at=at).expected == Expected(0, 0)
    draw(card, at=at)
    call(card, at=at)
    assert line_of(card, at=at).expected == Expected(1, 1)
    open_counters(card=card, counters=0, by=by, at=at)
    assert line_of(card, at=at).expected is None


def test_the_peak_puts_up_shelves_and_sends_in_waves(card, by):
    keep_shelf(
        station="ST01", code="T1", layers=1, capacity=50, is_temporary=True, by=SYSTEM_VIEWER, at=START
    )
    assert notice_slot(station_id=card.id, at=START) == START
    assert switch_peak(station="ST01", is_on=False, by=by, at=START) == 1
    assert switch_peak(station="ST01", is_on=True, wave_size=2, by=by, at=START) == 1
    slots = [notice_slot(station_id=card.id, at=START) for _n in range(3)]
    assert slots == [START, START, START + 10 * MINUTE]
    night = local(START).replace(hour=23)
    slots = [local(notice_slot(station_id=card.id, at=night)) for _n in range(3)]
    assert [(slot.day - night.day, slot.hour, slot.minute) for slot in slots] == [
        (1, 8, 0),
        (1, 8, 0),
        (1, 8, 10),
    ]
    with pytest.raises(Invalid):
        switch_peak(station="ST01", is_on=True, wave_size=0, by=by, at=START)
    assert Shelf.objects.get(code="T1").closed_at is None and line_of(card, at=START).is_peak


def test_a_machines_link_opens_its_kind_until_it_is_taken_back(card, by):
    link = make_link(station="ST01", kind="KIOSK", by=by, at=START)
    assert door_of(link.token, "KIOSK").card.code == "ST01"
    with pytest.raises(NotFound):
        door_of(link.token, "SCREEN")
    take_link_back(station="ST01", link_id=link.link_id, by=by, at=START)
    with pytest.raises(NotFound):
        door_of(link.token, "KIOSK")
