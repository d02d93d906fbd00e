"""One touch after fetching: by the person's page or at the machine, once a hand-out, seen on the score."""

from datetime import timedelta

import pytest

from tests.stations.making import card_of, keeper, shelves, take_in
from tests.world import START
from yishi.feedback.actions import PickupAlreadyRated, rate_pickup
from yishi.feedback.models import PickupRating
from yishi.feedback.queries import pickup_scores, pickup_to_rate
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotFound
from yishi.stations.actions.hand_out import Handing, hand_out
from yishi.stations.queries.waiting import pickup_token

pytestmark = pytest.mark.django_db
WEEK = {"since": START, "until": START + timedelta(days=7)}


@pytest.fixture
def fetched(world):
    return fetch(START)


def fetch(at):
    shelves()
    by = keeper()
    booked = take_in(by=by, at=at)
    done = hand_out(card=card_of(by), handing=Handing(asked_for=booked.parcel_id, how="CODE"), by=by, at=at)
    return card_of(by), booked, done.hand_out_id


def test_once_and_the_same_again_is_nothing(fetched):
    card, booked, hand_out_id = fetched
    for _ in range(2):
        rate_pickup(hand_out_id=hand_out_id, score=5, way="PAGE", at=START)
    with pytest.raises(PickupAlreadyRated):
        rate_pickup(hand_out_id=hand_out_id, score=1, way="KIOSK", at=START)
    assert pickup_scores(card.id, **WEEK) == {5: 1}
    assert pickup_to_rate(booked.parcel_id, at=START).score == 5


@pytest.mark.parametrize(("score", "days", "refusal"), [(0, 1, Invalid), (6, 1, Invalid), (5, 8, NotFound)])
def test_nonsense_and_long_ago_are_refused(fetched, score, days, refusal):
    with pytest.raises(refusal):
        rate_pickup(hand_out_id=fetched[2], score=score, way="PAGE", at=START + timedelta(days=days))
    assert not PickupRating.objects.exists()


def test_the_persons_page_asks_once_and_leads_on_whoever_was_treated_badly(world, client):
    address = f"/p/{pickup_token(fetch(now())[1].parcel_id)}"
    assert "这次取件怎么样" in client.get(address).content.decode()
    client.post(f"{address}/rate", {"score": "1"})
    said = client.get(address).content.decode()
    assert "这次取件怎么样" not in said and "category=STATION_SERVICE" in said
    assert PickupRating.objects.get().way == "PAGE"
