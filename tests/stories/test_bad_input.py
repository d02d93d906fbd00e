"""Whatever is sent: a clear answer, and nothing that was said is lost."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from tests.stories.conftest import SALT, WAYBILL_NO, photo, push, text_of, trace
from tests.web.consumer.conftest import take_road
from tests.world import CONSUMER_PHONE
from yishi.cases.actions.open import open_case
from yishi.cases.models.case import Case
from yishi.cases.models.history import TimelineEntry
from yishi.feeds.actions.inbox import replay
from yishi.feeds.actions.sources import add_source
from yishi.feeds.models import RawInput
from yishi.kit.clock import now
from yishi.people.rules import SYSTEM_VIEWER

PARCEL = "771200000018826"
SAID = "没有人敲门，显示签收了。"


@pytest.fixture
def path(told):
    return add_source(
        code="kuaidi100", plugin="kuaidi100", settings={"salt": SALT}, by=SYSTEM_VIEWER, at=now()
    )


@pytest.fixture
def form(told):
    take_road(PARCEL)
    return {"category": "SIGNED_NOT_RECEIVED", "text": SAID, "phone": CONSUMER_PHONE, "once": "a press"}


def quarantined():
    return list(RawInput.objects.filter(state="QUARANTINED").values_list("reason", flat=True))


def milestone():
    return Client().get(f"/api/v1/public/shipments/{WAYBILL_NO}").json().get("milestone")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "param",
    [
        "{",
        "[]",
        "null",
        '"x"',
        "{}",
        '{"status":"who knows"}',
        '{"status":"polling"}',
        "\x00",
        "[" * 5000,
        "{}" * 9,
    ],
)
def test_a_signed_body_that_cannot_be_read_is_kept_for_the_operator(path, person, told, param):
    answer = push(person(), path, param)
    assert answer.status_code == 200 and answer.json()["result"] is True
    assert len(quarantined()) == 1
    assert "kuaidi100" in text_of(person(told.operator).get("/manage/"))


@pytest.mark.django_db
@pytest.mark.parametrize(("charset", "kept"), [("gb18030", []), ("utf-16-le", ["bad_json"])])
def test_chinese_encodings_are_read_and_others_kept(path, client, charset, kept):
    import hashlib
    from urllib.parse import quote_from_bytes

    param = json.dumps(trace(), ensure_ascii=False).encode(charset)
    sign = hashlib.md5(param + SALT.encode()).hexdigest()
    body = f"param={quote_from_bytes(param)}&sign={sign}"
    answer = client.post(path, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200 and quarantined() == kept


@pytest.mark.django_db
@pytest.mark.parametrize("body", ["", " ", "sign=", "param=%7B%7D", "param=%7B%7D&sign=00", "\x00\xff=1"])
def test_without_a_signature_nothing_is_taken(path, client, body):
    answer = client.post(path, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {400, 401} and not RawInput.objects.exists()


@pytest.mark.django_db
def test_a_push_that_is_too_large_or_to_nobody(path, client):
    body = b"param=" + b"x" * (4 * 1024 * 1024)
    kind = "application/x-www-form-urlencoded"
    assert client.post(path, body, content_type=kind).status_code == 413
    assert client.post("/feeds/kuaidi100/no-such-key", body[:99], content_type=kind).status_code == 404
    assert not RawInput.objects.exists()


@pytest.mark.django_db
def test_a_hundred_replays_are_one_effect(path, client):
    answers = {push(client, path, trace()).status_code for _ in range(100)}
    seen = client.get(f"/api/v1/public/shipments/{WAYBILL_NO}").json()["events"]
    assert answers == {200} and len(seen) == 3


@pytest.mark.django_db
def test_an_unknown_code_moves_nothing_and_is_shown(path, client, person, told):
    push(client, path, trace(WAYBILL_NO, ("987", "量子传送", "快件量子传送中")))
    assert milestone() == "OUT_FOR_DELIVERY"
    assert "987" in text_of(person(told.operator).get("/manage/"))


@pytest.mark.django_db
def test_what_was_in_quarantine_can_be_taken_in_later(path, client, monkeypatch):
    from yishi.plugins.feeds.kuaidi100 import trace as reader

    with monkeypatch.context() as patched:
        patched.setattr(reader, "PUSH_STATES", frozenset())
        push(client, path, trace())
    assert milestone() is None and len(quarantined()) == 1
    replay(raw_id=RawInput.objects.get().pk, by=SYSTEM_VIEWER, at=now())
    from yishi.config.worker import sweep_all

    sweep_all(at=now())
    assert milestone() == "OUT_FOR_DELIVERY"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "number",
    [int(PARCEL), "".join(chr(ord(digit) + 0xFEE0) for digit in PARCEL), " 7712-0000 0018826\t", PARCEL],
)
def test_a_number_in_any_writing_is_the_same_parcel(form, client, number):
    body = {
        "waybill_no": number,
        "category": "DELAY",
        "text": "慢",
        "contact": {"phone": CONSUMER_PHONE},
    }
    answer = client.post("/api/v1/public/cases", body, content_type="application/json")
    assert answer.status_code == 201 and answer.json()["outlet"]["code"] == "DS01"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("photo_file", "status"),
    [
        (lambda: SimpleUploadedFile("a.jpg", b"<script>alert(1)</script>", "image/jpeg"), 422),
        (lambda: SimpleUploadedFile("a.exe", b"MZ" + b"\0" * 99, "application/octet-stream"), 422),
        (lambda: SimpleUploadedFile("a.jpg", b"", "image/jpeg"), 422),
        (lambda: photo("huge.jpg", size=(10_000, 5_100)), 422),
        (lambda: photo("../../etc/passwd\x00.jpg"), 302),
    ],
)
def test_a_file_that_is_no_photo_keeps_the_words(form, client, photo_file, status):
    answer = client.post(f"/t/{PARCEL}/complain", {**form, "photos": [photo_file()]})
    assert answer.status_code == status, answer.content.decode()[-2000:]
    assert Case.objects.count() == (status == 302)
    assert status == 302 or SAID in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_pressing_send_twice_at_once_is_one_case(form):
    def press(_):
        try:
            return Client().post(f"/t/{PARCEL}/complain", form).headers["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        links = set(both.map(press, range(2)))
    assert len(links) == 1 and Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_the_second_sees_the_first(told, person):
    opened = open_case(waybill_no=PARCEL, category="DELAY", text=SAID, by=None, at=now())
    address = f"/desk/cases/{opened.case_no}"
    browsers = {"质控": person(told.quality), "老板": person(told.owner)}
    version = re.search(r'name="version" value="(\d+)"', text_of(browsers["质控"].get(address)))[1]

    def answer(name):
        try:
            return browsers[name].post(f"{address}/reply", {"text": f"{name}来办", "version": version})
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        answers = dict(zip(browsers, both.map(answer, browsers), strict=True))
    assert sorted(a.status_code for a in answers.values()) == [302, 409]
    first, second = sorted(answers, key=lambda name: answers[name].status_code)
    page = answers[second].content.decode()
    assert f"{first}来办" in page and f"{second}来办</textarea>" in page, "nothing typed is lost"
    assert TimelineEntry.objects.filter(kind="REPLY").count() == 1
