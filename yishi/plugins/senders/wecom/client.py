"""企业微信: into the group by its robot, to one colleague by the app; who asks alone is answered alone."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from yishi.conversations.port import PluginError as CallFailed
from yishi.notifications.port import Line, Notice, PluginError
from yishi.plugins.common.chat_texts import pieces, with_choices
from yishi.plugins.common.robots import Robot, RobotLine, is_private
from yishi.plugins.common.wechat_api import WECOM_URL, Refused, WeComApi

MOST_BYTES = 2_000
"""Both ways take 2,048 bytes of a text."""
# nobody of that name, or he may not see the app
_NOBODY = {40003, 81013, 60111}


def connect_account(settings: Mapping[str, str], home: Path) -> "WeComLine":
    """A line to the group whose robot this is, and by the app to its people."""
    base = (settings.get("api_url") or WECOM_URL).rstrip("/")
    url = f"{base}/cgi-bin/webhook/send?key={quote(settings.get('webhook_key', ''), safe='')}"

    def post(text: str, mentions: Sequence[str]) -> tuple[str, Mapping[str, Any]]:
        return url, {"msgtype": "text", "text": {"content": text, "mentioned_list": list(mentions)}}

    # 45009: too often; -1: busy
    robot = RobotLine(Robot(url, post, "errcode", frozenset({45009, -1}), most_bytes=MOST_BYTES))
    return WeComLine(robot, settings)


class WeComLine:
    """The group's robot, and the app where its number and secret are set."""

    def __init__(self, robot: Line, settings: Mapping[str, str]) -> None:
        self._robot, self._settings = robot, settings
        self._api: WeComApi | None = None

    def send(self, notice: Notice) -> str | None:
        if not is_private(notice):
            return self._robot.send(notice)
        if not self._settings.get("agent_id", "").isdecimal() or not self._settings.get("app_secret"):
            raise PluginError("asked in private, and no app is set to answer by", permanent=True)
        self._api = self._api or WeComApi(self._settings)
        try:
            for text in pieces(with_choices(notice.body, notice.extra.get("options", ())), MOST_BYTES):
                self._say(self._api, notice.to.removeprefix("/"), text)
        except Refused as refused:
            raise PluginError(str(refused), permanent=refused.code in _NOBODY, outage=False) from None
        except CallFailed as failed:
            raise PluginError(str(failed), outage=True) from None
        return None

    def close(self) -> None:
        self._robot.close()
        if self._api is not None:
            self._api.close()

    def _say(self, api: WeComApi, person: str, text: str) -> None:
        said = {
            "touser": person,
            "msgtype": "text",
            "agentid": int(self._settings["agent_id"]),
            "text": {"content": text},
        }
        if api.call("/cgi-bin/message/send", said).get("invaliduser"):
            raise PluginError("nobody of that name sees the app", permanent=True)
