"""What the whole stack holds at rest: web, edge, worker, their parent and every postgres, as PSS."""

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil

from bench.harness import Ground, Row
from bench.start import a_home, up

NAMES = ("memory",)

_PAGES = 60
_REST_S = 5.0


def run(ground: Ground) -> Iterator[Row]:
    """`yishi up` that has served a few pages and then rests; what processes share counts once.

    The assistant has been asked, so that what it needs is loaded: in its own process and in those that ask.
    """
    with a_home() as home, up(home) as (address, pid, _):
        _wait_until_ready(address)
        _visit(address)
        _understand(home)
        time.sleep(_REST_S)
        sizes = pss_by_name(pid)
    said = ", ".join(f"{name} {size:.0f}" for name, size in sorted(sizes.items(), key=lambda item: -item[1]))
    without = sum(sizes.values()) - sizes.get("assistant", 0.0)
    yield Row(
        name="memory",
        value=sum(sizes.values()),
        unit="MB",
        n=1,
        target=f"≤ 700 MB, without the assistant {without:.0f} ≤ 450 MB; {said}",
    )


def _wait_until_ready(address: str) -> None:
    for _ in range(300):
        if httpx.get(f"{address}/health/ready", timeout=10).status_code == 200:
            return
        time.sleep(0.1)
    raise SystemExit("the installation did not become ready within 30 s")


def _visit(address: str) -> None:
    """Every process has loaded what a page needs; each request its own connection, so both servers serve."""
    for _ in range(_PAGES):
        for path in ("/", "/desk/sign-in", "/t/YT0000000000000"):
            httpx.get(f"{address}{path}", timeout=10)


def _understand(home: Path) -> None:
    """A few lines through the process of vectors, once it listens."""
    for _ in range(200):
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.connect(str(home / "assistant.sock"))
            line.sendall(json.dumps({"texts": ["东西放哪了也不说一声"] * 8}).encode() + b"\n")
            line.makefile("rb").readline()
            return
        time.sleep(0.1)


def pss_by_name(pid: int) -> dict[str, float]:
    """MB of this process and all that came from it, by what they are."""
    parent = psutil.Process(pid)
    sizes: dict[str, float] = {}
    for process in [parent, *parent.children(recursive=True)]:
        try:
            name, size = _kind_of(process), _pss(process.pid)
        except (psutil.Error, OSError):
            continue  # it has just ended
        sizes[name] = sizes.get(name, 0.0) + size
    return sizes


def _kind_of(process: psutil.Process) -> str:
    if process.name() == "postgres":
        return "postgres"
    kind = process.environ().get("YISHI_PROCESS", "")
    return kind if kind in {"web", "edge", "worker", "assistant"} else "parent"


def _pss(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0
