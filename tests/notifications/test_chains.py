"""Which way after which: by rule, once each, with calls repeated and keys kept; pushed back over HTTP."""

import dataclasses
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from tests.notifications.gateways import sms_sink
from tests.world import START
from yishi.kit.outbox import run_due
from yishi.notifications.actions.chains import Told, fall_back, queue_chain, stop_chain
from yishi.notifications.jobs.deliveries import claim, record, sweep_due_calls, sweep_due_deliveries
from yishi.notifications.models import Delivery
from yishi.notifications.port import Notice, PluginError, open_line
from yishi.notifications.queries.deliveries import count_failed
from yishi.notifications.rules import (
    ELDER,
    PICKUP_CODE,
    CallState,
    Reach,
    Way,
    call_again,
    chain_of,
    counts_instead,
)

PHONE, BACKUP_PHONE, MAIL = "19900000001", "19900000009", "wang@example.cn"
ALL = Reach(phone=PHONE, email=MAIL, wechat="o1", wechat_account=7, backup=BACKUP_PHONE)
VOICE, SMS = Way("VOICE", PHONE), Way("SMS", PHONE)
TO_BACKUP = Way("SMS", BACKUP_PHONE, is_backup=True)
VALUES = {name: name for name in ("operator", "about", "window", "special", "other", "link", "promised")}


@pytest.mark.parametrize(
    ("order", "reach", "ways"),
    [
        (ELDER, ALL, (VOICE, SMS, TO_BACKUP)),
        (ELDER, Reach(phone=PHONE), (VOICE, SMS)),
        (PICKUP_CODE, ALL, (SMS, Way("WECHAT", "o1", 7), Way("EMAIL", MAIL), VOICE, TO_BACKUP)),
        # whom he named is himself; an address that cannot be sent to; a letter box nobody knows the way to
        (ELDER, Reach(phone=PHONE, backup=PHONE), (VOICE, SMS)),
        (PICKUP_CODE, Reach(phone="x", email="a b", wechat="o1"), ()),
        (("SMS", "SMS", "NOTHING"), ALL, (SMS,)),
    ],
)
def test_a_chain_is_data(order, reach, ways):
    assert chain_of(order, reach) == ways


@pytest.mark.parametrize(
    ("state", "calls", "minutes"),
    [("BUSY", 1, 10), ("NO_ANSWER", 1, 30), ("NO_ANSWER", 2, None), ("BUSY", 2, None), ("FAILED", 1, None),
     ("UNHEARD", 1, None)],
)  # fmt: skip
def test_when_somebody_is_rung_again(state, calls, minutes):
    pause = call_again(CallState(state), calls=calls)
    assert pause == (None if minutes is None else timedelta(minutes=minutes))


def test_only_a_key_says_more_than_what_was_heard():
    assert counts_instead(CallState.BUSY, "") and counts_instead(CallState.PRESSED, "ANSWERED")
    assert not counts_instead(CallState.ANSWERED, "PRESSED") and not counts_instead(CallState.BUSY, "BUSY")


@pytest.fixture
def told(settings, tmp_path, db):
    """A chain VOICE → SMS → whom he named, with real gateways."""
    with sms_sink() as calls, sms_sink() as texts, time_machine.travel(START, tick=False):
        settings.ENVIRONMENT = dataclasses.replace(
            settings.ENVIRONMENT, home=tmp_path, voice_url=calls.url, sms_url=texts.url
        )
        said = Told(
            kind="AHEAD", subject_kind="AHEAD", subject_id="1", values=VALUES,
            extra={"template": "AHEAD", "variables": {"window": "今天"}, "keys": ["1"]},
        )  # fmt: skip
        queue_chain(told=said, ways=chain_of(ELDER, ALL), at=START)
        yield calls, texts


def push(call, **said):
    path = "/" + call["status_url"].split("/", 3)[3]
    return Client().post(path, said, "application/json")


