"""The first page of an outlet's worklist and of the whole operator's, among 10,000 and 100,000 open cases."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from bench.caseload import fill, make_operator
from bench.harness import Ground, Row
from bench.meters import percentile

NAMES = ("worklist", "worklist@large", "worklist-growth")

SIZES = (10_000, 100_000)
READS = int(os.environ.get("BENCH_READS", "200"))
GROWTH_TARGET = 1.5


def run(ground: Ground) -> Iterator[Row]:
    """Pages with their counts, as the desk reads them, by agents and by head office in turn."""
    load = make_operator(0)
    calibration, p95 = ground.calibrate(), []
    for size, name in zip(SIZES, NAMES, strict=False):
        fill(size)
        _read(load.agent_ids, 20)
        with ground.measure(calibration, with_us=True) as measured:
            times = _read(load.agent_ids, READS)
        p95.append(percentile(times, 0.95))
        yield Row(
            name=name,
            value=p95[-1],
            unit="ms",
            n=READS,
            p50=percentile(times, 0.5),
            p95=p95[-1],
            p99=percentile(times, 0.99),
            cpu_ms_per_unit=measured.cpu_ms / READS,
            calibration=calibration,
            target="p95 ≤ 40 ms",
        )
    yield Row(
        name="worklist-growth", value=p95[1] / p95[0], unit="×", n=2 * READS, target=f"≤ {GROWTH_TARGET}"
    )


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
