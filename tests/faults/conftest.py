"""One installation for all faults, keys to speak with it, and a post box that counts."""

import os
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from tests.faults.installation import Installation
from tests.notifications.gateways import smtp_server

TIMES = int(os.environ.get("YISHI_FAULTS", "1"))
"""How often each thing is killed; `make faults` says twenty."""


@pytest.fixture(scope="package")
def post():
    """Where all mail of the installation goes."""
    with smtp_server() as box:
        yield box


@pytest.fixture(scope="package")
def place(post):
    """A running installation with an integrator's and a quality manager's key."""
    installation = Installation(YISHI_EMAIL_URL=post.url)
    try:
        installation.start()
        roles = ("integrator", "quality")
        with ThreadPoolExecutor() as both:
            made = both.map(lambda role: installation.yishi("key", "add", "--role", role), roles)
            keys = dict(zip(roles, made, strict=True))
        yield SimpleNamespace(up=installation, keys=keys)
    finally:
        installation.end()
