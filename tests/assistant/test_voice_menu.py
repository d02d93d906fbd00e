"""The spoken menu: what was pressed where gives what is heard next."""

import pytest

from yishi.assistant.queries.policies import voice_texts
from yishi.assistant.rules.voice_menu import Pressed, Step, next_ask

START = Step.START


@pytest.mark.parametrize(
    ("pressed", "is_open", "step", "says"),
    [
        (Pressed(is_first=True), True, START, "start"),
        (Pressed(START, "1"), True, Step.TRACK, "number"),
        (Pressed(START, "2"), True, START, "code"),
        (Pressed(START, "3"), True, Step.COMPLAIN, "complain"),
        (Pressed(START, "0"), True, Step.AGENT, "agent"),
        (Pressed(START, "0"), False, Step.BYE, "closed"),
        (Pressed(START, "9"), True, Step.BYE, "call_back"),
        (Pressed(START, "7"), True, START, "again"),
        (Pressed(START, ""), True, START, "again"),
        (Pressed(START, "7", wrong=1), True, Step.AGENT, "agent"),
        (Pressed(START, "7", wrong=1), False, Step.BYE, "closed"),
        (Pressed(Step.TRACK, "6190000000001"), True, START, "tracked"),
        (Pressed(Step.TRACK, "12"), True, Step.TRACK, "number_again"),
        (Pressed(Step.TRACK, "", wrong=1), True, Step.AGENT, "agent"),
        (Pressed(Step.COMPLAIN, ""), True, Step.BYE, "complaint_taken"),
        (Pressed(Step.AGENT, ""), True, START, "start"),
    ],
)
def test_what_is_heard_next(pressed, is_open, step, says):
    ask = next_ask(pressed, is_open=is_open)
    assert (ask.step, ask.says) == (step, says)


def test_everything_that_is_said_has_words():
    said = set(voice_texts())
    assert {
        "start",
        "again",
        "number",
        "number_again",
        "tracked",
        "not_found",
        "code_sent",
        "no_code",
    } <= said
    assert {"complain", "complaint_taken", "agent", "closed", "call_back"} <= said
