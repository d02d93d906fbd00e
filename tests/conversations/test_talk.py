"""A talk from the first word to the end: heard once, answered by one, handed over, gone on with."""

from datetime import timedelta

import pytest

from tests.world import START
from yishi.conversations.actions.begin import Person, begin_conversation
from yishi.conversations.actions.hand import end_conversation, give_back, hand_over, take
from yishi.conversations.actions.receive import hear, receive
from yishi.conversations.actions.say import (
    SomebodyElseAnswers,
    add_inner_note,
    note_receipt,
    say,
    send_held,
    withdraw_held,
)
from yishi.conversations.models.messages import Message
from yishi.conversations.models.talk import ChannelAccount, Conversation
from yishi.conversations.port import GivenFile, Said
from yishi.conversations.queries.threads import (
    access_conversation,
    conversation_of_token,
    list_messages,
    recipient_of,
)
from yishi.conversations.rules import Channel, MessageState
from yishi.kit.errors import Invalid, NotFound, Stale
from yishi.kit.models import FactRow
from yishi.network.models import Outlet
from yishi.notifications.models import Delivery

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def talk(world):
    begun = begin_conversation(
        person=Person(channel=Channel.WEB), at=START, outlet=Outlet.objects.get(code="DS01")
    )
    return begun


@pytest.fixture
def account(world):
    return ChannelAccount.objects.create(
        code="gzh", plugin="wechat", channel="WECHAT", push_key_hash=b"k" * 32, created_at=START
    )


def said(number, text="到哪了", **more):
    return Said(external_id=number, address="openid-1", text=text, **more)


def facts(name):
    return FactRow.objects.filter(fact=f"conversations.{name}").count()


def test_a_word_is_received_and_answered(talk, world):
    receive(conversation_id=talk.id, text="  我的快递呢\x00 ", at=START)
    say(conversation_id=talk.id, text="正在查", by=None, at=START + MINUTE, options=[{"say": "好"}])
    lines = list_messages(talk.id, for_person=True)
    assert [(line.author_kind, line.text) for line in lines] == [
        ("CONSUMER", "我的快递呢"),
        ("ASSISTANT", "正在查"),
    ]
    assert conversation_of_token(talk.token).state == "ASSISTANT"


@pytest.mark.parametrize("text", ["", "  \n", "哎" * 20_001])
def test_an_unusable_word_changes_nothing(talk, text):
    with pytest.raises(Invalid):
        receive(conversation_id=talk.id, text=text, at=START)
    assert not Message.objects.exists() and facts("MessageReceived") == 0


def test_the_same_message_of_a_channel_is_heard_once(account):
    first = hear(account=account, said=said("m1"), at=START)
    again = hear(account=account, said=said("m1"), at=START + MINUTE)
    assert (first.is_new, again.is_new) == (True, False)
    assert again.message_id == first.message_id and Message.objects.count() == 1
    assert facts("MessageReceived") == 1


def test_the_same_person_goes_on_with_his_matter(account):
    first = hear(account=account, said=said("m1"), at=START)
    second = hear(account=account, said=said("m2", "那明天呢"), at=START + 10 * MINUTE)
    other = hear(account=account, said=Said("m3", "openid-2", "你好"), at=START + 10 * MINUTE)
    assert second.conversation_id == first.conversation_id != other.conversation_id


def test_a_quoted_id_opens_nobody_elses_conversation(account):
    first = hear(account=account, said=said("m1"), at=START)
    stranger = hear(account=account, said=Said("m9", "openid-9", "我也是", answers=("m1",)), at=START)
    assert stranger.conversation_id != first.conversation_id


def test_what_cannot_be_kept_is_named_and_nothing_is_lost(account):
    bad = GivenFile("病毒.exe", "application/x-msdownload", b"MZ\x90\x00")
    heard = hear(account=account, said=said("m1", "哎" * 30_000, files=(bad,)), at=START)
    (line,) = list_messages(heard.conversation_id, for_person=False)
    assert "病毒.exe" in line.text and len(line.text) < 20_200


def test_handed_over_the_assistant_is_silent_and_the_person_waits(talk, world):
    receive(conversation_id=talk.id, text="转人工", at=START)
    assert hand_over(conversation_id=talk.id, reason="ASKED", at=START, handover={"summary": "要人工"})
    assert not hand_over(conversation_id=talk.id, reason="ANGRY", at=START)
    receive(conversation_id=talk.id, text="在吗", at=START + MINUTE)
    card = access_conversation(viewer=world.viewer(world.lin), conversation_id=talk.id)
    assert (card.state, card.awaiting_since, card.handover) == ("QUEUED", START, {"summary": "要人工"})
    assert facts("ReplyAwaited") == 1


