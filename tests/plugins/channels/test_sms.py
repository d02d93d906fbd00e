"""Short messages that people send back: signed, joined, answered by the gateway; and 退订."""

import dataclasses
import hmac
import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client

from tests.notifications.gateways import sms_sink
from tests.world import CONSUMER_PHONE, START
from yishi.config.worker import sweep_all
from yishi.consignees.models import NoticeChoice
from yishi.conversations.actions.accounts import add_account
from yishi.conversations.jobs import sweep_late_parts
from yishi.conversations.models.messages import Message, RawMessage
from yishi.conversations.models.talk import ChannelAccount, Conversation
from yishi.people.rules import SYSTEM_VIEWER

pytestmark = pytest.mark.django_db
SECRET = "fake-secret"


@pytest.fixture
def push(world):
    """`push(said, **how)` is what the gateway does with a message that came."""
    settings = {"secret": SECRET}
    _id, key = add_account(code="duanxin", plugin="sms", settings=settings, by=SYSTEM_VIEWER, at=START)

    def send(said, *, at=START, secret=SECRET, as_form=False, alter=b""):
        body = (urlencode(said) if as_form else json.dumps(said)).encode()
        second = str(int(at.timestamp()))
        sign = hmac.digest(secret.encode(), second.encode() + b"." + body, "sha256").hex()
        headers = {"x-timestamp": second, "x-signature": sign}
        kind = "application/x-www-form-urlencoded" if as_form else "application/json"
        return Client().post(f"/channels/duanxin/{key}", body + alter, content_type=kind, headers=headers)

    with time_machine.travel(START, tick=False):
        yield send


def sms(text, number="s1", **more):
    return {"id": number, "from": CONSUMER_PHONE, "text": text, **more}


def texts():
    return list(Message.objects.filter(author_kind="CONSUMER").order_by("pk").values_list("text", flat=True))


def test_story_in_and_answered_by_the_gateway(push, settings):
    with sms_sink() as sink:
        settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, sms_url=sink.url)
        assert push(sms("你好"), as_form=True).json() == {"ok": True}
        sweep_all(at=START)
        push(sms("转人工", "s2"))
        sweep_all(at=START)
    assert {body["to"] for _headers, body in sink.posts} == {CONSUMER_PHONE} and len(sink.posts) >= 2
    assert Conversation.objects.get().state == "QUEUED"


@pytest.mark.parametrize(
    "how",
    [
        {"secret": "other"},
        {"alter": b" "},
        {"at": START - timedelta(minutes=11)},
        {"at": START + timedelta(1)},
    ],
)
def test_forged_altered_and_stale_ones_are_refused(push, how):
    assert push(sms("在吗"), **how).status_code == 401
    assert not RawMessage.objects.exists() and ChannelAccount.objects.get().bad_signatures == 1


def test_replayed_a_hundred_times_is_one(push):
    assert {push(sms("在吗"), as_form=bool(time % 2)).status_code for time in range(100)} == {200}
    assert texts() == ["在吗"]


def test_pieces_are_joined_in_their_order(push):
    push(sms("要投诉", "s3", ref="r", part=3, parts=3))
    push(sms("我的快递", "s1", ref="r", part="1", parts="3"), as_form=True)
    assert texts() == []
    push(sms("丢了，", "s2", ref="r", part=2, parts=3))
    assert texts() == ["我的快递丢了，要投诉"]


def test_a_piece_that_never_comes_is_named(push):
    push(sms("要投诉", "s2", ref="r", part=2, parts=2))
    assert sweep_late_parts(at=START + timedelta(minutes=2, seconds=59)) == 0
    assert sweep_late_parts(at=START + timedelta(minutes=3)) == 1
    assert texts() == ["［缺第 1 段］要投诉"]


@pytest.mark.parametrize("word", ["退订", "td", "STOP", "退订。"])
def test_who_says_stop_is_told_nothing_more(push, word, world):
    push(sms(word))
    sweep_all(at=START)
    choice = NoticeChoice.objects.get(contact_id=world.contact_id)
    assert (choice.channel, choice.about) == ("NONE", "")
    assert not Message.objects.filter(author_kind="ASSISTANT").exists()


def test_a_word_that_only_holds_stop_stops_nothing(push):
    push(sms("我要退订这个快递的短信吗"))
    assert not NoticeChoice.objects.exists()
