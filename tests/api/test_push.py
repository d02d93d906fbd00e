"""Pushes of carriers over HTTP, answered in their own words."""

from hashlib import md5
from pathlib import Path
from urllib.parse import quote_plus

import pytest

import yishi
from tests.world import START
from yishi.feeds.actions.sources import add_source
from yishi.feeds.models import RawInput
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.models.parcels import Shipment, TrackingEvent

PAYLOADS = Path(yishi.__file__).parent / "plugins" / "feeds" / "kuaidi100" / "payloads"
SUCCESS = {"result": True, "returnCode": "200", "message": "成功"}


@pytest.fixture
def push(client, db):
    path = add_source(
        code="kuaidi100", plugin="kuaidi100", settings={"salt": "s4lt"}, by=SYSTEM_VIEWER, at=START
    )

    def send(body, path=path):
        return client.post(path, body, content_type="application/x-www-form-urlencoded")

    return send


def signed(param, salt=b"s4lt"):
    return f"param={quote_plus(param)}&sign={md5(param + salt).hexdigest()}".encode()


def payload(name):
    return (PAYLOADS / f"{name}.json").read_bytes()


def test_a_push_a_hundred_times_has_one_effect(push):
    for _ in range(100):
        assert push(signed(payload("push"))).json() == SUCCESS
    assert TrackingEvent.objects.count() == 4
    assert RawInput.objects.get().times_received == 100


def test_a_corrected_carrier_moves_the_parcel(push):
    push(signed(payload("push")))
    push(signed(payload("corrected")))
    shipment = Shipment.objects.get()
    assert (shipment.carrier, shipment.milestone) == ("zhongtong", "AT_PICKUP_POINT")


@pytest.mark.parametrize("name", ["abort", "unknown_code"])
def test_every_state_of_a_push_is_answered(push, name):
    assert push(signed(payload(name))).json() == SUCCESS


def test_signed_but_unreadable_is_a_success_and_kept(push):
    assert push(signed(b'{"status": "dancing"}')).json() == SUCCESS
    assert RawInput.objects.values_list("state", "reason").get() == ("QUARANTINED", "unknown_push_state")


@pytest.mark.parametrize("salt", [b"", b"other"])
def test_a_forged_push_is_refused_and_leaves_nothing(push, salt):
    answer = push(signed(payload("push"), salt))
    assert (answer.status_code, answer.json()) == (
        401,
        {"result": False, "returnCode": "500", "message": "签名错误"},
    )
    assert RawInput.objects.count() == 0


@pytest.mark.parametrize(("body", "status"), [(b"", 400), (b"  ", 400), (b"x" * (4 * 1024 * 1024 + 1), 413)])
def test_empty_and_oversized(push, body, status):
    assert push(body).status_code == status
    assert RawInput.objects.count() == 0


@pytest.mark.parametrize("path", ["/feeds/kuaidi100/wrong", "/feeds/nobody/wrong"])
def test_an_unknown_key_is_unknown(push, path):
    assert push(signed(payload("push")), path=path).status_code == 404


def test_other_methods_are_not_allowed(client, push):
    assert client.get("/feeds/kuaidi100/x").status_code == 405
