"""Hot ingest: the same events as the API takes, without the rest of the web in front."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
from django.db import close_old_connections

from yishi.edge.replies import answer, answer_problem
from yishi.kit.clock import now
from yishi.kit.errors import DATABASE_AWAY, Refusal
from yishi.shipments.actions.post import MAX_WIRE, take_post

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
    try:
        said = await asyncio.get_running_loop().run_in_executor(_threads, _take, headers, body)
    except Refusal as refusal:
        await answer_problem(send, refusal.status, refusal.code)
    except DATABASE_AWAY:
        await answer_problem(send, 503, "unavailable", [(b"retry-after", b"5")])
    else:
        await answer(send, 200, [(b"content-type", b"application/json; charset=utf-8")], said)


def _take(headers: dict[str, str], body: bytes) -> bytes:
    close_old_connections()
    try:
        counts = take_post(
            authorization=headers.get("authorization", ""),
            body=body,
            encoding=headers.get("content-encoding", ""),
            content_type=headers.get("content-type", ""),
            expects="events",
            at=now(),
        )
    finally:
        close_old_connections()
    return msgspec.json.encode(counts.said())


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
