"""Whether the assistant settled a conversation: what the record must show, what speaks against it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

JUDGED_AFTER = timedelta(hours=72)
"""Who has come back by then has not been helped."""

CAME_BACK_AFTER = timedelta(minutes=30)
"""A person who writes again after so long a silence comes back; before, he is still in the same talk."""

# outcomes of a look-up that helped nobody
_NOTHING = frozenset({"unknown", "none", "unclear", "not_yours", "waits", "no_rule", "said"})
_SMALL_TALK = frozenset({"praise_thanks", "greeting_chitchat"})


class Why(StrEnum):
    """What spoke against it; the first that holds is kept."""

    HANDED_OVER = "HANDED_OVER"
    NOTHING_DONE = "NOTHING_DONE"
    UNFINISHED = "UNFINISHED"
    ACTION_FAILED = "ACTION_FAILED"
    NOT_IN_RECORD = "NOT_IN_RECORD"
    CAME_BACK = "CAME_BACK"
    OTHER_CONTACT = "OTHER_CONTACT"
    NEW_CASE = "NEW_CASE"


@dataclass(frozen=True)
class TurnLine:
    """One turn: what was asked, looked up and done, and when; `quiet_for` is the silence before it."""

    intent: str
    told: Sequence[str]
    are_ok: bool
    at: datetime
    quiet_for: timedelta | None = None


@dataclass(frozen=True)
class Facts:
    """What the record holds of a conversation 72 h after its last turn."""

    turns: Sequence[TurnLine]
    had_person: bool
    is_waiting: bool
    # changes the assistant named that the record does not hold
    is_missing: bool
    has_other_contact: bool
    has_new_case: bool


@dataclass(frozen=True)
class Verdict:
    is_naive: bool
    is_verified: bool
    why: str = ""


def judge(facts: Facts) -> Verdict:
    """Naive: no person took part. Verified: something was told or done, it stands in the record, nothing was
    left open, and nobody came back about it, by any channel, within 72 h."""
    for why, holds in (
        (Why.HANDED_OVER, facts.had_person),
        (Why.ACTION_FAILED, any(not turn.are_ok for turn in facts.turns)),
        (Why.NOT_IN_RECORD, facts.is_missing),
        (Why.NOTHING_DONE, not any(_helped(turn) for turn in facts.turns)),
        (Why.UNFINISHED, facts.is_waiting),
        (Why.CAME_BACK, any(_came_back(turn) for turn in facts.turns)),
        (Why.NEW_CASE, facts.has_new_case),
        (Why.OTHER_CONTACT, facts.has_other_contact),
    ):
        if holds:
            return Verdict(not facts.had_person, False, why.value)
    return Verdict(True, True)


def _helped(turn: TurnLine) -> bool:
    return any(each.partition(":")[2] not in _NOTHING for each in turn.told)


def _came_back(turn: TurnLine) -> bool:
    is_late = turn.quiet_for is not None and CAME_BACK_AFTER < turn.quiet_for <= JUDGED_AFTER
    return is_late and turn.intent not in _SMALL_TALK
