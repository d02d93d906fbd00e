"""F7 and F10 against a running server: too much is refused before it is held, replays add nothing."""

import gzip
import os
import socket
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from hashlib import md5
from urllib.parse import quote_plus

import httpx
import psutil
import pytest
from django.test import Client

from tests.edge.process import ROOT, database_url, free_port
from tests.security.conftest import PARCEL
from tests.security.words import as_json
from tests.world import CONSUMER_PHONE, START
from yishi.feeds.actions.sources import add_source
from yishi.feeds.models import RawInput
from yishi.kit.errors import Refusal
from yishi.kit.photos import make_safe
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.models.parcels import Shipment, TrackingEvent

MB = 1024 * 1024
GROWTH = 64 * MB
_pids: dict[int, int] = {}
DJANGO = {"DJANGO_SETTINGS_MODULE": "yishi.config.settings"}


def _served(kind: str) -> Iterator[int]:
    """The port of a server of ours, as `yishi up` runs it."""
    from yishi.host import commands

    port = free_port()
    env = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "YISHI_PROCESS": kind,
        "PYTHONPATH": str(ROOT),
        **DJANGO,
    }
    command = commands.web if kind == "web" else commands.edge
    with subprocess.Popen(command(port=port, host="127.0.0.1"), env=env, cwd=ROOT) as process:
        for _ in range(200):
            try:
                httpx.get(f"http://127.0.0.1:{port}/health/live", timeout=1)
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        _pids[port] = process.pid
        yield port
        process.terminate()


@pytest.fixture(scope="module")
def web(django_db_setup, django_db_blocker) -> Iterator[tuple[int, psutil.Process]]:
    """A web server of ours: its port and its process."""
    env = {**os.environ, "DATABASE_URL": database_url(), "PYTHONPATH": str(ROOT), **DJANGO}
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "-v0"]
    subprocess.run(command, env=env, cwd=ROOT, check=True)
    for port in _served("web"):
        yield port, psutil.Process(_pids[port])


@pytest.fixture(scope="module")
def edge_port(django_db_setup, django_db_blocker) -> Iterator[int]:
    """The edge beside it."""
    yield from _served("edge")


def memory(process):
    return sum(one.memory_info().rss for one in (process, *process.children(recursive=True)))


class Watch:
    """The most memory that a process held while the block ran, and how long that took."""

    def __init__(self, process):
        self.process, self.peak, self.is_over = process, 0, threading.Event()

    def __enter__(self):
        self.before, self.started = memory(self.process), time.perf_counter()
        self.thread = threading.Thread(target=self._look)
        self.thread.start()
        return self

    def _look(self):
        while not self.is_over.wait(0.02):
            self.peak = max(self.peak, memory(self.process))

    def __exit__(self, *_):
        self.seconds = time.perf_counter() - self.started
        self.is_over.set()
        self.thread.join()
        self.growth = self.peak - self.before


