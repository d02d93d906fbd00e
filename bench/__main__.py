"""`python -m bench [NAME …]`: JSON rows on standard output, the table on standard error."""

import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType

import bench
from bench.harness import Row, ground


def benchmarks(names: list[str]) -> Iterator[ModuleType]:
    """The modules that make these rows (or are called so); all when none is named."""
    for entry in sorted(pkgutil.iter_modules(bench.__path__), key=lambda e: e.name):
        if entry.name == "__main__":
            continue
        module = importlib.import_module(f"bench.{entry.name}")
        rows = getattr(module, "NAMES", ())
        if rows and (not names or entry.name in names or set(rows) & set(names)):
            yield module


def line(row: Row) -> str:
    """One line of the table."""
    cells = [
        f"{row.name:<22}",
        f"{row.value:>12,.1f} {row.unit:<10}",
        f"p50 {row.p50:8.1f}" if row.p50 is not None else " " * 12,
        f"p95 {row.p95:8.1f}" if row.p95 is not None else " " * 12,
        f"p99 {row.p99:8.1f}" if row.p99 is not None else " " * 12,
        f"{row.ratio:8.2f} × {row.baseline.name:<8}" if row.ratio is not None and row.baseline else " " * 19,
        f"{row.cpu_ms_per_unit:9.4f} ms CPU" if row.cpu_ms_per_unit is not None else " " * 16,
        f"÷ {row.calibration.factor:.2f}" if row.calibration else "",
        row.target,
    ]
    return " ".join(cells).rstrip()


def main() -> int:
    names = sys.argv[1:]
    chosen = list(benchmarks(names))
    if not chosen:
        print(f"no benchmark is called {' '.join(names)}", file=sys.stderr)
        return 2
    if len(chosen) > 1:
        # a process of its own for each: Django is set up once in one, and each has a database of its own,
        # so that none grows on what another left
        return max(run_alone(module.__name__.rpartition(".")[2]) for module in chosen)
    with ground() as place:
        for row in chosen[0].run(place):
            print(row.as_json(), flush=True)
            print(line(row), file=sys.stderr, flush=True)
    return 0


def run_alone(name: str) -> int:
    return subprocess.run([sys.executable, "-m", "bench", name], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
