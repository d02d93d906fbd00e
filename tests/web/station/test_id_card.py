"""证件: a bridge on loopback says whose card lies there; what it opens and that nothing is kept."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.stations.making import shelves, take_in
from tests.web.desk.conftest import browser
from tests.world import add_person
from yishi.people.queries import viewer_of_user
from yishi.people.rules import Role
from yishi.plugins.readers.reader_http import client
from yishi.stations.models.devices import StationIdReader
from yishi.stations.models.handouts import CodeTry, HandOut
from yishi.stations.models.parcels import StationParcel

pytestmark = pytest.mark.django_db
HERE, KEY = "/station/ST01", "bridge-key-1"
HIM = {"name": "卢大江", "id_tail": "123X"}


class Bridge(ThreadingHTTPServer):
    """What stands beside a reader; `answer` is sent whatever is asked, `drips` byte by byte."""

    def __init__(self) -> None:
        self.status, self.answer, self.drips, self.asked = 200, json.dumps(HIM).encode(), 0.0, []
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server: Bridge = self.server
        server.asked.append(self.headers.get("Authorization"))
        self.send_response(server.status)
        if 300 <= server.status < 400:
            self.send_header("Location", "http://169.254.169.254/")
        self.send_header("Content-Length", str(len(server.answer)))
        self.end_headers()
        for byte in [server.answer] if not server.drips else [bytes([b]) for b in server.answer]:
            try:
                self.wfile.write(byte)
                self.wfile.flush()
            except OSError:
                return
            time.sleep(server.drips)

    def log_message(self, *_args: object) -> None:
        """Says nothing: the test reads `asked`."""


@pytest.fixture
def bridge(settings) -> Iterator[Bridge]:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, webhook_networks=("127.0.0.1/32",))
    server = Bridge()
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def staff(world):
    shelves()
    user = add_person("keeper", "站长", Role.STATION_KEEPER, "DS01")
    by = viewer_of_user(user)
    take_in(by=by, phone="19900000021", person_name="卢大江")
    take_in("YT6190000000002", by=by, phone="19900000021", person_name="卢大江")
    return browser(user)


def connect(staff, bridge):
    address = f"http://127.0.0.1:{bridge.server_port}/card"
    said = {"address": address, "key": KEY}
    assert staff.post(f"{HERE}/machines/reader", said).status_code == 302


def card(staff, tail="0021"):
    answer = staff.post(f"{HERE}/card", {"tail": tail})
    return answer.status_code, answer.content.decode()


def test_a_card_opens_what_is_his_and_nothing_of_it_is_kept(staff, bridge, caplog):
    assert card(staff)[0] == 404 and not bridge.asked  # off until it is set up
    assert "放到阅读器上" not in staff.post(f"{HERE}/out", {"scan": "0021"}).content.decode()
    connect(staff, bridge)
    assert "放到阅读器上" in staff.post(f"{HERE}/out", {"scan": "0021"}).content.decode()
    status, page = card(staff)
    assert status == 200 and "有 2 件" in page and "看过证件" in page and bridge.asked == [f"Bearer {KEY}"]
    known = page.split('name="known" value="')[1].split('"')[0]
    ids = list(StationParcel.objects.values_list("pk", flat=True))
    assert staff.post(f"{HERE}/give", {"known": known, "parcels": ids}).status_code == 302
    given = HandOut.objects.get()
    assert (given.how, given.parcels.count()) == ("ID", 2) and given.given_by.startswith("user:")
    assert "123X" not in page and "123X" not in caplog.text and "卢大江" not in caplog.text
    assert KEY not in staff.get(f"{HERE}/machines").content.decode()


def test_another_persons_card_opens_nothing_and_is_counted(staff, bridge):
    connect(staff, bridge)
    bridge.answer = json.dumps({"name": "卢小江"}).encode()
    status, page = card(staff)
    assert status == 404 and "对不上" in page and "卢小江" not in page and "known" not in page
    assert CodeTry.objects.count() == 1
    for _n in range(4):
        card(staff)
    bridge.answer = json.dumps(HIM).encode()
    assert card(staff)[0] == 423 and not HandOut.objects.exists()


@pytest.mark.parametrize(
    ("status", "answer", "says"),
    [
        (204, b"", (404, "没有证件")),
        (500, b"", (503, "没有回应")),
        (302, b"", (503, "没有回应")),  # it may not lead us anywhere else
        (200, b"\xff\xfe<html>", (503, "没有回应")),
        (200, b'{"name": ["' + b"x" * 9 + b'"]}', (503, "没有回应")),
        (200, b'{"name": "\xe5\x8d\xa2"}', (503, "没有回应")),  # 卢 alone would be every Lu
        (200, b'{"name": "\xe5\x8d\xa2*"}', (503, "没有回应")),
        (200, b'{"name": "' + "卢大江".encode() + b'", "id": "320102199001011234"}', (503, "没有回应")),
        (200, b'{"name": "' + b"\xe5\x8d\xa2" * 4000 + b'"}', (503, "没有回应")),
        (200, b"[" * 4000, (503, "没有回应")),
    ],
)
def test_odd_answers_open_nothing(staff, bridge, status, answer, says):
    connect(staff, bridge)
    bridge.status, bridge.answer = status, answer
    got, page = card(staff)
    assert (got, says[1] in page) == (says[0], True)
    assert not CodeTry.objects.exists() and "known" not in page


def test_a_slow_reader_and_one_that_is_away(staff, bridge, monkeypatch):
    monkeypatch.setattr(client, "READ_WITHIN_S", 0.3)
    connect(staff, bridge)
    bridge.drips = 0.1
    begun = time.monotonic()
    assert card(staff)[0] == 503 and time.monotonic() - begun < 1.5
    assert (
        StationIdReader.objects.get().failed_at
        and "没有回应" in staff.get(f"{HERE}/machines").content.decode()
    )
    bridge.drips = 0
    assert card(staff)[0] == 200 and StationIdReader.objects.get().failed_at is None
    bridge.shutdown()
    bridge.server_close()
    assert card(staff)[0] == 503


def test_no_address_of_our_own_house_is_asked_unless_it_is_allowed(staff, bridge, settings):
    connect(staff, bridge)
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, webhook_networks=())
    assert card(staff)[0] == 503 and not bridge.asked


@pytest.mark.parametrize(
    "address", ["", "ftp://127.0.0.1/", "http://a:b@127.0.0.1/", "http://[", "http://x:99999/", "x" * 300]
)
def test_bad_addresses_are_refused(staff, bridge, address):
    assert staff.post(f"{HERE}/machines/reader", {"address": address}).status_code == 422
    assert not StationIdReader.objects.exists()


def test_it_is_taken_away_again_and_needs_a_tail(staff, bridge):
    connect(staff, bridge)
    assert card(staff, tail="21")[0] == 422 and not bridge.asked
    staff.post(f"{HERE}/machines/reader", {"way": "off"})
    assert card(staff)[0] == 404
