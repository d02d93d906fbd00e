"""The shapes of the public chat, as programs see them."""

from datetime import datetime

from ninja import Schema

from yishi.api.schemas import Short, Strict


class ChatIn(Strict):
    waybill_no: Short = ""
    proof: str = ""


class ChatMessageIn(Strict):
    text: str = ""
    proof: str = ""


class ChatBegunOut(Schema):
    chat_token: str


class ChatReplyOut(Schema):
    text: str
    options: list[str] = []


class QueueOut(Schema):
    place: int
    wait_s: int | None


class ChatActionOut(Schema):
    name: str
    ok: bool
    ref: str = ""


class ChatAnswerOut(Schema):
    replies: list[ChatReplyOut]
    intent: str
    confidence: float
    handed_over: bool
    queue: QueueOut | None
    actions: list[ChatActionOut]


class ChatFileOut(Schema):
    name: str
    content_type: str


class ChatMessageOut(Schema):
    id: int
    author: str
    kind: str
    text: str
    options: list[str] = []
    at: datetime
    state: str
    attachments: list[ChatFileOut] = []


class ChatMessagesOut(Schema):
    state: str
    items: list[ChatMessageOut]
