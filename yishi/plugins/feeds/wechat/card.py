"""微信 (WeChat) logistics messages of a mini-program: paths and states of parcels, and complaints."""

import json
from collections.abc import Mapping
from datetime import tzinfo
from secrets import token_hex
from typing import Any

from django.utils.translation import gettext_noop as _

from yishi.feeds.port import BAD_SIGNATURE, QUERY, Answer, Card, Parsed, Pushed, SettingField, Unreadable
from yishi.plugins.common.reading import load_json, query_value, same, word
from yishi.plugins.common.sealed import key_of, seal, signature_of, unseal
from yishi.plugins.common.xml_body import is_xml, read_xml, write_xml
from yishi.plugins.feeds.wechat.messages import read_message

CARD = Card(
    name="wechat",
    label=_("微信物流消息"),
    settings=(
        SettingField("token", _("消息推送的 Token（令牌）"), is_secret=True),
        SettingField("aes_key", _("EncodingAESKey（用安全模式时填）"), is_secret=True),
    ),
    docs=_(
        "在小程序后台“开发管理 – 消息推送”里填这个地址和 Token，"
        "数据格式 JSON 或 XML 都行；加密方式选明文模式，或选安全模式并填 EncodingAESKey。"
        "收轨迹（add_express_path）、运单状态（ewaybill_push_path）和投诉（waybill_complaint，自动建工单）。"
    ),
    complaints_as="WECHAT",
)

_JSON = "application/json; charset=utf-8"
_XML = "text/xml; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"


class WeChat:
    """Reads messages in JSON or XML, plain or sealed."""

    def check_signature(self, body: bytes, headers: Mapping[str, str], settings: Mapping[str, str]) -> bool:
        """`signature` in the address is SHA-1 over token, timestamp and nonce, sorted; `msg_signature` over
        what is sealed as well. Without a token nothing is signed; with a key nothing comes unsealed."""
        query, token = headers.get(QUERY, ""), settings.get("token", "")
        if not settings.get("aes_key"):
            return _is_signed(query, token)
        try:
            sealed = word(_envelope(body).get("Encrypt"))
        except Unreadable:
            return False
        said = signature_of(token, query_value(query, "timestamp"), query_value(query, "nonce"), sealed)
        return bool(sealed) and same(said, query_value(query, "msg_signature").lower())

    def greet(self, query: str, settings: Mapping[str, str]) -> Answer:
        """The console asks once with `echostr` and wants it back."""
        if not _is_signed(query, settings.get("token", "")):
            return _refused()
        return Answer(200, _TEXT, query_value(query, "echostr").encode())

    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> Parsed:
        return read_message(_message(body, settings)[0], zone)

    def answer(self, outcome: str, pushed: Pushed) -> Answer:
        """`success` to a path; to the others their own message back with a result."""
        if outcome == BAD_SIGNATURE:
            return _refused()
        try:
            message, app_id = _message(pushed.body, pushed.settings)
        except Unreadable:
            message, app_id = {}, ""
        if word(message.get("Event")) not in ("ewaybill_push_path", "waybill_complaint"):
            return Answer(200, _TEXT, b"success")
        said: dict[str, str | int] = {
            "ToUserName": word(message.get("FromUserName")),
            "FromUserName": word(message.get("ToUserName")),
            "CreateTime": int(pushed.at.timestamp()),
            "MsgType": "event",
            "Event": word(message.get("Event")),
            "ResultCode": 0,
            "ResultMsg": "success",
        }
        if pushed.settings.get("aes_key"):
            said = _sealed(_written(said, pushed.body), app_id, pushed)
        return Answer(200, _XML if is_xml(pushed.body) else _JSON, _written(said, pushed.body))


def _message(body: bytes, settings: Mapping[str, str]) -> tuple[Mapping[str, Any], str]:
    """The message, and the app's id that a sealed one carries."""
    message = _envelope(body)
    if not settings.get("aes_key"):
        return message, ""
    opened, app_id = unseal(word(message.get("Encrypt")), key_of(settings["aes_key"]))
    return _envelope(opened), app_id


def _envelope(body: bytes) -> Mapping[str, Any]:
    message = read_xml(body) if is_xml(body) else load_json(body)
    if not isinstance(message, dict):
        raise Unreadable("bad_json", "the message is no object")
    return message


def _written(said: dict[str, str | int], asked: bytes) -> bytes:
    """In the format in which was asked."""
    return write_xml(said) if is_xml(asked) else json.dumps(said, ensure_ascii=False).encode()


def _sealed(answer: bytes, app_id: str, pushed: Pushed) -> dict[str, str | int]:
    """The answer as a sealed message of its own, signed like the one that came."""
    sealed = seal(answer, key_of(pushed.settings["aes_key"]), app_id)
    second, nonce = int(pushed.at.timestamp()), token_hex(8)
    signature = signature_of(pushed.settings.get("token", ""), str(second), nonce, sealed)
    return {"Encrypt": sealed, "MsgSignature": signature, "TimeStamp": second, "Nonce": nonce}


def _is_signed(query: str, token: str) -> bool:
    if not token:
        return True
    expected = signature_of(token, query_value(query, "timestamp"), query_value(query, "nonce"))
    return same(expected, query_value(query, "signature").lower())


def _refused() -> Answer:
    return Answer(401, _TEXT, b"bad signature")


PLUGIN = WeChat()
