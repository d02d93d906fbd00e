"""Hot ingest: the same events as the API takes, without the rest of the web in front.

Small posts that arrive while a commit is on its way share the next one: nobody waits for company.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
from django.db import close_old_connections

from yishi.edge.replies import answer, answer_problem
from yishi.kit.clock import now
from yishi.kit.errors import DATABASE_AWAY, Refusal
from yishi.shipments.actions.post import MAX_WIRE, Post, take_post, take_posts
from yishi.shipments.rules.counts import Counts

SMALL = 16 * 1024
MOST = 64
_alone = ThreadPoolExecutor(max_workers=2, thread_name_prefix="ingest")
_together = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ingest-shared")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Answer = Counts | Exception


async def take_events(scope: Scope, receive: Receive, send: Send) -> None:
    """`POST /api/v1/events`, answered after the data is durable."""
    body = await _read(receive)
    if body is None:
        await answer_problem(send, 413, "too_large")
        return
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    post = Post(
        authorization=headers.get("authorization", ""),
        body=body,
        encoding=headers.get("content-encoding", ""),
        content_type=headers.get("content-type", ""),
    )
    if len(body) <= SMALL:
        said = await shared.take(post)
    else:
        said = (await asyncio.get_running_loop().run_in_executor(_alone, _take, [post]))[0]
    await _say(send, said)


class Shared:
    """Posts that wait for a commit, and the one task that takes them in, up to 64 at a time."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Post, asyncio.Future[Answer]]] = []
        self._task: asyncio.Task[None] | None = None

    async def take(self, post: Post) -> Answer:
        """What became of the post, once it is durable."""
        loop = asyncio.get_running_loop()
        said: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((post, said))
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._run(loop))
        return await said

    async def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            answers = await loop.run_in_executor(_together, _take, [post for post, _ in group])
            for (_, said), one in zip(group, answers, strict=True):
                if not said.done():  # whoever asked may have gone
                    said.set_result(one)


shared = Shared()


def _take(posts: list[Post]) -> list[Answer]:
    """What became of each post; never raises, for others wait beside this one."""
    close_old_connections()
    try:
        if len(posts) == 1:
            return [take_post(post=posts[0], expects="events", at=now())]
        return [*take_posts(posts=posts, at=now())]
    except Exception as error:
        return [error] * len(posts)
    finally:
        close_old_connections()


async def _say(send: Send, said: Answer) -> None:
    if isinstance(said, Refusal):
        await answer_problem(send, said.status, said.code)
    elif isinstance(said, DATABASE_AWAY):
        await answer_problem(send, 503, "unavailable", [(b"retry-after", b"5")])
    elif isinstance(said, Exception):
        raise said
    else:
        body = msgspec.json.encode(said.said())
        await answer(send, 200, [(b"content-type", b"application/json; charset=utf-8")], body)


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