def pour(port, head, body, *, most):
    """Sends a request as fast as it goes; gives the answer's first line and how much was taken."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(head)
        sent, answer = 0, b""
        try:
            while sent < most:
                line.sendall(body)
                sent += len(body)
                line.setblocking(False)
                with suppress(BlockingIOError):
                    answer = line.recv(4096)
                line.setblocking(True)
                if answer:
                    break
        except OSError:
            pass
        line.settimeout(20)
        try:
            answer = answer or line.recv(4096)
        except OSError:
            answer = b""
        return answer.split(b"\r\n")[0].decode(), sent


MULTIPART = b"multipart/form-data; boundary=x"


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        (b"/complain", MULTIPART),
        (b"/api/v1/public/cases", MULTIPART),
        (b"/api/v1/public/cases", b"application/json"),
        (b"/api/v1/events", b"application/json"),
        (b"/feeds/a/b", b"application/x-www-form-urlencoded"),
    ],
)
def test_a_gigabyte_is_refused_by_its_length(web, address, kind):
    port, process = web
    head = b"POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
    with Watch(process) as watch:
        line, sent = pour(port, head % (address, kind, 1024 * MB), b"x" * MB, most=1024 * MB)
    assert "413" in line and sent < 40 * MB, (line, sent)
    assert watch.growth < GROWTH and watch.seconds < 5


@pytest.mark.parametrize("address", [b"/complain", b"/api/v1/public/cases", b"/api/v1/events"])
def test_a_body_without_length_is_not_held(web, address):
    port, process = web
    head = b"POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"%x\r\n%s\r\n" % (MB, b"x" * MB)
    with Watch(process) as watch:
        line, sent = pour(port, head % (address, MULTIPART), chunk, most=400 * MB)
    assert line.split(" ")[1][0] == "4" and sent < 100 * MB, (line, sent)
    assert watch.growth < GROWTH


@pytest.mark.parametrize("length", [b"Content-Length: 1073741824", b"Transfer-Encoding: chunked"])
def test_the_edge_holds_no_more_than_its_limit(edge_port, length):
    head = b"POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n" % length
    chunk = b"x" * MB if b"Length" in length else b"%x\r\n%s\r\n" % (MB, b"x" * MB)
    line, sent = pour(edge_port, head, chunk, most=1024 * MB)
    assert "413" in line and sent < 40 * MB, (line, sent)


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"a":' * 100_000, b'"' + b"\\" * 99_999, b"1" * 100_000, b"NaN"]
)
def test_json_without_a_bottom_is_unreadable(place, integrator, body):
    key = add_key(role=Role.QUALITY, name="hq", by=SYSTEM_VIEWER, at=START)
    for address in (
        "public/cases",
        "public/codes",
        "cases",
        "events",
        "shipments",
        f"cases/{place.case.case_no}/notes",
    ):
        bearer = integrator if address in {"events", "shipments"} else key
        client = Client(raise_request_exception=False)
        headers = {"Authorization": f"Bearer {bearer}"}
        answer = client.generic("POST", f"/api/v1/{address}", body, "application/json", headers=headers)
        assert answer.status_code in {200, 400, 422}, address


def picture(width, height):
    """A PNG of one colour: a few kilobytes that unpack to gigabytes."""
    row = zlib.compress(b"\0" * 1000 * 1000, 9)

    def part(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", row) + part(b"IEND", b"")


@pytest.mark.parametrize("size", [(30_000, 30_000), (2**31 - 1, 1), (1, 2**31 - 1), (0, 0)])
def test_a_picture_too_large_is_never_decoded(size):
    process, started = psutil.Process(), time.perf_counter()
    before = memory(process)
    with pytest.raises(Refusal):
        make_safe(picture(*size))
    assert memory(process) - before < GROWTH and time.perf_counter() - started < 2


@pytest.fixture
def integrator(world):
    return add_key(role=Role.INTEGRATOR, name="shop", by=SYSTEM_VIEWER, at=START)


@pytest.mark.parametrize("level", [1, 2])
def test_a_bomb_is_cut_while_it_unpacks(integrator, level):
    body = gzip.compress(b"[" + b" " * 400 * MB)
    body = gzip.compress(body) if level == 2 else body
    process = psutil.Process()
    with Watch(process) as watch:
        answer = Client().post(
            "/api/v1/events", body, "application/json",
            headers={"Authorization": f"Bearer {integrator}", "Content-Encoding": "gzip"},
        )  # fmt: skip
    assert answer.status_code in {400, 413}
    assert watch.growth < GROWTH and watch.seconds < 5
    assert not RawInput.objects.exists()


def test_ten_thousand_parts_are_too_many(world):
    parts = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="a%d"\r\n\r\nv\r\n' % n for n in range(10_000)
    )
    for address in ("/complain", "/api/v1/public/cases"):
        client = Client(raise_request_exception=False)
        answer = client.generic("POST", address, parts + b"--x--\r\n", MULTIPART.decode())
        assert answer.status_code in {400, 413}


@pytest.mark.parametrize(
    "charset", ["utf-16", "utf-7", "gb18030", "base64", "idna", "bogus", "utf-8; charset=x"]
)
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_odd_charsets_are_an_answer(world, charset, kind):
    said = {"waybill_no": PARCEL, "category": "DELAY", "text": "慢", "contact": {"phone": CONSUMER_PHONE}}
    for address in ("/api/v1/public/cases", "/api/v1/events", "/complain", "/feeds/a/b", "/desk/sign-in"):
        for body in (as_json(said).encode("utf-16"), "慢=慢".encode("gb18030"), b"\xff\xfe\x00", b""):
            client = Client(raise_request_exception=False)
            answer = client.generic("POST", address, body, f"{kind}; charset={charset}")
            assert answer.status_code < 500, (address, body)


@pytest.fixture
def push(world):
    """`push(param, sign)` as 快递100 does; without a sign the right one."""
    path = add_source(code="k100", plugin="kuaidi100", settings={"salt": "s"}, by=SYSTEM_VIEWER, at=START)

    def send(param, sign=None, path=path):
        sign = md5(param + b"s").hexdigest().upper() if sign is None else sign
        body = f"param={quote_plus(param)}&sign={sign}"
        return Client(raise_request_exception=False).post(path, body, "application/x-www-form-urlencoded")

    return send


def payload(name="push"):
    return (ROOT / "yishi/plugins/feeds/kuaidi100/payloads" / f"{name}.json").read_bytes()


def state():
    rows = Shipment.objects.values_list("waybill_no", "carrier", "milestone", "last_event_at")
    return TrackingEvent.objects.count(), RawInput.objects.count(), sorted(rows)


def test_a_hundred_replays_have_one_effect(push):
    push(payload())
    once = state()
    assert {push(payload()).status_code for _ in range(99)} == {200}
    assert state() == once


def test_altered_stale_and_forged_pushes_are_refused(push):
    push(payload())
    once, good = state(), md5(payload() + b"s").hexdigest()
    altered = [payload().replace(b"2", b"3", 1), payload() + b" ", payload()[:-1], b""]
    assert {push(body, good).status_code for body in altered} <= {400, 401}
    for sign in ("", "0" * 32, good[:-1], good + "0", good[::-1], md5(payload()).hexdigest(), "é", "%00"):
        assert push(payload(), sign).status_code == 401, sign
    assert state() == once


def test_an_older_push_afterwards_does_not_turn_the_parcel_back(push):
    push(payload())
    (_, _, now_it_stands) = state()
    import json

    old = json.loads(payload())
    old["lastResult"]["data"] = old["lastResult"]["data"][-1:]
    assert push(json.dumps(old, ensure_ascii=False).encode()).status_code == 200
    assert state()[2] == now_it_stands


def test_signatures_are_compared_in_constant_time():
    """A reader that compares with == tells by its time how much of a signature was right."""
    for card in (ROOT / "yishi/plugins/feeds").glob("*/card.py"):
        text = card.read_text()
        assert any(word in text for word in ("compare_digest", "same(", "return True")), card


def test_nobody_but_senders_and_sources_calls_other_hosts():
    """No address that a stranger writes is ever fetched: only the operator's own gateways and sources are."""
    callers = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "yishi").rglob("*.py")
        if any(
            word in path.read_text()
            for word in ("httpx", "urlopen", "http.client", "import requests", "aiohttp")
        )
    }
    # host asks its own port on loopback who is there; webhooks reach public addresses only (their own tests)
    assert callers == {
        "yishi/plugins/senders/sms_http/client.py",
        "yishi/plugins/lenders/lend_http/client.py",
        "yishi/plugins/senders/voice_http/client.py",
        "yishi/kit/outside.py",
        "yishi/plugins/common/asking.py",
        "yishi/plugins/common/robots.py",
        "yishi/plugins/common/wechat_api.py",
        "yishi/plugins/models/openai/client.py",
        "yishi/host/ports.py",
        "yishi/notifications/jobs/webhooks.py",
    }
