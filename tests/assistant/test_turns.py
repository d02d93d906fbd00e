"""One message, one answer: two at once, a replay, the worker beside the request, an agent in the middle."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.assistant.talking import make_parcels
from tests.world import CONSUMER_PHONE, START, make_world
from yishi.assistant.actions.turn import prove, take_turn
from yishi.assistant.models import Turn
from yishi.assistant.queries.model import build_release
from yishi.cases.models.case import Case
from yishi.consignees.actions.codes import check_code, issue_code
from yishi.conversations.actions.begin import Person, begin_conversation
from yishi.conversations.actions.hand import take
from yishi.conversations.actions.receive import receive
from yishi.conversations.models.messages import Message
from yishi.conversations.rules import Channel

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def talk():
    """王女士, proven, on the page of a parcel that stands still."""
    build_release()
    world = make_world()
    (number,) = make_parcels(("stalled",), START)
    begun = begin_conversation(person=Person(channel=Channel.WEB), at=START, waybill_no=number)
    issued = issue_code(phone=CONSUMER_PHONE, at=START)
    proof = check_code(code_id=issued.code_id, code=issued.code, at=START)
    prove(conversation_id=begun.id, proof=proof, at=START)
    return begun.id, world


def written(talk, text):
    return receive(conversation_id=talk[0], text=text, at=START).message_id


def at_once(*message_ids):
    """Each answered by a thread with a connection of its own."""

    def answer(message_id):
        try:
            return take_turn(message_id=message_id, at=START)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(message_ids)) as pool:
        return list(pool.map(answer, message_ids))


def test_request_and_worker_answer_the_same_message_once(talk):
    take_turn(message_id=written(talk, "太慢了，帮我催"), at=START)
    confirmed = written(talk, "可以")
    one, two = at_once(confirmed, confirmed)
    assert one.replies == two.replies and one.actions == two.actions
    assert Case.objects.count() == 1 and Turn.objects.filter(message_id=confirmed).count() == 1
    again = take_turn(message_id=confirmed, at=START)
    assert again.replies == one.replies and Case.objects.count() == 1


def test_two_yeses_at_once_open_one_case(talk):
    take_turn(message_id=written(talk, "太慢了，帮我催"), at=START)
    at_once(written(talk, "可以"), written(talk, "可以"))
    assert Case.objects.count() == 1


def test_an_agent_who_took_over_is_not_spoken_beside(talk):
    conversation_id, world = talk
    take_turn(message_id=written(talk, "太慢了，帮我催"), at=START)
    confirmed = written(talk, "可以")
    take(conversation_id=conversation_id, by=world.viewer(world.lin), at=START)
    assert take_turn(message_id=confirmed, at=START).is_silent
    assert not Case.objects.exists()
    later = Message.objects.filter(conversation_id=conversation_id, pk__gt=confirmed)
    assert not later.filter(author_kind="ASSISTANT").exists()
