"""The worker asks sources over a real socket: subscriptions, polling, refusals, and what dies in between."""

import dataclasses
import json
import threading
from datetime import timedelta

import pytest
from django.db import connection

from tests.fakes.aggregators import KEY, aggregator
from tests.feeds.following import AT, NUMBER, add_asked, sweep, want
from tests.feeds.test_sources import AGENT
from yishi.feeds import jobs
from yishi.feeds.actions.asking import ask_again, claim_due, keep_answer, keep_failure
from yishi.feeds.actions.follow import hear_of_subscriptions
from yishi.feeds.models import RawInput, Source, Subscription
from yishi.feeds.port import ENDED, LOST, Fetched, PluginError, SubscriptionNews, Unanswered
from yishi.feeds.queries.following import list_asked_sources
from yishi.feeds.queries.sources import get_source
from yishi.feeds.rules import LEASE
from yishi.kit.errors import NotAllowed
from yishi.kit.models import FactRow
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.models.parcels import Shipment, TrackingEvent

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def fake():
    with aggregator() as server:
        yield server


@pytest.fixture(autouse=True)
def no_chance(monkeypatch):
    monkeypatch.setattr(jobs.random, "random", lambda: 0.0)


def row(number=NUMBER):
    return Subscription.objects.get(waybill_no=number)


def claim(at=AT):
    (source,) = list_asked_sources()
    return claim_due(source=source, at=at)


def test_a_wanted_parcel_is_subscribed_once_with_our_address(fake, settings):
    path = add_asked(fake)
    want()
    assert (sweep(), sweep(hours=1)) == (1, 0)
    ((where, form, number),) = fake.asked
    said = json.loads(form["param"])
    assert (where, number, said["company"], said["key"]) == ("/poll", NUMBER, "yuantong", KEY)
    assert said["parameters"]["callbackurl"] == settings.ENVIRONMENT.web_origin + path
    assert (row().state, row().error, len(row().asked_at)) == ("ACTIVE", "", 1)


def test_after_forty_days_a_parcel_is_given_up(fake):
    add_asked(fake)
    want()
    sweep()
    assert sweep(days=39) == 0
    assert sweep(days=40) == 1
    assert (row().state, row().due_at, len(fake.asked)) == ("ENDED", None, 1)


def test_a_poll_goes_the_way_of_all_input(fake):
    add_asked(fake, polled_every=HOUR)
    want()
    assert sweep() == 2
    assert fake.numbers("/poll/query.do") == [NUMBER]
    assert Shipment.objects.get(waybill_no=NUMBER, carrier="yuantong").milestone == "ACCEPTED"
    raw = RawInput.objects.get()
    assert (raw.state, raw.accepted, raw.replayed_by) == ("TAKEN", 1, "")
    assert FactRow.objects.filter(fact="feeds.InputStored", body__by="poll").exists()


def test_it_is_polled_as_often_as_set_and_the_same_answer_changes_nothing(fake):
    add_asked(fake, polled_every=HOUR)
    want()
    taken = [sweep(minutes=minute) for minute in (0, 59, 61, 90, 122)]
    assert taken == [2, 0, 1, 0, 1]
    assert len(fake.numbers("/poll/query.do")) == 3
    assert (TrackingEvent.objects.count(), RawInput.objects.count()) == (1, 1)


def test_a_signed_parcel_is_polled_no_more(fake):
    add_asked(fake, polled_every=HOUR)
    want()
    scan = {"ftime": "2026-11-21 18:00:00", "context": "已签收", "statusCode": "301"}
    fake.said[NUMBER] = {"returnCode": "200", "nu": NUMBER, "com": "yuantong", "ischeck": "1", "data": [scan]}
    sweep()
    assert (row().state, row().due_at) == ("ENDED", None)


def test_a_source_in_trouble_is_asked_again_with_growing_pauses(fake):
    add_asked(fake)
    want()
    fake.said[NUMBER] = {"result": False, "returnCode": "500", "message": "服务器错误"}
    assert [sweep(minutes=minute) for minute in (0, 0.5, 1.1, 3, 3.2, 7, 7.3)] == [1, 0, 1, 0, 1, 0, 1]
    assert (row().state, row().tries, row().error) == ("WANTED", 4, "500 服务器错误")
    assert row().asked_at == [], "what it refused it did not count"
    del fake.said[NUMBER]
    sweep(minutes=20)
    assert (row().state, row().tries, row().error) == ("ACTIVE", 0, "")


@pytest.mark.parametrize("code", ["700", "701", "702"])
def test_a_refused_parcel_rests_with_its_reason_and_the_others_go_on(fake, code):
    add_asked(fake)
    want()
    want("YT9900000000033")
    fake.said[NUMBER] = {"result": False, "returnCode": code, "message": "拒绝订阅"}
    assert sweep() == 2
    assert (row().state, row().due_at, row().error) == ("REFUSED", None, f"{code} 拒绝订阅")
    assert row("YT9900000000033").state == "ACTIVE"


def test_subscribed_already_is_what_was_wanted(fake):
    add_asked(fake)
    want()
    fake.said[NUMBER] = {"result": False, "returnCode": "501", "message": "重复订阅"}
    sweep()
    assert row().state == "ACTIVE"


