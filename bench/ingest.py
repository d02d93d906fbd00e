"""Ingest over HTTP: 1,000 events a POST and one event a POST, on an empty table and onto ten times as
many."""

import asyncio
import os
import queue
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context

import httpx
import msgspec
import psycopg

from bench.harness import Ground, Row
from bench.meters import percentile

NAMES = (
    "ingest", "ingest-single", "ingest-hot", "ingest@large", "ingest-single@large", "ingest@10m",
)  # fmt: skip

CLIENTS = 4
# of one event a post: as many senders as share a commit, each waiting for its own answer
SENDERS = int(os.environ.get("BENCH_SENDERS", "64"))
BATCH = 1_000
POSTS = int(os.environ.get("BENCH_POSTS", "60"))
SINGLES = int(os.environ.get("BENCH_SINGLES", "20000"))
# events in the table before the second size is measured, ten times the first
LARGE = int(os.environ.get("BENCH_LARGE", str(BATCH * POSTS * 10)))
# parcels of the hot row: every post has scans of all of them, so that writers meet at each
HOT = 100
# events laid down by SQL before the last row, four a parcel, of the last fifty days; 0 leaves the row out
ROWS = int(os.environ.get("BENCH_ROWS", "0"))

_LAY_PARCELS = """
INSERT INTO shipments_shipment (waybill_no, carrier, milestone, moved_at, moved_rank, moved_identity,
    first_event_at, last_event_at, last_city, courier_number)
SELECT 'YT' || lpad(n::text, 13, '0'), 'yuantong', 'DELIVERED', %(now)s, 23, decode(md5(n::text), 'hex'),
    %(now)s, %(now)s, '南京市', '0001'
FROM generate_series(1, %(parcels)s) n
"""
_LAY_EVENTS = """
INSERT INTO shipments_event (identity, happened_at, received_at, shipment_id, source_id, kind, source_code,
    detail, city, outlet, courier, text, signed_by, position)
SELECT decode(md5(s.id::text || n), 'hex'), %(now)s - s.id %% 50 * interval '1 day' + n * interval '1 hour',
    %(now)s, s.id, 1, 'in_transit', 'IN', '', '南京市', '000001', '', '【南京市】快件已到达，正在分拣', '', ''
FROM shipments_shipment s CROSS JOIN generate_series(1, 4) n WHERE s.waybill_no LIKE 'YT000%%'
"""

_KINDS = (
    "accepted", "departed_origin_outlet", "arrived_hub", "departed_hub", "arrived_destination_city",
    "arrived_at_outlet", "out_for_delivery", "delivered",
)  # fmt: skip
_CITIES = ("南京市", "苏州市", "杭州市", "上海市", "广州市", "成都市")
_NOW = datetime.now(UTC)


@dataclass
class Load:
    """What the clients saw."""

    seconds: float
    times_ms: list[float]
    accepted: int


def bodies(count: int, size: int, seed: int, parcels: int = 0) -> list[bytes]:
    """Posts of events such as a carrier sends: scans of ten days, about four a parcel unless `parcels` are
    given."""
    chance = random.Random(seed)
    encode = msgspec.json.Encoder().encode
    among = parcels or count * size // 4
    return [encode([_event(chance, among, seed) for _ in range(size)]) for _ in range(count)]


def _event(chance: random.Random, parcels: int, seed: int) -> dict[str, object]:
    kind = chance.choice(_KINDS)
    city = chance.choice(_CITIES)
    return {
        "carrier": "yuantong",
        "waybill_no": f"YT{seed % 1000:03d}{chance.randrange(max(parcels, 1)):010d}",
        "kind": kind,
        "happened_at": (_NOW - timedelta(seconds=chance.random() * 864_000)).isoformat(
            timespec="milliseconds"
        ),
        "place": {"city": city, "outlet": f"{chance.randrange(800):06d}"},
        "courier": f"{chance.randrange(60):04d}",
        "text": f"【{city}】快件已到达{city}网点，正在分拣，下一站转运中心",
        "source_code": kind[:3].upper(),
    }


