"""Speaks to an OpenAI-compatible endpoint (DeepSeek, Qwen, a local one): one POST, no redirects, no tools."""

from collections.abc import Sequence
from typing import Any

import httpx
import msgspec

from yishi.assistant.port import Line, ModelError, Told

MOST_BYTES = 256 * 1024


class _Message(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Message


class _Usage(msgspec.Struct):
    total_tokens: int = 0


class _Answer(msgspec.Struct):
    choices: list[_Choice]
    usage: _Usage = msgspec.field(default_factory=_Usage)


class Endpoint:
    """`address` ends before `/chat/completions`."""

    def __init__(self, address: str, key: str, model: str) -> None:
        self._address = f"{address.rstrip('/')}/chat/completions"
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._model = model

    def complete(self, lines: Sequence[Line], *, most_tokens: int, timeout_s: float) -> Told:
        asked: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": line.role, "content": line.text} for line in lines],
            "max_tokens": most_tokens,
            "temperature": 0.2,
            "stream": False,
        }
        body = self._post(asked, timeout_s)
        try:
            answer = msgspec.json.decode(body, type=_Answer)
        except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
            raise ModelError("no answer in the agreed form") from wrong
        text = (answer.choices[0].message.content or "").strip() if answer.choices else ""
        if not text:
            raise ModelError("an empty answer")
        return Told(text, max(0, answer.usage.total_tokens))

    def _post(self, asked: dict[str, Any], timeout_s: float) -> bytes:
        try:
            with (
                httpx.Client(timeout=timeout_s, follow_redirects=False, trust_env=False) as client,
                client.stream("POST", self._address, json=asked, headers=self._headers) as response,
            ):
                if response.status_code != 200:
                    raise ModelError(f"answered {response.status_code}")
                body = b""
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > MOST_BYTES:
                        raise ModelError("an answer without end")
        except httpx.HTTPError as broken:
            raise ModelError(f"not reached: {type(broken).__name__}") from broken
        return body


def connect(address: str, key: str, model: str) -> Endpoint:
    """Reached with the first question."""
    return Endpoint(address, key, model)
