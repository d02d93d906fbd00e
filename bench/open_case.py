"""A complaint over HTTP: routed, its clocks started, its notice queued, durable before it is answered."""

import os
import queue
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx

from bench.caseload import fill, make_operator
from bench.harness import Ground, Row
from bench.meters import Baseline, Calibration, percentile

NAMES = ("open-case", "open-case@large", "open-case@million")

CLIENTS = 4
CASES = int(os.environ.get("BENCH_CASES", "400"))
SIZES = tuple(int(size) for size in os.environ.get("BENCH_SIZES", "10000,100000,1000000").split(","))
TEXT = "显示签收了，可我没收到，打电话也没人接，请帮我查一下放在哪里了"
_WARM = 40


def run(ground: Ground) -> Iterator[Row]:
    """The same number of complaints onto 10,000, 100,000 and a million open cases."""
    # each consumer comes from an address of his own, as behind a proxy
    os.environ["YISHI_TRUSTED_PROXIES"] = "127.0.0.1"
    numbers = make_operator(4 * (CASES + _WARM) + 2 * CASES).waybill_nos
    calibration = ground.calibrate()
    baseline, said = _in_process(ground, calibration, numbers)
    for size, name in zip(SIZES, NAMES, strict=False):
        fill(size)
        with ground.serve("web") as address:
            _send(address, [numbers.pop() for _ in range(_WARM)])
            with ground.measure(calibration) as measured:
                times = _send(address, [numbers.pop() for _ in range(CASES)])
        yield Row(
            name=name,
            value=CASES / measured.seconds,
            unit="cases/s",
            n=CASES,
            p50=percentile(times, 0.5),
            p95=percentile(times, 0.95),
            p99=percentile(times, 0.99),
            baseline=baseline,
            cpu_ms_per_unit=measured.cpu_ms / CASES,
            calibration=calibration,
            target=f"≤ 4 ms CPU, p95 ≤ 25 ms; {said}",
        )


def _send(address: str, numbers: list[str]) -> list[float]:
    """Files one complaint a parcel with four clients; milliseconds of each. Raises when one is refused."""
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    for number in numbers:
        waiting.put(number)
    times: list[float] = []
    refused: list[str] = []

    def client() -> None:
        with httpx.Client(base_url=address, timeout=30) as http:
            while not waiting.empty():
                try:
                    number = waiting.get_nowait()
                except queue.Empty:
                    return
                began = time.perf_counter()
                answer = http.post("/api/v1/public/cases", json=_complaint(number), headers=_headers(number))
                times.append((time.perf_counter() - began) * 1000)
                if answer.status_code != 201:
                    refused.append(answer.text)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if refused:
        raise SystemExit(f"{len(refused)} complaints were refused: {refused[0]}")
    return times


def _complaint(number: str) -> dict[str, object]:
    return {
        "waybill_no": number,
        "category": "SIGNED_NOT_RECEIVED",
        "text": TEXT,
        "contact": {"phone": f"199{int(number[-8:]):08d}", "name": "王女士"},
    }


def _headers(number: str) -> dict[str, str]:
    count = int(number[-8:])
    return {"X-Forwarded-For": f"10.{count >> 16 & 255}.{count >> 8 & 255}.{count & 255}"}


def _in_process(ground: Ground, calibration: Calibration, numbers: list[str]) -> tuple[Baseline, str]:
    """The action beside the same written with the ORM alone, in this process: the ORM's rate, the ratio."""
    from bench.baselines.orm_case import open_with_orm
    from yishi.cases.actions.open import open_case
    from yishi.consignees.actions.contacts import keep_contacts
    from yishi.consignees.rules import ContactRow
    from yishi.shipments.queries.parcels import find_shipment_refs

    mine = [numbers.pop() for _ in range(2 * CASES)]
    rows = [ContactRow(name="王女士", phone=f"198{int(number[-8:]):08d}") for number in mine]
    contacts = keep_contacts(rows, datetime.now(UTC))
    refs = [find_shipment_refs(number)[0] for number in mine]
    shared = {"category": "SIGNED_NOT_RECEIVED", "text": TEXT}
    with ground.measure(calibration, with_us=True) as plain:
        for ref, contact_id in zip(refs[:CASES], contacts, strict=False):
            open_with_orm(
                waybill_no=ref.waybill_no, contact_id=contact_id or 0, at=datetime.now(UTC), **shared
            )
    with ground.measure(calibration, with_us=True) as ours:
        for ref, contact_id in zip(refs[CASES:], contacts[CASES:], strict=True):
            now = datetime.now(UTC)
            open_case(
                waybill_no=ref.waybill_no, contact_id=contact_id, shipment=ref, by=None, at=now, **shared
            )
    ratio = ours.cpu_ms / plain.cpu_ms
    said = f"the action {ours.cpu_ms / CASES:.2f} ms CPU = {ratio:.2f} × ORM (≤ 0.4)"
    return Baseline("orm", CASES / plain.seconds, plain.cpu_ms / CASES), said
