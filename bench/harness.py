"""The ground that every benchmark stands on: a database of its own, our processes, rows and the table.

A benchmark is a module here with `NAMES` (its rows' names) and `run(ground) -> Iterator[Row]`; `python -m
bench`
finds it. Its imports of Django and of rooms stand inside `run`: settings are ready only then.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx
import psutil
import psycopg

from bench.meters import Baseline, Calibration, bare, calibrate, cpu_of, tpcb

DATABASE = "yishi_bench"


@dataclass(kw_only=True)
class Row:
    """One line of the result, as contracts.md "Benchmarks" has it."""

    name: str
    value: float
    unit: str
    n: int
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    baseline: Baseline | None = None
    cpu_ms_per_unit: float | None = None
    calibration: Calibration | None = None
    target: str = ""

    @property
    def ratio(self) -> float | None:
        return self.value / self.baseline.value if self.baseline else None

    def as_json(self) -> str:
        said = {
            "name": self.name,
            "value": _short(self.value),
            "unit": self.unit,
            "p50": _short(self.p50),
            "p95": _short(self.p95),
            "p99": _short(self.p99),
            "baseline": {"name": self.baseline.name, "value": _short(self.baseline.value)}
            if self.baseline
            else None,
            "ratio": _short(self.ratio),
            "cpu_ms_per_unit": _short(self.cpu_ms_per_unit),
            "calibration": _short(self.calibration.factor) if self.calibration else None,
            "n": self.n,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        return json.dumps(
            {key: value for key, value in said.items() if value is not None}, ensure_ascii=False
        )


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


@dataclass
class Measured:
    """One stretch of work: wall seconds, and calibrated CPU of the server and every postgres in ms."""

    seconds: float = 0.0
    cpu_ms: float = 0.0


@dataclass
class Ground:
    """The server under test."""

    url: str
    home: Path
    postmaster: int
    pids: list[int] = field(default_factory=list)

    def calibrate(self) -> Calibration:
        return calibrate(self.url, self.postmaster)

    def bare(self) -> Baseline:
        return bare(self.url, self.postmaster)

    def tpcb(self) -> Baseline:
        return tpcb(self.url, self.postmaster)

    @contextmanager
    def measure(self, calibration: Calibration, *, with_us: bool = False) -> Iterator[Measured]:
        """Measures what stands inside; `with_us` = the work is done in this process, not by a server's."""
        pids = [self.postmaster, *self.pids]
        cpu, own, began = cpu_of(pids), time.process_time(), time.perf_counter()
        measured = Measured()
        yield measured
        measured.seconds = time.perf_counter() - began
        used = cpu_of(pids) - cpu + (time.process_time() - own if with_us else 0.0)
        measured.cpu_ms = used * 1000 / calibration.factor

    @contextmanager
    def serve(self, kind: str, *, processes: int = 1) -> Iterator[str]:
        """Processes of ours, `web` or `edge`, on one free port; its address."""
        from yishi.host import commands

        port = _free_port()
        address = f"http://127.0.0.1:{port}"
        environment = {**os.environ, "YISHI_PROCESS": kind, "YISHI_WEB_ORIGIN": address}
        command: Callable[..., list[str]] = getattr(commands, kind)
        said = self.home / f"{kind}.log"
        with said.open("wb") as log:
            started = [
                subprocess.Popen(
                    command(port=port, host="127.0.0.1"), env=environment, stdout=log, stderr=log
                )
                for _ in range(processes)
            ]
        self.pids += [process.pid for process in started]
        try:
            _wait_for(f"{address}/health/live", *started)
            yield address
        except BaseException:
            print(said.read_text(errors="replace")[-4_000:], file=sys.stderr)
            raise
        finally:
            for process in started:
                self.pids.remove(process.pid)
                process.terminate()
            for process in started:
                process.wait(timeout=20)

    @contextmanager
    def work(self) -> Iterator[None]:
        """The worker, as it runs in the product."""
        from yishi.host import commands

        environment = {**os.environ, "YISHI_PROCESS": "worker"}
        said = self.home / "worker.log"
        with said.open("wb") as log:
            process = subprocess.Popen(commands.yishi("worker"), env=environment, stdout=log, stderr=log)
        self.pids.append(process.pid)
        try:
            yield
            if process.poll() is not None:
                raise SystemExit(f"the worker ended with {process.returncode}")
        except BaseException:
            print(said.read_text(errors="replace")[-4_000:], file=sys.stderr)
            raise
        finally:
            self.pids.remove(process.pid)
            process.terminate()
            process.wait(timeout=20)


@contextmanager
def ground() -> Iterator[Ground]:
    """A fresh, migrated database on the server of DATABASE_URL, else on an embedded one; Django is set up."""
    with tempfile.TemporaryDirectory(prefix="yishi-bench-") as folder:
        home = Path(folder)
        if url := os.environ.get("DATABASE_URL"):
            yield from _on(url, home)
            return
        from yishi.host.database import ensure_running

        server = ensure_running(home)
        try:
            yield from _on(server.url, home)
        finally:
            server.stop()


def _on(url: str, home: Path) -> Iterator[Ground]:
    ours = _fresh_database(url)
    os.environ.update(
        DATABASE_URL=ours,
        YISHI_HOME=str(home),
        DJANGO_SETTINGS_MODULE="yishi.config.settings",
        YISHI_PROCESS=os.environ.get("YISHI_PROCESS", "bench"),
    )
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], check=True, stdout=sys.stderr)
    import django

    django.setup()
    with psycopg.connect(ours) as connection:
        backend = connection.info.backend_pid
        postmaster = psutil.Process(backend).ppid()
    yield Ground(url=ours, home=home, postmaster=postmaster)
    from django.db import connections

    connections.close_all()


def _fresh_database(url: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {DATABASE}")
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{DATABASE}"))


def _free_port() -> int:
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(address: str, *started: "subprocess.Popen[bytes]") -> None:
    """Until each of them answers: whoever asks often enough meets all that listen on the port."""
    answered = 0
    for _ in range(300):
        for process in started:
            if process.poll() is not None:
                raise SystemExit(f"the server ended with {process.returncode} before it answered")
        try:
            answered += httpx.get(address, timeout=1).status_code == 200
            if answered >= (1 if len(started) == 1 else 20 * len(started)):
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise SystemExit(f"{address} did not answer within 30 s")
