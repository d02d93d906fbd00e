"""企业微信's group robot: a key in the address is all that it asks for."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from yishi.plugins.common.robots import Robot, RobotLine

API_URL = "https://qyapi.weixin.qq.com"


def connect_account(settings: Mapping[str, str], home: Path) -> RobotLine:
    """A line to the group whose robot this is."""
    base = (settings.get("api_url") or API_URL).rstrip("/")
    url = f"{base}/cgi-bin/webhook/send?key={quote(settings.get('webhook_key', ''), safe='')}"

    def post(text: str, mentions: Sequence[str]) -> tuple[str, Mapping[str, Any]]:
        return url, {"msgtype": "text", "text": {"content": text, "mentioned_list": list(mentions)}}

    # 45009: too often; -1: busy
    return RobotLine(Robot(url, post, "errcode", frozenset({45009, -1}), most_bytes=2_000))
