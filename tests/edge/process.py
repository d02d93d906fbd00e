"""Starts the real edge on loopback, on the database of the test."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def database_url() -> str:
    """The address of the test's own database, over TCP or a socket."""
    v = connection.settings_dict
    login = f"{quote(v['USER'])}:{quote(v['PASSWORD'] or '')}@127.0.0.1:{v['PORT'] or 5432}"
    return f"postgresql://{login}/{v['NAME']}?host={quote(v['HOST'] or '127.0.0.1')}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_edge(port: int, **env: str) -> Iterator[str]:
    """The edge's address while the block runs."""
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1"]
    process = subprocess.Popen(
        [*command, "--port", str(port), "yishi.edge.app:application"],
        env={**os.environ, "DATABASE_URL": database_url(), "YISHI_PROCESS": "edge", **env},
        cwd=ROOT,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                httpx.get(f"{address}/health/live", timeout=1)
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)
