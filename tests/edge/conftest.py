"""A real edge process on loopback, on the test's database."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import psycopg
import pytest
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


@pytest.fixture(scope="module")
def edge(django_db_setup: None, django_db_blocker: object) -> Iterator[str]:
    """The address of the edge."""
    port = free_port()
    env = {**os.environ, "DATABASE_URL": database_url(), "YISHI_PROCESS": "edge"}
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "asgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    process = subprocess.Popen([*command, "yishi.edge.app:application"], env=env, cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            httpx.get(f"{address}/health/live", timeout=1)
            break
        except httpx.HTTPError:
            time.sleep(0.1)
    yield address
    process.terminate()
    process.wait(10)


@pytest.fixture
def outside(edge: str) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """Another session of the same database, so that a notice is committed."""
    values = connection.get_connection_params()
    wanted = {k: values[k] for k in ("dbname", "user", "password", "host", "port") if values.get(k)}
    with psycopg.connect(**wanted, autocommit=True) as session:
        yield session
