"""What a dialogue is made of: policy, state, what was read, and the move that follows. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a move does."""

    HAND_OVER = "HAND_OVER"
    DO = "DO"
    ASK = "ASK"
    CONFIRM = "CONFIRM"
    CHOICES = "CHOICES"
    SAY = "SAY"
    CHECK_CODE = "CHECK_CODE"
    SEND_CODE = "SEND_CODE"
    SETTLED = "SETTLED"
    # a picture, a voice or a file without a word
    SHOWN = "SHOWN"


@dataclass(frozen=True)
class Turning:
    """To the policy `to` where the words hold one of `words`, or where an upset message is of `category`."""

    to: str
    words: str = ""
    category: str = ""


@dataclass(frozen=True)
class Policy:
    """How one intent is settled; readable data of `assistant/policies`.

    `needs` are slots in the order in which they are asked for (`GROUPS`: any one of several); `proof`: the
    parcel must be his, shown by a code; `confirm`: he says yes before `tool` runs; `categories` are those
    that a case of it may have, the first where his words name none; empty: whatever his words name. `turns`
    are messages that mean another policy. `part_of`: the intent that figures count it under. `skill`: what a
    person who takes it over should be able to do (a category or class of cases); empty: the case's category.
    """

    intent: str
    title: Mapping[str, str]
    tool: str = ""
    needs: tuple[str, ...] = ()
    proof: bool = False
    confirm: Mapping[str, str] = field(default_factory=dict)
    says: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    asks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    offers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    turns: tuple[Turning, ...] = ()
    part_of: str = ""
    hand_over: str = ""
    skill: str = ""
    checks: bool = True


GROUPS: Mapping[str, tuple[str, ...]] = {"change": ("time", "address", "text")}
"""A need that any of these slots meets."""


@dataclass(frozen=True)
class Waiting:
    """What we asked last: a SLOT, yes or no (CONFIRM), a CODE, whether it was settled (CHECK)."""

    kind: str
    name: str = ""


@dataclass(frozen=True)
class State:
    """Where a dialogue stands. `options` are labels offered last with what they mean."""

    intent: str = ""
    waiting: Waiting | None = None
    slots: Mapping[str, str] = field(default_factory=dict)
    later: tuple[str, ...] = ()
    misses: int = 0
    is_proven: bool = False
    tried: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """What one message says: intents sure first, slots, and how it is said.

    `numbers` are waybills, the surest first; `media` is the kind of a message without words.
    """

    text: str
    intents: tuple[str, ...] = ()
    is_sure: bool = False
    choices: tuple[str, ...] = ()
    slots: Mapping[str, str] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    priority: int = 0
    risk: str = ""
    is_angry: bool = False
    is_upset: bool = False
    is_automatic: bool = False
    media: str = ""
    is_english: bool = False


@dataclass(frozen=True)
class Move:
    """One thing to do; `name` is a slot, a tool, a text or a reason. `state` is how it stands afterwards."""

    kind: Kind
    state: State
    name: str = ""
    intents: tuple[str, ...] = ()
