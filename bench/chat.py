"""A message in a chat with a person: sent over HTTP, durable, shown to the other side who listens.

Four pairs speak at once, among a thousand open conversations and among ten times as many. "Shown" is when the
other side has fetched what the nudge spoke of. Then, in one process, five thousand pages that only listen.
"""

import asyncio
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from urllib.parse import quote

import psutil
import psycopg

from bench.harness import Ground, Row
from bench.meters import percentile

NAMES = ("chat", "chat@large", "chat-listeners")
SIZES = tuple(int(size) for size in os.environ.get("BENCH_TALKS", "1000,10000").split(","))
MESSAGES = int(os.environ.get("BENCH_MESSAGES", "800"))
LISTENERS = int(os.environ.get("BENCH_LISTENERS", "5000"))
PAIRS = 4
NUDGE_WITHIN_S = 20
# a person may say twenty things a minute
EACH = 10
TEXT = "还没收到，家里有人，麻烦今天下班以前送上门，到了先打电话"


@dataclass(frozen=True)
class Talk:
    """One conversation: its token, and the ticket by which the other side listens."""

    token: str
    ticket: str


def run(ground: Ground) -> Iterator[Row]:
    os.environ["YISHI_TRUSTED_PROXIES"] = "127.0.0.1"  # each person comes from an address of his own
    calibration, baseline = ground.calibrate(), ground.bare()
    filled = 0
    for size, name in zip(SIZES, NAMES, strict=False):
        _fill(size - filled)
        filled = size
        with ground.serve("web") as web, ground.serve("edge") as edge:
            _apart(_speak, web, edge, _talks(PAIRS * 2))
            talks = _talks(MESSAGES // EACH)
            with ground.measure(calibration) as measured:
                times, seconds = _apart(_speak, web, edge, talks)
        yield Row(
            name=name,
            value=len(times) / seconds,
            unit="messages/s",
            n=len(times),
            p50=percentile(times, 0.5),
            p95=percentile(times, 0.95),
            p99=percentile(times, 0.99),
            baseline=baseline,
            cpu_ms_per_unit=measured.cpu_ms / len(times),
            calibration=calibration,
            target="≥ 200/s, send → shown p95 ≤ 40 ms",
        )
    yield _listeners(ground)


def _talks(count: int) -> list[Talk]:
    """Conversations that a colleague has, and who listens to each."""
    from yishi.kit.live import make_ticket

    return [
        Talk(token, make_ticket(topics=[f"conversation:{number}"], viewer="bench"))
        for number, token in _begin(count)
    ]


def _begin(count: int) -> list[tuple[int, str]]:
    from yishi.conversations.actions.begin import Person, begin_conversation
    from yishi.conversations.actions.hand import give
    from yishi.conversations.rules import Channel

    at, agent, begun = datetime.now(UTC), _agent(), []
    for _number in range(count):
        one = begin_conversation(person=Person(channel=Channel.WEB), at=at)
        give(conversation_id=one.id, user_id=agent, at=at)
        begun.append((one.id, one.token))
    return begun


def _agent() -> int:
    from yishi.people.actions import add_user
    from yishi.people.models import User
    from yishi.people.rules import SYSTEM_VIEWER, Role

    found = User.objects.filter(username="bench").values_list("pk", flat=True).first()
    if found is None:
        password = "a-long-word-for-bench"
        made = add_user(
            username="bench", name="林客服", role=Role.QUALITY, password=password, by=SYSTEM_VIEWER,
            at=datetime.now(UTC),
        )  # fmt: skip
        found = made.pk
    return int(found)


def _fill(count: int) -> None:
    """Open conversations with a message each, as many as it takes to look like a busy day."""
    from yishi.conversations.actions.receive import receive

    for number, _token in _begin(count):
        receive(conversation_id=number, text=TEXT, at=datetime.now(UTC))


def _apart(work: Callable[..., tuple[list[float], float]], *values: object) -> tuple[list[float], float]:
    """Runs in a process of its own: it wants a core, too."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        return apart.submit(work, *values).result()


def _speak(web: str, edge: str, talks: list[Talk]) -> tuple[list[float], float]:
    return asyncio.run(_pairs(web, edge, talks))


async def _pairs(web: str, edge: str, talks: list[Talk]) -> tuple[list[float], float]:
    waiting, times = iter(enumerate(talks)), list[float]()

    async def pair() -> None:
        for number, talk in waiting:
            await _one_talk(web, edge, talk, number, times)

    began = time.perf_counter()
    await asyncio.gather(*(pair() for _ in range(PAIRS)))
    return times, time.perf_counter() - began


async def _one_talk(web: str, edge: str, talk: Talk, number: int, times: list[float]) -> None:
    """Says ten things; of each, how long until the other side, who was nudged, has it."""
    ear, hung = await _listen(edge, talk.ticket)
    mouth, eye = await _connect(web), await _connect(web)
    path, after = f"/api/v1/public/chat/{talk.token}/messages", 0
    whence = f"X-Forwarded-For: 10.9.{number >> 8 & 255}.{number & 255}\r\n"
    for said in range(EACH):
        began = time.perf_counter()
        body = f'{{"text": "{TEXT} {said}"}}'.encode()
        head = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n{whence}"
        sent = asyncio.ensure_future(_ask(*mouth, f"POST {path}", head, body))
        shown = b""
        # the words themselves stand there escaped
        while f' {said}"'.encode() not in shown:
            await _nudged(ear)
            shown = await _ask(*eye, f"GET {path}?after={after}", whence)
        times.append((time.perf_counter() - began) * 1000)
        after = max(int(found) for found in re.findall(rb'"id": ?(\d+)', shown))
        await sent
    for go in (hung, mouth[1], eye[1]):
        go.close()


async def _connect(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, _, port = address.removeprefix("http://").partition(":")
    return await asyncio.open_connection(host, int(port))


async def _listen(edge: str, ticket: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    come, go = await _connect(edge)
    go.write(f"GET /live?ticket={quote(ticket)} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
    head = await come.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    await come.readuntil(b"retry: 2000")
    return come, go


async def _nudged(ear: asyncio.StreamReader) -> None:
    """Returns with the next nudge. Raises when none comes, or when the edge hangs up."""
    async with asyncio.timeout(NUDGE_WITHIN_S):
        while b"data:" not in (line := await ear.readline()):
            if not line:
                raise SystemExit("the edge hung up on one who listened")


async def _ask(
    come: asyncio.StreamReader, go: asyncio.StreamWriter, what: str, head: str, body: bytes = b""
) -> bytes:
    go.write(f"{what} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}\r\n".encode() + body)
    said = await come.readuntil(b"\r\n\r\n")
    length = int(said.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    answer = await come.readexactly(length)
    assert said.startswith(b"HTTP/1.1 200"), (said, answer)
    return answer


def _listeners(ground: Ground) -> Row:
    """Five thousand open pages on one edge process: what it holds then (PSS), and how late a nudge is."""
    from yishi.kit.live import make_ticket

    tickets = [make_ticket(topics=[f"conversation:{n}"], viewer="bench") for n in range(LISTENERS)]
    with ground.serve("edge") as edge:
        at_rest = _memory(ground.pids)
        times, held = _apart(_hold, edge, tickets, ground.url, list(ground.pids))
    return Row(
        name=NAMES[2],
        value=held,
        unit="MB",
        n=LISTENERS,
        p50=percentile(times, 0.5),
        p95=percentile(times, 0.95),
        target=f"≤ 200 MB (at rest {at_rest:.0f}); ms of a nudge p95 ≤ 50",
    )


def _memory(pids: list[int]) -> float:
    """The PSS of these processes and all that came from them, in MB."""
    every = [
        one for pid in pids for one in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True))
    ]
    return sum(one.memory_full_info().pss for one in every) / 2**20


def _hold(edge: str, tickets: list[str], url: str, pids: list[int]) -> tuple[list[float], float]:
    return asyncio.run(_ears(edge, tickets, url, pids))


async def _ears(edge: str, tickets: list[str], url: str, pids: list[int]) -> tuple[list[float], float]:
    """All listen; a hundred of them are nudged, one after the other."""
    ears, gate = {}, asyncio.Semaphore(50)

    async def open_one(number: int, ticket: str) -> None:
        async with gate:
            ears[number] = await _listen(edge, ticket)

    await asyncio.gather(*(open_one(number, ticket) for number, ticket in enumerate(tickets)))
    held, times = _memory(pids), []
    with psycopg.connect(url, autocommit=True) as database:
        for number in range(0, len(tickets), max(1, len(tickets) // 100)):
            began = time.perf_counter()
            said = json.dumps({"topic": f"conversation:{number}"})
            database.execute("SELECT pg_notify(%s, %s)", ["yishi_live", said])
            await _nudged(ears[number][0])
            times.append((time.perf_counter() - began) * 1000)
    for _come, go in ears.values():
        go.close()
    return times, held
