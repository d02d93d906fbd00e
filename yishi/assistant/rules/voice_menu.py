"""The spoken menu of the telephone: where the caller stands and what he pressed give the next step. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum

MOST_WRONG = 2


class Step(StrEnum):
    START = "START"
    TRACK = "TRACK"
    CODE = "CODE"
    COMPLAIN = "COMPLAIN"
    AGENT = "AGENT"
    CALL_BACK = "CALL_BACK"
    BYE = "BYE"


@dataclass(frozen=True)
class Pressed:
    """What came from the telephone: digits, or '' for the first time or for silence."""

    step: Step = Step.START
    digits: str = ""
    wrong: int = 0
    is_first: bool = False


@dataclass(frozen=True)
class Ask:
    """What to do now: `look_up` says what must be known first, the rest is said and gathered."""

    step: Step
    says: str
    gathers: int = 0
    wrong: int = 0
    looks_up: str = ""
    records: bool = False
    dials: bool = False
    ends: bool = False
    values: dict[str, str] = field(default_factory=dict)


_CHOICES = {"1": Step.TRACK, "2": Step.CODE, "3": Step.COMPLAIN, "0": Step.AGENT, "9": Step.CALL_BACK}
_GATHERS = {Step.TRACK: 20}


def next_ask(pressed: Pressed, *, is_open: bool) -> Ask:
    """The next thing that the caller hears. Outside hours nobody is dialled: a call-back is promised."""
    if pressed.is_first:
        return Ask(Step.START, "start", gathers=1)
    if pressed.step is Step.START:
        return _chosen(pressed, is_open=is_open)
    if pressed.step is Step.TRACK:
        if not 6 <= len(pressed.digits) <= 20:
            return _wrong(pressed, Ask(Step.TRACK, "number_again", gathers=20), is_open=is_open)
        return Ask(Step.START, "tracked", gathers=1, looks_up="track")
    if pressed.step is Step.COMPLAIN:
        return Ask(Step.BYE, "complaint_taken", ends=True, looks_up="complaint")
    return Ask(Step.START, "start", gathers=1)


def _chosen(pressed: Pressed, *, is_open: bool) -> Ask:
    step = _CHOICES.get(pressed.digits)
    if step is None:
        return _wrong(pressed, Ask(Step.START, "again", gathers=1), is_open=is_open)
    if step is Step.TRACK:
        return Ask(Step.TRACK, "number", gathers=20)
    if step is Step.CODE:
        return Ask(Step.START, "code", gathers=1, looks_up="code")
    if step is Step.COMPLAIN:
        return Ask(Step.COMPLAIN, "complain", records=True)
    if step is Step.AGENT:
        return _agent(is_open=is_open)
    return Ask(Step.BYE, "call_back", ends=True, looks_up="call_back")


def _agent(*, is_open: bool) -> Ask:
    if is_open:
        return Ask(Step.AGENT, "agent", dials=True)
    return Ask(Step.BYE, "closed", ends=True, looks_up="call_back")


def _wrong(pressed: Pressed, again: Ask, *, is_open: bool) -> Ask:
    """After two wrong tries a person, not a third."""
    if pressed.wrong + 1 >= MOST_WRONG:
        return _agent(is_open=is_open)
    return Ask(again.step, again.says, gathers=again.gathers, wrong=pressed.wrong + 1)
