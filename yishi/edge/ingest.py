"""Hot ingest: the same events as the API takes, without the rest of the web in front."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import close_old_connections

from yishi.api.tracking import EventsAnswer, answer_events
from yishi.edge.replies import answer, answer_problem
from yishi.kit.clock import now

MAX_WIRE = 4 * 1024 * 1024
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="ingest")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


async def take_events(scope: Scope, receive: Receive, send: Send) -> None:
    """`POST /api/v1/events`, answered after the data is durable."""
    body = await _read(receive)
    if body is None:
        await answer_problem(send, 413, "too_large")
        return
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    reply = await asyncio.get_running_loop().run_in_executor(_threads, _take, headers, body)
    await answer(send, reply.status, [(k.encode(), v.encode()) for k, v in reply.headers.items()], reply.body)


def _take(headers: dict[str, str], body: bytes) -> EventsAnswer:
    close_old_connections()
    try:
        return answer_events(headers=headers, body=body, at=now())
    finally:
        close_old_connections()


async def _read(receive: Receive) -> bytes | None:
    """The whole body, or None when it passes the limit."""
    parts, size = [], 0
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_WIRE:
            return None
        if not message.get("more_body"):
            return b"".join(parts)
