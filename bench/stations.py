"""A station over HTTP: four scanners book in and hand out, among 500 and 5,000 parcels that stand there."""

import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx

from bench.harness import Ground, Row
from bench.meters import percentile
from yishi.host.commands import WEB_SERVERS

NAMES = ("book-in", "book-in@large", "hand-out", "hand-out@large")
SIZES = tuple(int(size) for size in os.environ.get("BENCH_INSIDE", "500,5000").split(","))
SCANS = int(os.environ.get("BENCH_SCANS", "200"))
CLIENTS = 4
STATION = "ST01"


def run(ground: Ground) -> Iterator[Row]:
    """The same number of scans at both sizes, half of them of parcels that a feed has told of; every one is
    answered after its commit."""
    key, handed = prepare(), []
    calibration, filled = ground.calibrate(), 0
    bare = ground.bare()
    for large, size in enumerate(SIZES):
        fill(filled, size)
        filled = size
        with ground.serve("web", processes=WEB_SERVERS) as address:
            scan(address, key, [_number("8", large, i) for i in range(20)])
            numbers = [_number("9", large, i) for i in range(SCANS)]
            tell(numbers[::2])
            with ground.measure(calibration) as measured:
                times, codes = scan(address, key, numbers)
            common: dict[str, Any] = {"unit": "ms", "n": SCANS, "calibration": calibration}
            yield Row(
                name=NAMES[large],
                value=percentile(times, 0.95),
                p50=percentile(times, 0.5),
                p95=percentile(times, 0.95),
                p99=percentile(times, 0.99),
                baseline=bare,
                cpu_ms_per_unit=measured.cpu_ms / SCANS,
                target=f"p95 ≤ 80 ms, ≥ 100/s; {SCANS / measured.seconds:.0f}/s",
                **common,
            )
            with ground.measure(calibration) as measured:
                times = give(address, key, codes)
            handed.append(
                Row(
                    name=NAMES[2 + large],
                    value=percentile(times, 0.95),
                    p50=percentile(times, 0.5),
                    p95=percentile(times, 0.95),
                    p99=percentile(times, 0.99),
                    baseline=bare,
                    cpu_ms_per_unit=measured.cpu_ms / SCANS,
                    target=f"p95 ≤ 50 ms; {SCANS / measured.seconds:.0f}/s",
                    **common,
                )
            )
    yield from handed


def prepare() -> str:
    """A station with room for ten thousand, and its keeper's key."""
    from yishi.network.actions import add_carrier, add_outlet, add_station
    from yishi.people.actions import add_key
    from yishi.people.rules import SYSTEM_VIEWER, Role
    from yishi.stations.actions.floor import keep_shelf

    at, by = datetime.now(UTC), SYSTEM_VIEWER
    add_carrier(code="yuantong", name="圆通", hotline="", by=by)
    add_outlet(code="DS01", name="东山网点", city="南京市", by=by, at=at)
    add_station(code=STATION, outlet_code="DS01", name="东山驿站", by=by)
    for shelf in range(1, 41):
        keep_shelf(station=STATION, code=str(shelf), layers=5, capacity=50, by=by, at=at)
    return add_key(role=Role.STATION_KEEPER, outlet_code="DS01", name="bench", by=by, at=at)


def fill(first: int, end: int) -> None:
    """Parcels that stand there, booked in like any other, 250 a transaction."""
    from django.db import connection, transaction

    from yishi.people.rules import SYSTEM_VIEWER
    from yishi.stations.actions.book_in import Arrival, book_in

    at = datetime.now(UTC)
    for begin in range(first, end, 250):
        with transaction.atomic():
            for i in range(begin, min(end, begin + 250)):
                arrival = Arrival(waybill_no=_number("7", 0, i), carrier="yuantong", phone=_phone(i))
                book_in(station=STATION, arrival=arrival, by=SYSTEM_VIEWER, at=at)
    with connection.cursor() as cursor:
        # as the server does by itself within a minute
        cursor.execute("VACUUM ANALYZE")


def tell(numbers: list[str]) -> None:
    """The feed has told of these: whose they are, and that they have come to the outlet."""
    from yishi.feeds.actions.sources import ensure_source
    from yishi.feeds.port import Parsed, ParsedEvent, ParsedShipment, Person
    from yishi.shipments.actions.take_in import take_parsed

    at = datetime.now(UTC)
    said: dict[str, Any] = {"carrier": "yuantong"}
    scans = [
        ParsedEvent(waybill_no=one, kind="arrived_at_outlet", happened_at=at, outlet="DS01", **said)
        for one in numbers
    ]
    persons = [
        ParsedShipment(waybill_no=one, consignee=Person(name="王女士", phone=_phone_of(one)), **said)
        for one in numbers
    ]
    source = ensure_source(code="bench", plugin="generic", at=at)
    take_parsed(source=source, parsed=Parsed(events=scans, master_data=persons), at=at)


def _phone_of(number: str) -> str:
    return _phone(int(number[2:]) % 10**8)


def _number(kind: str, large: int, i: int) -> str:
    return f"YT{kind}{large}{i:09}"


def _phone(i: int) -> str:
    return f"199{i:08}"


def scan(address: str, key: str, numbers: list[str]) -> tuple[list[float], list[str]]:
    """Books them in; milliseconds of each, and the codes."""
    times: list[float] = []
    codes: list[str] = []

    def one(http: httpx.Client, number: str) -> None:
        said = {"waybill_no": number, "carrier": "yuantong", "phone": _phone_of(number)}
        began = time.perf_counter()
        answer = http.post(f"/api/v1/stations/{STATION}/parcels", json=said)
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 201, answer.text
        codes.append(answer.json()["pickup_code"])

    _share(address, key, numbers, one)
    return times, codes


def give(address: str, key: str, codes: list[str]) -> list[float]:
    """Hands them out, one person each; milliseconds of each."""
    times: list[float] = []

    def one(http: httpx.Client, code: str) -> None:
        began = time.perf_counter()
        answer = http.post(f"/api/v1/stations/{STATION}/handouts", json={"pickup_code": code})
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.text

    _share(address, key, codes, one)
    return times


def _share(address: str, key: str, things: list[str], one: Any) -> None:
    """Four scanners, each with its share."""
    failed: list[BaseException] = []

    def client(mine: list[str]) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=address, timeout=30, headers=headers) as http:
            try:
                for thing in mine:
                    one(http, thing)
            except BaseException as error:
                failed.append(error)

    threads = [threading.Thread(target=client, args=(things[i::CLIENTS],)) for i in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
