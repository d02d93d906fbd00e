"""What the assistant does next, as a table: danger first, then the answer we wait for, then what is new."""

from dataclasses import replace

import pytest

from yishi.assistant.queries.policies import policies, texts
from yishi.assistant.rules.answers import says_no, says_settled, says_yes
from yishi.assistant.rules.dialogue import after_tool, category_of_case, is_silent, next_move, skill_of
from yishi.assistant.rules.intents import INTENTS
from yishi.assistant.rules.moves import Kind, Read, State, Waiting

POLICIES = policies()
NUMBER = {"parcel": "YT9900000001"}
PROVEN = {"proof": "p", "phone": "19900000001"}


def sure(intent, text="……", **slots):
    number = slots.pop("parcel", "")
    return Read(text=text, intents=(intent,), is_sure=True, slots=slots, numbers=(number,) if number else ())


def unsure(text, *choices):
    return Read(text=text, intents=("other",), choices=choices)


HIS = State(slots={**NUMBER, **PROVEN}, is_proven=True)
REACHED = State(slots={**NUMBER, "phone": "19900000001"})
ASKED = State(intent="lost", waiting=Waiting("CONFIRM"))
WANTS_NUMBER = State(intent="track_parcel", waiting=Waiting("SLOT", "parcel"))
ANSWERED = State(intent="track_parcel", waiting=Waiting("CHECK"))
HAND_OVER, CONFIRM, ASK, DO, SAY = Kind.HAND_OVER, Kind.CONFIRM, Kind.ASK, Kind.DO, Kind.SAY
CHOICES, SETTLED, CHECK_CODE, SEND_CODE = Kind.CHOICES, Kind.SETTLED, Kind.CHECK_CODE, Kind.SEND_CODE


@pytest.mark.parametrize(
    ("state", "read", "kind", "name"),
    [
        # a number is asked for only where none is known
        (State(), sure("track_parcel"), ASK, "parcel"),
        (State(), sure("track_parcel", parcel="YT1234567890"), DO, "explain_state"),
        (State(slots=NUMBER), sure("track_parcel"), DO, "explain_state"),
        (State(), Read(text="YT1234567890", numbers=("YT1234567890",)), DO, "explain_state"),
        # what is somebody's own needs his proof
        (State(slots=NUMBER), sure("pickup_code"), ASK, "phone"),
        (State(slots=NUMBER), sure("pickup_code", phone="19900000001"), SEND_CODE, ""),
        (HIS, sure("pickup_code"), DO, "tell_pickup"),
        # what changes something is confirmed
        (HIS, sure("intercept_return"), CONFIRM, "intercept_return"),
        (REACHED, sure("delay_complaint"), CONFIRM, "delay_complaint"),
        (ASKED, Read(text="好的"), DO, "open_case"),
        (ASKED, Read(text="先不办了"), SAY, "cancelled_wish"),
        # an answer that is no answer but a new matter
        (replace(ASKED, slots=NUMBER), sure("track_parcel"), DO, "explain_state"),
        (WANTS_NUMBER, sure("human_agent"), HAND_OVER, "ASKED"),
        # people at once
        (State(), Read(text="我要找记者", risk="MEDIA"), HAND_OVER, "RISK_MEDIA"),
        (ASKED, Read(text="是", risk="SAFETY"), HAND_OVER, "RISK_SAFETY"),
        (State(), Read(text="垃圾", is_angry=True), HAND_OVER, "ANGRY"),
        (State(), sure("human_agent"), HAND_OVER, "ASKED"),
        # unsure: choices once, then a person
        (State(), unsure("那个", "lost"), CHOICES, "not_sure"),
        (State(misses=1), unsure("那个", "lost"), HAND_OVER, "NOT_UNDERSTOOD"),
        # settled is asked
        (ANSWERED, Read(text="解决了"), SETTLED, ""),
        (ANSWERED, Read(text="没有"), HAND_OVER, "NOT_SETTLED"),
        (State(waiting=Waiting("CODE")), Read(text="123456", slots={"code": "123456"}), CHECK_CODE, "123456"),
    ],
)  # fmt: skip
def test_the_next_move(state, read, kind, name):
    move = next_move(POLICIES, state, read)
    assert (move.kind, move.name) == (kind, name)


