"""飞书's group robot: each message carries its second and a signature with that as part of the key."""

import base64
import hmac
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from yishi.kit.clock import now
from yishi.plugins.common.robots import Robot, RobotLine

API_URL = "https://open.feishu.cn"


def connect_account(settings: Mapping[str, str], home: Path) -> RobotLine:
    """A line to the group whose robot this is."""
    base = (settings.get("api_url") or API_URL).rstrip("/")
    url = f"{base}/open-apis/bot/v2/hook/{quote(settings.get('webhook_key', ''), safe='')}"
    secret = settings.get("secret", "")

    def post(text: str, mentions: Sequence[str]) -> tuple[str, Mapping[str, Any]]:
        second = str(int(now().timestamp()))
        signed = base64.b64encode(hmac.digest(f"{second}\n{secret}".encode(), b"", "sha256")).decode()
        called = "".join(f'<at user_id="{escape(each)}"></at> ' for each in mentions)
        # what a person wrote must call nobody
        said = {"text": f"{called}{text.replace('<at', '＜at')}"}
        return url, {"timestamp": second, "sign": signed, "msg_type": "text", "content": said}

    # 11232: too often; 9499: too many requests
    return RobotLine(Robot(url, post, "code", frozenset({11232, 9499}), most_bytes=18_000))
