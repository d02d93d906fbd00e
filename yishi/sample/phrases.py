"""What the sample operator says often: saved replies and macros, as its quality manager wrote them."""

from datetime import datetime

from yishi.automation.actions.macros import save_macro
from yishi.automation.queries.macros import list_macros
from yishi.knowledge.actions.replies import save_reply
from yishi.knowledge.queries.replies import list_replies
from yishi.people.queries import get_user_id
from yishi.people.rules import SYSTEM_VIEWER, Role, Viewer

REPLIES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("先安抚再查", "{姓名}您好，我是{网点}的{我}。运单 {运单号} 我们马上去查，{时限}前给您回话。", ()),
    (
        "请发照片",
        "{姓名}您好，麻烦拍一张外包装和破损处的照片发给我们，好尽快给您处理。",
        ("DAMAGED", "SHORT"),
    ),
    (
        "签收没收到",
        "{姓名}您好，签收的快递员正在回去找，{时限}前告诉您放在哪里、谁签的。",
        ("SIGNED_NOT_RECEIVED",),
    ),
    ("马上送上门", "{姓名}您好，已经安排快递员给您送上门，送之前先打电话。", ("NO_DOOR_DELIVERY",)),
    ("取件码再发", "{姓名}您好，取件码已经重新发到您的手机，没收到请打 {网点电话}。", ("PICKUP_CODE",)),
    ("找到了", "{姓名}您好，您的包裹找到了，今天送到您手上。给您添麻烦了。", ()),
    ("Looking into it", "Hello, this is {网点}. We are checking parcel {运单号} and reply by {时限}.", ()),
)

MACROS: tuple[tuple[str, tuple[str, ...], list[dict[str, str]]], ...] = (
    (
        "签收没收到：安抚并找人",
        ("SIGNED_NOT_RECEIVED", "LOST", "MISDELIVERED"),
        [
            {"do": "reply", "text": REPLIES[2][1]},
            {"do": "task", "title": "找签收的快递员，问清放哪、谁签的", "within_h": "2"},
            {"do": "tag", "tag": "找件"},
        ],
    ),
    (
        "等顾客发照片",
        ("DAMAGED", "SHORT", "CONTENT_MISMATCH"),
        [
            {"do": "status", "status": "WAITING_CUSTOMER", "reason": "请把外包装和破损处的照片发给我们"},
            {"do": "note", "text": "照片来了先核对签收时间和包装"},
        ],
    ),
)


def build_phrases(*, at: datetime) -> None:
    """Saved replies and macros for everybody; what is there already stays."""
    user_id = get_user_id(viewer=SYSTEM_VIEWER, username="quality")
    quality = Viewer(kind="USER", role=Role.QUALITY, user_id=user_id, outlet_codes=None)
    known = {reply.title for reply in list_replies(quality)} | {one.name for one in list_macros(quality)}
    for title, body, categories in REPLIES:
        if title not in known:
            language = "en" if title.isascii() else "zh-hans"
            save_reply(
                title=title,
                body=body,
                scope="OPERATOR",
                categories=categories,
                language=language,
                by=quality,
                at=at,
            )
    for name, categories, steps in MACROS:
        if name not in known:
            save_macro(name=name, steps=steps, scope="OPERATOR", categories=categories, by=quality, at=at)
