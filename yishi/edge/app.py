"""The ASGI entry of the edge process: live updates and hot ingest, nothing else."""

import asyncio
import os
import resource
import signal
from collections.abc import Awaitable, Callable, MutableMapping
from types import FrameType
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yishi.config.settings")

import django

django.setup()

from yishi.edge.ingest import take_events  # noqa: E402
from yishi.edge.live import MAX_LISTENERS, Hub, listen  # noqa: E402
from yishi.edge.replies import answer_problem, answer_text  # noqa: E402

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

hub = Hub()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Routes by path; the lifespan messages start and stop the one LISTEN connection of this process."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        await _http(scope, receive, send)


async def _http(scope: Scope, receive: Receive, send: Send) -> None:
    path, method = scope["path"], scope["method"]
    if path == "/live" or path.startswith("/live/"):
        hub.start()
        await listen(hub, scope, receive, send)
    elif path == "/api/v1/events" and method == "POST":
        await take_events(scope, receive, send)
    elif path == "/health/live":
        await answer_text(send, 200, "ok")
    else:
        await answer_problem(send, 404, "not_found")


def _allow_many_files() -> None:
    """Every open page is an open file; 1,024 is what most systems begin with."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MAX_LISTENERS
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            hub.start()
            _allow_many_files()
            _let_go_at_the_end()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await hub.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


def _let_go_at_the_end() -> None:
    """The server ends only when its last connection has: open pages are let go as soon as it is told to stop
    (they come back by themselves), not after their own time limit. The server's own handler still runs."""
    loop, before = asyncio.get_running_loop(), signal.getsignal(signal.SIGTERM)

    def let_go(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(hub.let_everybody_go)
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGTERM, let_go)
