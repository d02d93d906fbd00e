"""The forecast from a station's own rows: what is counted, what the morning knew, feasts."""

from datetime import timedelta

import pytest

from tests.stations.making import card_of, keeper, shelves, take_in
from tests.web.desk.conftest import browser
from tests.world import START
from yishi.kit.clock import now
from yishi.people.models import User
from yishi.shipments.models.parcels import Shipment
from yishi.stations.actions.hand_out import Handing, hand_out
from yishi.stations.actions.queue import PastTicket, keep_past_tickets
from yishi.stations.actions.queue_setup import set_factor
from yishi.stations.jobs import keep_mornings
from yishi.stations.models.queue import StationMorning
from yishi.stations.queries.hours import forecast_day, past_of
from yishi.stations.queries.stations import local
from yishi.stations.rules.forecast import like

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def by(world):
    shelves()
    return keeper()


@pytest.fixture
def card(by):
    return card_of(by)


def past(card, days, visits=12, at=START):
    begun = [at - timedelta(days=ago) for ago in range(1, days + 1)]
    tickets = [
        PastTicket(drawn_at=day + n * 4 * MINUTE, called_at=day + (n * 4 + 1) * MINUTE,
                   served_at=day + (n * 4 + 2) * MINUTE)
        for day in begun for n in range(visits)
    ]  # fmt: skip
    return keep_past_tickets(card=card, past=tickets, at=at)


def test_the_day_is_forecast_from_its_own_past_and_checked_against_it(card, by):
    assert past(card, 35) == 420
    today = local(START).date()
    day = forecast_day(card, today, at=START)
    hour = next(row for row in day.rows if row.hour == 10)
    assert (round(hour.forecast.visits), hour.forecast.weeks, hour.counters) == (12, 5, 1)
    assert day.service_s == 60 and not day.is_by_parcels and day.like_day == today.weekday()
    # twelve came in each such hour: neither the rule nor last week's hour was ever wrong
    assert (day.accuracy.wape, day.accuracy.naive) == (pytest.approx(0), 0) and day.accuracy.covered == 1
    assert forecast_day(card, today, feasts={today}, at=START).like_day == 6


def test_a_feast_is_said_before_and_divided_out_afterwards(card, by):
    past(card, 35)
    today = local(START).date()
    set_factor(station="ST01", day=today, factor=2, by=by, at=START)
    assert round(forecast_day(card, today, at=START).visits) == 24
    later = START + timedelta(days=20)
    set_factor(station="ST01", day=today + timedelta(days=21), factor=1.5, by=by, at=later)
    past(card, 1, visits=24, at=START + timedelta(days=1))  # twice as many came, as was said
    known = forecast_day(card, today + timedelta(days=7), at=START + timedelta(days=1))
    assert round(known.visits) == 12


def test_parcels_are_counted_by_the_day_they_came_and_went(card, by):
    first, second = take_in("YT6190000000001", by=by), take_in("YT6190000000002", by=by)
    at = START + timedelta(days=1, hours=2)
    handing = Handing(asked_for=first.parcel_id, how="CODE", only=[first.parcel_id])
    hand_out(card=card, handing=handing, by=by, at=at)
    known = past_of(card, {}, like, at=at)
    came, day = local(START).date(), local(at).date()
    assert known.stays.came == {came: {10: 2}} and known.stays.fetched == {came: {day: {12: 1}}}
    assert known.visits[day][12] == 1 and not known.stays.gone and second.parcel_id


def test_the_morning_is_kept_once_at_its_opening(card, by):
    take_in("YT6190000000001", by=by)
    Shipment.objects.update(milestone="OUT_FOR_DELIVERY", outlet_id=card.outlet_id, moved_at=START)
    opening = local(START).replace(hour=card.opens.hour if card.opens else 8, minute=1) + timedelta(days=1)
    assert keep_mornings(at=opening - timedelta(hours=1)) == 0 and not StationMorning.objects.exists()
    assert keep_mornings(at=opening) >= 1
    Shipment.objects.update(milestone="DELIVERED")
    keep_mornings(at=opening + timedelta(minutes=9))
    row = StationMorning.objects.get(station_id=card.id)
    assert (row.day, row.on_way) == (opening.date(), 1)


def test_the_page_tells_how_many_counters_and_how_right_it_was(card, by):
    at = now()
    past(card, 35, at=at.replace(hour=2, minute=0))  # ten in the morning of the station
    page = browser(User.objects.get(username="keeper")).get("/station/ST01/hours").content.decode()
    for said in ("估得准不准", "照抄上周同一钟头", "只看往周同一钟头", "8:00–21:00", "的人等不到 3 分钟"):
        assert said in page, said