def lay(url: str, events: int) -> None:
    """Puts events of older parcels into the table, as months of running would have."""
    values = {"now": _NOW, "parcels": events // 4}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_LAY_PARCELS, values)
        connection.execute(_LAY_EVENTS, values)
        connection.execute("VACUUM ANALYZE shipments_shipment, shipments_event")


def send(address: str, key: str, posts: list[bytes]) -> Load:
    """Posts everything with four clients."""
    waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    for body in posts:
        waiting.put(body)
    times: list[float] = []
    accepted: list[int] = []
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def client() -> None:
        with httpx.Client(base_url=address, headers=headers, timeout=60) as http:
            while True:
                try:
                    body = waiting.get_nowait()
                except queue.Empty:
                    return
                began = time.perf_counter()
                answer = http.post("/api/v1/events", content=body)
                times.append((time.perf_counter() - began) * 1000)
                accepted.append(answer.raise_for_status().json()["accepted"])

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Load(time.perf_counter() - began, times, sum(accepted))


def send_singly(address: str, key: str, posts: list[bytes]) -> Load:
    """Posts everything over kept connections, from a process of its own: it wants a core, too."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        return apart.submit(_send_singly, address, key, posts).result()


def _send_singly(address: str, key: str, posts: list[bytes]) -> Load:
    return asyncio.run(_senders(address, key, posts))


async def _senders(address: str, key: str, posts: list[bytes]) -> Load:
    host, _, port = address.removeprefix("http://").partition(":")
    head = f"POST /api/v1/events HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n".encode()
    waiting, times, accepted = iter(posts), list[float](), list[int]()

    async def sender() -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        for body in waiting:
            began = time.perf_counter()
            writer.write(b"%sContent-Length: %d\r\n\r\n%s" % (head, len(body), body))
            said = await reader.readuntil(b"\r\n\r\n")
            length = int(said.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
            accepted.append(msgspec.json.decode(await reader.readexactly(length))["accepted"])
            times.append((time.perf_counter() - began) * 1000)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(sender() for _ in range(SENDERS)))
    return Load(time.perf_counter() - began, times, sum(accepted))


def run(ground: Ground) -> Iterator[Row]:
    from yishi.kit.clock import now
    from yishi.people.actions import add_key
    from yishi.people.rules import SYSTEM_VIEWER

    key = add_key(role="INTEGRATOR", name="bench", by=SYSTEM_VIEWER, at=now())
    with ground.serve("edge") as address:
        send(address, key, bodies(4, BATCH, seed=1))  # warm: connections, prepared statements
        yield _row(ground, address, key, "ingest", bodies(POSTS, BATCH, seed=2), BATCH)
        yield _row(ground, address, key, "ingest-single", bodies(SINGLES, 1, seed=3), 1)
        yield _row(ground, address, key, "ingest-hot", bodies(POSTS, BATCH, seed=7, parcels=HOT), BATCH)
        send(address, key, bodies(LARGE // BATCH, BATCH, seed=4))
        yield _row(ground, address, key, "ingest@large", bodies(POSTS, BATCH, seed=5), BATCH)
        yield _row(ground, address, key, "ingest-single@large", bodies(SINGLES, 1, seed=6), 1)
        if ROWS:
            lay(ground.url, ROWS)
            send(address, key, bodies(4, BATCH, seed=8))
            yield _row(ground, address, key, "ingest@10m", bodies(POSTS, BATCH, seed=9), BATCH)


def _row(ground: Ground, address: str, key: str, name: str, posts: list[bytes], size: int) -> Row:
    calibration, baseline = ground.calibrate(), ground.bare()
    with ground.measure(calibration) as measured:
        load = (send if size > 1 else send_singly)(address, key, posts)
    events = len(posts) * size
    assert load.accepted == events, f"{load.accepted} of {events} were accepted"
    return Row(
        name=name,
        value=events / load.seconds,
        unit="events/s",
        n=events,
        p50=percentile(load.times_ms, 0.50),
        p95=percentile(load.times_ms, 0.95),
        p99=percentile(load.times_ms, 0.99),
        baseline=baseline,
        cpu_ms_per_unit=measured.cpu_ms / events,
        calibration=calibration,
        target="≤ 0.045 ms" if size > 1 else "≤ 0.8 ms, ≥ 2,000/s",
    )
