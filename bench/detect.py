"""Detection: what judging one parcel costs, looked at alone; and from a scan to its incident, set-wise."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from bench.harness import Ground, Row

NAMES = ("detect", "detect-inspect", "detect-due", "detect-due@large", "detect-due-growth")
PARCELS = int(os.environ.get("BENCH_PARCELS", "20000"))
# open parcels that wait for a later look, beside the few that are due
OPEN = int(os.environ.get("BENCH_OPEN", "100000"))
DUE = 500
INSPECTED = int(os.environ.get("BENCH_INSPECTED", "5000"))
SCANS = 10
T = datetime(2026, 3, 2, 2, tzinfo=UTC)
_WAY = (
    "created", "accepted", "departed_origin_outlet", "arrived_hub", "departed_hub", "arrived_hub",
    "departed_hub", "arrived_at_outlet", "out_for_delivery", "delivered",
)  # fmt: skip


def run(ground: Ground) -> Iterator[Row]:
    """µs of CPU a parcel in the rules alone; then whole inspections of parcels that moved, and of the few
    that are due among many that are not."""
    calibration = ground.calibrate()
    micros = median(_judge_all() for _ in range(3))
    yield Row(
        name="detect",
        value=micros,
        unit="µs",
        n=PARCELS,
        cpu_ms_per_unit=micros / 1000 / calibration.factor,
        calibration=calibration,
        target="≤ 20 µs a parcel",
    )
    _fill(INSPECTED)
    with ground.measure(calibration, with_us=True) as measured:
        done = _sweep(T + timedelta(days=1))
    yield Row(
        name="detect-inspect",
        value=done / measured.seconds,
        unit="parcels/s",
        n=done,
        cpu_ms_per_unit=measured.cpu_ms / done,
        calibration=calibration,
        target="≥ 2,000 events/s",
    )
    _due_row(ground, "warm")  # what the rules say of that moment is settled once, in both sizes
    yield (few := _due_row(ground, "detect-due"))
    _fill_open(OPEN)
    yield (many := _due_row(ground, "detect-due@large"))
    yield Row(
        name="detect-due-growth",
        value=many.value / few.value,
        unit="×",
        n=OPEN,
        target="as many due, however many are open",
    )


def _due_row(ground: Ground, name: str) -> Row:
    """The median of five rounds over as many due parcels: what stands open beside them must not be felt."""
    calibration = ground.calibrate()
    times, cpu, done = list[float](), 0.0, 0
    for turn in range(5):
        due = _some_due(DUE, turn)
        began = time.perf_counter()
        with ground.measure(calibration, with_us=True) as measured:
            done += _sweep(due)
        times.append((time.perf_counter() - began) * 1000)
        cpu += measured.cpu_ms
    return Row(
        name=name,
        value=median(times),
        unit="ms",
        n=done,
        cpu_ms_per_unit=cpu / done,
        calibration=calibration,
        target=f"{DUE} due among all open",
    )


def _judge_all() -> float:
    """Parcels at every point of their way, each judged once."""
    from yishi.detection.rules.judge import judge
    from yishi.detection.rules.parcel import Parcel, Scan
    from yishi.detection.rules.settings import Scope, book_of
    from yishi.shipments.rules.milestones import MILESTONE_OF

    scans = tuple(
        Scan(T + timedelta(hours=3 * n), kind, MILESTONE_OF.get(kind, ""), city="南京市", outlet=f"O{n}")
        for n, kind in enumerate(_WAY)
    )
    parcels = [
        Parcel(scans=scans[: 1 + n % SCANS], promised_at=T + timedelta(days=3)) for n in range(PARCELS)
    ]
    book = book_of([], Scope(), T.date(), ZoneInfo("Asia/Shanghai"))
    at = T + timedelta(hours=31)
    began = time.process_time()
    for parcel in parcels:
        judge(parcel, book, at)
    return (time.process_time() - began) * 1e6 / PARCELS


_PARCELS = """
INSERT INTO shipments_shipment (waybill_no, carrier, milestone, moved_rank, moved_identity, first_event_at,
    last_event_at, last_city, courier_number)
SELECT 'YT' || lpad(n::text, 10, '0'), 'yuantong', 'OUT_FOR_DELIVERY', 18, '', %(t)s, %(t)s, '南京市', ''
  FROM generate_series(1, %(n)s) n
"""
_EVENTS = """
INSERT INTO shipments_event (identity, happened_at, received_at, shipment_id, source_id, kind, source_code,
    detail, city, outlet, courier, text, signed_by, position)
SELECT decode(md5(s.id || k.kind || k.place), 'hex'),
    %(t)s::timestamptz - interval '2 days' + k.place * interval '3 hours', %(t)s,
    s.id, 1, k.kind, '', '', '南京市', 'O' || k.place, 'C' || s.id %% 50, '', '', ''
  FROM shipments_shipment s, unnest(%(kinds)s::text[]) WITH ORDINALITY AS k (kind, place)
"""


def _fill(count: int) -> None:
    """That many parcels with nine scans, all to be looked at; the last was the way out to the door."""
    from django.db import connection

    from yishi.detection.actions.queue import queue_inspections

    with connection.cursor() as cursor:
        cursor.execute(_PARCELS, {"t": T, "n": count})
        cursor.execute(_EVENTS, {"t": T, "kinds": list(_WAY[:-1])})
        cursor.execute("ANALYZE")
        cursor.execute("SELECT id FROM shipments_shipment")
        ids = [row[0] for row in cursor.fetchall()]
    queue_inspections(shipment_ids=ids, at=T)


_LATER = """
INSERT INTO detection_inspection (shipment_id, due_at)
SELECT id, %(t)s + id %% 86400 * interval '1 second' FROM shipments_shipment
ON CONFLICT (shipment_id) DO UPDATE SET due_at = excluded.due_at
"""
_OPEN = """
INSERT INTO shipments_shipment (waybill_no, carrier, milestone, moved_rank, moved_identity, first_event_at,
    last_event_at, last_city, courier_number)
SELECT 'YT9' || lpad(n::text, 10, '0'), 'yuantong', 'IN_TRANSIT', 10, '', %(t)s, %(t)s, '南京市', ''
  FROM generate_series(1, %(n)s) n
"""
_SOME = """
UPDATE detection_inspection SET due_at = %(t)s WHERE shipment_id IN (
  SELECT id FROM shipments_shipment WHERE waybill_no LIKE 'YT0%%' ORDER BY id OFFSET %(skip)s LIMIT %(n)s)
"""


def _fill_open(count: int) -> None:
    """That many more open parcels, none of them due."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"t": T, "n": count})
        cursor.execute(_LATER, {"t": T + timedelta(days=300)})
        cursor.execute("VACUUM ANALYZE shipments_shipment, detection_inspection")


def _some_due(count: int, turn: int) -> datetime:
    """Lets that many parcels come due at one moment before all others; each turn others."""
    from django.db import connection

    moment = T - timedelta(days=300)
    with connection.cursor() as cursor:
        if not turn:
            cursor.execute(_LATER, {"t": T + timedelta(days=300)})
        cursor.execute(_SOME, {"t": moment, "n": count, "skip": turn * count})
    return moment


def _sweep(at: datetime) -> int:
    from yishi.detection.jobs import sweep_inspections

    done = 0
    while taken := sweep_inspections(at=at):
        done += taken
    return done
