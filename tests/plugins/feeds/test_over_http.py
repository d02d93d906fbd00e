"""Pushes over HTTP: signed ones are taken, altered ones refused, floods cut, and one bad part stays alone."""

import gzip
import hmac
import io
import json
from base64 import b64encode
from hashlib import md5, sha256

import psutil
import pytest

from bench.multiplied import multiplied
from tests.plugins.feeds.junk import changed
from tests.plugins.feeds.reading import digest, form, payload
from tests.world import START
from yishi.api.push import MAX_BODY
from yishi.feeds.actions.sources import add_source
from yishi.feeds.models import RawInput
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.models.parcels import Shipment, TrackingEvent

pytestmark = pytest.mark.django_db
SECRET = "s4lt"
MB = 1024 * 1024


def zto(content):
    return content, {"x-datadigest": digest(content, b"s4lt")}


def sto(content):
    return form(content=content, data_digest=digest(content, b"s4lt"), from_code="a"), {}


def jt(content):
    return form(bizContent=content), {"digest": digest(content, b"s4lt")}


def yto(content):
    said = b"s4lt" + b"formatJSON" + b"param" + content
    return form(format=b"JSON", param=content, sign=md5(said).hexdigest().upper()), {}


def track17(content):
    return content, {"sign": sha256(content + b"/s4lt").hexdigest()}


def aftership(content):
    return content, {"aftership-hmac-sha256": b64encode(hmac.digest(b"s4lt", content, "sha256")).decode()}


SIGNED = {
    "zto": (zto, "push.json", 4),
    "sto": (sto, "push.json", 1),
    "jt": (jt, "push.json", 4),
    "yto": (yto, "push.json", 4),
    "track17": (track17, "updated.json", 5),
    "aftership": (aftership, "update.json", 4),
}


@pytest.fixture
def push(client):
    """`push(plugin, body, headers)` to a source of that format, with its secret or without one."""

    def send(plugin, body, headers=None, secret=SECRET):
        names = {"jt": "private_key", "track17": "key"}
        said = {names.get(plugin, "secret"): secret} if secret else {}
        path = add_source(code=plugin, plugin=plugin, settings=said, by=SYSTEM_VIEWER, at=START)
        return client.generic("POST", path, body, "application/json", headers=headers or {})

    return send


@pytest.mark.parametrize("plugin", SIGNED)
def test_a_signed_push_is_taken_once_however_often_it_comes(push, plugin):
    sign, name, events = SIGNED[plugin]
    body, headers = sign(payload(plugin, name))
    assert {push(plugin, body, headers).status_code for _ in range(3)} == {200}
    assert TrackingEvent.objects.count() == events
    assert RawInput.objects.get().times_received == 3


@pytest.mark.parametrize("plugin", SIGNED)
def test_an_altered_push_is_refused_and_leaves_nothing(push, plugin):
    sign, name, _ = SIGNED[plugin]
    body, headers = sign(payload(plugin, name))
    altered = body.replace(b"99000", b"99001", 1)
    assert altered != body
    assert push(plugin, altered, headers).status_code == 401
    assert push(plugin, body, {}, secret="another").status_code == 401
    assert (RawInput.objects.count(), Shipment.objects.count()) == (0, 0)


def test_the_same_aftership_event_sent_again_at_another_time_has_one_effect(push):
    for again in (b"1795169400", b"1795169430"):
        assert push(
            "aftership", *aftership(payload("aftership", "update.json").replace(b"1795169400", again))
        )
    assert (TrackingEvent.objects.count(), RawInput.objects.count()) == (4, 2)


def test_of_a_thousand_parcels_in_one_push_the_broken_one_is_named(push):
    said = json.loads(payload("kdniao", "traces_101.json"))
    said["Data"] = [{**said["Data"][0], "LogisticCode": f"YT99{n:010d}"} for n in range(1000)]
    said["Data"][500] = {"LogisticCode": "YT990000000500", "Traces": "none today"}
    answer = push("kdniao", written(said), secret="")
    assert answer.json()["Success"] is True
    assert Shipment.objects.count() == 999
    kept = RawInput.objects.get()
    assert (kept.state, kept.rejected) == ("TAKEN", 1) and kept.detail.endswith("bad_json")


def written(said):
    return json.dumps(said, ensure_ascii=False).encode()


def test_twenty_one_events_newest_first_then_oldest_first(push):
    said = json.loads(multiplied(payload("zto", "push.json"), 21))
    push("zto", written(said), secret="")
    once = Shipment.objects.values("milestone", "moved_at", "last_event_at", "last_city").get()
    push("zto", written(changed(said, lambda v: v[::-1] if isinstance(v, list) else v)), secret="")
    assert Shipment.objects.values("milestone", "moved_at", "last_event_at", "last_city").get() == once
    assert TrackingEvent.objects.count() == 21


@pytest.mark.parametrize("plugin", ["zto", "kdniao", "sf", "generic"])
def test_a_bomb_is_kept_as_it_came_and_never_unpacked(push, plugin):
    bomb = gzip.compress(b"[" + b" " * 400 * MB, 9)
    process = psutil.Process()
    before = process.memory_info().rss
    assert push(plugin, bomb, {"Content-Encoding": "gzip"}, secret="").status_code == 200
    assert process.memory_info().rss - before < 64 * MB
    assert RawInput.objects.values_list("state", flat=True).get() == "QUARANTINED"


def test_too_much_is_refused_by_its_length_before_it_is_read(push):
    answer = push("zto", b"x" * (MAX_BODY + 1))
    assert (answer.status_code, RawInput.objects.count()) == (413, 0)


@pytest.mark.parametrize(("size", "status"), [(MAX_BODY, 200), (MAX_BODY + 1, 413), (0, 400)])
def test_a_body_in_chunks_is_read_to_the_limit_and_no_further(client, size, status):
    path = add_source(code="zto", plugin="zto", settings={}, by=SYSTEM_VIEWER, at=START)
    stream = io.BytesIO(b"7" * size + b"more" * (size > MAX_BODY))
    answer = client.request(
        REQUEST_METHOD="POST", PATH_INFO=path, **{"wsgi.input": stream, "wsgi.input_terminated": True}
    )
    assert answer.status_code == status
    assert stream.tell() <= MAX_BODY + 1
