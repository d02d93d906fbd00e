"""微信公众号 (WeChat official account): what people write, say, send and press, and what became of ours."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_noop as _

from yishi.conversations.port import (
    QUERY,
    Answer,
    AnswerWindow,
    ChannelCard,
    Did,
    GivenFile,
    Heard,
    Incoming,
    SettingField,
    ToSay,
    Unreadable,
)
from yishi.feeds.port import BAD_SIGNATURE
from yishi.plugins.channels.wechat.messages import read_message
from yishi.plugins.common.chat_texts import with_choices
from yishi.plugins.common.reading import query_value, word
from yishi.plugins.common.sealed import key_of, seal, signature_of
from yishi.plugins.common.wechat_api import WeChatApi
from yishi.plugins.common.wechat_pushes import TEXT, is_signed, read_opened, refused, sealed_part
from yishi.plugins.common.xml_body import read_xml, write_xml

CARD = ChannelCard(
    name="wechat",
    label=_("微信公众号"),
    channel="WECHAT",
    settings=(
        SettingField("app_id", _("AppID（开发者 ID）"), is_required=True),
        SettingField("app_secret", _("AppSecret（回复消息时用）"), is_secret=True, is_required=True),
        SettingField("token", _("服务器配置里的 Token（令牌）"), is_secret=True, is_required=True),
        SettingField("aes_key", _("EncodingAESKey（用安全模式时填）"), is_secret=True),
        SettingField("at_once", _("当场回复：填“是”，助手的回答直接答在推送里（没有客服消息权限时用）")),
        SettingField("template_id", _("超过 48 小时后用的模板消息编号（可不填）")),
        SettingField("template_field", _("模板里放回复内容的字段，例如 thing2")),
        SettingField("pickup_template_id", _("到站取件通知的模板消息编号（可不填）")),
        SettingField(
            "pickup_fields", _("取件通知模板的字段，例如 place=thing1,codes=character_string2,until=time3")
        ),
        SettingField("api_url", _("接口地址（一般不用改）")),
    ),
    docs=_(
        "在公众平台“设置与开发 – 基本配置”里填这个地址和 Token，加密方式选明文模式，"
        "或选安全模式并填 EncodingAESKey。回复走客服消息：对方说话后 48 小时内能发 5 条，"
        "点菜单、扫码或关注后 1 分钟内能发 3 条，发不了会标成没有送达并写明原因；"
        "填了模板消息编号，就改用模板消息通知对方。"
    ),
    windows=(
        AnswerWindow(Did.WROTE, within=timedelta(hours=48), most=5),
        AnswerWindow(Did.PRESSED, within=timedelta(minutes=1), most=3),
    ),
    late_by="template_id",
)


MOST_BYTES = 2_000
"""An answer takes 2,048 bytes of a text, as the API's messages do."""
_XML = "application/xml; charset=utf-8"


class WeChat:
    """Reads messages in XML, plain or sealed; answers in the same way where it is set up so."""

    def check_signature(self, incoming: Incoming) -> bool:
        """`signature` is over time and nonce alone; with a key the sealed message must be signed as well, and
        nothing comes unsealed."""
        if incoming.headers.get(":method") == "GET" or not incoming.settings.get("aes_key"):
            return is_signed(incoming)
        sealed = sealed_part(incoming)
        return bool(sealed) and is_signed(incoming, sealed, name="msg_signature")

    def read(self, incoming: Incoming) -> Heard:
        return read_message(_message(incoming))

    def answer(self, incoming: Incoming, outcome: str) -> Answer:
        """`success` also to what we cannot read: it is kept, and would only be pushed again."""
        if outcome == BAD_SIGNATURE:
            return refused()
        if incoming.headers.get(":method") == "GET":
            return Answer(200, TEXT, query_value(incoming.headers.get(QUERY, ""), "echostr").encode())
        return Answer(200, TEXT, b"success")

    def is_prompt(self, settings: Mapping[str, str]) -> bool:
        return settings.get("at_once", "").strip().lower() in ("是", "yes", "1")

    def say(self, incoming: Incoming, said: Sequence[ToSay]) -> tuple[Answer, int]:
        """One text of what fits into it; with a key it is sealed and signed as the push was."""
        content, taken = "", 0
        for each in said:
            longer = "\n\n".join(filter(None, (content, with_choices(each.text, each.options))))
            if len(longer.encode()) > MOST_BYTES:
                break
            content, taken = longer, taken + 1
        if not taken:
            return Answer(200, TEXT, b"success"), 0
        pushed, second = _message(incoming), int(incoming.at.timestamp())
        answer: dict[str, str | int] = {
            "ToUserName": word(pushed.get("FromUserName")),
            "FromUserName": word(pushed.get("ToUserName")),
            "CreateTime": second,
            "MsgType": "text",
            "Content": content,
        }
        return Answer(200, _XML, _as_pushed(incoming, write_xml(answer), second)), taken


def _message(incoming: Incoming) -> Mapping[str, Any]:
    if incoming.settings.get("aes_key"):
        return read_opened(incoming, incoming.settings.get("app_id", ""))
    message = read_xml(incoming.body)
    if message.get("Encrypt") and not message.get("MsgType"):
        raise Unreadable("no_key", "sealed, and no EncodingAESKey is set")
    return message


def _as_pushed(incoming: Incoming, plain: bytes, second: int) -> bytes:
    """Sealed where the push was: signed over token, second, nonce and what is sealed."""
    settings, key = incoming.settings, incoming.settings.get("aes_key", "")
    if not key:
        return plain
    sealed = seal(plain, key_of(key), settings.get("app_id", ""))
    nonce = query_value(incoming.headers.get(QUERY, ""), "nonce")
    signed = signature_of(settings.get("token", ""), str(second), nonce, sealed)
    return write_xml({"Encrypt": sealed, "MsgSignature": signed, "TimeStamp": second, "Nonce": nonce})


class Media:
    """Pictures and voices are fetched by their number, within three days."""

    def fetch_file(self, settings: Mapping[str, str], reference: str) -> GivenFile:
        with WeChatApi(settings) as api:
            return GivenFile("", *api.media(reference))


PLUGIN = WeChat()
MEDIA = Media()
