"""Plain answers of the edge."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


async def answer(send: Send, status: int, headers: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def answer_text(send: Send, status: int, text: str) -> None:
    await answer(send, status, [(b"content-type", b"text/plain; charset=utf-8")], text.encode())


async def answer_problem(send: Send, status: int, code: str, extra: Headers | None = None) -> None:
    """A problem without words of its own: the edge speaks to programs."""
    body = {"type": f"urn:yishi:error:{code}", "title": code, "status": status, "detail": code, "errors": []}
    headers = [(b"content-type", b"application/problem+json; charset=utf-8"), *(extra or [])]
    await answer(send, status, headers, json.dumps(body).encode())
