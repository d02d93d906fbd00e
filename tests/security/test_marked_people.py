"""A person with unmistakable data goes through everything; then we look where the marks have gone."""

import dataclasses
import io
import json
import logging
from hashlib import md5
from urllib.parse import quote_plus

import pytest
from django.db import connection
from django.test import Client

from tests.notifications.gateways import smtp_server
from tests.security.conftest import photo
from tests.security.words import as_json
from tests.web.desk.conftest import browser
from tests.world import START
from yishi.cases.models.case import Case
from yishi.config.logging import PlainJson, WithoutPaths
from yishi.config.worker import sweep_all
from yishi.feeds.actions.sources import add_source
from yishi.kit.clock import now
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.models.codes import PickupCode

NUMBER = "YT7741000000012"
MARKS = {
    "name": "印记某某",
    "phone": "19900007741",
    "address": "印记里弄 7741 号",
    "email": "mark7741@example.cn",
    "virtual": "95013774188",
}
COURIERS_PHONE = "19900007742"
PICKUP_CODE = "77-41-8866"
CONTACT = {"phone": MARKS["phone"], "email": MARKS["email"], "name": MARKS["name"]}
PARCEL = {
    "waybill_no": NUMBER,
    "carrier": "yuantong",
    "consignee": {"name": MARKS["name"], "phone": MARKS["phone"], "address": MARKS["address"]},
    "shipper": {"name": MARKS["name"], "phone": MARKS["phone"], "address": MARKS["address"]},
    "destination_outlet": "025101",
}
OTHER_PARCEL = {
    "waybill_no": "YT7741000000029",
    "consignee": {
        "name": MARKS["name"],
        "phone": {
            "virtual": MARKS["virtual"],
            "extension": "7741",
            "valid_until": "2027-01-01T00:00:00+08:00",
        },
        "address": MARKS["address"],
    },
}
EVENT = {
    "waybill_no": NUMBER,
    "carrier": "yuantong",
    "kind": "out_for_delivery",
    "happened_at": "2026-11-21T08:00:00+08:00",
    "place": {"city": "南京市", "outlet": "025101"},
    "text": f"派件员（{COURIERS_PHONE}）正在为{MARKS['name']}（{MARKS['phone']}）派件，{MARKS['address']}",
}

COMPLAINT = {
    "FromUserName": "o7741",
    "CreateTime": 1795312860,
    "Event": "waybill_complaint",
    "Token": "t7741",
    "WayBillID": "YT7741000000037",
    "ComplainType": 1004,
    "Content": "还没到",
    "Name": MARKS["name"],
}
DEPOSIT = {
    "mail_no": NUMBER,
    "cp_code": "YTO",
    "action_code": "POSTMAN_POST",
    "action_time": 1795312860000,
    "getter_phone": MARKS["phone"],
    "extra": json.dumps({"auth_code": PICKUP_CODE}),
}

ALLOWED = {
    # the carrier's words are kept verbatim (house.md, "a scan"); what strangers read is redacted when shown
    ("shipments_event", "text"),
}


@pytest.fixture
def told(world, settings, tmp_path):
    """The story, told once; gives (what was logged, what was mailed, the case's token)."""
    settings.MEDIA_ROOT = tmp_path / "files"
    log, heard = io.StringIO(), logging.StreamHandler()
    heard.setStream(log)
    heard.setFormatter(PlainJson())
    heard.addFilter(WithoutPaths())
    heard.addFilter(lambda record: not record.name.startswith("mail."))  # the post box of this test
    loggers = [logging.getLogger(), logging.getLogger("yishi"), logging.getLogger("django.request")]
    before = [one.level for one in loggers]
    loggers[0].addHandler(heard)
    for one in loggers:
        one.setLevel(logging.DEBUG if one.name == "yishi" else logging.INFO)
    with smtp_server() as box:
        settings.ENVIRONMENT = dataclasses.replace(
            settings.ENVIRONMENT, home=tmp_path, email_url=box.url, sms_url="sms-http://127.0.0.1:9/none"
        )
        token = _story(world)
    yield log, tmp_path, token
    loggers[0].removeHandler(heard)
    for one, level in zip(loggers, before, strict=True):
        one.setLevel(level)


def _story(world):
    key = {
        "Authorization": f"Bearer {add_key(role=Role.INTEGRATOR, name='shop', by=SYSTEM_VIEWER, at=START)}"
    }
    client = Client(raise_request_exception=False)
    for path, rows in (("shipments", [PARCEL, OTHER_PARCEL]), ("events", [EVENT]), ("events", [PARCEL])):
        answer = client.post(f"/api/v1/{path}", as_json(rows), "application/json", headers=key)
        assert answer.status_code == 200, answer.content
    _push(client)
    said = {"waybill_no": NUMBER, "category": "DELAY", "text": "一直没到", "contact": CONTACT}
    body = {"case": as_json(said), "attachments": photo(f"{MARKS['name']}{MARKS['phone']}.jpg")}
    opened = client.post("/api/v1/public/cases", body, headers={"Idempotency-Key": "once"})
    assert opened.status_code == 201, opened.content
    code = client.post("/api/v1/public/codes", as_json({"phone": MARKS["phone"]}), "application/json").json()
    address = f"/api/v1/public/codes/{code['code_id']}"
    client.post(address, as_json({"code": "000000"}), "application/json")
    wish = {"items": [{"kind": "DOOR", "source": "self", "address": MARKS["address"]}]}
    wishes = f"/api/v1/consignees/{MARKS['phone']}/preferences"
    assert client.put(wishes, as_json(wish), "application/json", headers=key).status_code == 200
    desk, case_no = browser(world.lin), opened.json()["case_no"]
    assert MARKS["phone"] in desk.post(f"/desk/cases/{case_no}/reveal", {"reason": "核对"}).content.decode()
    assert desk.post(f"/desk/cases/{case_no}/reply", {"text": "在找"}).status_code == 302
    desk.get("/desk/", {"q": MARKS["phone"]})
    browser(world.lin).post("/desk/sign-in", {"username": MARKS["phone"], "password": MARKS["email"]})
    sweep_all(at=now())
    return opened.json()["token"]