def test_a_wrong_key_stops_the_source_and_not_its_pushes(fake):
    add_asked(fake)
    Source.objects.update(settings=json.dumps(fake.kuaidi100 | {"key": "wrong-key-9"}))
    want()
    want("YT9900000000033")
    assert (sweep(), sweep(hours=1), len(fake.asked)) == (1, 0, 1)
    source = Source.objects.get()
    assert source.asking_stopped.startswith("600 ") and "wrong-key-9" not in source.asking_stopped
    assert (source.is_paused, row().state, row().tries, row().asked_at) == (False, "WANTED", 0, [])
    assert FactRow.objects.filter(fact="feeds.AskingStopped").count() == 1
    Source.objects.update(settings=json.dumps(fake.kuaidi100))
    with pytest.raises(NotAllowed):
        ask_again(code="kuaidi100", by=AGENT, at=AT)
    assert sweep(hours=1) == 0
    ask_again(code="kuaidi100", by=SYSTEM_VIEWER, at=AT)
    assert sweep(hours=1) == 2


def test_an_unanswered_source_is_left_alone_for_this_round(fake):
    add_asked(fake)
    for number in range(5):
        want(f"YT990000000004{number}")
    fake.status = 503
    assert (sweep(), len(fake.asked)) == (1, 1)
    assert Subscription.objects.filter(error="answered 503").count() == 1
    fake.status = 200
    assert sweep(minutes=2) == 5


def test_never_more_than_four_subscriptions_in_thirty_days(fake):
    add_asked(fake)
    want()
    lost = [SubscriptionNews(NUMBER, LOST, "yuantong", "3天查询无记录")]
    for day in range(36):
        sweep(days=day)
        hear_of_subscriptions(source=get_source("kuaidi100"), news=lost, at=AT + timedelta(days=day))
        assert sweep(days=day, minutes=29) == 0, "not before half an hour after an abort"
    moments = sorted(moment - AT for moment in row().asked_at)
    assert len(fake.asked) == 8 and moments[0] >= timedelta(days=6)
    sweep(days=36)
    assert row().due_at == AT + timedelta(days=40), "its end comes before the quota allows a ninth"


def test_two_rows_of_one_number_share_the_quota(fake):
    add_asked(fake)
    full = [AT - timedelta(days=n) for n in (1, 2, 3, 4)]
    first = want()
    Subscription.objects.filter(pk=first.pk).update(asked_at=full, state="ENDED", due_at=None)
    want(carrier="")
    assert (sweep(), fake.asked) == (1, [])
    assert Subscription.objects.get(carrier="").due_at == AT + timedelta(days=26)


def test_an_unanswered_subscription_counts_a_dead_worker_leaves_a_lease(fake):
    add_asked(fake)
    want()
    claim()
    assert (row().due_at, row().asked_at) == (AT + LEASE, [AT])
    assert claim(AT + LEASE - timedelta(seconds=1)) is None
    again = claim(AT + LEASE)
    keep_failure(claimed=again, error=Unanswered("no answer"), spread=0.0, at=AT + LEASE)
    assert len(row().asked_at) == 2
    assert row().due_at == AT + LEASE + timedelta(minutes=2)


def test_what_was_ended_while_asking_stays_ended(fake):
    add_asked(fake)
    want()
    claimed = claim()
    ended = [SubscriptionNews(NUMBER, ENDED, "yuantong")]
    hear_of_subscriptions(source=get_source("kuaidi100"), news=ended, at=AT)
    keep_answer(claimed=claimed, fetched=None, at=AT)
    assert row().state == "ENDED"
    keep_failure(claimed=claimed, error=PluginError("later", permanent=False), spread=0.0, at=AT)
    assert (row().state, row().due_at) == ("ENDED", None)


def test_a_body_that_nobody_can_read_waits_in_quarantine(fake):
    add_asked(fake)
    want()
    keep_answer(claimed=claim(), fetched=Fetched(b"<html>"), at=AT)
    assert (RawInput.objects.get().state, row().state) == ("QUARANTINED", "ACTIVE")


def test_a_clients_own_fault_is_tried_again(fake, monkeypatch):
    add_asked(fake)
    want()
    monkeypatch.setattr("yishi.plugins.feeds.kuaidi100.client.read_object", lambda body: {}["nothing"])
    sweep()
    assert (row().state, row().error) == ("WANTED", "client failed: KeyError")


@pytest.mark.parametrize("values", [{"is_paused": True}, {"asking_stopped": "600"}, {"plugin": "generic"}])
def test_who_is_not_asked(fake, values):
    add_asked(fake)
    want()
    Source.objects.update(**values)
    assert (sweep(), fake.asked) == (0, [])


def test_a_source_without_an_address_is_only_polled(fake):
    add_asked(fake, polled_every=HOUR)
    Source.objects.update(push_path=None)
    want()
    sweep()
    assert [where for where, _, _ in fake.asked] == ["/poll/query.do"]


@pytest.mark.django_db(transaction=True)
def test_the_network_is_outside_of_any_transaction_and_two_workers_never_ask_twice(fake, monkeypatch):
    add_asked(fake)
    for number in range(20):
        want(f"YT99000000001{number:02}")
    inside = []
    source_of = jobs.list_asked_sources

    def watched():
        def call(client, *args, **more):
            inside.append(connection.in_atomic_block)
            return client.subscribe(*args, **more)

        class Watching:
            def __init__(self, client):
                self.client, self.limits = client, client.limits

            def subscribe(self, *args, **more):
                return call(self.client, *args, **more)

        return [dataclasses.replace(s, client=Watching(s.client)) for s in source_of()]

    monkeypatch.setattr(jobs, "list_asked_sources", watched)

    def work():
        try:
            sweep()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(inside) == 20 and not any(inside)
    assert sorted(fake.numbers()) == [f"YT99000000001{number:02}" for number in range(20)]
