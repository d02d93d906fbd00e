"""Calls step by step: late, twice and in disorder; who was missed is promised a call-back."""

from datetime import timedelta

import pytest

from tests.world import START
from yishi.conversations.actions.calls import enter_call, hear_call
from yishi.conversations.models.beside import CallBack
from yishi.conversations.models.calls import Call
from yishi.conversations.models.talk import ChannelAccount, Conversation
from yishi.conversations.port import CallNews
from yishi.conversations.queries.calls import answer_times, list_calls
from yishi.conversations.rules import call_after
from yishi.kit.errors import Invalid
from yishi.network.models import Outlet

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "step", "after"),
    [
        ("RINGING", "RINGING", "RINGING"),
        ("RINGING", "ANSWERED", "ANSWERED"),
        ("RINGING", "MISSED", "MISSED"),
        ("RINGING", "ENDED", "MISSED"),
        ("ANSWERED", "RINGING", "ANSWERED"),
        ("ANSWERED", "ENDED", "ENDED"),
        ("ANSWERED", "MISSED", "ANSWERED"),
        ("ENDED", "ANSWERED", "ENDED"),
        ("MISSED", "ANSWERED", "MISSED"),
        ("ENDED", "DIGITS", "ENDED"),
        ("RINGING", "MENU", "ANSWERED"),
        ("ENDED", "MENU", "ENDED"),
    ],
)
def test_a_step_moves_a_call_once(state, step, after):
    assert call_after(state, step) == after


@pytest.fixture
def account(world):
    return ChannelAccount.objects.create(
        code="hotline",
        plugin="voice",
        channel="PHONE",
        push_key_hash=b"v" * 32,
        outlet=Outlet.objects.get(code="DS01"),
        created_at=START,
    )


def news(step, after_s=0, call="c1", **more):
    return CallNews(call, step, START + after_s * SECOND, caller="19900000031", **more)


def test_an_answered_call_is_measured(account, world):
    for step, after_s in (("RINGING", 0), ("ANSWERED", 12), ("ANSWERED", 20), ("ENDED", 80)):
        hear_call(account=account, news=news(step, after_s), at=START)
    (line,) = list_calls(viewer=world.viewer(world.lin))
    assert (line.state, line.waited_s, line.spoke_s, line.caller) == ("ENDED", 12, 68, "199****0031")
    assert not CallBack.objects.exists()


def test_a_missed_call_is_promised_a_call_back_once(account, world):
    for step in ("RINGING", "ENDED", "MISSED"):
        hear_call(account=account, news=news(step), at=START)
    assert Call.objects.get().state == "MISSED"
    promised = CallBack.objects.get()
    assert (promised.phone, promised.due_at) == ("19900000031", START + timedelta(hours=2))
    assert Conversation.objects.get().channel == "PHONE"


def test_how_soon_calls_are_answered(account, world):
    hear_call(account=account, news=news("RINGING"), at=START)
    hear_call(account=account, news=news("ANSWERED", 30), at=START)
    hear_call(account=account, news=news("RINGING", call="c2"), at=START)
    hear_call(account=account, news=news("ANSWERED", 31, call="c2"), at=START)
    hear_call(account=account, news=news("MISSED", call="c3"), at=START)
    hear_call(account=account, news=news("ANSWERED", 2, call="c4", is_measured=False), at=START)
    times = answer_times(viewer=world.viewer(world.lin), since=START, until=START + timedelta(hours=1))
    assert (times.measured, times.in_time, times.missed, times.unmeasured) == (3, 1, 1, 1)


def test_a_bare_mobile_is_never_measured(world):
    lin = world.viewer(world.lin)
    enter_call(caller="19900000032", text="问到哪了", by=lin, at=START)
    (line,) = list_calls(viewer=lin)
    assert line.waited_s is None and not line.is_measured
    assert answer_times(viewer=lin, since=START, until=START + SECOND).share is None


def test_nothing_said_is_no_call(world):
    with pytest.raises(Invalid):
        enter_call(caller="19900000032", text=" ", by=world.viewer(world.lin), at=START)
    assert not Call.objects.exists() and not Conversation.objects.exists()


def test_another_outlets_calls_are_not_seen(account, world):
    hear_call(account=account, news=news("RINGING"), at=START)
    assert list_calls(viewer=world.viewer(world.he)) == []
