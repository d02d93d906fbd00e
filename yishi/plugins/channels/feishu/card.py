"""飞书 (Feishu): what colleagues write to our app in their group, as events of version 2."""

import json
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from yishi.conversations.port import Answer, ChannelCard, Heard, Incoming, Said, SettingField, Unreadable
from yishi.feeds.port import BAD_SIGNATURE
from yishi.plugins.channels.feishu.sealed import signature_of, unseal
from yishi.plugins.common.group_settings import TELLING
from yishi.plugins.common.reading import is_fresh, load_json, moment, same, word

CARD = ChannelCard(
    name="feishu",
    label=_("飞书群机器人"),
    channel="FEISHU",
    alone_by=None,
    settings=(
        SettingField("webhook_key", _("自定义机器人地址最后一段"), is_secret=True, is_required=True),
        SettingField("secret", _("机器人的签名校验密钥"), is_secret=True, is_required=True),
        SettingField(
            "verification_token", _("事件订阅的 Verification Token（接收消息时必填）"), is_secret=True
        ),
        SettingField("encrypt_key", _("事件订阅的 Encrypt Key（建议填）"), is_secret=True),
        *TELLING,
        SettingField("api_url", _("接口地址（一般不用改）")),
    ),
    docs=_(
        "在群里添加自定义机器人，安全设置选“签名校验”，把地址最后一段和密钥填在这里，提醒和回复就发到这个群。"
        "要在群里查件、催件，在开放平台建应用并加进群，事件订阅的请求地址填这个地址，"
        "订阅“接收消息”，并填 Verification Token 和 Encrypt Key。单独发给应用的话收得到，但不会回到群里。"
    ),
)
FRESH_S = 600
# without an encrypt key only the event's own time tells its age; it is repeated for up to six hours
REPEATED_S = 8 * 3600
_JSON = "application/json; charset=utf-8"
_MENTION = re.compile(r"@_(?:user_\d+|all)\s*")


class Feishu:
    """Reads events, plain or sealed; each carries the app's verification token."""

    def check_signature(self, incoming: Incoming) -> bool:
        """With an encrypt key the headers sign the body as it came; the token must be right in any case. The
        question at set-up time carries no signature, only the token."""
        token = incoming.settings.get("verification_token", "")
        try:
            event = _event(incoming)
        except Unreadable:
            # signed and not to be opened: kept, for the key may be wrong here
            return bool(incoming.settings.get("encrypt_key")) and _is_signed(incoming)
        header = event.get("header")
        carried = header.get("token") if isinstance(header, dict) else event.get("token")
        if not token or not same(word(carried), token):
            return False
        if event.get("type") == "url_verification":
            return True
        if incoming.settings.get("encrypt_key"):
            return _is_signed(incoming)
        at_ms = word(header.get("create_time")) if isinstance(header, dict) else ""
        return is_fresh(at_ms[:-3], incoming.at, within_s=REPEATED_S)

    def read(self, incoming: Incoming) -> Heard:
        event = _event(incoming)
        header = event.get("header")
        if event.get("type") == "url_verification":
            return Heard()
        if not isinstance(header, dict) or header.get("event_type") != "im.message.receive_v1":
            return Heard()
        said = _said(event.get("event"), incoming)
        return Heard(said=(said,) if said else ())

    def answer(self, incoming: Incoming, outcome: str) -> Answer:
        if outcome == BAD_SIGNATURE:
            return Answer(401, _JSON, b'{"msg":"bad signature"}')
        try:
            asked = _event(incoming).get("challenge")
        except Unreadable:
            asked = None
        said = {"challenge": word(asked)} if asked else {"code": 0}
        return Answer(200, _JSON, json.dumps(said).encode())


def _event(incoming: Incoming) -> Mapping[str, Any]:
    """The event, opened. With a key nothing comes unsealed. Raises Unreadable."""
    event = load_json(incoming.body)
    key = incoming.settings.get("encrypt_key", "")
    if key and isinstance(event, dict):
        event = load_json(unseal(word(event.get("encrypt")), key))
    if not isinstance(event, dict):
        raise Unreadable("bad_json", "the event is no object")
    return event


def _is_signed(incoming: Incoming) -> bool:
    said = incoming.headers
    second, nonce = said.get("x-lark-request-timestamp", ""), said.get("x-lark-request-nonce", "")
    right = signature_of(second, nonce, incoming.settings["encrypt_key"], incoming.body)
    is_right = same(right, said.get("x-lark-signature", "").lower())
    return is_right and is_fresh(second, incoming.at, within_s=FRESH_S)


def _said(event: Any, incoming: Incoming) -> Said | None:
    """What a person wrote; robots, our own among them, are not heard."""
    parts = event if isinstance(event, dict) else {}
    message, sender = parts.get("message"), parts.get("sender")
    if not isinstance(message, dict) or not isinstance(sender, dict):
        raise Unreadable("missing_field", "message")
    if sender.get("sender_type") != "user" or message.get("message_type") != "text":
        return None
    ids = sender.get("sender_id")
    person = word(ids.get("open_id")) if isinstance(ids, dict) else ""
    number, room = word(message.get("message_id")), word(message.get("chat_id"))
    if word(message.get("chat_type")) == "p2p":
        # written to the app alone: the group must not read the answer
        room = ""
    content = load_json(word(message.get("content")) or "{}")
    if not person or not number or not isinstance(content, dict):
        raise Unreadable("missing_field", "message_id" if person else "open_id")
    return Said(
        external_id=number,
        address=f"{room}/{person}",
        room=room,
        text=_MENTION.sub("", word(content.get("text"))).strip(),
        said_at=moment(message.get("create_time"), incoming.zone),
    )


PLUGIN = Feishu()
