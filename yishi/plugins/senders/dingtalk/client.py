"""钉钉's group robot: each message is signed with the time in milliseconds."""

import base64
import hmac
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from yishi.kit.clock import now
from yishi.plugins.common.robots import Robot, RobotLine

API_URL = "https://oapi.dingtalk.com"


def connect_account(settings: Mapping[str, str], home: Path) -> RobotLine:
    """A line to the group whose robot this is."""
    base = (settings.get("api_url") or API_URL).rstrip("/")
    token, secret = settings.get("access_token", ""), settings.get("secret", "")

    def post(text: str, mentions: Sequence[str]) -> tuple[str, Mapping[str, Any]]:
        at_ms = str(int(now().timestamp() * 1000))
        signed = base64.b64encode(hmac.digest(secret.encode(), f"{at_ms}\n{secret}".encode(), "sha256"))
        query = urlencode({"access_token": token, "timestamp": at_ms, "sign": signed.decode()})
        called = {"atUserIds": list(mentions), "isAtAll": False}
        return f"{base}/robot/send?{query}", {"msgtype": "text", "text": {"content": text}, "at": called}

    # 130101: too often, shut for some minutes; -1: busy
    later = frozenset({130101, 130102, -1})
    return RobotLine(Robot(f"{base} {token}", post, "errcode", later, most_bytes=18_000))
