"""The senders against real servers on loopback."""

import email
import email.policy
import json

import pytest

from tests.notifications.gateways import sms_sink, smtp_server
from yishi.notifications.port import Notice, PluginError, open_line, sender_cards

MAIL = Notice("6f1c", "wang@example.cn", "工单 1 已处理", "您好：\n已经处理。", "2026-11-22T10:00:00+00:00")
SMS = Notice("6f1d", "19900000001", "", "验证码 123456", "2026-11-22T10:00:00+00:00")


def send(channel, url, home, *notices):
    line = open_line(channel=channel, url=url, home=home)
    try:
        for notice in notices:
            line.send(notice)
    finally:
        line.close()


def test_senders_are_found_by_walking():
    assert {card.name for card in sender_cards()} >= {"smtp", "sms_log", "sms_http", "mail_log"}


def test_mail_arrives_whole(tmp_path):
    with smtp_server() as box:
        send("EMAIL", box.url, tmp_path, MAIL, MAIL)
    assert len(box.messages) == 2
    message = email.message_from_bytes(box.messages[0].content, policy=email.policy.default)
    assert (message["To"], message["Subject"]) == (MAIL.to, MAIL.heading)
    assert message["Message-ID"] == "<6f1c@example.cn>"
    assert message.get_content().split() == MAIL.body.split()


@pytest.mark.parametrize(
    ("word", "permanent"), [("550 no such user", True), ("450 try later", False), ("552 full", True)]
)
def test_refused_recipient(tmp_path, word, permanent):
    with smtp_server() as box:
        box.recipient_answer = word
        with pytest.raises(PluginError) as refused:
            send("EMAIL", box.url, tmp_path, MAIL)
    assert (refused.value.permanent, refused.value.outage) == (permanent, False)


def test_refused_message(tmp_path):
    with smtp_server() as box:
        box.answer = "451 busy"
        with pytest.raises(PluginError) as refused:
            send("EMAIL", box.url, tmp_path, MAIL)
    assert not refused.value.permanent


def test_header_cannot_be_injected(tmp_path):
    with smtp_server() as box:
        bad = Notice("1", "a@example.cn", "x\nBcc: b@example.cn", "y", MAIL.at)
        with pytest.raises(PluginError) as refused:
            send("EMAIL", box.url, tmp_path, bad)
    assert refused.value.permanent
    assert box.messages == []


@pytest.mark.parametrize(
    ("channel", "url"), [("EMAIL", "smtp://127.0.0.1:1"), ("SMS", "http://127.0.0.1:1/")]
)
def test_dead_gateway_is_an_outage(tmp_path, channel, url):
    with pytest.raises(PluginError) as refused:
        send(channel, url, tmp_path, MAIL)
    assert refused.value.outage
    assert not refused.value.permanent


def test_sms_over_http(tmp_path):
    with sms_sink() as sink:
        send("SMS", sink.url, tmp_path, SMS)
    headers, body = sink.posts[0]
    assert body == {"notice_id": "6f1d", "to": "19900000001", "text": "验证码 123456"}
    assert (headers["Idempotency-Key"], headers["Authorization"]) == ("6f1d", "Bearer key")


@pytest.mark.parametrize(
    ("status", "permanent", "outage"),
    [(400, True, False), (500, False, False), (429, False, True), (401, False, True)],
)
def test_sms_gateway_refuses(tmp_path, status, permanent, outage):
    with sms_sink() as sink:
        sink.status = status
        with pytest.raises(PluginError) as refused:
            send("SMS", sink.url, tmp_path, SMS)
    assert (refused.value.permanent, refused.value.outage) == (permanent, outage)


def test_log_sender_writes_a_line(tmp_path):
    send("SMS", "log:", tmp_path, SMS)
    line = json.loads((tmp_path / "outbox" / "sms.jsonl").read_text())
    assert line == {"at": SMS.at, "to": SMS.to, "text": SMS.body, "notice_id": SMS.notice_id}


def test_no_address_is_said(tmp_path):
    with pytest.raises(PluginError, match="none"):
        open_line(channel="SMS", url="", home=tmp_path)
