"""Webhooks: told once and signed, tried again over three days, never into our own house."""

import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from tests.cases.making import at_dongshan
from tests.world import World
from yishi.cases.actions.reply import add_reply
from yishi.kit.addresses import may_call
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound
from yishi.kit.outbox import run_due
from yishi.notifications.actions.webhooks import (
    add_webhook,
    pause_webhook,
    remove_webhook,
    send_again,
)
from yishi.notifications.jobs.webhooks import sweep_due_webhooks
from yishi.notifications.models import Webhook, WebhookCall
from yishi.notifications.queries.webhooks import list_calls, list_webhooks
from yishi.notifications.rules import next_call, sign_call, webhook_fault
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


class Receiver(ThreadingHTTPServer):
    """A program of somebody else: keeps what it is told, answers as it is set to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told: list[tuple[dict[str, str], bytes]] = []
        self.status = 204

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook?from=yishi"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator lets webhooks reach this machine."""
    monkeypatch.setattr(
        settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, webhook_networks=("127.0.0.0/8",))
    )


def tell_all(at: datetime) -> None:
    while run_due(at=at):
        pass
    while sweep_due_webhooks(at=at):
        pass


# ---- rules


@pytest.mark.parametrize(
    ("address", "is_allowed"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        *((address, False) for address in (
            "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "::1",
            "fe80::1",
            "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "224.0.0.1", "255.255.255.255",
            "100.64.0.1", "not an address",
        )),
    ],
)  # fmt: skip
def test_only_public_addresses_are_called(address: str, is_allowed: bool) -> None:
    assert may_call(address) is is_allowed


def test_a_network_of_our_own_may_be_allowed() -> None:
    assert may_call("10.2.3.4", allowed=("10.2.0.0/16",))
    assert not may_call("10.3.3.4", allowed=("10.2.0.0/16",))


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://example.cn/hook", ""),
        ("http://example.cn/hook", "not_https"),
        ("ftp://example.cn/", "bad_url"),
        ("https://user:pass@example.cn/", "bad_url"),
        ("https:///nowhere", "bad_url"),
        ("https://example.cn:99999/", "bad_url"),
        ("https://example.cn/\r\nX: y", "bad_url"),
        ("javascript:alert(1)", "bad_url"),
    ],
)
def test_addresses_of_webhooks(url: str, fault: str) -> None:
    assert webhook_fault(url, is_plain_allowed=False) == fault


def test_tries_reach_over_three_days_and_then_end() -> None:
    at, tries, moments = AT, 1, []
    while (again := next_call(tries=tries, created_at=AT, at=at)) is not None:
        moments.append(again - AT)
        at, tries = again, tries + 1
    assert moments[:4] == [timedelta(seconds=s) for s in (15, 75, 315, 1275)]
    assert moments[-1] == timedelta(days=3) and len(moments) < 16


# ---- told


@pytest.mark.django_db(transaction=True)
def test_a_case_is_told_signed_and_once(world: World, receiver: Receiver, at_home: None) -> None:
    _, secret = add_webhook(
        url=receiver.url, events=["case.opened", "case.updated"], by=SYSTEM_VIEWER, at=now()
    )
    case = at_dongshan(world, at=now())
    tell_all(now())
    tell_all(now())
    ((headers, body),) = receiver.told
    said = json.loads(body)
    assert (said["event"], said["data"]["case_no"], said["data"]["status"]) == (
        "case.opened",
        case.case_no,
        "OPEN",
    )
    assert said["id"] == headers["Yishi-Delivery"]
    second, _, signature = headers["Yishi-Signature"].partition(",v1=")
    expected = hmac.new(secret.encode(), f"{second[2:]}.".encode() + body, "sha256").hexdigest()
    assert signature == expected
    with transaction.atomic():
        add_reply(case_id=case.case_id, text="马上去找", by=SYSTEM_VIEWER, at=now())
    tell_all(now())
    # the answer, and the case taken in hand
    assert {json.loads(body)["event"] for _, body in receiver.told[1:]} == {"case.updated"}
    assert "马上去找" not in "".join(body.decode() for _, body in receiver.told), "no words of anybody"


