"""群聊: a pasted piece of a private group as a table; one touch a row; a text to copy back to the group."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yishi.assistant.queries.group_chat import read_pasted
from yishi.assistant.rules.group_chat import GroupChat
from yishi.assistant.rules.group_lines import LONGEST_TEXT
from yishi.automation.actions.bulk import why as why_refused
from yishi.automation.actions.group_chat import Touch, do_touch
from yishi.kit.clock import now
from yishi.kit.errors import Refusal
from yishi.people.rules import Permission, Viewer
from yishi.shipments.rules.pasted import MOST_PASTED
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page
from yishi.web.desk.paste_lines import lines_of, sure_buttons, text_back, touches_of

MOST_AT_ONCE = 100
"""So many sure ones are done while the person waits; one more press does the next."""


@dataclass
class Pressed:
    """What came of the presses: refusals by touch, and a word about the whole."""

    refused: dict[str, str] = field(default_factory=dict)
    done: int = 0
    left: int = 0
    is_pressed: bool = False


@staff_page(Permission.CASE_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The box; with a text its table; with a touch what came of it. Nothing is done without a touch."""
    at, values = now(), {"here": "paste", "most": MOST_PASTED, "longest": LONGEST_TEXT}
    if request.method != "POST":
        return desk_page(request, viewer, "desk/paste.html", values, at=at)
    said = request.POST.get("text", "").replace("\x00", "")
    fault = _fault(said)
    chat = None if fault else read_pasted(said, at=at)
    if chat is not None and not chat.rows:
        fault = _("没有认出单号，也没有看出谁要什么。整段聊天连人名一起粘贴，或者一行一个单号。")
    values |= {"said": said, "fault": fault}
    if chat is None or fault:
        return desk_page(request, viewer, "desk/paste.html", values, status=422, at=at)
    values |= _table(request, viewer, chat, at)
    return desk_page(request, viewer, "desk/paste.html", values, at=at)


def _fault(said: str) -> str:
    if not said.strip():
        return _("先粘贴一段群聊，或者一列单号")
    if len(said) > LONGEST_TEXT:
        return _("太长了：一次最多 20,000 字，分几次粘贴")
    return ""


def _table(request: HttpRequest, viewer: Viewer, chat: GroupChat, at: datetime) -> dict[str, Any]:
    posted = request.POST
    key, may_act = _key(posted.get("key", "")), viewer.may(Permission.CASE_WRITE)
    pressed = Pressed(refused=_earlier(posted.getlist("why")))
    offered = {touch.name: touch for row in chat.rows for touch in touches_of(row)}
    pressed_now = posted.get("touch", "")
    if may_act and pressed_now not in ("", "preview"):
        chosen = posted.getlist("plan") if pressed_now == "all" else [pressed_now]
        _press(key, [offered[one] for one in chosen if one in offered], pressed, viewer, at)
    lines = lines_of(viewer, chat, key, pressed.refused, at)
    plan = [(line, button) for line in lines for button in sure_buttons(line)]
    text = "\n".join(text_back(lines))
    return {
        "key": key,
        "lines": lines,
        "left_out": chat.left_out,
        "foreign": sum(bool(line.said.number) and not line.is_ours for line in lines),
        "may_act": may_act,
        "plan": plan,
        "is_preview": pressed_now == "preview",
        "pressed": pressed,
        "why": [f"{name}\t{word}" for name, word in pressed.refused.items()],
        "text_back": text,
    }


def _press(key: str, touches: Sequence[Touch], pressed: Pressed, viewer: Viewer, at: datetime) -> None:
    pressed.is_pressed, pressed.left = True, max(0, len(touches) - MOST_AT_ONCE)
    for touch in touches[:MOST_AT_ONCE]:
        try:
            do_touch(key=key, touch=touch, by=viewer, at=at)
        except Refusal as refusal:
            pressed.refused[touch.name] = why_refused(refusal)
        else:
            pressed.refused.pop(touch.name, None)
            pressed.done += 1


def _earlier(said: Sequence[str]) -> dict[str, str]:
    """What was refused before on this page, as the page itself says it again."""
    pairs = [one[:300].partition("\t") for one in said[: 2 * MOST_PASTED]]
    return {name: why for name, tab, why in pairs if tab}


def _key(said: str) -> str:
    try:
        return str(uuid.UUID(said))
    except ValueError:
        return str(uuid.uuid4())
