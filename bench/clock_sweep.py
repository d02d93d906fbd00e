"""The clock sweep: the same number of clocks due among 10,000, 100,000 and a million open cases.

`BENCH_CLOCK_SIZES=10000,100000` leaves the million out.
"""

import os
from collections.abc import Iterator
from datetime import timedelta

from bench.caseload import NOW, ahead, fill, make_operator
from bench.harness import Ground, Row

NAMES = ("clock-sweep", "clock-sweep@large", "clock-sweep@million", "clock-sweep-growth")

SIZES = tuple(int(size) for size in os.environ.get("BENCH_CLOCK_SIZES", "10000,100000,1000000").split(","))
DUE = int(os.environ.get("BENCH_DUE", "200"))
GROWTH_TARGET = 1.2


def run(ground: Ground) -> Iterator[Row]:
    """Clocks warned at half of their time; then how the cost of one grew from the first size to the last."""
    make_operator(0)
    calibration, costs = ground.calibrate(), []
    for size, name in zip(SIZES, NAMES, strict=False):
        fill(size)
        _sweep(_make_due(20))
        moment = _make_due(DUE)
        with ground.measure(calibration, with_us=True) as measured:
            done = _sweep(moment)
        if done != DUE:
            raise SystemExit(f"{done} clocks were acted on instead of {DUE}")
        costs.append(measured.cpu_ms / DUE)
        yield Row(
            name=name,
            value=DUE / measured.seconds,
            unit="clocks/s",
            n=DUE,
            cpu_ms_per_unit=costs[-1],
            calibration=calibration,
        )
    growth = costs[-1] / costs[0]
    n = len(costs) * DUE
    yield Row(name=NAMES[-1], value=growth, unit="×", n=n, target=f"≤ {GROWTH_TARGET}")


_made = 0


def _make_due(count: int) -> float:
    """Lets that many clocks become due at once, at a moment before all others; days from now."""
    global _made
    from django.db import connection

    days = -30 + _made
    _made += 1
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sla_clock SET act_at = %s, half_at = %s WHERE id IN (SELECT id FROM sla_clock"
            " WHERE warned_share = 0 AND kind = 'RESOLUTION' ORDER BY id LIMIT %s)",
            [ahead(days), NOW - timedelta(days=60), count],
        )
    return days


def _sweep(days: float) -> int:
    from yishi.sla.jobs import sweep_due_clocks

    return sweep_due_clocks(at=ahead(days), limit=10 * DUE)
