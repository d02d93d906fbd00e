"""What every verb does first and last: hold the conversation, tell the pages that show it."""

from yishi.conversations.models.talk import Conversation
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal, Stale
from yishi.kit.hot import KeptQuery
from yishi.kit.live import nudge
from yishi.kit.texts import clean_text
from yishi.people.rules import Permission, Viewer

MAX_MESSAGE = 20_000
HEAD_OFFICE = "HQ"


class ConversationIsOver(Refusal):
    """这次会话已经结束，再说一句就会重新开始"""

    code = "conversation_is_over"


_HOLD = KeptQuery(
    lambda: Conversation.objects.select_for_update(of=("self",)).select_related("outlet").filter(pk=-7001),
    -7001,
)


def hold_conversation(
    *, conversation_id: int, version: int | None = None, must_be_open: bool = False
) -> Conversation:
    """The conversation, locked until the transaction ends. Raises NotFound, Stale, ConversationIsOver."""
    held = _HOLD.first(conversation_id)
    if held is None:
        raise NotFound()
    if version is not None and version != held.version:
        raise Stale()
    if must_be_open and not held.is_open:
        raise ConversationIsOver
    return held


def check_may_write(by: Viewer) -> None:
    """Raises NotAllowed when this role answers nobody."""
    if not by.may(Permission.CASE_WRITE):
        raise NotAllowed()


def checked_text(text: str, *, is_required: bool = True) -> str:
    """The text as it is kept. Raises Invalid: nothing in it, or more than 20,000 characters."""
    kept, _removed = clean_text(text)
    if is_required and not kept:
        raise Invalid([("/text", "missing_field", "这里要写点什么")])
    if len(kept) > MAX_MESSAGE:
        raise Invalid([("/text", "too_long", "最多 20,000 字")])
    return kept


def outlet_code(held: Conversation) -> str:
    return held.outlet.code if held.outlet else ""


def keep(held: Conversation, *fields: str) -> None:
    """Writes the changed fields, raises the version, and tells the pages that show it."""
    held.version += 1
    held.save(update_fields=[*fields, "version"])
    tell(held)


def tell(held: Conversation) -> None:
    nudge(*topics_of(held.pk, outlet_code(held)))


def topics_of(conversation_id: int, outlet: str) -> tuple[str, str]:
    """What pages that show it listen to: the conversation, and the inbox of its outlet."""
    return f"conversation:{conversation_id}", f"inbox:{outlet or HEAD_OFFICE}"
