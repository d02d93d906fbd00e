"""Tracking over HTTP: events, master data, contact attempts."""

import gzip
import json

import psycopg
import pytest

from tests.world import START
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.models.parcels import TrackingEvent

EVENT = {"waybill_no": "YT12345678", "kind": "accepted", "happened_at": "2026-11-20T10:00:00+08:00"}


@pytest.fixture
def key(db):
    return add_key(role=Role.INTEGRATOR, name="erp", by=SYSTEM_VIEWER, at=START)


@pytest.fixture
def post(client, key):
    def send(path, body, **headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {key}"} | headers
        return client.post(f"/api/v1{path}", data, content_type="application/json", headers=sent)

    return send


def test_counts_make_up_what_was_sent(post):
    answer = post("/events", [EVENT, EVENT, {**EVENT, "kind": "flown"}])
    assert (answer.status_code, answer.json()) == (
        200,
        {"accepted": 1, "duplicate": 1, "rejected": [{"index": 2, "reason": "unknown_kind"}]},
    )


def test_lines_and_gzip(post):
    body = gzip.compress(json.dumps(EVENT).encode() + b"\n{bad\n")
    answer = post("/events", body, **{"Content-Encoding": "gzip"})
    assert answer.json() == {"accepted": 1, "duplicate": 0, "rejected": [{"index": 1, "reason": "bad_json"}]}


def test_an_idempotency_key_is_ignored_here(post):
    post("/events", [EVENT], **{"Idempotency-Key": "a"})
    assert post("/events", [EVENT], **{"Idempotency-Key": "a"}).json()["duplicate"] == 1


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", {}, 400),
        (b"[{", {}, 400),
        (b"no gzip", {"Content-Encoding": "gzip"}, 400),
        (gzip.compress(b"[]", mtime=0)[:-4], {"Content-Encoding": "gzip"}, 400),
        (b"[]", {"Content-Encoding": "br"}, 415),
        (gzip.compress(b" " * (16 * 1024 * 1024 + 1)), {"Content-Encoding": "gzip"}, 413),
        (b" " * (4 * 1024 * 1024 + 1), {}, 413),
        (json.dumps([{}] * 5001).encode(), {}, 413),
        (b"[]", {"Authorization": "Bearer yk_nobody"}, 401),
        (b"[]", {"Authorization": "Basic x"}, 401),
    ],
)
def test_refusals_write_nothing(post, body, headers, status):
    answer = post("/events", body, **headers)
    assert (answer.status_code, answer["Content-Type"][:24]) == (status, "application/problem+json")
    assert TrackingEvent.objects.count() == 0


def test_another_roles_key_may_not(client, world):
    other = add_key(role=Role.QUALITY, name="q", by=SYSTEM_VIEWER, at=START)
    answer = client.post(
        "/api/v1/events", b"[]", content_type="application/json", headers={"Authorization": f"Bearer {other}"}
    )
    assert answer.status_code == 403


def test_five_thousand_are_taken(post):
    events = [{**EVENT, "waybill_no": f"YT{number:010d}"} for number in range(5000)]
    assert post("/events", events).json()["accepted"] == 5000


def test_master_data_says_what_is_switched_off(post):
    answer = post("/shipments", [{"waybill_no": "YT12345678", "product": "标快"}]).json()
    assert answer["accepted"] == 1
    assert answer["switched_off"] == [{"index": 0, "reason": "no_phone", "what": ["notices", "my_parcels"]}]


def test_a_contact_attempt(post):
    post("/events", [EVENT])
    said = {"kind": "CALL", "at": "2026-11-20T11:00:00+08:00", "outcome": "NO_ANSWER", "courier": "0231"}
    assert post("/shipments/YT12345678/contacts", said).status_code == 201
    assert post("/shipments/YT00000000/contacts", said).status_code == 404
    assert post("/shipments/YT12345678/contacts", {**said, "kind": "WAVE"}).status_code == 422


def test_without_the_database_nothing_is_acknowledged(post, monkeypatch):
    def gone(**_):
        raise psycopg.OperationalError("the server closed the connection")

    monkeypatch.setattr("yishi.shipments.actions.post.take_in", gone)
    answer = post("/events", [EVENT])
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
