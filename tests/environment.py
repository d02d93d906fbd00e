"""The world a test run lives in, set before Django reads its settings: keys, home folder, database.

pytest loads this first (`-p tests.environment` in pyproject), because pytest-django reads the settings
before any conftest. Without `DATABASE_URL` the embedded server is started once, by the controller;
the workers of `pytest -n` find its address in their environment.
"""

import base64
import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parent.parent
_server = contextlib.ExitStack()


def _key(letter: bytes) -> str:
    return base64.b64encode(letter * 32).decode()


def _prepare() -> None:
    os.environ.pop("YISHI_DEMO", None)
    os.environ["YISHI_PROCESS"] = "test"
    os.environ["YISHI_KEYS"] = json.dumps(
        {
            "active": "k1",
            "keys": {"k1": _key(b"k")},
            "hash_key": _key(b"h"),
            "session_secret": "for tests only",
        }
    )
    home = os.environ.setdefault("YISHI_TEST_HOME", str(_ROOT / "var" / "test"))
    os.environ["YISHI_HOME"] = home
    if not os.environ.get("DATABASE_URL"):
        from yishi.host.database import running

        # a test run may lose its data when the machine dies; the tests of host start their own servers
        settings = {"fsync": "off", "max_connections": "200"}
        os.environ["DATABASE_URL"] = _server.enter_context(running(Path(home), settings=settings))
    if "PYTEST_XDIST_WORKER" not in os.environ:
        # the English of the pages; where it is already made this only looks
        subprocess.run([sys.executable, str(_ROOT / "tools/catalogue.py"), "compile"], check=True, timeout=60)


def pytest_unconfigure(config: pytest.Config) -> None:
    _server.close()


_prepare()
