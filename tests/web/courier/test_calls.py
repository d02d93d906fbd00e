"""Ringing through a lent number: a provider on a socket of its own, and what stands in when he lends none."""

import json
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.test import Client

from tests.web.courier.conftest import FOREIGN, MINE, wish
from tests.web.courier.test_sync import deed, send
from tests.world import CONSUMER_PHONE
from yishi.consignees.models import Contact
from yishi.kit.clock import now
from yishi.notifications.models import Delivery
from yishi.shipments.models.parcels import ContactAttempt

DIAL = f"/courier/parcels/{MINE}/dial"
LENT = {"number": "95013000001", "extension": "27", "reference": "bind-9"}


class Provider(ThreadingHTTPServer):
    """Lends one number; `answer` is what it says next, `asked` what it was asked."""

    answer: tuple[int, bytes] = (200, json.dumps(LENT).encode())
    asked: list[dict[str, object]]


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        key = {"key": self.headers["Idempotency-Key"], "who": self.headers["Authorization"]}
        self.server.asked.append(json.loads(body) | key)
        status, said = self.server.answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    server = Provider(("127.0.0.1", 0), _Handler)
    server.asked = []
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://secret@127.0.0.1:{server.server_port}/bind"
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, lender_url=url)
    yield server
    server.shutdown()
    server.server_close()


def test_a_number_is_lent_at_the_touch_and_its_call_kept(liu: Client, provider: Provider) -> None:
    assert 'data-lend="' in liu.get(f"/courier/parcels/{MINE}").content.decode()
    said = liu.post(DIAL).json()
    assert (said["dial"], said["kind"]) == ("95013000001,27", "LENT")
    (asked,) = provider.asked
    assert asked["callee"] == CONSUMER_PHONE and asked["caller"] and asked["who"] == "Bearer secret"
    assert send(liu, deed("contact", kind="CALL", lent=said["reference"]))["state"] == "done"
    assert ContactAttempt.objects.get().reference == "call:bind-9"
    assert liu.post(f"/courier/parcels/{FOREIGN}/dial").status_code == 404 and len(provider.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [(503, b"{}"), (200, b"not json"), (200, b'{"number": "javascript:1"}'), (200, b" " * 20_000),
     (200, b'{"number": "95013000001", "extension": "2;7"}')],
)  # fmt: skip
def test_who_lends_nothing_leaves_the_number_at_hand(liu: Client, provider: Provider, answer) -> None:
    provider.answer = answer
    assert liu.post(DIAL).json() == {"dial": CONSUMER_PHONE, "kind": "REAL", "reference": ""}
    Contact.objects.update(virtual_number="95013999999", virtual_extension="4", virtual_until=None)
    assert liu.post(DIAL).json()["dial"] == "95013999999,4"


def test_where_the_real_number_may_not_be_dialled_none_is(liu: Client, provider: Provider, settings) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, dials_real=False)
    provider.answer = (500, b"")
    assert liu.post(DIAL).json()["dial"] == ""
    page = liu.get(f"/courier/parcels/{MINE}").content.decode()
    assert CONSUMER_PHONE not in page and 'data-attempt="CALL"' in page
    Contact.objects.update(virtual_number="95013999999", virtual_until=now())
    assert liu.post(DIAL).json()["dial"] == ""


def test_an_approved_text_goes_out_as_a_letter_once_and_not_to_who_wants_a_call(liu: Client, world) -> None:
    assert send(liu, deed("message", text="COMING", minutes=1))["code"] == "ring_instead"
    wish("CALL_FIRST")
    assert send(liu, deed("message", text="COMING", minutes=40))["code"] == "too_late_to_tell"
    assert send(liu, deed("message", text="Hallo", minutes=1))["state"] == "refused"
    assert not Delivery.objects.filter(kind="COURIER").exists()
    assert send(liu, deed("message", text="COMING", minutes=1))["state"] == "done"
    assert send(liu, deed("message", text="WHERE", minutes=1))["code"] == "told_just_now"
    letter = Delivery.objects.get(kind="COURIER")
    assert "半小时左右到" in letter.body and letter.to == CONSUMER_PHONE
    made = ContactAttempt.objects.get()
    assert (made.kind, made.outcome) == ("SMS", "sent") and str(letter.notice_id) in made.reference
