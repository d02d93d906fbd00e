"""A conversation in which our word was the last ends by itself, once; a word of the person revives it."""

from datetime import timedelta

import pytest

from tests.world import START
from yishi.conversations.actions.begin import Person, begin_conversation
from yishi.conversations.actions.hand import take
from yishi.conversations.actions.receive import receive
from yishi.conversations.actions.say import add_inner_note, say
from yishi.conversations.jobs import sweep_silent_talks
from yishi.conversations.models.messages import Message
from yishi.conversations.models.talk import Conversation
from yishi.conversations.rules import Channel, Patience, silent_after
from yishi.kit.models import FactRow
from yishi.network.models import Outlet

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PATIENCE = Patience(after_check=30 * MINUTE, after_word=24 * HOUR)


@pytest.mark.parametrize(
    ("state", "channel", "is_check", "awaits_us", "after"),
    [
        ("ASSISTANT", "WEB", True, False, 30 * MINUTE),
        ("ASSISTANT", "WEB", False, False, 24 * HOUR),
        ("ASSISTANT", "EMAIL", True, False, 24 * HOUR),
        ("WITH_AGENT", "WEB", False, False, 24 * HOUR),
        ("WITH_AGENT", "WEB", False, True, None),
        ("QUEUED", "WEB", False, True, None),
        ("QUEUED", "WEB", False, False, None),
        ("ENDED", "WEB", False, False, None),
    ],
)
def test_how_long_is_waited(state, channel, is_check, awaits_us, after):
    found = silent_after(
        state, channel=channel, is_check=is_check, awaits_us=awaits_us, at=START, patience=PATIENCE
    )
    assert found == (None if after is None else START + after)


@pytest.fixture
def talk(world):
    begun = begin_conversation(
        person=Person(channel=Channel.WEB), at=START, outlet=Outlet.objects.get(code="DS01")
    )
    receive(conversation_id=begun.id, text="到哪了", at=START)
    return begun.id


@pytest.fixture
def lin(world):
    return world.viewer(world.lin)


def stands(talk):
    row = Conversation.objects.get(pk=talk)
    return row.state, row.ended_for


@pytest.mark.django_db
def test_after_the_assistants_check_and_then_a_word_goes_on(talk):
    say(conversation_id=talk, text="解决了吗？", by=None, is_check=True, at=START)
    assert sweep_silent_talks(at=START + 30 * MINUTE - timedelta(seconds=1)) == 0
    assert sweep_silent_talks(at=START + 30 * MINUTE) == 1
    assert stands(talk) == ("ENDED", "NOT_DENIED")
    ended = FactRow.objects.filter(fact="conversations.ConversationEnded")
    assert [row.body["reason"] for row in ended] == ["NOT_DENIED"]
    assert sweep_silent_talks(at=START + 99 * HOUR) == 0 and ended.count() == 1
    receive(conversation_id=talk, text="还没有", at=START + 2 * HOUR)
    assert stands(talk) == ("ASSISTANT", "") and sweep_silent_talks(at=START + 99 * HOUR) == 0


@pytest.mark.django_db
def test_after_an_agents_last_word_and_never_while_the_person_waits(talk, lin):
    take(conversation_id=talk, by=lin, at=START)
    say(conversation_id=talk, text="明天到", by=lin, at=START)
    receive(conversation_id=talk, text="几点", at=START + HOUR)
    assert sweep_silent_talks(at=START + 99 * HOUR) == 0
    say(conversation_id=talk, text="三点", by=lin, at=START + 2 * HOUR)
    add_inner_note(conversation_id=talk, text="记一下", by=lin, at=START + 3 * HOUR)
    assert sweep_silent_talks(at=START + 26 * HOUR) == 1
    assert stands(talk) == ("ENDED", "NOTHING_MORE")
    line = Message.objects.filter(conversation=talk, author_kind="SYSTEM").latest("pk")
    assert line.data == {"deed": "ENDED", "why": "NOTHING_MORE"}
    receive(conversation_id=talk, text="没来", at=START + 50 * HOUR)
    assert stands(talk) == ("QUEUED", "")


@pytest.mark.django_db
def test_nothing_ends_before_what_is_held_was_sent(talk, lin):
    take(conversation_id=talk, by=lin, at=START)
    say(conversation_id=talk, text="明天告诉你", by=lin, at=START)
    say(conversation_id=talk, text="到了", by=lin, at=START, send_at=START + 30 * HOUR)
    sweep_silent_talks(at=START + 25 * HOUR)
    assert stands(talk) == ("WITH_AGENT", "")


@pytest.mark.django_db
def test_taken_over_the_assistants_question_ends_nothing(talk, lin):
    say(conversation_id=talk, text="解决了吗？", by=None, is_check=True, at=START)
    take(conversation_id=talk, by=lin, at=START + MINUTE)
    assert sweep_silent_talks(at=START + 99 * HOUR) == 0
