"""The assistant answers what people write."""

from yishi.assistant.actions.turn import take_turn
from yishi.conversations.facts import MessageReceived


def on_message_received(fact: MessageReceived) -> None:
    """Answered once, however often this is worked off."""
    take_turn(message_id=fact.message_id, at=fact.at)
