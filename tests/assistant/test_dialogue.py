"""What the assistant does next, as a table: danger first, then the answer we wait for, then what is new."""

import pytest

from yishi.assistant.queries.policies import policies, texts
from yishi.assistant.rules.dialogue import (
    Kind,
    Read,
    State,
    Waiting,
    after_tool,
    is_silent,
    next_move,
    says_no,
    says_settled,
    says_yes,
)

POLICIES = policies()
NUMBER = {"parcel": "YT9900000001"}
PROVEN = {"proof": "p", "phone": "19900000001"}


def sure(intent, text="……", **slots):
    return Read(text=text, intents=(intent,), is_sure=True, slots=slots)


def unsure(text, *choices):
    return Read(text=text, intents=("other",), choices=choices)


@pytest.mark.parametrize(
    ("state", "read", "kind", "name"),
    [
        # a number is asked for only where none is known
        (State(), sure("track_parcel"), Kind.ASK, "parcel"),
        (State(), sure("track_parcel", parcel="YT1234567890"), Kind.DO, "explain_state"),
        (State(slots=NUMBER), sure("track_parcel"), Kind.DO, "explain_state"),
        (State(), Read(text="YT1234567890", slots={"parcel": "YT1234567890"}), Kind.DO, "explain_state"),
        # what is somebody's own needs his proof
        (State(slots=NUMBER), sure("pickup_code"), Kind.ASK, "phone"),
        (State(slots=NUMBER), sure("pickup_code", phone="19900000001"), Kind.SEND_CODE, ""),
        (State(slots={**NUMBER, **PROVEN}, is_proven=True), sure("pickup_code"), Kind.DO, "tell_pickup"),
        # what changes something is confirmed
        (State(slots={**NUMBER, **PROVEN}, is_proven=True), sure("intercept_return"), Kind.CONFIRM, "intercept_return"),
        (State(slots={**NUMBER, "phone": "19900000001"}), sure("delay_complaint"), Kind.CONFIRM, "delay_complaint"),
        (State(intent="lost", waiting=Waiting("CONFIRM")), Read(text="好的"), Kind.DO, "open_case"),
        (State(intent="lost", waiting=Waiting("CONFIRM")), Read(text="先不办了"), Kind.SAY, "cancelled_wish"),
        # an answer that is no answer but a new matter
        (State(intent="lost", waiting=Waiting("CONFIRM"), slots=NUMBER), sure("track_parcel"), Kind.DO, "explain_state"),
        (State(intent="track_parcel", waiting=Waiting("SLOT", "parcel")), sure("human_agent"), Kind.HAND_OVER, "ASKED"),
        # people at once
        (State(), Read(text="我要找记者", risk="MEDIA"), Kind.HAND_OVER, "RISK_MEDIA"),
        (State(waiting=Waiting("CONFIRM"), intent="lost"), Read(text="是", risk="SAFETY"), Kind.HAND_OVER, "RISK_SAFETY"),
        (State(), Read(text="垃圾", is_angry=True), Kind.HAND_OVER, "ANGRY"),
        (State(), sure("human_agent"), Kind.HAND_OVER, "ASKED"),
        # unsure: choices once, then a person
        (State(), unsure("那个", "lost"), Kind.CHOICES, "not_sure"),
        (State(misses=1), unsure("那个", "lost"), Kind.HAND_OVER, "NOT_UNDERSTOOD"),
        # settled is asked
        (State(waiting=Waiting("CHECK"), intent="track_parcel"), Read(text="解决了"), Kind.SETTLED, ""),
        (State(waiting=Waiting("CHECK"), intent="track_parcel"), Read(text="没有"), Kind.HAND_OVER, "NOT_SETTLED"),
        (State(waiting=Waiting("CODE")), Read(text="123456", slots={"code": "123456"}), Kind.CHECK_CODE, "123456"),
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


def test_a_second_wish_is_kept_for_later():
    read = Read(
        text="到哪了，另外我要投诉", intents=("track_parcel", "complaint_channel"), is_sure=True, slots=NUMBER
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
    assert is_silent((), is_automatic=True, state_of_conversation="ASSISTANT")
    assert is_silent((), is_automatic=False, state_of_conversation="WITH_AGENT")
    assert not is_silent((), is_automatic=False, state_of_conversation="ASSISTANT")


def test_every_policy_can_be_followed():
    tools = {policy.tool for policy in POLICIES.values() if policy.tool}
    asked = {f"ask_{slot}" for policy in POLICIES.values() for slot in policy.needs}
    assert len(POLICIES) == 28 and tools and asked <= texts().keys()
