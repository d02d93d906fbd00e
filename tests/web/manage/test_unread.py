"""What no channel could read, and what came while one was paused: masked, again, put aside, in order."""

import hmac
import json

import pytest

from tests.web.desk.conftest import browser
from tests.world import START
from yishi.config.worker import sweep_all
from yishi.conversations.actions.accounts import add_account
from yishi.conversations.models.messages import Message, RawMessage
from yishi.people.rules import SYSTEM_VIEWER

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(world):
    return browser(world.operator)


@pytest.fixture
def push(world, client, time_machine):
    """`push(**said)`: the gateway pushes a short message, signed."""
    time_machine.move_to(START, tick=False)
    settings = {"secret": "geheim", "fields": "text=words"}
    _id, key = add_account(code="sms", plugin="sms", settings=settings, by=SYSTEM_VIEWER, at=START)
    second = str(int(START.timestamp()))

    def send(**said):
        body = json.dumps(said, ensure_ascii=False).encode()
        signed = hmac.digest(b"geheim", second.encode() + b"." + body, "sha256").hex()
        headers = {"X-Timestamp": second, "X-Signature": signed}
        return client.post(f"/channels/sms/{key}", body, content_type="application/json", headers=headers)

    return send


SAID = {"mobile": "19900000001", "words": "我住三幢五楼", "name": "王芳"}


def test_it_is_listed_masked_and_put_aside_with_a_reason(operator, push, world):
    assert push(**SAID).status_code == 200
    raw = RawMessage.objects.get()
    page = operator.get("/manage/unread").content.decode()
    assert f"/manage/unread/{raw.pk}" in page and "缺少必要的内容" in page
    one = operator.get(f"/manage/unread/{raw.pk}").content.decode()
    assert "mobile" in one and not any(word in one for word in SAID.values())
    assert operator.post(f"/manage/unread/{raw.pk}/again").url.endswith("done=still")
    assert operator.post(f"/manage/unread/{raw.pk}/discard", {"reason": " "}).status_code == 422
    assert RawMessage.objects.get().state == "QUARANTINED"
    operator.post(f"/manage/unread/{raw.pk}/discard", {"reason": "网关在试"})
    kept = RawMessage.objects.get()
    assert (kept.state, kept.settled_for, kept.settled_by) == (
        "DISCARDED",
        "网关在试",
        f"user:{world.operator.pk}",
    )
    assert "网关在试" in operator.get("/manage/unread").content.decode()
    for verb in ("again", "discard"):
        assert operator.post(f"/manage/unread/{raw.pk}/{verb}", {"reason": "x"}).status_code == 404


def test_a_letter_is_shown_without_its_people(operator, world):
    from yishi.conversations.actions.take_in import incoming_of, take_in
    from yishi.conversations.queries.accounts import find_account

    given = {"address": "care@example.cn", "password": "p", "imap_host": "h", "smtp_host": "h"}
    account_id, _key = add_account(code="mail", plugin="mail", settings=given, by=SYSTEM_VIEWER, at=START)
    card = find_account(account_id)
    body = "From: 王芳\r\nSubject: 我住三幢\r\nDate: Sun, 22 Nov 2026 10:00:00 +0800\r\n\r\n五楼".encode()
    incoming = incoming_of(card, body=body, content_type="message/rfc822", headers={}, at=START)
    assert take_in(card=card, incoming=incoming, at=START).is_quarantined
    page = operator.get(f"/manage/unread/{RawMessage.objects.get().pk}").content.decode()
    assert "Sun, 22 Nov 2026" in page and "Subject: ***" in page
    assert not any(word in page for word in ("王芳", "三幢", "五楼"))


def test_what_comes_in_a_pause_is_taken_in_afterwards_once_and_in_its_order(operator, push):
    operator.post("/manage/channels/sms/change/pause", {"reason": "换网关"})
    for number in (1, 2, 3, 2):
        answer = push(id=f"m{number}", **{"from": "19900000001", "words": f"第{number}句"})
        assert answer.status_code == 200
    sweep_all(at=START)
    page = operator.get("/manage/channels/sms").content.decode()
    assert "3 条" in page and "恢复以后" in page and not Message.objects.exists()
    operator.post("/manage/channels/sms/change/resume")
    # nobody comes before those who wait
    push(id="m4", **{"from": "19900000001", "words": "第4句"})
    assert not Message.objects.exists()
    for _time in range(2):
        sweep_all(at=START)
    heard = Message.objects.filter(author_kind="CONSUMER").order_by("pk")
    assert [one.text for one in heard] == ["第1句", "第2句", "第3句", "第4句"]
    assert not RawMessage.objects.exclude(state="TAKEN").exists()
    push(id="m5", **{"from": "19900000001", "words": "第5句"})
    assert Message.objects.filter(author_kind="CONSUMER").count() == 5
