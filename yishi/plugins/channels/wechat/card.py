"""微信公众号 (WeChat official account): what people write, say, send and press, and what became of ours."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop as _

from yishi.conversations.port import (
    QUERY,
    Answer,
    ChannelCard,
    GivenFile,
    Heard,
    Incoming,
    SettingField,
    Unreadable,
)
from yishi.feeds.port import BAD_SIGNATURE
from yishi.plugins.channels.wechat.messages import read_message
from yishi.plugins.common.reading import query_value
from yishi.plugins.common.wechat_api import WeChatApi
from yishi.plugins.common.wechat_pushes import TEXT, is_signed, read_opened, refused, sealed_part
from yishi.plugins.common.xml_body import read_xml

CARD = ChannelCard(
    name="wechat",
    label=_("微信公众号"),
    channel="WECHAT",
    settings=(
        SettingField("app_id", _("AppID（开发者 ID）"), is_required=True),
        SettingField("app_secret", _("AppSecret（回复消息时用）"), is_secret=True, is_required=True),
        SettingField("token", _("服务器配置里的 Token（令牌）"), is_secret=True, is_required=True),
        SettingField("aes_key", _("EncodingAESKey（用安全模式时填）"), is_secret=True),
        SettingField("template_id", _("超过 48 小时后用的模板消息编号（可不填）")),
        SettingField("template_field", _("模板里放回复内容的字段，例如 thing2")),
        SettingField("api_url", _("接口地址（一般不用改）")),
    ),
    docs=_(
        "在公众平台“设置与开发 – 基本配置”里填这个地址和 Token，加密方式选明文模式，"
        "或选安全模式并填 EncodingAESKey。回复走客服消息：对方 48 小时内说过话才能发，"
        "过了时间会标成没有送达；填了模板消息编号，就改用模板消息通知对方。"
    ),
    answer_within=48,
    late_by="template_id",
)


class WeChat:
    """Reads messages in XML, plain or sealed."""

    def check_signature(self, incoming: Incoming) -> bool:
        """`signature` is over time and nonce alone; with a key the sealed message must be signed as well, and
        nothing comes unsealed."""
        if incoming.headers.get(":method") == "GET" or not incoming.settings.get("aes_key"):
            return is_signed(incoming)
        sealed = sealed_part(incoming)
        return bool(sealed) and is_signed(incoming, sealed, name="msg_signature")

    def read(self, incoming: Incoming) -> Heard:
        if incoming.settings.get("aes_key"):
            return read_message(read_opened(incoming, incoming.settings.get("app_id", "")))
        message = read_xml(incoming.body)
        if message.get("Encrypt") and not message.get("MsgType"):
            raise Unreadable("no_key", "sealed, and no EncodingAESKey is set")
        return read_message(message)

    def answer(self, incoming: Incoming, outcome: str) -> Answer:
        """`success` also to what we cannot read: it is kept, and would only be pushed again."""
        if outcome == BAD_SIGNATURE:
            return refused()
        if incoming.headers.get(":method") == "GET":
            return Answer(200, TEXT, query_value(incoming.headers.get(QUERY, ""), "echostr").encode())
        return Answer(200, TEXT, b"success")


class Media:
    """Pictures and voices are fetched by their number, within three days."""

    def fetch_file(self, settings: Mapping[str, str], reference: str) -> GivenFile:
        with WeChatApi(settings) as api:
            return GivenFile("", *api.media(reference))


PLUGIN = WeChat()
MEDIA = Media()
