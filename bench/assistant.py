"""What it costs to understand a line: the blind set, through the process of vectors, at two sizes."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from bench.harness import Ground, Row

NAMES = ("assistant", "assistant@large", "assistant-growth")

# lines that nothing was trained on: none is in the dictionary because it stands in the book
SIZES = (80, 800)
SEED = 20_261
CPU_TARGET_MS, P95_TARGET_MS = 25, 120
GROWTH_TARGET = 1.2


def run(ground: Ground) -> Iterator[Row]:
    """CPU of this process and of the one that makes vectors; p95 as the caller waits for it."""
    from yishi.assistant.queries.phrases import held_out_lines
    from yishi.assistant.queries.understand import understand

    texts = [line.text for line in held_out_lines()]
    random.Random(SEED).shuffle(texts)
    calibration, costs = ground.calibrate(), []
    with _vectors(ground):
        understand("先热一下身看看")
        for size, name in zip(SIZES, NAMES, strict=False):
            waits, stages = [], Counter()
            with ground.measure(calibration, with_us=True) as measured:
                for text in texts[:size]:
                    began = time.perf_counter()
                    stages[str(understand(text).stage)] += 1
                    waits.append((time.perf_counter() - began) * 1_000)
            costs.append(measured.cpu_ms / len(waits))
            yield _row(name, sorted(waits), costs[-1], stages, calibration)
    yield Row(name=NAMES[-1], value=costs[1] / costs[0], unit="×", n=sum(SIZES), target=f"≤ {GROWTH_TARGET}")


def _row(name, waits, cost, stages, calibration):
    shares = ", ".join(f"{stage} {count / len(waits):.0%}" for stage, count in stages.most_common())
    return Row(
        name=name,
        value=waits[int(len(waits) * 0.95)],
        unit="ms",
        n=len(waits),
        p50=waits[len(waits) // 2],
        p95=waits[int(len(waits) * 0.95)],
        p99=waits[int(len(waits) * 0.99)],
        cpu_ms_per_unit=cost,
        calibration=calibration,
        target=f"≤ {CPU_TARGET_MS} ms CPU, p95 ≤ {P95_TARGET_MS} ms; {shares}",
    )


@contextmanager
def _vectors(ground: Ground) -> Iterator[None]:
    """The process that makes vectors, listening in the ground's home."""
    command = [sys.executable, "-m", "yishi.cli.main", "assistant", "serve"]
    process = subprocess.Popen(command, env={**os.environ, "YISHI_HOME": str(ground.home)})
    ground.pids.append(process.pid)
    try:
        for _ in range(300):
            if (ground.home / "assistant.sock").exists():
                break
            time.sleep(0.05)
        yield
    finally:
        ground.pids.remove(process.pid)
        process.terminate()
        process.wait(timeout=20)