def test_a_person_answers_and_the_promise_is_kept(talk, world):
    hand_over(conversation_id=talk.id, reason="ASKED", at=START)
    say(conversation_id=talk.id, text="我是小林", by=world.viewer(world.lin), at=START + MINUTE)
    card = conversation_of_token(talk.token)
    assert (card.state, card.assignee_id, card.awaiting_since) == ("WITH_AGENT", world.lin.pk, None)
    assert card.first_replied_at == START + MINUTE and facts("ReplyGiven") == 1


def test_two_answer_at_once_the_second_is_told(talk, world):
    seen = conversation_of_token(talk.token).version
    say(conversation_id=talk.id, text="我来", by=world.viewer(world.lin), at=START, version=seen)
    with pytest.raises(Stale):
        say(conversation_id=talk.id, text="我来", by=world.viewer(world.zhou), at=START, version=seen)
    with pytest.raises(SomebodyElseAnswers):
        say(conversation_id=talk.id, text="我来", by=world.viewer(world.zhou), at=START)
    assert Message.objects.count() == 1


def test_a_colleague_takes_over_and_gives_back(talk, world):
    say(conversation_id=talk.id, text="我来", by=world.viewer(world.lin), at=START)
    take(conversation_id=talk.id, by=world.viewer(world.zhou), at=START, from_colleague=True)
    assert conversation_of_token(talk.token).assignee_id == world.zhou.pk
    give_back(conversation_id=talk.id, by=world.viewer(world.zhou), at=START)
    assert conversation_of_token(talk.token).state == "QUEUED"


def test_another_outlets_conversation_is_not_there(talk, world):
    with pytest.raises(NotFound):
        access_conversation(viewer=world.viewer(world.he), conversation_id=talk.id)


def test_an_ended_one_goes_on_when_he_writes_again(talk, world):
    say(conversation_id=talk.id, text="好了", by=world.viewer(world.lin), at=START)
    end_conversation(conversation_id=talk.id, by=world.viewer(world.lin), at=START)
    end_conversation(conversation_id=talk.id, by=world.viewer(world.lin), at=START)
    assert facts("ConversationEnded") == 1
    receive(conversation_id=talk.id, text="还有一件", at=START + MINUTE)
    assert conversation_of_token(talk.token).state == "QUEUED"


def test_an_inner_note_never_reaches_the_person(talk, world):
    add_inner_note(conversation_id=talk.id, text="这人急", by=world.viewer(world.lin), at=START)
    assert list_messages(talk.id, for_person=True) == []
    assert [line.text for line in list_messages(talk.id, for_person=False)] == ["这人急"]


def test_a_held_message_goes_at_its_time_or_not_at_all(talk, world):
    lin = world.viewer(world.lin)
    first = say(conversation_id=talk.id, text="早上好", by=lin, at=START, send_at=START + 60 * MINUTE)
    second = say(conversation_id=talk.id, text="不发了", by=lin, at=START, send_at=START + 60 * MINUTE)
    withdraw_held(message_id=second, by=lin, at=START)
    assert not send_held(message_id=first, at=START + 59 * MINUTE)
    assert send_held(message_id=first, at=START + 60 * MINUTE)
    assert not send_held(message_id=first, at=START + 61 * MINUTE)
    assert not send_held(message_id=second, at=START + 61 * MINUTE)
    assert [line.text for line in list_messages(talk.id, for_person=True)] == ["早上好"]


def test_an_answer_by_a_channel_is_a_delivery(account, world):
    heard = hear(account=account, said=said("m1"), at=START)
    number = say(conversation_id=heard.conversation_id, text="在路上", by=None, at=START + MINUTE)
    assert recipient_of(number).address == "openid-1"
    delivery = Delivery.objects.get(subject_kind="MESSAGE", subject_id=str(number))
    assert (delivery.channel, delivery.to, delivery.account_id) == ("WECHAT", "openid-1", account.pk)
    assert Message.objects.get(pk=number).state == "QUEUED"


def test_a_receipt_only_moves_on(account):
    heard = hear(account=account, said=said("m1"), at=START)
    number = say(conversation_id=heard.conversation_id, text="在路上", by=None, at=START)
    assert note_receipt(message_id=number, state=MessageState.READ, at=START)
    assert not note_receipt(message_id=number, state=MessageState.SENT, at=START)
    assert Message.objects.get(pk=number).state == "READ"


def test_every_conversation_has_its_people_named(talk, world):
    hand_over(conversation_id=talk.id, reason="ASKED", at=START)
    assert Conversation.objects.get(pk=talk.id).assignee_id is None