def _push(client):
    """A signed push that cannot be read, with people in it, and one whose code nobody knows."""
    path = add_source(code="k100", plugin="kuaidi100", settings={"salt": "s"}, by=SYSTEM_VIEWER, at=START)
    for param in (f'{{"name": "{MARKS["name"]}", "phone": "{MARKS["phone"]}"', json.dumps(PARCEL)):
        raw = param.encode()
        body = f"param={quote_plus(raw)}&sign={md5(raw + b's').hexdigest()}"
        assert client.post(path, body, "application/x-www-form-urlencoded").status_code == 200

    for plugin, bodies in (
        ("wechat", [{**COMPLAINT, "Phone": MARKS["phone"]}, {**COMPLAINT, "Token": "t7742"}]),
        ("cainiao", [DEPOSIT]),
    ):
        path = add_source(code=plugin, plugin=plugin, settings={}, by=SYSTEM_VIEWER, at=START)
        for said_so in bodies:
            assert client.post(path, as_json(said_so), "application/json").status_code == 200


def found(text):
    marks = {**MARKS, "courier": COURIERS_PHONE, "pickup code": PICKUP_CODE}
    return [name for name, mark in marks.items() if mark in text]


def said(answer):
    """An answer's words; JSON hides them behind escapes."""
    is_json = "json" in answer["Content-Type"]
    return str(answer.json()) if is_json else answer.content.decode()


def columns():
    """(table, column, value as text) of the whole database; binary columns as UTF-8 where they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type IN"
            " ('text', 'character varying', 'bytea', 'jsonb', 'json', 'ARRAY', 'tsvector')"
        )
        for table, column, kind in cursor.fetchall():
            cursor.execute(f'SELECT "{column}"{"" if kind == "bytea" else "::text"} FROM "{table}"')
            for (value,) in cursor.fetchall():
                if value is not None:
                    plain = value if isinstance(value, str) else bytes(value).decode("utf-8", "replace")
                    yield table, column, plain


def test_no_table_holds_them_plainly(told):
    hits = {(t.split("_p2")[0], c, tuple(found(v))) for t, c, v in columns() if found(v)}
    wrong = {hit for hit in hits if not any(hit[0].startswith(t) and hit[1] == c for t, c in ALLOWED)}
    assert wrong == set()
    assert Case.objects.get(source="SELF").contact_id is not None
    assert Case.objects.filter(source="WECHAT").count() == 2
    assert PickupCode.objects.count() == 1


def test_no_log_line_holds_them(told):
    log, *_ = told
    logging.getLogger("yishi.test").warning("call %s about it", MARKS["phone"])
    lines = log.getvalue()
    assert "yishi.access" in lines and found(lines) == []


def test_no_file_holds_them(told):
    _, home, _ = told
    files = [path for path in home.rglob("*") if path.is_file()]
    assert files, "the photo is there"
    assert [path for path in files if found(path.read_bytes().decode("utf-8", "replace") + path.name)] == []


def test_strangers_and_lists_do_not_see_them(told, world):
    *_, token = told
    pages = {
        f"/api/v1/public/shipments/{NUMBER}": Client(),
        f"/t/{NUMBER}": Client(),
        f"/api/v1/public/cases/{token}": Client(),
        "/desk/?view=outlet": browser(world.owner),
        "/manage/": browser(world.operator),
        "/manage/notices": browser(world.owner),
        "/manage/people": browser(world.owner),
        "/metrics": Client(),
    }
    shown = {address: client.get(address) for address, client in pages.items()}
    assert {answer.status_code for answer in shown.values()} == {200}
    wrong = {a: found(said(answer)) for a, answer in shown.items()}
    assert {a: marks for a, marks in wrong.items() if marks} == {}


def test_an_operator_sees_the_shape_of_a_lost_body_and_nobody_in_it(told, world):
    from yishi.feeds.models import RawInput

    for raw_id in RawInput.objects.filter(state="QUARANTINED").values_list("pk", flat=True):
        page = browser(world.operator).get(f"/manage/quarantine/{raw_id}")
        assert page.status_code == 200 and found(page.content.decode()) == []


def test_a_crash_tells_nobody_whom_it_was_about(told, monkeypatch):
    log, _, token = told

    def crash(*_, **__):
        raise ValueError(f"{MARKS['phone']} {MARKS['name']}")

    monkeypatch.setattr("yishi.web.consumer.views.progress.list_timeline", crash)
    monkeypatch.setattr("yishi.api.public.public_timeline", crash)
    client = Client(raise_request_exception=False)
    for address in (f"/c/{token}", f"/api/v1/public/cases/{token}"):
        answer = client.get(address)
        assert answer.status_code == 500 and found(answer.content.decode()) == []
        assert token not in log.getvalue()
    assert "ValueError" in log.getvalue() and found(log.getvalue()) == []


def test_a_refusal_repeats_nobody(told, world):
    he = browser(world.he)
    for address in (f"/desk/cases/{MARKS['phone']}", f"/c/{MARKS['phone']}", f"/desk/{MARKS['name']}"):
        answer = he.get(address)
        assert answer.status_code == 404 and found(answer.content.decode()) == []
