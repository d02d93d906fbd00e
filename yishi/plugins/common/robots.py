"""How a group's robot speaks: text pieces posted to its webhook, at most twenty in a minute."""

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import httpx

from yishi.conversations.port import Unreadable
from yishi.notifications.port import TIMEOUT_S, Notice, PluginError
from yishi.plugins.common.chat_texts import pieces, with_choices
from yishi.plugins.common.reading import load_json

MOST_A_MINUTE = 20
"""企业微信 and 钉钉 say so for each robot; 钉钉 shuts one that says more for ten minutes."""

# per process: robot → when it spoke in the last minute; the gateway's own count holds over processes
_spoken: dict[str, deque[float]] = {}


@dataclass(frozen=True)
class Robot:
    """`post(text, mentions)` gives address and body of one message; `codes` are those that mean "later"."""

    name: str
    post: Callable[[str, Sequence[str]], tuple[str, Mapping[str, Any]]]
    code_at: str
    later: frozenset[int]
    most_bytes: int


def is_private(notice: Notice) -> bool:
    """Whether it answers somebody who wrote to the robot or the app alone: the group must not read it."""
    return notice.extra.get("room") == "" and notice.to.startswith("/")


class RobotLine:
    """One robot's webhook, kept open over a batch. The address is a secret: no error names it."""

    def __init__(self, robot: Robot) -> None:
        self._robot = robot
        self._key = sha256(robot.name.encode()).hexdigest()
        self._client = httpx.Client(timeout=TIMEOUT_S, trust_env=False)

    def send(self, notice: Notice) -> None:
        if is_private(notice):
            raise PluginError("asked in private, and the group's robot speaks to all", permanent=True)
        texts = pieces(with_choices(notice.body, notice.extra.get("options", ())), self._robot.most_bytes)
        self._wait_for_room(len(texts))
        for text in texts:
            self._post(text, notice.extra.get("mentions", ()))

    def close(self) -> None:
        self._client.close()

    def _wait_for_room(self, count: int) -> None:
        """The whole notice or nothing of it: half a message twice would be worse than a later one."""
        spoken = _spoken.setdefault(self._key, deque())
        moment = time.monotonic()
        while spoken and moment - spoken[0] >= 60:
            spoken.popleft()
        if spoken and len(spoken) + count > MOST_A_MINUTE:
            raise PluginError("twenty a minute: later", outage=True)
        spoken.extend([moment] * count)

    def _post(self, text: str, mentions: Sequence[str]) -> None:
        url, body = self._robot.post(text, mentions)
        try:
            answer = self._client.post(url, json=body)
            said = load_json(answer.content) if answer.is_success else {}
        except (httpx.HTTPError, httpx.InvalidURL) as broken:
            raise PluginError(f"not reached: {type(broken).__name__}", outage=True) from None
        except Unreadable:
            said = None
        if not answer.is_success or not isinstance(said, dict):
            raise PluginError(f"answered {answer.status_code}", outage=True)
        code = said.get(self._robot.code_at) or 0
        if code:
            words = str(said.get("errmsg") or said.get("msg") or "")[:100]
            # a wrong key or signature is mended in the settings, not by giving up what was to be said
            raise PluginError(f"{code} {words}", permanent=False, outage=code in self._robot.later)
