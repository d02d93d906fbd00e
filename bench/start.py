"""From the command to a page: the first start of an installation, and a restart of the same."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.harness import Ground, Row
from bench.meters import percentile

NAMES = ("start", "start@first")

RESTARTS = 3
_PATIENCE_S = 120.0


def run(ground: Ground) -> Iterator[Row]:
    """`yishi up` on an embedded server of its own until the look-up page is there, in ms."""
    with a_home() as home:
        first = _once(home)
        yield _row("start@first", [first], "schema and static files made; the install is not in it")
        yield _row("start", [_once(home) for _ in range(RESTARTS)], "≤ 5,000 ms")


def _row(name: str, times: list[float], target: str) -> Row:
    worst = percentile(times, 0.95)
    return Row(
        name=name,
        value=worst,
        unit="ms",
        n=len(times),
        p50=percentile(times, 0.5),
        p95=worst,
        p99=percentile(times, 0.99),
        target=target,
    )


@contextmanager
def a_home() -> Iterator[Path]:
    """An empty home that the database server's user can reach too."""
    with tempfile.TemporaryDirectory(prefix="yishi-start-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "home"


@contextmanager
def up(home: Path) -> Iterator[tuple[str, int, float]]:
    """A running `yishi up`: its address, its pid, and the ms until its first page."""
    port = _free_pair()
    address = f"http://127.0.0.1:{port}"
    ours = ("DATABASE_URL", "YISHI_WEB_ORIGIN", "YISHI_LIVE_ORIGIN", "YISHI_PROCESS")
    env = {name: value for name, value in os.environ.items() if name not in ours}
    env |= {"YISHI_HOME": str(home), "PORT": str(port)}
    began = time.perf_counter()
    command = [sys.executable, "-m", "yishi.cli.main", "up"]
    process = subprocess.Popen(command, env=env, stdout=sys.stderr, stderr=subprocess.DEVNULL)
    try:
        yield address, process.pid, _first_page(address, process, began)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _free_pair() -> int:
    """A port that is free together with the next one."""
    from yishi.host import ports

    while not ports.is_free((port := ports.pick()) + 1):
        pass
    return port


def _once(home: Path) -> float:
    with up(home) as (_, _, took):
        return took


def _first_page(address: str, process: "subprocess.Popen[bytes]", began: float) -> float:
    while time.perf_counter() - began < _PATIENCE_S and process.poll() is None:
        try:
            if httpx.get(address, timeout=10).status_code == 200:
                return (time.perf_counter() - began) * 1000
        except httpx.HTTPError:
            time.sleep(0.02)
    raise SystemExit(f"`yishi up` showed no page ({process.poll()})")
