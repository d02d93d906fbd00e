"""Which parcels sources are asked about: wanted by a person, new, looked up; those ended and lost."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.feeds.following import AT, NUMBER, add_asked, want
from tests.feeds.test_sources import AGENT
from yishi.feeds.actions.follow import (
    CannotFollow,
    NeedsCarrier,
    NeedsPhoneTail,
    TooOften,
    change_asking,
    follow_looked_up,
    hear_of_subscriptions,
)
from yishi.feeds.actions.sources import add_source, ensure_source
from yishi.feeds.models import Source, Subscription
from yishi.feeds.port import ENDED, LOST, Parsed, ParsedEvent, ParsedShipment, Person, SubscriptionNews
from yishi.feeds.queries.sources import get_source
from yishi.kit.errors import NotAllowed, NotFound
from yishi.kit.outbox import run_due
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.actions.take_in import take_parsed

pytestmark = pytest.mark.django_db


class Nowhere:
    kuaidi100 = {"key": "fake-key-1", "customer": "C"}
    kdniao = {"ebusiness_id": "1", "app_key": "k"}


@pytest.fixture
def source():
    add_asked(Nowhere)
    return get_source("kuaidi100")


def states():
    rows = Subscription.objects.order_by("source__code", "waybill_no")
    return [(row.waybill_no, row.carrier, row.state, row.due_at) for row in rows]


def hear(source, state, carrier="yuantong", at=AT):
    news = [SubscriptionNews(NUMBER, state, carrier, "3天查询无记录")]
    hear_of_subscriptions(source=source, news=news, at=at)


def take(at=AT, **parsed):
    generic = ensure_source(code="api", plugin="generic", at=AT)
    take_parsed(source=generic, parsed=Parsed(**parsed), at=at)


def test_wanted_twice_it_is_followed_once(source):
    want()
    want(at=AT + timedelta(days=1))
    assert states() == [(NUMBER, "yuantong", "WANTED", AT)]


def test_one_that_was_over_begins_again(source):
    row = want()
    Subscription.objects.filter(pk=row.pk).update(state="REFUSED", due_at=None, error="701", asked_at=[AT])
    row = want(at=AT + timedelta(days=1))
    assert (row.state, row.due_at, row.error) == ("WANTED", AT + timedelta(days=1), "")
    assert row.asked_at == [AT], "the source still counts it"


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"by": AGENT}, NotAllowed),
        ({"source": "nobody"}, NotFound),
        ({"source": "api"}, CannotFollow),
        ({"carrier": "shunfeng"}, NeedsPhoneTail),
        ({"source": "kdniao", "carrier": ""}, NeedsCarrier),
    ],
)
def test_refused_it_is_not_followed(source, values, error):
    add_asked(Nowhere, "kdniao")
    ensure_source(code="api", plugin="generic", at=AT)
    with pytest.raises(error):
        want(**values)
    assert states() == []


def test_a_phones_tail_is_kept_sealed_and_only_where_it_is_wanted(source):
    assert want(carrier="shunfeng", tail="19900000001").phone_tail == "0001"
    assert want(carrier="yuantong", tail="19900000001").phone_tail is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone_tail FROM feeds_subscription WHERE carrier = 'shunfeng'")
        assert b"0001" not in bytes(cursor.fetchone()[0])


def test_master_data_of_new_parcels_is_followed_where_the_setting_is_on(source):
    take(master_data=[ParsedShipment(waybill_no="YT0000000001", carrier="yuantong")])
    assert states() == []
    add_asked(Nowhere, is_following=True)
    person = Person(name="王小明", phone="19900000001")
    parcels = [
        ParsedShipment(waybill_no="YT0000000002", carrier="yto", consignee=person),
        ParsedShipment(waybill_no="SF0000000003", carrier="shunfeng", consignee=person),
        ParsedShipment(waybill_no="SF0000000004", carrier="shunfeng"),
    ]
    take(master_data=parcels)
    take(master_data=parcels)
    assert [row[:2] for row in states()] == [("SF0000000003", "shunfeng"), ("YT0000000002", "yuantong")]
    assert Subscription.objects.get(carrier="shunfeng").phone_tail == "0001"


def test_a_source_of_one_carrier_follows_that_one_and_history_is_not_followed():
    add_asked(Nowhere, is_following=True)
    Source.objects.update(carrier="yuantong")
    over = ParsedEvent(waybill_no="YT0000000005", carrier="yuantong", kind="delivered", happened_at=AT)
    take(events=[over])
    take(
        master_data=[
            ParsedShipment(waybill_no="YT0000000005", carrier="yuantong"),
            ParsedShipment(waybill_no="YT0000000006", carrier="yuantong"),
            ParsedShipment(waybill_no="780000000007", carrier="zhongtong"),
        ]
    )
    assert [row[0] for row in states()] == ["YT0000000006"]


def test_delivered_it_is_followed_for_three_days_more(source):
    want()
    take(events=[ParsedEvent(waybill_no=NUMBER, carrier="yuantong", kind="delivered", happened_at=AT)])
    run_due(at=AT, limit=50)
    assert Subscription.objects.get().until_at == AT + timedelta(days=3)


def test_a_looked_up_number_is_followed_once_and_only_by_sources_that_can(source):
    add_asked(Nowhere, is_following=True)
    add_asked(Nowhere, "kdniao", is_following=True)
    for _ in range(3):
        follow_looked_up(waybill_no=NUMBER, at=AT)
    assert states() == [(NUMBER, "", "WANTED", AT)]
    assert Subscription.objects.get().source.code == "kuaidi100"


def test_guessing_numbers_costs_no_more_than_an_hours_allowance(source, monkeypatch):
    monkeypatch.setattr("yishi.feeds.actions.follow.LOOKED_UP_AN_HOUR", 3)
    add_asked(Nowhere, is_following=True)
    for number in range(9):
        follow_looked_up(waybill_no=f"YT000000000{number}", at=AT)
    assert len(states()) == 3
    follow_looked_up(waybill_no="YT0000000010", at=AT + timedelta(hours=1))
    assert len(states()) == 4


def test_nobody_follows_by_himself_unless_told(source):
    follow_looked_up(waybill_no=NUMBER, at=AT)
    assert states() == []


def test_shutdown_ends_and_abort_is_asked_for_again_half_an_hour_later(source):
    want()
    hear(source, LOST)
    assert states() == [(NUMBER, "yuantong", "WANTED", AT + timedelta(minutes=30))]
    assert Subscription.objects.get().error == "3天查询无记录"
    hear(source, ENDED)
    assert states() == [(NUMBER, "yuantong", "ENDED", None)]
    hear(source, LOST)
    assert states() == [(NUMBER, "yuantong", "ENDED", None)], "what has ended is not begun again by a push"


def test_news_of_another_carrier_or_of_nobodys_parcel_changes_nothing(source):
    want()
    hear(source, ENDED, carrier="zhongtong")
    hear_of_subscriptions(source=source, news=[SubscriptionNews("YT1", ENDED)], at=AT)
    assert states() == [(NUMBER, "yuantong", "WANTED", AT)]


def test_news_ends_what_was_followed_without_a_carrier(source):
    want(carrier="")
    hear(source, ENDED)
    assert states() == [(NUMBER, "", "ENDED", None)]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"by": AGENT}, NotAllowed),
        ({"code": "nobody"}, NotFound),
        ({"code": "api"}, CannotFollow),
        ({"polled_every": timedelta(minutes=29)}, TooOften),
    ],
)
def test_a_refused_setting_changes_nothing(source, values, error):
    ensure_source(code="api", plugin="generic", at=AT)
    said = {"code": "kuaidi100", "is_following": True, "polled_every": None, "by": SYSTEM_VIEWER, "at": AT}
    with pytest.raises(error):
        change_asking(**(said | values))
    assert not Source.objects.filter(is_following=True).exists()


def test_only_sources_that_are_asked_keep_the_key_of_their_address():
    asked = add_asked(Nowhere)
    add_source(code="api", plugin="generic", settings={}, by=SYSTEM_VIEWER, at=AT)
    assert dict(Source.objects.values_list("code", "push_path")) == {"kuaidi100": asked, "api": None}
    with connection.cursor() as cursor:
        cursor.execute("SELECT push_path FROM feeds_source WHERE code = 'kuaidi100'")
        assert asked.encode() not in bytes(cursor.fetchone()[0])
