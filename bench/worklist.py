"""The first page of an outlet's worklist and of the whole operator's, among 10,000 open cases and more.

`BENCH_SIZES=10000,100000` leaves the million out.
"""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from bench.caseload import fill, make_operator
from bench.harness import Ground, Row
from bench.meters import percentile

NAMES = ("worklist", "worklist@large", "worklist@million", "worklist-growth")

SIZES = tuple(int(size) for size in os.environ.get("BENCH_SIZES", "10000,100000,1000000").split(","))
READS = int(os.environ.get("BENCH_READS", "200"))
# of p50, from the first size to the last: numbers.md
GROWTH_TARGET = 1.3


def run(ground: Ground) -> Iterator[Row]:
    """Pages with their counts, as the desk reads them, by agents and by head office in turn."""
    load = make_operator(0)
    calibration, medians = ground.calibrate(), []
    for size, name in zip(SIZES, NAMES, strict=False):
        fill(size)
        _read(load.agent_ids, 20)
        with ground.measure(calibration, with_us=True) as measured:
            times = _read(load.agent_ids, READS)
        medians.append(percentile(times, 0.5))
        yield Row(
            name=name,
            value=percentile(times, 0.95),
            unit="ms",
            n=READS,
            p50=medians[-1],
            p95=percentile(times, 0.95),
            p99=percentile(times, 0.99),
            cpu_ms_per_unit=measured.cpu_ms / READS,
            calibration=calibration,
            target="p95 ≤ 40 ms",
        )
    growth, n = medians[-1] / medians[0], len(medians) * READS
    yield Row(name=NAMES[-1], value=growth, unit="×", n=n, target=f"≤ {GROWTH_TARGET} × of p50")


def _read(agent_ids: list[int], count: int) -> list[float]:
    from yishi.cases.queries.worklist import worklist, worklist_counts
    from yishi.people.models import User
    from yishi.people.queries import viewer_of_user
    from yishi.people.rules import SYSTEM_VIEWER

    agents = [viewer_of_user(user) for user in User.objects.filter(pk__in=agent_ids)]
    viewers, views = [*agents, SYSTEM_VIEWER], ("mine", "outlet", "unassigned", "breaking", "waiting")
    times = []
    for number in range(count):
        viewer, at = viewers[number % len(viewers)], datetime.now(UTC)
        began = time.perf_counter()
        worklist(viewer=viewer, view=views[number % len(views)], at=at)
        worklist_counts(viewer=viewer, at=at)
        times.append((time.perf_counter() - began) * 1000)
    return times
