"""The public page of a parcel over HTTP, four clients at once, among ten thousand parcels and ten times as
many; every client and look-up from an address of its own, as people come."""

import asyncio
import os
import random
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context

import msgspec

from bench.harness import Ground, Row
from bench.ingest import Load
from bench.meters import percentile

NAMES = ("public-parcel", "public-parcel@large", "public-parcel-growth")
SIZES = tuple(int(size) for size in os.environ.get("BENCH_PARCELS", "10000,100000").split(","))
READS = int(os.environ.get("BENCH_PAGES", "2000"))
CLIENTS = 4
EVENTS = 10
BATCH = 4_000
GROWTH_TARGET = 1.5

_KINDS = (
    "accepted", "departed_origin_outlet", "arrived_hub", "departed_hub", "arrived_hub", "departed_hub",
    "arrived_destination_city", "arrived_at_outlet", "delivery_scheduled", "out_for_delivery",
)  # fmt: skip
_CITIES = ("南京市", "苏州市", "杭州市", "上海市", "广州市", "成都市")


def run(ground: Ground) -> Iterator[Row]:
    os.environ["YISHI_TRUSTED_PROXIES"] = "127.0.0.1"  # each look-up says from which address it comes
    prepare()
    calibration, p95, filled = ground.calibrate(), [], 0
    for size, name in zip(SIZES, NAMES, strict=False):
        fill(filled, size)
        filled = size
        with ground.serve("web") as address:
            look(address, size, READS // 10, seed=1)
            with ground.measure(calibration) as measured:
                load = look(address, size, READS, seed=2)
        p95.append(percentile(load.times_ms, 0.95))
        yield Row(
            name=name,
            value=p95[-1],
            unit="ms",
            n=READS,
            p50=percentile(load.times_ms, 0.5),
            p95=p95[-1],
            p99=percentile(load.times_ms, 0.99),
            cpu_ms_per_unit=measured.cpu_ms / READS,
            calibration=calibration,
            target=f"p95 ≤ 20 ms, ≥ 300/s; {READS / load.seconds:.0f}/s",
        )
    yield Row(
        name=NAMES[2], value=p95[1] / p95[0], unit="×", n=2 * READS, target=f"≤ {GROWTH_TARGET}"
    )  # fmt: skip


def prepare() -> None:
    """Lays out the pages' files, as `yishi up` does before it serves."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


def fill(first: int, end: int) -> None:
    """Parcels from `first` to `end`, ten scans each, the way every scan comes in."""
    from yishi.feeds.actions.sources import ensure_source
    from yishi.shipments.actions.take_in import take_in

    chance, now = random.Random(end), datetime.now(UTC)
    card, encode = ensure_source(code="bench", plugin="generic", at=now), msgspec.json.Encoder().encode
    for begin in range(first, end, BATCH // EVENTS):
        parcels = range(begin, min(end, begin + BATCH // EVENTS))
        body = encode([scan for parcel in parcels for scan in _story(parcel, chance, now)])
        took = take_in(source=card, body=body, content_type="application/json", at=now, expects="events")
        assert took.accepted == EVENTS * len(parcels), took


def _number(parcel: int) -> str:
    return f"YT619{parcel:010d}"


def _story(parcel: int, chance: random.Random, now: datetime) -> Iterator[dict[str, object]]:
    began = now - timedelta(hours=12 + chance.random() * 72)
    for step, kind in enumerate(_KINDS):
        city = chance.choice(_CITIES)
        yield {
            "carrier": "yuantong",
            "waybill_no": _number(parcel),
            "kind": kind,
            "happened_at": (began + timedelta(minutes=60 * step)).isoformat(timespec="milliseconds"),
            "place": {"city": city, "outlet": f"{chance.randrange(800):06d}"},
            "text": f"【{city}】派件员王小明（19900000001）正在派件，下一站{city}转运中心"
            if step == EVENTS - 1
            else f"【{city}】快件已到达{city}网点，正在分拣",
        }


def look(address: str, parcels: int, reads: int, seed: int) -> Load:
    """Looks at `reads` pages from a process of its own: it wants a core, too."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        return apart.submit(_look, address, parcels, reads, seed).result()


def _look(address: str, parcels: int, reads: int, seed: int) -> Load:
    chance = random.Random(seed)
    numbers = [_number(chance.randrange(parcels)) for _ in range(reads)]
    return asyncio.run(_readers(address, numbers))


async def _readers(address: str, numbers: list[str]) -> Load:
    host, _, port = address.removeprefix("http://").partition(":")
    waiting, times = iter(enumerate(numbers)), list[float]()

    async def reader() -> None:
        come, go = await asyncio.open_connection(host, int(port))
        for count, number in waiting:
            began = time.perf_counter()
            whence = f"10.{count >> 16 & 255}.{count >> 8 & 255}.{count & 255}"
            head = f"GET /t/{number} HTTP/1.1\r\nHost: {host}:{port}\r\nX-Forwarded-For: {whence}\r\n\r\n"
            go.write(head.encode())
            said = (await come.readuntil(b"\r\n\r\n")).lower()
            assert said.startswith(b"http/1.1 200"), said
            length = int(said.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
            await come.readexactly(length)
            times.append((time.perf_counter() - began) * 1000)
        go.close()

    began = time.perf_counter()
    await asyncio.gather(*(reader() for _ in range(CLIENTS)))
    return Load(time.perf_counter() - began, times, len(times))
