"""A message costs few statements, the same in a long conversation as in a short one, and is said once."""

from datetime import timedelta

import psycopg
import pytest

from tests.world import START
from yishi.conversations.actions.begin import Person, begin_conversation
from yishi.conversations.actions.receive import receive
from yishi.conversations.actions.say import say
from yishi.conversations.models.messages import Message
from yishi.conversations.rules import Channel
from yishi.kit.errors import TooMany
from yishi.kit.idempotency import KeyReused
from yishi.network.models import Outlet

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
MOST_STATEMENTS = 7
# whether whoever has it is there, and the clock of his answer
FOR_A_PROMISE = 2


@pytest.fixture
def talk(world):
    return begin_conversation(
        person=Person(channel=Channel.WEB), at=START, outlet=Outlet.objects.get(code="DS01")
    )


@pytest.fixture
def cost(monkeypatch):
    """`cost(verb)`: what really goes to the server, prepared or not."""
    execute, said = psycopg.Cursor.execute, []

    def counting(self, query, *args, **kwargs):
        said.append(str(query))
        return execute(self, query, *args, **kwargs)

    def of(verb):
        said.clear()
        verb()
        return [query for query in said if "SAVEPOINT" not in query]

    monkeypatch.setattr(psycopg.Cursor, "execute", counting)
    return of


@pytest.mark.parametrize("before", [0, 10])
def test_a_message_costs_seven_statements_at_most(talk, world, cost, before):
    me = world.viewer(world.lin)
    for number in range(before):
        receive(conversation_id=talk.id, text=f"在吗 {number}", at=START)
        say(conversation_id=talk.id, text="在的", by=me, at=START)
    asked = cost(lambda: receive(conversation_id=talk.id, text="到哪了", external_id="a", at=START))
    by_machine = cost(lambda: say(conversation_id=talk.id, text="在派送", by=None, at=START))
    begins_to_wait = FOR_A_PROMISE if before else 0
    assert len(asked) <= MOST_STATEMENTS + begins_to_wait, "\n".join(asked)
    assert len(by_machine) <= MOST_STATEMENTS, "\n".join(by_machine)
    say(conversation_id=talk.id, text="您好", by=me, at=START)
    by_person = cost(lambda: say(conversation_id=talk.id, text="正在查", by=me, at=START))
    assert len(by_person) <= MOST_STATEMENTS, "\n".join(by_person)


def test_the_same_again_is_one_message_and_other_words_are_refused(talk):
    first = receive(conversation_id=talk.id, text="到哪了", external_id="a", at=START)
    again = receive(conversation_id=talk.id, text="到哪了", external_id="a", at=START + MINUTE)
    assert (again.message_id, first.is_new, again.is_new) == (first.message_id, True, False)
    with pytest.raises(KeyReused):
        receive(conversation_id=talk.id, text="别的", external_id="a", at=START)
    assert Message.objects.count() == 1


def test_a_message_said_again_costs_nobodys_limit(talk):
    for _ in range(30):
        receive(conversation_id=talk.id, text="到哪了", external_id="a", at=START)
    for number in range(19):
        receive(conversation_id=talk.id, text="到哪了", external_id=str(number), at=START)
    with pytest.raises(TooMany):
        receive(conversation_id=talk.id, text="到哪了", external_id="more", at=START)
    assert Message.objects.count() == 20


def test_two_conversations_may_use_the_same_number(talk):
    other = begin_conversation(person=Person(channel=Channel.WEB), at=START)
    for each in (talk, other):
        receive(conversation_id=each.id, text="到哪了", external_id="a", at=START)
    assert Message.objects.count() == 2
