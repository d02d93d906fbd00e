"""Two sentences for whoever takes a conversation over, by a language model where one is set up."""

from datetime import datetime

from yishi.assistant.actions.language import SUMMARY, is_on, summarised
from yishi.conversations.actions.hand import add_to_handover
from yishi.conversations.queries.threads import list_messages

_MOST_LINES = 30


def summarise_handover(*, conversation_id: int, at: datetime) -> bool:
    """Asked outside any transaction; False where there is none that can be used."""
    if not is_on(SUMMARY):
        return False
    lines = list_messages(conversation_id, for_person=True)[-_MOST_LINES:]
    said = [f"{'顾客' if line.author_kind == 'CONSUMER' else '我们'}：{line.text}" for line in lines]
    summary = summarised(said, at=at)
    if not summary:
        return False
    add_to_handover(conversation_id=conversation_id, values={"told": summary}, at=at)
    return True
