"""Live updates: one LISTEN connection a process, fanned out as server-sent events.

A nudge holds a topic and a number, never content: the page fetches through its own checked view.
"""

import asyncio
import contextlib
import json
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import psycopg
from django.conf import settings
from django.core import signing
from django.db import connections

from yishi.edge.replies import answer_problem
from yishi.kit.live import CHANNEL, read_ticket

log = logging.getLogger(__name__)

COMMENT_EVERY_S = 15
MAX_LISTENERS = 8_000
MAX_WAITING = 100  # nudges a slow reader may have outstanding before it is let go

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(eq=False, slots=True)
class Listener:
    """One open page. `waiting` holds topics; None tells it to go. Thousands stand there: a queue and a task
    for each would be most of what the process holds."""

    topics: frozenset[str]
    waiting: list[str | None] = field(default_factory=list)
    asleep: asyncio.Future[None] | None = None

    def push(self, topic: str | None) -> None:
        self.waiting.append(topic)
        self.wake()

    def wake(self) -> None:
        if self.asleep is not None and not self.asleep.done():
            self.asleep.set_result(None)

    async def sleep(self, longest_s: float) -> None:
        """Until something waits, at the longest so many seconds."""
        if self.waiting:
            return
        loop = asyncio.get_running_loop()
        self.asleep = loop.create_future()
        timer = loop.call_later(longest_s, self.wake)
        try:
            await self.asleep
        finally:
            timer.cancel()
            self.asleep = None


class Hub:
    """Who listens to what in this process."""

    def __init__(self) -> None:
        self._by_topic: dict[str, set[Listener]] = defaultdict(set)
        self._everybody: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._everybody)

    def start(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._listen())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self.let_everybody_go()

    def join(self, listener: Listener) -> None:
        self._everybody.add(listener)
        for topic in listener.topics:
            self._by_topic[topic].add(listener)

    def leave(self, listener: Listener) -> None:
        self._everybody.discard(listener)
        for topic in listener.topics:
            self._by_topic[topic].discard(listener)
            if not self._by_topic[topic]:
                del self._by_topic[topic]

    def let_go(self, listener: Listener) -> None:
        self._push(listener, None)

    def let_everybody_go(self) -> None:
        for listener in tuple(self._everybody):
            self.let_go(listener)

    def nudge(self, topic: str) -> None:
        for listener in tuple(self._by_topic.get(topic, ())):
            self._push(listener, topic)

    def nudge_everybody(self) -> None:
        """After a gap nobody knows what was missed: every page looks again."""
        for listener in tuple(self._everybody):
            self.nudge_all_of(listener)

    def nudge_all_of(self, listener: Listener) -> None:
        """Whatever may have been missed; that somebody was typing then is of no use now."""
        for topic in listener.topics:
            if not topic.startswith("typing:"):
                self._push(listener, topic)

    def _push(self, listener: Listener, topic: str | None) -> None:
        if len(listener.waiting) >= MAX_WAITING:
            # too slow to keep: drop what waits and let the browser come back by itself
            listener.waiting.clear()
            topic = None
        listener.push(topic)

    async def _listen(self) -> None:
        wait_s = 0.2
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **_connect_values(), autocommit=True
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    wait_s = 0.2
                    self.nudge_everybody()
                    async for notice in connection.notifies():
                        self.nudge(json.loads(notice.payload)["topic"])
            except (psycopg.Error, OSError) as error:
                log.warning("live: database away, trying again", extra={"error": type(error).__name__})
                await asyncio.sleep(wait_s)
                wait_s = min(wait_s * 2, 5)


def _connect_values() -> dict[str, Any]:
    values = connections["default"].get_connection_params()
    values.pop("cursor_factory", None)
    values.pop("context", None)
    values.pop("pool", None)
    values.pop("prepare_threshold", None)
    return values


async def listen(hub: Hub, scope: Scope, receive: Receive, send: Send) -> None:
    """One page listening: its ticket names the topics. 401 for a bad or old ticket, 503 when full."""
    query = parse_qs(scope["query_string"].decode("ascii", "replace"))
    try:
        topics = read_ticket(query.get("ticket", [""])[0])
    except signing.BadSignature:
        await answer_problem(send, 401, "bad_ticket", _cors())
        return
    if len(hub) >= MAX_LISTENERS:
        await answer_problem(send, 503, "too_many_listeners", [*_cors(), (b"retry-after", b"10")])
        return
    listener = Listener(frozenset(topics))
    hub.join(listener)
    is_back = any(name == b"last-event-id" for name, _ in scope["headers"])
    if is_back:
        hub.nudge_all_of(listener)
    watch = asyncio.ensure_future(_watch(receive, hub, listener))
    try:
        await _stream(listener, send)
    finally:
        hub.leave(listener)
        watch.cancel()


async def _stream(listener: Listener, send: Send) -> None:
    headers = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": [*headers, *_cors()]})
    await _say(send, b"retry: 2000\n\n")
    while True:
        await listener.sleep(COMMENT_EVERY_S)
        topic = listener.waiting.pop(0) if listener.waiting else ""
        if topic is None:
            break
        await _say(send, _event(topic) if topic else b":\n\n")
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _say(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


def _event(topic: str) -> bytes:
    number = time.time_ns() // 1000
    return f"id: {number}\nevent: nudge\ndata: {json.dumps({'topic': topic, 'id': number})}\n\n".encode()


def _cors() -> list[tuple[bytes, bytes]]:
    return [(b"access-control-allow-origin", settings.ENVIRONMENT.web_origin.encode()), (b"vary", b"Origin")]


async def _watch(receive: Receive, hub: Hub, listener: Listener) -> None:
    """Lets a listener go when its page is closed."""
    while (await receive())["type"] != "http.disconnect":
        pass
    hub.let_go(listener)
