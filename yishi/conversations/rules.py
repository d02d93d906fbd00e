"""Channels, states and limits of conversations. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Channel(StrEnum):
    """Where a person speaks to us."""

    WEB = "WEB"
    EMAIL = "EMAIL"
    WECHAT = "WECHAT"
    SMS = "SMS"
    WECOM = "WECOM"
    DINGTALK = "DINGTALK"
    FEISHU = "FEISHU"
    PHONE = "PHONE"
    # typed in by staff: a call on a bare mobile, a piece of a private group, somebody at the counter
    GROUP_CHAT = "GROUP_CHAT"
    WALK_IN = "WALK_IN"


BY_HAND = frozenset({Channel.PHONE, Channel.GROUP_CHAT, Channel.WALK_IN})
"""What is said there, staff say: nothing is sent."""


SLOW = frozenset({Channel.EMAIL, Channel.SMS})
"""Nobody answers there within minutes, and each message is a letter of its own."""


GROUPS = frozenset({Channel.WECOM, Channel.DINGTALK, Channel.FEISHU})
"""There colleagues speak, in groups; nobody else does."""


class State(StrEnum):
    ASSISTANT = "ASSISTANT"
    QUEUED = "QUEUED"
    WITH_AGENT = "WITH_AGENT"
    ENDED = "ENDED"


class Author(StrEnum):
    CONSUMER = "CONSUMER"
    ASSISTANT = "ASSISTANT"
    AGENT = "AGENT"
    SYSTEM = "SYSTEM"


class MessageKind(StrEnum):
    TEXT = "TEXT"
    PICTURE = "PICTURE"
    VOICE = "VOICE"
    FILE = "FILE"
    # a menu or a button was pressed; someone followed or left
    EVENT = "EVENT"
    # between colleagues, never sent
    NOTE = "NOTE"


class MessageState(StrEnum):
    RECEIVED = "RECEIVED"
    HELD = "HELD"
    QUEUED = "QUEUED"
    SENT = "SENT"
    DELIVERED = "DELIVERED"
    READ = "READ"
    FAILED = "FAILED"
    WITHDRAWN = "WITHDRAWN"


FORWARD = {
    MessageState.QUEUED: 0,
    MessageState.SENT: 1,
    MessageState.FAILED: 2,
    MessageState.DELIVERED: 3,
    MessageState.READ: 4,
}
"""Receipts come in any order and twice; a state only moves up this list."""

WINDOW_OVER, ANSWERS_OVER, PRESS = "window_over", "answers_over", "press_"
NO_ADDRESS, ONLY_IN_GROUP = "no_address", "only_in_group"
"""Why a message of ours did not go out, where we know it ourselves; all else is in the gateway's words."""

SAME_MATTER = timedelta(hours=72)
"""Whoever writes again within this time after the end means the same matter."""

FIRST_REPLY_WITHIN = timedelta(minutes=15)
"""Shipped promise of a person's first answer in a chat (numbers.md, 15-min messages)."""


def person_in(address: str) -> str:
    """Who it is, of an address in a group (`room/person`); any other address is the person's own."""
    return address.rpartition("/")[2]


MESSAGES_A_MINUTE = 20
LETTERS_AN_HOUR = 20
MESSAGES_AN_HOUR = 200
CONVERSATIONS_AN_HOUR = 30
"""Begun from one address."""
MESSAGES_A_MINUTE_FROM_ONE = 120
"""Written from one address, in however many conversations: a family, an office or a program."""


def moves_on(old: str, new: str) -> bool:
    """Whether a receipt tells more than is known."""
    return FORWARD.get(MessageState(new), -1) > FORWARD.get(MessageState(old), -1)


@dataclass(frozen=True)
class Thread:
    """A conversation that an incoming message may belong to."""

    conversation_id: int
    state: str
    last_message_at: datetime
    waybill_no: str = ""
    # how it was found: REPLY (an answer to a message of it), ADDRESS (the same person, the same channel),
    # PERSON (proven to be the same person, by another channel)
    found_by: str = "ADDRESS"


_BY = {"REPLY": 0, "ADDRESS": 1, "PERSON": 2}


