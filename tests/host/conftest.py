"""Homes and servers of the tests of host: small, started anew, always stopped."""

import contextlib
import shutil
import tempfile
from pathlib import Path

import psutil
import pytest

from yishi.host import database

SMALL = {"shared_buffers": "16MB", "max_connections": "20"}


@pytest.fixture(autouse=True)
def _own_world(monkeypatch):
    for name in ("DATABASE_URL", "YISHI_PG_PORT", "YISHI_PG_BIN", "YISHI_PG_FOLDER", "PORT"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def home():
    """A folder that the server's user reaches (pytest's own is closed to others)."""
    folder = Path(tempfile.mkdtemp(prefix="yishi-test-", dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder / "home"
    with contextlib.suppress(OSError, IndexError, ValueError, psutil.Error):
        lines = (folder / "home/database/cluster/data/postmaster.pid").read_text().splitlines()
        psutil.Process(int(lines[0])).kill()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def server(home):
    server = database.ensure_running(home, settings=SMALL)
    yield server
    if server.is_alive():
        server.stop()