def test_an_option_means_what_was_offered():
    state = State(options={"太慢了，帮我催": "intent:delay_complaint", "找人工": "human"}, slots=NUMBER)
    assert next_move(POLICIES, state, Read(text="太慢了，帮我催")).state.intent == "delay_complaint"
    assert next_move(POLICIES, state, Read(text="找人工")).name == "ASKED"


def test_free_text_is_whatever_he_says():
    state = State(
        intent="attitude_complaint", waiting=Waiting("SLOT", "text"), slots={**NUMBER, "phone": "1"}
    )
    move = next_move(POLICIES, state, unsure("他把件扔地上就走了"))
    assert move.kind is Kind.CONFIRM and move.state.slots["text"] == "他把件扔地上就走了"


def test_what_he_tells_when_asked_is_no_new_wish_and_says_what_it_is():
    asked = State(
        intent="complaint_channel",
        waiting=Waiting("SLOT", "text"),
        slots={**REACHED.slots, "categories": "OTHER"},
    )
    told = replace(
        sure("no_locker_preference", "没给我打电话就放驿站了，我明明在家"),
        categories=("UNCONSENTED_PLACEMENT",),
    )
    move = next_move(POLICIES, asked, told)
    assert (move.kind, move.state.intent) == (CONFIRM, "complaint_channel")
    assert category_of_case(POLICIES["complaint_channel"], move.state.slots) == "UNCONSENTED_PLACEMENT"
    # a question, or a wish of its own, is one
    other = next_move(POLICIES, asked, sure("track_parcel", "先告诉我包裹现在到哪里了吧"))
    assert other.state.intent == "track_parcel"


@pytest.mark.parametrize(
    ("intent", "categories", "skill"),
    [
        ("lost", "", "LOST"),
        ("not_received_signed", "TAKEN_BY_OTHER", "TAKEN_BY_OTHER"),
        ("compensation", "DAMAGED", "E"),
        ("praise_thanks", "PRAISE", ""),
    ],
)
def test_what_a_person_should_be_able_to_do(intent, categories, skill):
    assert skill_of(POLICIES[intent], {"categories": categories}) == skill


def test_a_second_wish_is_kept_for_later():
    read = Read(
        text="到哪了，另外我要投诉",
        intents=("track_parcel", "complaint_channel"),
        is_sure=True,
        numbers=("YT1",),
    )
    assert next_move(POLICIES, State(), read).state.later == ("complaint_channel",)


def test_what_was_tried_is_remembered():
    state = after_tool(POLICIES, State(intent="track_parcel"), outcome="moving", is_done=True)
    assert state.tried == ("explain_state:moving",) and state.waiting == Waiting("CHECK")


@pytest.mark.parametrize("text", ["好的", "可以！", "嗯嗯", "对的。", "OK", "是的呀"])
def test_yes(text):
    assert says_yes(text) and not says_no(text)


@pytest.mark.parametrize("text", ["不用了", "算了", "先不", "没有。", "No"])
def test_no(text):
    assert says_no(text) and not says_yes(text)


def test_settled_is_said_in_many_ways():
    assert all(map(says_settled, ["解决了", "谢谢！", "没事了", "好的"]))


def test_silent_to_machines_and_beside_people():
    assert is_silent(is_automatic=True, state_of_conversation="ASSISTANT")
    assert is_silent(is_automatic=False, state_of_conversation="WITH_AGENT")
    assert not is_silent(is_automatic=False, state_of_conversation="ASSISTANT")


def test_every_policy_can_be_followed():
    tools = {policy.tool for policy in POLICIES.values() if policy.tool}
    asked = {f"ask_{slot}" for policy in POLICIES.values() for slot in policy.needs}
    assert set(INTENTS) <= POLICIES.keys() and tools and asked <= texts().keys()
    assert {policy.part_of for policy in POLICIES.values() if policy.intent not in INTENTS} <= set(INTENTS)