def thread_of(threads: list[Thread], *, waybill_no: str, at: datetime) -> Thread | None:
    """Which conversation a message continues; None begins a new one.

    What answers a message of ours stays with it, however late. Otherwise the same matter is one that still
    runs or ended less than 72 h ago, and, where both name a parcel, names the same.
    """

    def fits(one: Thread) -> bool:
        if one.found_by == "REPLY":
            return True
        is_near = one.state != State.ENDED or at - one.last_message_at <= SAME_MATTER
        is_same = not (waybill_no and one.waybill_no) or waybill_no == one.waybill_no
        return is_near and is_same and (one.found_by != "PERSON" or bool(waybill_no))

    fitting = sorted(
        (one for one in threads if fits(one)),
        key=lambda one: (_BY[one.found_by], one.state == State.ENDED, at - one.last_message_at),
    )
    return fitting[0] if fitting else None


class Did(StrEnum):
    """What a person did that opens the time in which a channel takes answers."""

    WROTE = "WROTE"
    # pressed a menu, scanned a code, began to follow
    PRESSED = "PRESSED"


@dataclass(frozen=True)
class AnswerWindow:
    """How long after such a deed a channel takes answers, and how many."""

    after: Did
    within: timedelta
    most: int


@dataclass(frozen=True)
class Deed:
    """What a person did last of one kind, and how many answers went to him since."""

    at: datetime
    answers: int


def why_no_answer(windows: Sequence[AnswerWindow], deeds: Mapping[Did, Deed], *, at: datetime) -> str:
    """'' where a window is still open, or the channel knows none. Else, of what was done last: WINDOW_OVER or
    ANSWERS_OVER, with PRESS_ before it where it was no word; used up tells more than over."""
    if not windows:
        return ""
    shut: list[tuple[bool, datetime, str]] = []
    for window in windows:
        deed = deeds.get(window.after)
        if deed is None:
            continue
        is_over = at - deed.at > window.within
        if not is_over and deed.answers < window.most:
            return ""
        reason = WINDOW_OVER if is_over else ANSWERS_OVER
        shut.append((not is_over, deed.at, PRESS + reason if window.after == Did.PRESSED else reason))
    return max(shut)[2] if shut else WINDOW_OVER


class Silence(StrEnum):
    """Why a conversation ended by itself: the last word was ours, and nothing came."""

    # the assistant asked whether it was settled
    NOT_DENIED = "NOT_DENIED"
    # the assistant asked for something else
    NOT_ANSWERED = "NOT_ANSWERED"
    # a person of ours spoke last
    NOTHING_MORE = "NOTHING_MORE"


@dataclass(frozen=True)
class Patience:
    """How long a conversation waits for the person's next word: after the assistant's question whether it
    was settled, and after anything else."""

    after_check: timedelta
    after_word: timedelta


def silent_after(
    state: str, *, channel: str, is_check: bool, awaits_us: bool, at: datetime, patience: Patience
) -> datetime | None:
    """When it ends by itself after a word of ours; None while the person waits for a person of ours.

    Letters and short messages are not answered within minutes: there a check waits as long as any word.
    """
    if awaits_us or state not in (State.ASSISTANT, State.WITH_AGENT):
        return None
    is_soon = is_check and channel not in SLOW
    return at + (patience.after_check if is_soon else patience.after_word)


def state_after_writing(state: str, *, has_agent: bool, is_assisted: bool) -> State:
    """Where a conversation stands after the person wrote: with whom it was, else the assistant, else the
    queue."""
    if state != State.ENDED:
        return State(state)
    if has_agent:
        return State.QUEUED
    return State.ASSISTANT if is_assisted else State.QUEUED


# ---- telephone

ANSWERED_WITHIN = timedelta(seconds=30)
"""Calls are to be answered within this (product.md 3.6); a bare mobile is never counted as measured."""

_AFTER_STEP = {
    "RINGING": ("RINGING",),
    "MENU": ("RINGING",),
    "ANSWERED": ("RINGING", "ANSWERED"),
    "MISSED": ("RINGING",),
    "ENDED": ("RINGING", "ANSWERED"),
}


def call_after(state: str, step: str) -> str:
    """A call's state after a step; steps come late and twice, and an end is an end. A call that ends before
    anybody answered was missed. Answered by a menu is no call that was missed."""
    if step not in _AFTER_STEP or state not in _AFTER_STEP[step]:
        return state
    if step == "ENDED":
        return "ENDED" if state == "ANSWERED" else "MISSED"
    return "ANSWERED" if step == "MENU" else step
