"""Sending: claimed by channel, tried again with the same id, given up visibly, never lost."""

import json
import threading
import time
from datetime import timedelta

import pytest

from tests.notifications.conftest import a_case
from tests.notifications.gateways import sms_sink, smtp_server
from tests.world import START, make_world
from yishi.cases.models.history import TimelineEntry
from yishi.kit.outbox import run_due
from yishi.notifications.actions.queue import queue_delivery
from yishi.notifications.jobs import deliveries as jobs
from yishi.notifications.jobs.deliveries import sweep_due_deliveries, sweep_due_emails, sweep_due_sms
from yishi.notifications.models import Delivery, DeliveryAttempt
from yishi.notifications.queries.deliveries import count_failed, list_deliveries
from yishi.notifications.queries.letters import Letter
from yishi.notifications.rules import LEASE


def queue(channel, number, kind="ACK"):
    to = f"p{number}@example.cn" if channel == "EMAIL" else f"1990000{number:04}"
    return queue_delivery(
        kind=kind,
        subject_kind="CASE",
        subject_id=number,
        channel=channel,
        to=to,
        letter=Letter("x" if channel == "EMAIL" else "", "text"),
        language="en",
        at=START,
    )


def states():
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


@pytest.mark.django_db
def test_a_case_is_acknowledged_by_real_mail(gateways):
    make_world()
    with smtp_server() as box:
        gateways(email_url=box.url)
        case = a_case(email="wang@example.cn")
        assert sweep_due_emails(at=START) == 1
    assert case.case_no.encode() in box.messages[0].content
    assert states() == ["SENT"]


@pytest.mark.django_db
def test_the_demo_writes_to_the_outbox(gateways):
    outbox = gateways()
    notice_id = queue("SMS", 1)
    sweep_due_deliveries(at=START)
    line = json.loads((outbox / "sms.jsonl").read_text())
    assert (line["notice_id"], line["to"], line["text"]) == (str(notice_id), "19900000001", "text")


@pytest.mark.django_db
def test_what_is_due_later_waits(gateways):
    gateways()
    queue("SMS", 1)
    Delivery.objects.update(due_at=START + timedelta(hours=1))
    assert sweep_due_sms(at=START + timedelta(minutes=59)) == 0
    assert sweep_due_sms(at=START + timedelta(hours=1)) == 1


@pytest.mark.django_db
def test_trouble_is_tried_again_with_the_same_id_and_given_up_visibly(gateways):
    with sms_sink() as sink:
        gateways(sms_url=sink.url)
        sink.status = 500
        queue("SMS", 1, kind="CODE")
        at = START
        for _ in range(10):
            sweep_due_sms(at=at)
            at += timedelta(hours=12)
    assert states() == ["FAILED"]
    outcomes = list(DeliveryAttempt.objects.order_by("id").values_list("outcome", flat=True))
    assert outcomes == ["RETRY", "RETRY", "RETRY", "REFUSED"]
    assert count_failed(since=START) == 1
    (card,) = list_deliveries(subject_kind="CASE", subject_id=1)
    assert (card.to, card.error, card.tries) == ("199****0001", "answered 500", 4)


@pytest.mark.django_db
def test_a_permanent_refusal_ends_at_once(gateways):
    with smtp_server() as box:
        gateways(email_url=box.url)
        box.recipient_answer = "550 no such user"
        queue("EMAIL", 1)
        sweep_due_emails(at=START)
    assert states() == ["FAILED"]
    assert DeliveryAttempt.objects.get().error == "recipient refused: 550"


@pytest.mark.django_db
def test_what_did_not_get_through_is_said_in_the_case(gateways):
    make_world()
    with sms_sink() as sink:
        gateways(sms_url=sink.url)
        sink.status = 400
        case = a_case()
        sweep_due_sms(at=START)
    run_due(at=START + timedelta(minutes=1), limit=50)
    note = TimelineEntry.objects.get(case_id=case.case_id, kind="NOTE")
    assert note.audience == "INTERNAL"
    assert "answered 400" in note.data["phrase"]["values"]["error"]


