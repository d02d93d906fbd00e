"""A source that falls silent: noticed once, told, and over with the next input. Posts never wait for it."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tests.feeds.following import AT
from tests.feeds.test_sources import AGENT, EVENT, add
from yishi.feeds.actions.codes import note_unknown_codes
from yishi.feeds.actions.silence import BadExpectation, expect_input, note_input
from yishi.feeds.actions.sources import ensure_source, pause_source
from yishi.feeds.jobs import sweep_silent_sources
from yishi.feeds.models import Source
from yishi.feeds.queries.health import list_source_health
from yishi.feeds.queries.sources import get_source
from yishi.kit.errors import NotAllowed, NotFound
from yishi.kit.models import FactRow
from yishi.kit.outbox import run_due
from yishi.notifications.models import Delivery
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.actions.take_in import take_in

pytestmark = pytest.mark.django_db

FOUR = timedelta(hours=4)


@pytest.fixture
def source():
    ensure_source(code="api", plugin="generic", at=AT)
    expect_input(code="api", within=FOUR, by=SYSTEM_VIEWER, at=AT)
    return Source.objects.get(code="api")


def feed(body=b"", **later):
    at = AT + timedelta(**later)
    body = body or json.dumps([EVENT]).encode()
    take_in(source=get_source("api"), body=body, content_type="application/json", at=at)


def silent(**later):
    return sweep_silent_sources(at=AT + timedelta(**later))


def facts(name):
    return FactRow.objects.filter(fact=f"feeds.{name}").count()


def test_silence_is_marked_once_after_the_hours_and_the_slack(source):
    assert silent(hours=4, minutes=4, seconds=59) == 0
    assert (silent(hours=4, minutes=5), silent(hours=9)) == (1, 0)
    assert facts("FeedFellSilent") == 1
    source.refresh_from_db()
    assert (source.silent_since, source.due_silence_at) == (AT + timedelta(minutes=5), None)


def test_input_moves_it_on_and_ends_it(source):
    feed(hours=3)
    assert silent(hours=4, minutes=5) == 0
    assert silent(hours=7, minutes=5) == 1
    assert Source.objects.get().silent_since == AT + timedelta(hours=3)
    feed(hours=8)
    assert (facts("FeedSpokeAgain"), Source.objects.get().silent_since) == (1, None)
    feed(hours=9)
    assert facts("FeedSpokeAgain") == 1
    assert silent(hours=13, minutes=4) == 0


def test_what_cannot_be_read_is_a_sign_of_life_too(source):
    feed(b"<html>", hours=3)
    assert silent(hours=5) == 0


def test_nothing_is_noted_twice_in_five_minutes(source, django_assert_num_queries):
    feed()
    feed(minutes=4, seconds=59)
    assert Source.objects.get().last_input_at == AT
    feed(minutes=5)
    assert Source.objects.get().last_input_at == AT + timedelta(minutes=5)
    fresh = get_source("api")
    with django_assert_num_queries(0):
        note_input(source=fresh, at=AT + timedelta(minutes=9))


def test_history_does_not_count_as_now(source):
    feed(hours=3)
    feed(hours=-300)
    assert Source.objects.get().last_input_at == AT + timedelta(hours=3)


def test_of_a_paused_source_nothing_is_announced(source):
    pause_source(code="api", reason="合同到期", by=SYSTEM_VIEWER, at=AT)
    assert (silent(hours=5), facts("FeedFellSilent")) == (1, 0)


def test_nothing_is_expected_unless_somebody_says_so(source):
    expect_input(code="api", within=None, by=SYSTEM_VIEWER, at=AT)
    feed()
    assert silent(days=300) == 0


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"by": AGENT}, NotAllowed),
        ({"code": "nobody"}, NotFound),
        ({"within": timedelta(minutes=29)}, BadExpectation),
        ({"within": timedelta(days=15)}, BadExpectation),
    ],
)
def test_a_refused_expectation_changes_nothing(source, values, error):
    with pytest.raises(error):
        expect_input(**({"code": "api", "within": FOUR * 2, "by": SYSTEM_VIEWER, "at": AT} | values))
    assert Source.objects.get().expected_within == FOUR


def test_keepers_of_feeds_are_told_once_a_day(world, source):
    silent(hours=5)
    run_due(at=AT + timedelta(hours=5), limit=50)
    mails = list(Delivery.objects.filter(kind="FEED_ALARM").order_by("pk"))
    assert {mail.to for mail in mails} == {world.owner.email, world.operator.email}
    assert mails[0].heading == "[轨迹来源] api：从 11-22 10:05 起没有收到任何数据"
    feed(hours=6)
    silent(hours=12)
    run_due(at=AT + timedelta(hours=12), limit=50)
    assert Delivery.objects.filter(kind="FEED_ALARM").count() == len(mails)


def test_unknown_codes_are_told(world, source):
    add()
    note_unknown_codes(source=get_source("kuaidi100"), codes={"9911": (1, "快件已上天")}, at=AT)
    run_due(at=AT, limit=50)
    mail = Delivery.objects.filter(kind="FEED_ALARM").first()
    assert "9911" in mail.body and "kuaidi100" in mail.heading


def test_the_page_of_feeds_shows_it(source):
    silent(hours=5)
    (health,) = list_source_health(viewer=SYSTEM_VIEWER, at=AT + timedelta(hours=5))
    assert (health.silent_since, health.last_received_at) == (AT + timedelta(minutes=5), None)


@pytest.mark.django_db(transaction=True)
def test_a_post_does_not_wait_for_another_that_has_the_row():
    ensure_source(code="api", plugin="generic", at=AT)
    held, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            note_input(source=get_source("api"), at=AT)
            held.set()
            done.wait(10)
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    held.wait(10)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 2000")
    feed()
    done.set()
    other.join()
    assert Source.objects.get().last_input_at == AT
