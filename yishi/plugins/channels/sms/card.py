"""短信上行: short messages that people send back, from any gateway that signs what it pushes."""

import hmac
from typing import Any

from django.utils.translation import gettext_noop as _

from yishi.conversations.port import (
    Answer,
    ChannelCard,
    Heard,
    Incoming,
    Part,
    Receipt,
    Said,
    SettingField,
    Unreadable,
)
from yishi.feeds.port import BAD_SIGNATURE
from yishi.plugins.common.pushes import is_json
from yishi.plugins.common.reading import as_text, form_fields, is_fresh, load_json, moment, same, word

CARD = ChannelCard(
    name="sms",
    label=_("短信上行"),
    channel="SMS",
    settings=(
        SettingField("secret", _("签名密钥（和网关约定）"), is_secret=True, is_required=True),
        SettingField("fields", _("字段对照，例如 from=mobile,text=content（和下面写的一样就不填）")),
    ),
    docs=_(
        "网关把用户发来的短信 POST 到这个地址，JSON 或表单都行，字段：id、from、text、at、"
        "ref、part、parts（长短信的编号、第几段、共几段）；回执另带 receipt、state（DELIVERED 或 FAILED）。"
        "请求头 X-Timestamp 是秒，X-Signature 是 HMAC-SHA256(密钥, 时间 + “.” + 正文) 的十六进制。"
        "对方回“退订”“TD”“STOP”后，不再给这个号码发通知。"
    ),
)
FRESH_S = 600
_JSON = "application/json; charset=utf-8"
_STOP = frozenset({"TD", "T", "N", "STOP", "UNSUBSCRIBE", "退订", "取消订阅", "拒收", "回T退订", "停"})
_MOST_PARTS = 20


class Sms:
    """Reads messages and receipts as a form or as JSON."""

    def check_signature(self, incoming: Incoming) -> bool:
        second, said = incoming.headers.get("x-timestamp", ""), incoming.headers.get("x-signature", "")
        secret = incoming.settings.get("secret", "")
        right = hmac.digest(secret.encode(), second.encode() + b"." + incoming.body, "sha256").hex()
        is_right = same(right, said.strip().lower())
        return bool(secret) and is_right and is_fresh(second, incoming.at, within_s=FRESH_S)

    def read(self, incoming: Incoming) -> Heard:
        said = _fields(incoming)
        if said.get("receipt"):
            state = "DELIVERED" if said.get("state", "").upper() == "DELIVERED" else "FAILED"
            return Heard(receipts=(Receipt(said["receipt"], state, said.get("reason", "")[:100]),))
        if not said.get("id") or not said.get("from"):
            raise Unreadable("missing_field", "from" if said.get("id") else "id")
        text = said.get("text", "")
        is_stop = text.strip(" 　。.!！").upper() in _STOP
        one = Said(
            external_id=said["id"][:200],
            address=said["from"],
            phone=said["from"],
            text=text,
            said_at=moment(said.get("at"), incoming.zone),
            part=_part(said),
            key="STOP" if is_stop else "",
            # he wants nothing more of us, an answer neither
            is_automatic=is_stop,
        )
        return Heard(said=(one,))

    def answer(self, incoming: Incoming, outcome: str) -> Answer:
        is_refused = outcome == BAD_SIGNATURE
        body = b'{"ok":false,"error":"bad signature"}' if is_refused else b'{"ok":true}'
        return Answer(401 if is_refused else 200, _JSON, body)


def _fields(incoming: Incoming) -> dict[str, str]:
    """What it says by our names for it. Raises Unreadable."""
    if is_json(incoming.body):
        found: Any = load_json(incoming.body)
        if not isinstance(found, dict):
            raise Unreadable("bad_json", "no object")
    else:
        found = {as_text(name): as_text(value) for name, value in form_fields(incoming.body).items()}
    pairs = (pair.partition("=") for pair in incoming.settings.get("fields", "").split(",") if "=" in pair)
    theirs = {ours.strip(): name.strip() for ours, _sign, name in pairs}
    wanted = ("id", "from", "text", "at", "ref", "part", "parts", "receipt", "state", "reason")
    return {name: word(found.get(theirs.get(name, name))) for name in wanted}


def _part(said: dict[str, str]) -> Part | None:
    no, of = said["part"], said["parts"]
    if not (no.isdecimal() and of.isdecimal() and said["ref"]) or not 1 < int(of[:3]) <= _MOST_PARTS:
        return None
    return Part(said["ref"][:100], int(no[:3]), int(of[:3])) if 1 <= int(no[:3]) <= int(of[:3]) else None


PLUGIN = Sms()
