"""What has happened in conversations: who wrote, who waits, who took over."""

from dataclasses import dataclass
from datetime import datetime

from yishi.kit.facts import Fact


@dataclass(frozen=True, kw_only=True)
class _ConversationFact(Fact):
    conversation_id: int
    # '' where it belongs to head office
    outlet_code: str = ""


@dataclass(frozen=True, kw_only=True)
class ConversationBegan(_ConversationFact):
    channel: str


@dataclass(frozen=True, kw_only=True)
class MessageReceived(_ConversationFact):
    """A person wrote. `state` is the conversation's afterwards: in ASSISTANT the assistant answers."""

    message_id: int
    channel: str
    state: str
    is_automatic: bool = False


@dataclass(frozen=True, kw_only=True)
class MessageSaid(_ConversationFact):
    """We wrote: an agent or the assistant, never an inner note. `channel` says where it must go."""

    message_id: int
    channel: str
    author_kind: str


@dataclass(frozen=True, kw_only=True)
class ReplyAwaited(_ConversationFact):
    """Someone waits for a person's first answer from now on."""

    message_id: int


@dataclass(frozen=True, kw_only=True)
class ReplyGiven(_ConversationFact):
    """A person answered, or nobody waits any more: the promise of `ReplyAwaited` is over."""

    is_answered: bool = True


@dataclass(frozen=True, kw_only=True)
class ConversationQueued(_ConversationFact):
    """It waits for a person: handed over, or written to while nobody had it."""

    skill: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ConversationTaken(_ConversationFact):
    agent_id: int
    before_id: int | None = None
    # taken or given by a person, not by routing
    is_by_hand: bool = False


@dataclass(frozen=True, kw_only=True)
class ConversationEnded(_ConversationFact):
    state_before: str
    # why it ended by itself; '' where somebody ended it
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class MessageNotDelivered(_ConversationFact):
    message_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReceiptHeard(Fact):
    """A letter came back, was delivered or read that is no message of a conversation: a notice perhaps."""

    account_id: int
    reference: str
    state: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class AccountStopped(Fact):
    """A mailbox refuses us: nothing is fetched from it until an operator has mended its settings."""

    account_id: int
    code: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CallHeard(Fact):
    """A telephone call went one step further; `step` as in `port.CallNews`."""

    account_id: int
    call_id: int
    step: str


@dataclass(frozen=True, kw_only=True)
class CallBackAsked(Fact):
    """We promised to ring somebody; asked again, the promise is moved. `conversation_id` 0: none."""

    call_back_id: int
    conversation_id: int = 0
    outlet_code: str = ""
    wished_at: datetime
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class CallBackEnded(Fact):
    """Rung (`is_made`), or not wanted any more."""

    call_back_id: int
    conversation_id: int = 0
    outlet_code: str = ""
    is_made: bool