def test_a_call_nobody_takes_is_repeated_then_written_and_nothing_twice(told):
    calls, texts = told
    sweep_due_deliveries(at=START)
    _headers, call = calls.posts[0]
    assert (call["to"], call["keys"], call["template"]) == (PHONE, ["1"], "AHEAD")
    assert call["text"].startswith("您好") and call["variables"] == {"window": "今天"}
    assert push(call, state="no_answer").json() == {"is_new": True}
    assert push(call, state="no_answer").json() == {"is_new": False}
    sweep_due_deliveries(at=START + timedelta(minutes=31))
    again = calls.posts[1][1]
    assert again["notice_id"] != call["notice_id"] and not texts.posts
    push(again, state="busy")
    sweep_due_deliveries(at=START + timedelta(hours=2))
    assert [body["to"] for _h, body in texts.posts] == [PHONE] and Delivery.objects.count() == 3
    assert count_failed(since=START) == 0


def test_who_refuses_for_good_is_followed_to_the_last_who_fails_visibly(told):
    calls, texts = told
    calls.refuse_to, texts.refuse_to = PHONE, PHONE
    for minute in range(6):
        sweep_due_deliveries(at=START + timedelta(minutes=minute))
        run_due(at=START + timedelta(minutes=minute), limit=50)
    assert [body["to"] for _h, body in texts.posts] == [BACKUP_PHONE]
    first = Delivery.objects.order_by("pk").first()
    assert fall_back(delivery_id=first.pk, at=START) is not None and Delivery.objects.count() == 3
    assert count_failed(since=START) == 0
    last = Delivery.objects.order_by("pk").last()
    assert fall_back(delivery_id=last.pk, at=START) is None


def test_a_gateway_that_never_says_what_came_of_it_counts_as_nobody(told):
    sweep_due_deliveries(at=START)
    sweep_due_calls(at=START + timedelta(minutes=29))
    assert Delivery.objects.count() == 1
    sweep_due_calls(at=START + timedelta(minutes=31))
    assert Delivery.objects.order_by("pk").last().channel == "SMS"


def test_a_key_comes_after_the_answer_and_nobody_guesses_an_address(told):
    calls, _texts = told
    sweep_due_deliveries(at=START)
    call = calls.posts[0][1]
    assert push(call, state="answered").json() == {"is_new": True}
    assert push(call, state="answered", pressed="1").json() == {"is_new": True}
    assert Delivery.objects.get().receipt == "PRESSED:1"
    assert push(call, state="busy").json() == {"is_new": False}
    assert push({**call, "status_url": call["status_url"][:-2] + "xx"}, state="busy").status_code == 404
    assert (
        push(call, state="sleeping").status_code
        == 422
        == push(call, state="answered", pressed="22").status_code
    )


@pytest.mark.parametrize(
    ("status", "permanent", "outage"), [(400, True, False), (503, False, True), (500, False, False)]
)
def test_what_a_gateway_of_calls_answers(tmp_path, status, permanent, outage):
    notice = Notice(
        "6f", PHONE, "", "您好", "2026-11-22T10:00:00+00:00", {"keys": ["1"], "status_url": "http://x"}
    )
    with sms_sink() as sink:
        line = open_line(channel="VOICE", url=sink.url, home=tmp_path)
        line.send(notice)
        sink.status = status
        with pytest.raises(PluginError) as refused:
            line.send(notice)
        line.close()
    headers, body = sink.posts[0]
    assert (headers["Idempotency-Key"], headers["Authorization"]) == ("6f", "Bearer key")
    assert body == {
        "notice_id": "6f", "to": PHONE, "text": "您好", "language": "", "template": "", "variables": {},
        "keys": ["1"], "status_url": "http://x",
    }  # fmt: skip
    assert (refused.value.permanent, refused.value.outage) == (permanent, outage)


def test_what_is_stopped_while_it_is_sent_is_not_sent_again(told):
    row = Delivery.objects.get()
    (claimed,) = claim(channel="VOICE", at=START, limit=1)
    with transaction.atomic():
        stop_chain(Delivery.objects.select_for_update(of=("self",)).get())
    record(claimed, error=PluginError("busy"), took_s=0, at=START)
    row.refresh_from_db()
    assert (row.state, row.due_at) == ("WITHDRAWN", None)
