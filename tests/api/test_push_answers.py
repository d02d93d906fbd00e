"""Sources of several kinds push over HTTP, each signed and answered in its own way."""

from base64 import b64encode
from hashlib import md5
from pathlib import Path
from urllib.parse import quote_plus

import pytest

import yishi
from tests.world import START
from yishi.feeds.actions.sources import add_source
from yishi.feeds.models import RawInput
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.models.parcels import TrackingEvent

FEEDS = Path(yishi.__file__).parent / "plugins" / "feeds"
KDNIAO = (FEEDS / "kdniao" / "payloads" / "monitoring_102.json").read_bytes()
SF_XML = (FEEDS / "sf" / "payloads" / "routes.xml").read_bytes()
SF_JSON = (FEEDS / "sf" / "payloads" / "routes.json").read_bytes()
YUNDA = (FEEDS / "yunda" / "payloads" / "push.json").read_bytes()


@pytest.fixture
def push(client, db):
    def send(plugin, settings, body, content_type="application/x-www-form-urlencoded", **headers):
        path = add_source(code=plugin, plugin=plugin, settings=settings, by=SYSTEM_VIEWER, at=START)
        return client.post(path, body, content_type=content_type, headers=headers)

    return send


def kdniao_form(key):
    sign = b64encode(md5(KDNIAO + key).hexdigest().encode()).decode()
    return f"RequestData={quote_plus(KDNIAO)}&DataSign={quote_plus(sign)}&RequestType=102".encode()


def sf_form(word):
    code = b64encode(md5(SF_XML + word).digest()).decode()
    return f"content={quote_plus(SF_XML)}&verifyCode={quote_plus(code)}".encode()


def test_kdniao(push):
    settings = {"ebusiness_id": "1990001", "app_key": "k3y"}
    for _ in range(2):
        said = push("kdniao", settings, kdniao_form(b"k3y"))
        assert (said.status_code, said.json()["Success"], said.json()["EBusinessID"]) == (
            200,
            True,
            "1990001",
        )
    assert TrackingEvent.objects.count() == 9
    assert push("kdniao", settings, kdniao_form(b"other")).status_code == 401
    assert RawInput.objects.count() == 1


def test_sf_in_xml_and_in_json(push):
    said = push("sf", {"check_word": "w0rd"}, sf_form(b"w0rd"))
    assert (said.status_code, said["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert b"<Head>OK</Head>" in said.content
    refused = push("sf", {"check_word": "w0rd"}, sf_form(b"other"))
    assert (refused.status_code, b'<ERROR code="4001">' in refused.content) == (401, True)
    assert push("sf", {}, SF_JSON, "application/json").json() == {
        "return_code": "0000",
        "return_msg": "成功",
    }
    assert TrackingEvent.objects.count() == 9


def test_yunda(push):
    settings = {"secret": "s3cret", "app_key": "990001"}
    sign = md5(YUNDA + b"_s3cret").hexdigest()
    headers = {"app-key": "990001", "req-time": "1763600000000", "sign": sign}
    assert push("yunda", settings, YUNDA, "application/json", **headers).json()["result"] is True
    assert push("yunda", settings, YUNDA + b" ", "application/json", **headers).status_code == 401
    assert TrackingEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("plugin", "body"), [("kdniao", b"RequestData=x"), ("sf", b"<x/>"), ("yunda", b"{}")]
)
def test_signed_but_unreadable_is_a_success_and_kept(push, plugin, body):
    said = push(plugin, {}, body)
    assert said.status_code == 200
    assert RawInput.objects.get().state == "QUARANTINED"
