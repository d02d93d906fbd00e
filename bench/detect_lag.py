"""From a scan to its incident, while scans stream in: over HTTP, through the worker, as a reader sees it."""

import os
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
import psycopg

from bench.harness import Ground, Row
from bench.meters import percentile

NAMES = ("detect-lag", "detect-lag@large")

EVENTS_S = int(os.environ.get("BENCH_EVENTS_S", "2000"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "20"))
# open parcels that wait for a later look while the others stream in: the second size
OPEN = int(os.environ.get("BENCH_OPEN", "100000"))
BATCH = 200
# one scan in so many is of a parcel found damaged, each a task and a notice: its incident is waited for
DAMAGED = 200

_OPEN_PARCELS = """
INSERT INTO shipments_shipment (waybill_no, carrier, milestone, moved_at, moved_rank, moved_identity,
    first_event_at, last_event_at, last_city, courier_number)
SELECT 'YT9' || lpad(n::text, 12, '0'), 'yuantong', 'IN_TRANSIT', %(now)s, 10, decode(md5(n::text), 'hex'),
    %(now)s, %(now)s, '南京市', '' FROM generate_series(1, %(n)s) n
"""
_OPEN_LOOKS = """
INSERT INTO detection_inspection (shipment_id, due_at)
SELECT id, %(now)s + interval '1 day' + id %% 86400 * interval '1 second' FROM shipments_shipment
 WHERE waybill_no LIKE 'YT9%%'
"""
_SEEN = """
SELECT i.id, s.waybill_no FROM detection_incident i JOIN shipments_shipment s ON s.id = i.shipment_id
 WHERE i.id > %s AND i.kind = 'DAMAGED'
"""


def run(ground: Ground) -> Iterator[Row]:
    """Seconds from the post until another connection sees the incident, at a steady stream."""
    from yishi.kit.clock import now
    from yishi.people.actions import add_key
    from yishi.people.rules import SYSTEM_VIEWER

    key = add_key(role="INTEGRATOR", name="bench", by=SYSTEM_VIEWER, at=now())
    with ground.serve("edge") as address, ground.work():
        _stream(ground, address, key, seed=1, seconds=3)  # warm
        yield _row(ground, address, key, "detect-lag", seed=2)
        with psycopg.connect(ground.url, autocommit=True) as connection:
            values = {"now": datetime.now(UTC), "n": OPEN}
            connection.execute(_OPEN_PARCELS, values)
            connection.execute(_OPEN_LOOKS, values)
            connection.execute("VACUUM ANALYZE shipments_shipment, detection_inspection")
        yield _row(ground, address, key, "detect-lag@large", seed=3)


def _row(ground: Ground, address: str, key: str, name: str, *, seed: int) -> Row:
    calibration, baseline = ground.calibrate(), ground.bare()
    with ground.measure(calibration) as measured:
        lags = _stream(ground, address, key, seed=seed, seconds=SECONDS)
    events = EVENTS_S * SECONDS
    return Row(
        name=name,
        value=percentile(lags, 0.95),
        unit="ms",
        n=events,
        p50=percentile(lags, 0.50),
        p95=percentile(lags, 0.95),
        p99=percentile(lags, 0.99),
        baseline=baseline,
        cpu_ms_per_unit=measured.cpu_ms / events,
        calibration=calibration,
        target="≤ 2,000 ms at 2,000 events/s",
    )


def _stream(ground: Ground, address: str, key: str, *, seed: int, seconds: int) -> list[float]:
    """Posts at the wanted pace; how long each incident took in ms. All must come, within half a minute."""
    posted: dict[str, float] = {}
    stopped = threading.Event()
    seen: dict[str, float] = {}
    watcher = threading.Thread(target=_watch, args=(ground.url, seen, stopped))
    watcher.start()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    with httpx.Client(base_url=address, headers=headers, timeout=60) as http, ThreadPoolExecutor(4) as pool:
        began = time.perf_counter()
        for number in range(seconds * EVENTS_S // BATCH):
            body, damaged = _post(seed, number)
            wait = began + number * BATCH / EVENTS_S - time.perf_counter()
            time.sleep(max(0.0, wait))
            posted |= dict.fromkeys(damaged, time.perf_counter())
            pool.submit(lambda sent: http.post("/api/v1/events", content=sent).raise_for_status(), body)
    patience = time.perf_counter() + 30
    while posted.keys() - seen.keys() and time.perf_counter() < patience:
        time.sleep(0.05)
    stopped.set()
    watcher.join()
    missing = posted.keys() - seen.keys()
    assert not missing, f"{len(missing)} of {len(posted)} incidents did not come"
    return [(seen[waybill_no] - at) * 1000 for waybill_no, at in posted.items()]


def _watch(url: str, seen: dict[str, float], stopped: threading.Event) -> None:
    """Writes down when each incident can be seen from outside, looked for every 20 ms."""
    last = 0
    with psycopg.connect(url, autocommit=True) as connection:
        while not stopped.wait(0.02):
            rows = connection.execute(_SEEN, [last]).fetchall()
            at = time.perf_counter()
            for incident_id, waybill_no in rows:
                seen.setdefault(waybill_no, at)
                last = max(last, incident_id)


def _post(seed: int, number: int) -> tuple[bytes, list[str]]:
    """One post of scans, each of another parcel, as on a day of many; and those that found damage."""
    chance = random.Random(seed * 1_000_003 + number)
    at = datetime.now(UTC)
    events, damaged = [], []
    for n in range(BATCH):
        waybill_no = f"YT{seed}{number:07d}{n:05d}"
        is_damaged = n % DAMAGED == 0
        if is_damaged:
            damaged.append(waybill_no)
        events.append(
            {
                "carrier": "yuantong",
                "waybill_no": waybill_no,
                "kind": "damaged" if is_damaged else chance.choice(("arrived_hub", "out_for_delivery")),
                "happened_at": (at - timedelta(seconds=chance.random() * 60)).isoformat(
                    timespec="milliseconds"
                ),
                "place": {"city": "南京市", "outlet": f"{chance.randrange(800):06d}"},
                "courier": f"{chance.randrange(900):04d}",
                "text": "【南京市】快件已扫描",
            }
        )
    return msgspec.json.encode(events), damaged
