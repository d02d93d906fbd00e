"""企业微信 (WeCom): what colleagues write to the robot of their group or to our app, always sealed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_noop as _

from yishi.conversations.port import Answer, ChannelCard, Heard, Incoming, Said, SettingField, Unreadable
from yishi.feeds.port import BAD_SIGNATURE
from yishi.plugins.common.group_settings import TELLING
from yishi.plugins.common.reading import word
from yishi.plugins.common.wechat_pushes import TEXT, is_signed, opened, read_opened, refused, sealed_part

CARD = ChannelCard(
    name="wecom",
    label=_("企业微信群机器人"),
    channel="WECOM",
    alone_by=("agent_id", "app_secret"),
    settings=(
        SettingField("webhook_key", _("群机器人地址里的 key（发消息用）"), is_secret=True, is_required=True),
        SettingField("corp_id", _("企业 ID")),
        SettingField("token", _("接收消息的 Token（令牌）"), is_secret=True),
        SettingField("aes_key", _("EncodingAESKey（接收消息时必填）"), is_secret=True),
        SettingField("agent_id", _("自建应用的 AgentId（单独回复同事时填）")),
        SettingField("app_secret", _("自建应用的 Secret（单独回复同事时填）"), is_secret=True),
        *TELLING,
        SettingField("api_url", _("接口地址（一般不用改）")),
    ),
    docs=_(
        "在群里添加机器人，把它的 Webhook 地址里的 key 填在这里，提醒和回复就发到这个群。"
        "要在群里查件、催件，再在机器人（或自建应用）的“接收消息”里填这个地址、Token 和 EncodingAESKey。"
        "同事单独发给应用的话，只由应用单独回他，不会发到群里：要填 AgentId 和应用的 Secret。"
    ),
)


class WeCom:
    """Reads messages of a group's robot and of an app; both are signed over what is sealed."""

    def check_signature(self, incoming: Incoming) -> bool:
        """Without a token and a key nothing is received here."""
        sealed = sealed_part(incoming)
        is_set = bool(incoming.settings.get("aes_key")) and bool(sealed)
        return is_set and is_signed(incoming, sealed, name="msg_signature")

    def read(self, incoming: Incoming) -> Heard:
        message = _message(incoming)
        said = _said(message)
        return Heard(said=(said,) if said else ())

    def answer(self, incoming: Incoming, outcome: str) -> Answer:
        """To the question by GET the opened word; else nothing."""
        if outcome == BAD_SIGNATURE:
            return refused()
        if incoming.headers.get(":method") != "GET":
            return Answer(200, TEXT, b"")
        try:
            plain, _is_ours = opened(incoming, _owner(incoming))
        except Unreadable:
            return refused()
        return Answer(200, TEXT, plain)


def _owner(incoming: Incoming) -> str:
    return incoming.settings.get("corp_id", "")


def _message(incoming: Incoming) -> Mapping[str, Any]:
    if owner := _owner(incoming):
        try:
            return read_opened(incoming, owner)
        except Unreadable as unreadable:
            # a group's robot seals for nobody in particular
            if unreadable.reason != "foreign_owner":
                raise
    return read_opened(incoming, "")


def _said(message: Mapping[str, Any]) -> Said | None:
    """A robot names the person in `From` and the group in `ChatId`, an app in `FromUserName`."""
    robot, text = message.get("From"), message.get("Text")
    person = word(robot.get("UserId")) if isinstance(robot, dict) else word(message.get("FromUserName"))
    number, room = word(message.get("MsgId")), word(message.get("ChatId"))
    if word(message.get("ChatType")).lower() == "single":
        # written to the robot alone: the group must not read the answer
        room = ""
    if word(message.get("MsgType")) != "text":
        return None
    if not person or not number:
        raise Unreadable("missing_field", "MsgId" if person else "UserId")
    words = text.get("Content") if isinstance(text, dict) else message.get("Content")
    second = word(message.get("CreateTime"))
    return Said(
        external_id=number,
        address=f"{room}/{person}",
        room=room,
        text=word(words),
        name=word(robot.get("Name")) if isinstance(robot, dict) else "",
        said_at=datetime.fromtimestamp(int(second), UTC) if second.isdigit() and len(second) < 12 else None,
    )


PLUGIN = WeCom()
