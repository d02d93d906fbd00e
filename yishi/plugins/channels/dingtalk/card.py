"""钉钉 (DingTalk): what colleagues write to the robot of their group."""

import base64
import hmac
from typing import Any

from django.utils.translation import gettext_noop as _

from yishi.conversations.port import Answer, ChannelCard, Heard, Incoming, Said, SettingField, Unreadable
from yishi.feeds.port import BAD_SIGNATURE
from yishi.plugins.common.group_settings import TELLING
from yishi.plugins.common.reading import is_fresh, load_json, moment, same, word

CARD = ChannelCard(
    name="dingtalk",
    label=_("钉钉群机器人"),
    channel="DINGTALK",
    alone_by=None,
    settings=(
        SettingField("access_token", _("机器人地址里的 access_token"), is_secret=True, is_required=True),
        SettingField("secret", _("加签密钥（SEC 开头）"), is_secret=True, is_required=True),
        SettingField("app_secret", _("接收消息的应用 AppSecret"), is_secret=True),
        SettingField("robot_code", _("机器人编号 robotCode（填了就只认这一个）")),
        *TELLING,
        SettingField("api_url", _("接口地址（一般不用改）")),
    ),
    docs=_(
        "在群里添加自定义机器人，安全设置选“加签”，把地址里的 access_token 和密钥填在这里，"
        "提醒和回复就发到这个群。"
        "要在群里查件、催件，在开放平台给机器人开“接收消息”，消息接收地址填这个地址，并填应用的 AppSecret。"
        "钉钉的签名不含消息内容，所以这个地址本身要保密。单独发给机器人的话收得到，但不会回到群里。"
    ),
)
FRESH_S = 3600
"""As DingTalk's own guide has it: what was signed more than an hour ago is refused."""
_JSON = "application/json; charset=utf-8"


class DingTalk:
    """Reads what a group's robot is told. The signature is over the time alone: what is in the body is
    trusted no further than that somebody of the group wrote it."""

    def check_signature(self, incoming: Incoming) -> bool:
        """`sign` is HMAC-SHA256 over the time in milliseconds and the app's secret."""
        secret = incoming.settings.get("app_secret", "")
        at_ms, said = incoming.headers.get("timestamp", ""), incoming.headers.get("sign", "")
        right = hmac.digest(secret.encode(), f"{at_ms}\n{secret}".encode(), "sha256")
        is_right = same(base64.b64encode(right), said.strip())
        return bool(secret) and is_right and is_fresh(at_ms[:-3], incoming.at, within_s=FRESH_S)

    def read(self, incoming: Incoming) -> Heard:
        message = load_json(incoming.body)
        if not isinstance(message, dict):
            raise Unreadable("bad_json", "the message is no object")
        wanted = incoming.settings.get("robot_code", "")
        if wanted and not same(word(message.get("robotCode")), wanted):
            raise Unreadable("foreign_robot", "for another robot")
        said = _said(message, incoming)
        return Heard(said=(said,) if said else ())

    def answer(self, incoming: Incoming, outcome: str) -> Answer:
        """An empty object: our answer comes by the webhook."""
        is_refused = outcome == BAD_SIGNATURE
        return Answer(401 if is_refused else 200, _JSON, b'{"msg":"bad signature"}' if is_refused else b"{}")


def _said(message: dict[str, Any], incoming: Incoming) -> Said | None:
    """`sessionWebhook`, where an answer could go, is never used: nobody has signed it."""
    person = word(message.get("senderStaffId")) or word(message.get("senderId"))
    room, number = word(message.get("conversationId")), word(message.get("msgId"))
    if word(message.get("conversationType")) == "1":
        # written to the robot alone: the group must not read the answer
        room = ""
    text = message.get("text")
    if word(message.get("msgtype")) != "text" or not isinstance(text, dict):
        return None
    if not person or not number:
        raise Unreadable("missing_field", "msgId" if person else "senderId")
    return Said(
        external_id=number,
        address=f"{room}/{person}",
        room=room,
        text=word(text.get("content")),
        name=word(message.get("senderNick")),
        said_at=moment(message.get("createAt"), incoming.zone),
    )


PLUGIN = DingTalk()
