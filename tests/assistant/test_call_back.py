"""A call-back that the assistant promises stands in the list of call-backs, with its clock and its number."""

from datetime import timedelta

import pytest

from tests.assistant.talking import make_parcels
from tests.world import CONSUMER_PHONE, START
from yishi.assistant.actions.turn import prove, take_turn
from yishi.assistant.jobs import sweep_settlements
from yishi.assistant.models import Settlement
from yishi.assistant.rules.settling import JUDGED_AFTER, Why
from yishi.cases.models.case import Case
from yishi.consignees.actions.codes import check_code, issue_code
from yishi.conversations.actions.begin import Person, begin_conversation
from yishi.conversations.actions.call_backs import end_call_back
from yishi.conversations.actions.hand import hand_over
from yishi.conversations.actions.receive import receive
from yishi.conversations.models.beside import CallBack
from yishi.conversations.queries.threads import get_conversation, list_messages
from yishi.conversations.rules import Channel
from yishi.sla.models.clocks import SlaClock

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def talk(world):
    (number,) = make_parcels(("out",), START)
    begun = begin_conversation(person=Person(channel=Channel.WEB), at=START, waybill_no=number)
    return begun.id


def say(talk, text, at=START):
    answered = take_turn(message_id=receive(conversation_id=talk, text=text, at=at).message_id, at=at)
    return "\n".join(reply.text for reply in answered.replies)


def test_for_the_time_that_was_wished_on_the_number_that_was_shown(talk, world):
    issued = issue_code(phone=CONSUMER_PHONE, at=START)
    prove(
        conversation_id=talk, proof=check_code(code_id=issued.code_id, code=issued.code, at=START), at=START
    )
    assert "可以吗" in say(talk, "让网点下午三点以后给我回电话")
    said = say(talk, "可以")
    row = CallBack.objects.get()
    wished = START + 5 * HOUR
    assert (row.phone, row.wished_at, row.due_at) == (CONSUMER_PHONE, wished, wished + HOUR)
    assert row.outlet_id == world.dongshan_id and "回电话" in row.about
    assert "11月22日 16:00 前" in said and "东山网点会打给 199****0001" in said
    clock = SlaClock.objects.get(subject_kind="CALL_BACK", subject_id=row.pk)
    assert clock.due_at == row.due_at and not Case.objects.exists()


def test_on_the_number_that_was_named_and_in_the_morning_when_nobody_is_there(talk):
    night = START + 12 * HOUR
    say(talk, "让网点给我回电话", night)
    say(talk, "19900000077", night)
    said = say(talk, "好的", night)
    row = CallBack.objects.get()
    assert (row.phone, row.wished_at) == ("19900000077", START + 22 * HOUR)
    assert "11月23日 09:00 前" in said
    # who is promised a call is not offered one again
    hand_over(conversation_id=talk, reason="ASKED", at=night)
    assert "下班时间" not in list_messages(talk, for_person=True)[-1].text


def test_who_takes_over_is_chosen_by_what_it_is_about(talk):
    say(talk, "快递丢了吧这么久")
    say(talk, "转人工")
    assert get_conversation(talk).skill == "LOST"


def test_it_is_settled_only_when_the_call_was_made(talk, world):
    say(talk, "让网点给我回电话")
    say(talk, "19900000077")
    say(talk, "好的")
    sweep_settlements(at=START + JUDGED_AFTER)
    assert Settlement.objects.get().why == Why.UNFINISHED
    Settlement.objects.update(due_at=START)
    call = {"call_back_id": CallBack.objects.get().pk, "state": "REACHED", "result": "说好了"}
    end_call_back(**call, by=world.viewer(world.lin), at=START + HOUR)
    sweep_settlements(at=START + JUDGED_AFTER)
    assert Settlement.objects.get().is_verified
