"""What the stories share: the clock in hand, browsers, the command line, and a post box that is real."""

import dataclasses
import hashlib
import io
import json
import re
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.notifications.gateways import smtp_server
from tests.world import START
from yishi.cli.main import group
from yishi.config.worker import sweep_all
from yishi.kit.clock import now

WAYBILL_NO = "YT9900000000017"
SALT = "cloud-brocade"
MASTER_DATA = {
    "waybill_no": WAYBILL_NO,
    "carrier": "yuantong",
    "merchant": "M01",
    "consignee": {
        "name": "王女士",
        "phone": "19900000001",
        "address": "江苏省南京市江宁区东山街道外港河路 1 号",
    },
    "goods": "砂洗蚕丝薄被",
    "destination_outlet": "025101",
}


@pytest.fixture
def clock():
    """Stands at ten on a Sunday morning until it is moved."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def post(settings, tmp_path):
    """A SMTP server on loopback that Yishi's mail goes to; its `messages` are what arrived."""
    with smtp_server() as box:
        settings.ENVIRONMENT = dataclasses.replace(
            settings.ENVIRONMENT, home=tmp_path, email_url=box.url, sms_url="log:"
        )
        yield box


@pytest.fixture
def told(clock, world, post):
    """The world of a story: the cast, with the clock and the post box in hand."""
    return world


@pytest.fixture
def person():
    """`person(user)` is a browser in which somebody is signed in; without a user it is a consumer's."""

    def open_browser(user=None):
        client = Client()
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return open_browser


@pytest.fixture
def yishi(monkeypatch):
    """`yishi("feed", "import", …)` runs a command here, so that it lives at the story's time."""
    monkeypatch.delenv("YISHI_DEMO", raising=False)

    def run(*arguments):
        done = CliRunner().invoke(group, list(arguments))
        assert done.exit_code == 0, done.output
        return done.stdout

    return run


def counts(stdout):
    """(accepted, duplicate, rejected) as `yishi feed import` prints them."""
    found = dict(line.split(" ") for line in stdout.splitlines() if re.fullmatch(r"[a-z]+ \d+", line))
    return tuple(int(found[name]) for name in ("accepted", "duplicate", "rejected"))


def trace(waybill_no=WAYBILL_NO, *more):
    """A push in 快递100's own shape, of a parcel that is out for delivery; `more` are (state, context)."""
    road = [
        ("1", "揽收", "苏州园区网点已揽收", 40, "江苏,苏州市"),
        ("0", "在途", "快件到达 南京市 转运中心", 11, "江苏,南京市"),
        ("5", "派件", "派件员王小明(19900000011)正在派件", 2, "江苏,南京市,江宁区"),
        *((code, word, context, 0, "江苏,南京市,江宁区") for code, word, context in more),
    ]
    data = []
    for code, word, context, hours, area in reversed(road):
        local = (now() - timedelta(hours=hours) + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M:%S")
        data.append(
            {
                "context": context,
                "time": local,
                "ftime": local,
                "status": word,
                "statusCode": code,
                "areaName": area,
            }
        )
    result = {
        "message": "ok",
        "state": "5",
        "status": "200",
        "ischeck": "0",
        "com": "yuantong",
        "nu": waybill_no,
    }
    return {
        "status": "polling",
        "billstatus": "got",
        "message": "",
        "autoCheck": "0",
        "comOld": "",
        "comNew": "",
        "lastResult": {**result, "data": data},
    }


def push(client, path, payload, *, salt=SALT, sign=None):
    """Posts a payload as 快递100 does: a form of `param` and its signature."""
    param = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
    sign = sign or hashlib.md5((param + salt).encode()).hexdigest().upper()
    body = urlencode({"sign": sign, "param": param})
    return client.post(path, body, content_type="application/x-www-form-urlencoded")


def photo(name="门口.jpg", *, size=(640, 480), place=True):
    """A picture that says where it was taken, as telephones' pictures do."""
    body, exif = io.BytesIO(), Image.Exif()
    if place:
        exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 57.0, 12.0), 3: "E", 4: (118.0, 50.0, 24.0)})
    Image.new("RGB", size, "#b9c6c4").save(body, "JPEG", exif=exif)
    return SimpleUploadedFile(name, body.getvalue(), "image/jpeg")


def text_of(answer):
    assert answer.status_code == 200, answer
    return answer.content.decode()


def work(clock=None, *, later=None):
    """Lets the worker do all that is due, after moving the clock on."""
    if later is not None:
        clock.shift(later)
    return sweep_all(at=now())


@contextmanager
def letters(post):
    """The mail that arrives in the block, as [(to, heading, body)]."""
    already, got = len(post.messages), []
    yield got
    got += [_letter(envelope) for envelope in post.messages[already:]]


def _letter(envelope):
    from email import message_from_bytes
    from email.policy import default

    message = message_from_bytes(envelope.content, policy=default)
    return envelope.rcpt_tos[0], str(message["Subject"]), message.get_content()
