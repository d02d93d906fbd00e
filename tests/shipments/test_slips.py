"""A consignee hears of a delay before he asks: once, by daylight, and not when it has arrived meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.shipments.tracking import event, take
from yishi.kit.outbox import run_due
from yishi.notifications.models import Delivery
from yishi.shipments.jobs import sweep_promises
from yishi.shipments.models.promises import LaneTime, PromiseWatch

pytestmark = pytest.mark.django_db
ACCEPTED = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)  # Saturday, ten in the morning in Shanghai
PROMISED = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)  # Sunday, four in the afternoon
PERSON = {"name": "王女士", "phone": "19900000001", "address": "江苏省南京市江宁区东山街道 1 号"}


def lane(key="1|ACCEPTED", first=60.0):
    minutes = [first + 30.0 * i for i in range(20)]
    LaneTime.objects.create(key=key, count=50, minutes=minutes, stretch=0.0, opens=480, closes=1200)


def parcel(consignee=PERSON):
    said = {"waybill_no": "YT12345678", "carrier": "yuantong", "promised_at": PROMISED.isoformat()}
    take(said | ({"consignee": consignee} if consignee else {}), expects="shipments")
    take(event(carrier="yuantong", place={"city": "杭州市"}))


def move(kind, at):
    take(event(carrier="yuantong", kind=kind, place={"city": "南京市"}) | {"happened_at": at.isoformat()})
    later()


def later():
    """What the worker does with the facts of ingest."""
    run_due(at=datetime(2026, 11, 30, tzinfo=UTC))


def told():
    rows = Delivery.objects.filter(kind="ETA_SLIP").order_by("id")
    return [(row.state, row.body, row.due_at) for row in rows]


def test_a_promise_that_will_be_missed_is_told_at_once_and_once():
    lane(first=32 * 60.0)  # a good day after the acceptance
    parcel()
    later()
    ((state, text, due_at),) = told()
    assert state == "QUEUED" and due_at >= ACCEPTED + timedelta(hours=24)
    assert "单号…345678" in text and "22日16:00" in text and "八成把握" in text
    sweep_promises(at=PROMISED)
    move("arrived_hub", ACCEPTED + timedelta(hours=3))
    assert len(told()) == 1


def test_a_promise_that_passes_is_told_when_it_is_due():
    parcel()
    later()
    assert sweep_promises(at=PROMISED - timedelta(minutes=1)) == 0 and not told()
    assert sweep_promises(at=PROMISED) == 1
    assert [("说不准" in text) for _, text, _ in told()] == [True]
    assert sweep_promises(at=PROMISED + timedelta(hours=5)) == 0 and len(told()) == 1


def test_a_second_notice_only_when_the_window_told_is_missed_too():
    lane(first=32 * 60.0)
    parcel()
    later()
    watch = PromiseWatch.objects.get()
    assert watch.deadline_at is not None and watch.due_at == watch.deadline_at + timedelta(hours=1)
    LaneTime.objects.all().delete()
    assert sweep_promises(at=watch.deadline_at) == 0
    assert sweep_promises(at=watch.due_at) == 1
    assert len(told()) == 2 and PromiseWatch.objects.get().due_at is None


def test_at_night_it_waits_for_the_morning_and_is_taken_back_when_the_parcel_came():
    night = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    parcel()
    later()
    sweep_promises(at=night)
    ((state, _, due_at),) = told()
    assert (state, due_at) == ("QUEUED", datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
    move("delivered", ACCEPTED + timedelta(hours=20))
    ((state, _, _),) = told()
    assert state == "WITHDRAWN" and not PromiseWatch.objects.exists()


@pytest.mark.parametrize("consignee", [None, {"name": "王女士", "phone_tail": "0001"}])
def test_nobody_is_told_where_nobody_can_be_reached(consignee):
    parcel(consignee)
    later()
    sweep_promises(at=PROMISED)
    assert not told()


def test_what_was_missed_long_ago_is_no_news():
    parcel()
    later()
    sweep_promises(at=PROMISED + timedelta(hours=25))
    assert not told() and PromiseWatch.objects.get().due_at is None


def test_what_arrived_in_time_is_never_looked_at_again():
    parcel()
    move("delivered", ACCEPTED + timedelta(hours=20))
    assert sweep_promises(at=PROMISED) == 0 and not told()
