"""What the assistant did, for statistics and for those who learn from it."""

from dataclasses import dataclass

from yishi.kit.facts import Fact


@dataclass(frozen=True, kw_only=True)
class TurnTaken(Fact):
    """One message was answered by the assistant, or handed to people."""

    conversation_id: int
    message_id: int
    intent: str
    is_handed_over: bool = False
