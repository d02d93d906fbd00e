"""The sample operator, small: loaded through the rooms' actions, once, ready when demo.json stands."""

import json
import stat
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.standing import shared
from yishi.assistant.models import Miss, Turn
from yishi.cases.models.case import Case
from yishi.cases.queries.worklist import worklist
from yishi.conversations.models.calls import Call
from yishi.conversations.models.messages import Message, RawMessage
from yishi.conversations.models.talk import ChannelAccount, Conversation
from yishi.feedback.models import Rating
from yishi.feeds.queries.sources import find_source_by_push
from yishi.network.models import Courier, Merchant, Outlet, Station
from yishi.network.queries import rounds_of
from yishi.notifications.models import Delivery
from yishi.people.models import User
from yishi.people.queries import viewer_of_key, viewer_of_user
from yishi.people.rules import SYSTEM_VIEWER
from yishi.sample import load
from yishi.sample.keep_moving import move_once
from yishi.sample.load import load_sample
from yishi.sample.routes import make_parcel
from yishi.sample.traces import trace
from yishi.shipments.models.parcels import Shipment, TrackingEvent
from yishi.stations.queries.hours import forecast_day
from yishi.stations.queries.queue import line_of
from yishi.stations.queries.stations import access_station
from yishi.web.courier.rounds import stops_of

AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
SIZE = {"parcels": 300, "cases": 24}
OTHERS = 12 + 5


@pytest.fixture(scope="module")
def operator(django_db_setup, django_db_blocker, tmp_path_factory):
    """The home of the sample operator, who stands for all tests of this file."""
    home = tmp_path_factory.mktemp("operator")
    with django_db_blocker.unblock(), shared(lambda: load_sample(home=home, at=AT, **SIZE)):
        yield home


@pytest.fixture
def loaded(operator, db):
    return operator


def counts():
    return [model.objects.count() for model in (Shipment, TrackingEvent, Case, Outlet, Courier, Delivery)]


def test_the_whole_operator_stands(loaded):
    # and the courier's round of today, and what stands at the first station
    assert Shipment.objects.count() == 300 + OTHERS
    assert (Outlet.objects.count(), Station.objects.count()) == (8, 4)
    assert (Courier.objects.count(), Merchant.objects.count()) == (60, 3)
    assert TrackingEvent.objects.count() > 1200
    milestones = set(Shipment.objects.values_list("milestone", flat=True))
    assert milestones >= {"CREATED", "IN_TRANSIT", "OUT_FOR_DELIVERY", "DELIVERED"}


def test_the_courier_has_a_round_with_something_of_everything(loaded):
    stops = stops_of(rounds_of(viewer_of_user(User.objects.get(username="courier"))), user_id=None, at=AT)
    assert len(stops) >= 12 and stops[0].special == ("FRESH",) and stops[0].is_elder
    assert any(stop.cases for stop in stops) and any("VALUABLE" in stop.special for stop in stops)
    assert any(stop.is_late for stop in stops) and not all(stop.matters for stop in stops)


def test_cases_stand_with_their_outlets_and_have_a_past(loaded):
    cases = list(Case.objects.all())
    assert 15 <= len(cases) <= 24
    assert all(case.outlet_id for case in cases)
    assert len({case.status for case in cases}) >= 3
    assert all(case.opened_at < AT for case in cases)
    assert Rating.objects.exists()
    page = worklist(viewer=SYSTEM_VIEWER, view="all", at=AT)
    assert page.items


def test_people_have_written_and_rung(loaded):
    channels = Counter(Conversation.objects.values_list("channel", flat=True))
    assert set(channels) == {"WEB", "PHONE", "WALK_IN", "SMS", "WECHAT", "EMAIL"}
    assert 28 <= channels.total() <= 34 and Turn.objects.count() > 20 and Miss.objects.exists()
    assert Conversation.objects.filter(state__in=("QUEUED", "WITH_AGENT")).count() >= 5
    assert not RawMessage.objects.exclude(state="TAKEN").exists() and Call.objects.count() > 8
    # the invented keys lead nowhere
    for account in ChannelAccount.objects.filter(plugin__in=("wechat", "mail")):
        assert account.is_paused and "127.0.0.1" in account.settings
    # nothing is told that had not happened yet
    assert not Message.objects.filter(at__gt=AT).exists()


def test_demo_json_says_what_was_promised(loaded):
    file = loaded / "demo.json"
    demo = json.loads(file.read_text())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert set(demo) == {"web", "live", "users", "keys", "feeds", "outlets", "stations", "samples"}
    assert len(demo["outlets"]) == 8
    assert {"waybill_no", "phone", "milestone"} == set(demo["samples"][0])
    integrator = viewer_of_key(demo["keys"]["integrator"])
    assert integrator.role == "INTEGRATOR"
    path = demo["feeds"]["kuaidi100"]["path"].split("/")
    assert find_source_by_push(path[2], path[3]).settings["salt"] == demo["feeds"]["kuaidi100"]["salt"]


def test_loading_again_changes_nothing(loaded):
    before = counts()
    load_sample(home=loaded, at=AT + timedelta(days=1), **SIZE)
    assert counts() == before


def test_what_stands_is_what_the_seed_says(loaded):
    """The same seed gives the same, parcel by parcel."""
    written = set(Shipment.objects.values_list("waybill_no", "carrier", "last_event_at"))
    said = set()
    for number in range(300):
        parcel = make_parcel(seed=load.SEED, number=number, total=300, at=AT)
        scans = trace(parcel, seed=load.SEED, until=AT)
        said.add((parcel.waybill_no, parcel.carrier, scans[-1].happened_at if scans else None))
    assert said <= written and len(written - said) == OTHERS


def test_it_moves_gently(loaded):
    at = AT + timedelta(hours=1)
    moved = [move_once(at=at + timedelta(seconds=4 * n), ended_at=AT, total=300) for n in range(20)]
    assert 5 < sum(moved) < 60
    assert Shipment.objects.count() > 300


def test_now_and_then_somebody_complains(loaded, monkeypatch):
    monkeypatch.setattr("yishi.sample.keep_moving._COMPLAINT_SHARE", 1.0)
    before = Case.objects.count()
    move_once(at=AT + timedelta(hours=1), ended_at=AT, total=300)
    assert Case.objects.count() == before + 1


def test_the_station_has_a_line_and_a_past(loaded):
    card = access_station(SYSTEM_VIEWER, "ST-DS01", is_writing=False)
    line, day = line_of(card, at=AT), forecast_day(card, AT.date(), at=AT)
    assert (len(line.called), len(line.waiting)) == (2, 4) and line.waiting[0].reason and line.expected
    assert (
        day.accuracy is not None and day.accuracy.wape < 1 and 100 < day.visits < 250 and day.services > 500
    )