@pytest.mark.django_db(transaction=True)
def test_what_is_not_taken_comes_again_and_is_set_aside_in_the_end(
    world: World, receiver: Receiver, at_home: None
) -> None:
    receiver.status = 500
    webhook_id, _ = add_webhook(url=receiver.url, events=["case.opened"], by=SYSTEM_VIEWER, at=now())
    at_dongshan(world, at=now())
    start = now()
    at = start
    while at <= start + timedelta(days=4):
        tell_all(at)
        at = WebhookCall.objects.get().due_at or start + timedelta(days=5)
    ids = {headers["Yishi-Delivery"] for headers, _ in receiver.told}
    assert len(ids) == 1 and len(receiver.told) > 10, "the same call, under the same id"
    (call,) = list_calls(viewer=SYSTEM_VIEWER, webhook_id=webhook_id)
    assert (call.state, call.last_status) == ("DEAD", 500)
    (card,) = list_webhooks(viewer=SYSTEM_VIEWER)
    assert (card.dead, card.paused_reason) == (1, "3 days")
    receiver.status = 204
    pause_webhook(webhook_id=webhook_id, reason="", by=SYSTEM_VIEWER)
    assert send_again(webhook_id=webhook_id, by=SYSTEM_VIEWER, at=at) == 1
    tell_all(at)
    assert WebhookCall.objects.get().state == "SENT"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("status", "state", "paused"), [(302, "QUEUED", ""), (404, "QUEUED", ""), (410, "DEAD", "410")]
)
def test_what_an_answer_means(
    world: World, receiver: Receiver, at_home: None, status: int, state: str, paused: str
) -> None:
    receiver.status = status
    add_webhook(url=receiver.url, events=["case.opened"], by=SYSTEM_VIEWER, at=now())
    at_dongshan(world, at=now())
    tell_all(now())
    assert (WebhookCall.objects.get().state, Webhook.objects.get().paused_reason) == (state, paused)
    assert len(receiver.told) == 1, "a redirect is not followed"


@pytest.mark.django_db(transaction=True)
def test_our_own_house_is_not_called(
    world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = replace(settings.ENVIRONMENT, webhook_networks=("10.0.0.0/8",))
    monkeypatch.setattr(settings, "ENVIRONMENT", private)
    add_webhook(url=receiver.url, events=["case.opened"], by=SYSTEM_VIEWER, at=now())
    at_dongshan(world, at=now())
    tell_all(now())
    assert receiver.told == []
    assert WebhookCall.objects.get().last_error == "address not allowed"


def test_an_outlets_key_hears_of_its_own_cases_only(world: World, receiver: Receiver, at_home: None) -> None:
    seer = replace(SYSTEM_VIEWER, outlet_codes=frozenset({"DS01"}))
    add_webhook(url=receiver.url, events=["case.opened"], by=seer, at=now())
    other = replace(SYSTEM_VIEWER, outlet_codes=frozenset({"DS99"}))
    add_webhook(url=receiver.url, events=["case.opened"], by=other, at=now())
    at_dongshan(world, at=now())
    while run_due(at=now()):
        pass
    assert [call.webhook.outlet_codes for call in WebhookCall.objects.all()] == [["DS01"]]


# ---- refused


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "events", "pointer"),
    [
        ("https://example.cn/", [], "/events"),
        ("https://example.cn/", ["case.opened", "case.closed"], "/events/1"),
        ("http://example.cn/", ["case.opened"], "/url"),
    ],
)
def test_a_wrong_webhook_is_refused_and_not_kept(url: str, events: list[str], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        add_webhook(url=url, events=events, by=SYSTEM_VIEWER, at=AT)
    assert [error[0] for error in refused.value.errors] == [pointer]
    assert Webhook.objects.count() == 0


@pytest.mark.django_db
def test_somebody_elses_webhook_is_unknown(world: World) -> None:
    webhook_id, _ = add_webhook(url="https://example.cn/", events=["case.opened"], by=SYSTEM_VIEWER, at=AT)
    narrow = replace(SYSTEM_VIEWER, outlet_codes=frozenset({"DS01"}))
    with pytest.raises(NotFound):
        remove_webhook(webhook_id=webhook_id, by=narrow, at=AT)
    with pytest.raises(NotAllowed):
        remove_webhook(webhook_id=webhook_id, by=replace(narrow, role=Role.COURIER), at=AT)
    assert Webhook.objects.get().removed_at is None


@pytest.mark.django_db
def test_over_the_api_the_secret_is_said_once(world: World) -> None:
    key = add_key(role="INTEGRATOR", name="shop", by=SYSTEM_VIEWER, at=now())
    bearer = {"Authorization": f"Bearer {key}"}
    said = {"url": "https://shop.example.cn/yishi", "events": ["case.resolved"]}
    made = Client().post("/api/v1/webhooks", said, content_type="application/json", headers=bearer)
    assert made.status_code == 201 and made.json()["secret"].startswith("whsec_")
    listed = Client().get("/api/v1/webhooks", headers=bearer).json()
    assert listed["items"][0]["url"] == said["url"] and "secret" not in listed["items"][0]
    gone = Client().delete(f"/api/v1/webhooks/{made.json()['id']}", headers=bearer)
    assert gone.status_code == 204
    assert Client().get("/api/v1/webhooks", headers=bearer).json()["items"] == []


def test_a_signature_is_what_the_contract_says() -> None:
    digest = hmac.new(b"s", b"1795338000.{}", "sha256").hexdigest()
    assert sign_call("s", b"{}", at=datetime.fromtimestamp(1795338000, UTC)) == f"t=1795338000,v1={digest}"