@pytest.mark.django_db
def test_a_notice_that_kills_its_worker_is_given_up(gateways):
    gateways()
    queue("SMS", 1, kind="CODE")
    Delivery.objects.update(state="SENDING", tries=4)
    sweep_due_sms(at=START)
    assert states() == ["FAILED"]
    assert "died" in DeliveryAttempt.objects.get().error


@pytest.mark.django_db
def test_one_refusal_does_not_hold_up_the_others(gateways):
    with sms_sink() as sink:
        gateways(sms_url=sink.url)
        for number in range(3):
            queue("SMS", number)
        Delivery.objects.filter(subject_id="1").update(to="1")
        sink.refuse_to = "1"
        sweep_due_sms(at=START)
    assert states() == ["SENT", "FAILED", "SENT"]


@pytest.mark.django_db
def test_an_outage_costs_one_try_and_nothing_is_missing_afterwards(gateways):
    gateways(email_url="smtp://127.0.0.1:1")
    for number in range(5):
        queue("EMAIL", number)
    sweep_due_emails(at=START)
    assert DeliveryAttempt.objects.count() == 1
    assert states() == ["QUEUED"] * 5
    with smtp_server() as box:
        gateways(email_url=box.url)
        sweep_due_emails(at=START + timedelta(minutes=1))
    assert len(box.messages) == 5
    assert states() == ["SENT"] * 5


@pytest.mark.django_db
def test_without_gateway_notices_wait_and_say_why(gateways):
    gateways(sms_url="")
    queue("SMS", 1)
    sweep_due_sms(at=START)
    assert states() == ["QUEUED"]
    assert "no sender" in DeliveryAttempt.objects.get().error


@pytest.mark.django_db
def test_a_worker_that_dies_repeats_only_what_was_in_flight(gateways, monkeypatch):
    """The worker is gone between the gateway's answer and our commit: the row comes again after its lease."""

    class Killed(BaseException):
        pass

    kept = jobs.record

    def record_two(claimed, **values):
        if DeliveryAttempt.objects.count() == 2:
            raise Killed
        kept(claimed, **values)

    with sms_sink() as sink:
        gateways(sms_url=sink.url)
        ids = [str(queue("SMS", number)) for number in range(6)]
        monkeypatch.setattr(jobs, "record", record_two)
        with pytest.raises(Killed):
            sweep_due_sms(at=START)
        monkeypatch.setattr(jobs, "record", kept)
        assert states().count("SENDING") == 4
        assert sweep_due_sms(at=START + timedelta(seconds=1)) == 0
        assert sweep_due_sms(at=START + LEASE + timedelta(seconds=5)) == 4
    got = [body["notice_id"] for _, body in sink.posts]
    assert sorted(set(got)) == sorted(ids)
    assert len(got) == 7
    assert states() == ["SENT"] * 6


@pytest.mark.django_db(transaction=True)
def test_slow_mail_does_not_delay_messages(gateways):
    with smtp_server() as box, sms_sink() as sink:
        box.delay = 0.5
        gateways(email_url=box.url, sms_url=sink.url)
        for number in range(4):
            queue("EMAIL", number)
            queue("SMS", number)
        mail = threading.Thread(target=in_thread, args=(sweep_due_emails,))
        began = time.monotonic()
        mail.start()
        sweep_due_sms(at=START)
        took = time.monotonic() - began
        assert len(sink.posts) == 4
        assert took < 1.5
        mail.join()
    assert len(box.messages) == 4


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_notice_once(gateways):
    with sms_sink() as sink:
        gateways(sms_url=sink.url)
        for number in range(40):
            queue("SMS", number)
        workers = [threading.Thread(target=in_thread, args=(sweep_due_sms,)) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert len({body["notice_id"] for _, body in sink.posts}) == len(sink.posts) == 40


def in_thread(sweep):
    from django.db import connection

    try:
        sweep(at=START)
    finally:
        connection.close()
