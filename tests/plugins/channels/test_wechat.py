"""An official account from the first word to our answer: signed, sealed, repeated, forged, out of time."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.fakes.chat_servers import APP_ID, APP_SECRET, chat_servers
from tests.world import START
from yishi.api import channels
from yishi.config.worker import sweep_all
from yishi.conversations.actions.accounts import add_account
from yishi.conversations.actions.say import say
from yishi.conversations.actions.take_in import incoming_of, take_in
from yishi.conversations.models.messages import Attachment, Message, RawMessage
from yishi.conversations.models.talk import ChannelAccount, Conversation
from yishi.conversations.queries.accounts import account_card
from yishi.notifications.jobs.deliveries import sweep_due_talks
from yishi.notifications.models import Delivery
from yishi.people.rules import SYSTEM_VIEWER
from yishi.plugins.common import wechat_api
from yishi.plugins.common.sealed import key_of, seal, signature_of, unseal
from yishi.plugins.common.xml_body import read_xml

pytestmark = pytest.mark.django_db
TOKEN, AES_KEY = "fake-token", "a" * 42 + "A"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def gateway(clock):
    wechat_api._tokens.clear()
    with chat_servers() as fake:
        yield fake


def settings_of(fake, **more):
    return {"app_id": APP_ID, "app_secret": APP_SECRET, "token": TOKEN, "api_url": fake.url, **more}


@pytest.fixture
def way(world, gateway):
    """`way(**settings)` sets an account up and gives the address that its pushes go to."""

    def add(**more):
        given = settings_of(gateway, **more)
        _id, key = add_account(code="gzh", plugin="wechat", settings=given, by=SYSTEM_VIEWER, at=START)
        return f"/channels/gzh/{key}"

    return add


def xml(**said):
    lines = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in said.items())
    return f"<xml>{lines}</xml>"


def text(words, number="1001", **more):
    base = {"ToUserName": "gh_1", "FromUserName": "openid-1", "CreateTime": int(START.timestamp())}
    return xml(**{**base, "MsgType": "text", "MsgId": number, "Content": words, **more})


def query(at=START, *sealed, token=TOKEN):
    second = str(int(at.timestamp()))
    said = f"timestamp={second}&nonce=n1&signature={signature_of(token, second, 'n1')}"
    return said + (f"&msg_signature={signature_of(token, second, 'n1', *sealed)}" if sealed else "")


def push(address, body, said=None):
    return Client().post(f"{address}?{said or query()}", body, content_type="text/xml")


def sealed(words, key=AES_KEY, owner=APP_ID):
    inner = seal(text(words).encode(), key_of(key), owner)
    return xml(ToUserName="gh_1", Encrypt=inner), inner


def test_the_console_asks_once(way):
    address = way()
    assert Client().get(f"{address}?{query()}&echostr=say-this").content == b"say-this"
    assert Client().get(f"{address}?{query(token='other')}&echostr=say-this").status_code == 401
    assert not RawMessage.objects.exists()


def test_story_a_word_in_and_the_assistants_answer_out(way, gateway, clock):
    address = way()
    assert push(address, text("你好，在吗")).content == b"success"
    sweep_all(at=START + MINUTE)
    assert gateway.sent[0][1]["touser"] == "openid-1" and gateway.texts[0]
    (talk,) = Conversation.objects.all()
    assert push(address, text("转人工", "1002")).content == b"success"
    sweep_all(at=START + 2 * MINUTE)
    assert Conversation.objects.get() == talk and Conversation.objects.get().state == "QUEUED"
    assert Message.objects.filter(author_kind="ASSISTANT", state="SENT").count() >= 2
    assert gateway.asked_tokens == 1


def test_replayed_a_hundred_times_is_one_message(way):
    address = way()
    answers = {push(address, text("在吗")).status_code for _time in range(100)}
    # the same message pushed again in other words of its envelope
    push(address, text("在吗", CreateTime=int(START.timestamp()) + 5))
    assert answers == {200} and Message.objects.count() == 1


@pytest.mark.parametrize(
    "said",
    [
        query(token="other"),
        query(START - timedelta(minutes=11)),
        query(START + timedelta(minutes=11)),
        query().replace("nonce=n1", "nonce=n2"),
        query().replace("signature=", "signature=0"),
        "",
        "timestamp=٣&nonce=&signature=",
    ],
)
def test_forged_and_stale_ones_are_refused(way, said):
    address = way()
    assert push(address, text("在吗"), said or "x=1").status_code == 401
    assert not RawMessage.objects.exists() and ChannelAccount.objects.get().bad_signatures == 1


def test_safe_mode_is_opened_and_altered_ones_are_refused(way):
    address = way(aes_key=AES_KEY)
    body, inner = sealed("在吗")
    assert push(address, body, query(START, inner)).content == b"success"
    assert Message.objects.get().text == "在吗"
    altered = body.replace(inner[:8], "AAAAAAAA")
    assert push(address, altered, query(START, inner)).status_code == 401
    # nothing comes unsealed, and a plain signature is not enough
    assert push(address, text("假的", "9"), query()).status_code == 401
    assert push(address, body).status_code == 401
    assert Message.objects.count() == 1


def test_sealed_for_another_app_is_kept_and_not_heard(way):
    address = way(aes_key=AES_KEY)
    body, inner = sealed("在吗", owner="wx-other")
    assert push(address, body, query(START, inner)).content == b"success"
    assert RawMessage.objects.get().reason == "foreign_owner" and not Message.objects.exists()


def test_a_picture_is_fetched_later(way):
    address = way()
    push(address, text("", MsgType="image", MediaId="media-1", PicUrl="http://127.0.0.1:1/x"))
    assert Message.objects.get().kind == "PICTURE" and not Attachment.objects.exists()
    sweep_all(at=START)
    assert Attachment.objects.get().file.content_type.startswith("image/")


def test_a_picture_that_is_gone_is_named(way):
    address = way()
    push(address, text("", MsgType="image", MediaId="media-gone"))
    for hour in (0, 1, 2, 3, 4):
        sweep_all(at=START + timedelta(hours=hour))
    assert "没有收下" in Message.objects.filter(author_kind="CONSUMER").get().text


@pytest.mark.parametrize(
    ("more", "kind", "said"),
    [
        ({"MsgType": "voice", "MediaId": "m", "Recognition": "我的快递呢"}, "VOICE", "我的快递呢"),
        ({"MsgType": "location", "Location_X": "31.9", "Location_Y": "118.8"}, "TEXT", "31.9,118.8"),
        ({"MsgType": "event", "Event": "CLICK", "EventKey": "查快递"}, "EVENT", "查快递"),
        ({"MsgType": "event", "Event": "subscribe", "EventKey": "qrscene_YT1"}, "EVENT", "YT1"),
        ({"MsgType": "event", "Event": "SCAN", "EventKey": "YT1"}, "EVENT", "YT1"),
    ],
)
def test_other_things_than_words(way, more, kind, said):
    address = way()
    push(address, text("", **more))
    heard = Message.objects.get()
    assert (heard.kind, heard.text) == (kind, said)


def test_an_event_told_twice_is_one(way):
    address = way()
    event = {"MsgType": "event", "Event": "CLICK", "EventKey": "查快递"}
    push(address, text("", number="", **event))
    push(address, text("", number="", Ticket="x", **event))
    assert Message.objects.count() == 1


def answered(way, gateway, *, after, **more):
    push(way(**more), text("在吗"))
    talk = Conversation.objects.get()
    # a colleague answers, some time later
    number = say(conversation_id=talk.pk, text="您的快递今天到", by=None, at=START + after)
    gateway.sent.clear()
    sweep_due_talks(at=START + after)
    return Message.objects.get(pk=number)


def test_after_48_hours_it_is_visibly_not_sent(way, gateway):
    message = answered(way, gateway, after=timedelta(hours=48, seconds=1))
    assert (message.state, message.failed_for) == ("FAILED", "window_over") and gateway.sent == []
    assert not Delivery.objects.exists()


def test_at_48_hours_it_is_sent(way, gateway):
    assert answered(way, gateway, after=timedelta(hours=48)).state == "SENT" and len(gateway.sent) == 1


def followed(way, gateway):
    """Whoever has only pressed the menu."""
    push(way(), text("", MsgType="event", Event="CLICK", EventKey="查快递"))
    gateway.sent.clear()
    return Conversation.objects.get().pk


def answer_words(talk, *, at, times=1):
    """An agent answers so often; what became of each."""
    ids = [say(conversation_id=talk, text=f"第 {n} 条", by=None, at=at) for n in range(times)]
    sweep_due_talks(at=at)
    return [Message.objects.get(pk=number).failed_for for number in ids]


def test_after_a_press_three_answers_in_a_minute(way, gateway):
    talk = followed(way, gateway)
    assert answer_words(talk, at=START + MINUTE, times=4) == ["", "", "", "press_answers_over"]
    over = START + MINUTE + timedelta(seconds=1)
    assert answer_words(talk, at=over) == ["press_window_over"] and len(gateway.sent) == 3


def test_after_a_word_five_answers_and_his_next_word_opens_it_again(way, gateway):
    address = way()
    push(address, text("在吗"))
    talk = Conversation.objects.get().pk
    assert answer_words(talk, at=START, times=6) == ["", "", "", "", "", "answers_over"]
    push(address, text("还在吗", "1002"))
    assert answer_words(talk, at=START) == [""] and len(gateway.sent) == 6


def read_answer(answer, key=""):
    """What stands in the answer to a push, opened where it is sealed."""
    said = read_xml(answer.content)
    if not key:
        return said
    signed = signature_of(TOKEN, said["TimeStamp"], said["Nonce"], said["Encrypt"])
    assert (said["MsgSignature"], said["Nonce"]) == (signed, "n1")
    plain, owner = unseal(said["Encrypt"], key_of(key))
    assert owner == APP_ID
    return read_xml(plain)


@pytest.mark.parametrize("key", ["", AES_KEY])
def test_story_the_answer_stands_in_the_answer_to_the_push(way, gateway, key):
    address = way(at_once="是", aes_key=key)
    body, said = text("你好，在吗"), query()
    if key:
        body, inner = sealed("你好，在吗")
        said = query(START, inner)
    answer = push(address, body, said)
    told = read_answer(answer, key)
    assert (told["ToUserName"], told["FromUserName"], told["MsgType"]) == ("openid-1", "gh_1", "text")
    ours = Message.objects.get(author_kind="ASSISTANT")
    assert ours.text in told["Content"] and (ours.state, ours.failed_for) == ("SENT", "")
    # pushed again, it was not heard; and it never goes out a second time
    assert read_answer(push(address, body, said), key)["Content"] == told["Content"]
    sweep_all(at=START + MINUTE)
    assert gateway.sent == [] and Message.objects.filter(author_kind="ASSISTANT").count() == 1


def test_an_answer_that_comes_too_late_goes_out_by_itself(way, gateway, monkeypatch):
    address = way(at_once="是")
    monkeypatch.setattr(channels, "PROMPT_WITHIN", timedelta(seconds=-1))
    assert push(address, text("你好，在吗")).content == b"success"
    sweep_all(at=START + MINUTE)
    assert len(gateway.sent) == 1 and Message.objects.get(author_kind="ASSISTANT").state == "SENT"


def test_after_48_hours_a_template_tells_him(way, gateway):
    message = answered(way, gateway, after=timedelta(hours=60), template_id="tpl-1", template_field="thing2")
    path, body = gateway.sent[0]
    assert path == "/cgi-bin/message/template/send" and body["data"] == {
        "thing2": {"value": "您的快递今天到"}
    }
    assert (message.state, message.data["sent_as"]) == ("SENT", "7001")


@pytest.mark.parametrize(("status", "state"), [("success", "DELIVERED"), ("failed:user block", "FAILED")])
def test_a_templates_end_is_a_receipt(way, gateway, status, state, clock):
    message = answered(way, gateway, after=timedelta(hours=60), template_id="tpl-1")
    account = ChannelAccount.objects.get()
    end = text("", MsgType="event", Event="TEMPLATESENDJOBFINISH", MsgID="7001", Status=status)
    card = account_card(account)
    incoming = incoming_of(card, body=end.encode(), content_type="text/xml", headers={}, at=START)
    take_in(card=card, incoming=incoming, at=START)
    assert Message.objects.get(pk=message.pk).state == state


def test_a_token_that_is_over_is_renewed_once(way, gateway):
    push(way(), text("在吗"))
    gateway.tokens.append("token-of-somebody-else")
    wechat_api._tokens[gateway.url, APP_ID] = ("old", 1e12)
    talk = Conversation.objects.get()
    say(conversation_id=talk.pk, text="在", by=None, at=START)
    sweep_due_talks(at=START)
    assert gateway.texts == ["在"] and gateway.asked_tokens == 1


@pytest.mark.parametrize(
    ("code", "state", "reason"),
    [
        (45015, "FAILED", "window_over"),
        (45047, "FAILED", "answers_over"),
        (43004, "FAILED", "43004 refused"),
        (45009, "QUEUED", ""),
        (-1, "QUEUED", ""),
        (48001, "QUEUED", ""),
    ],
)
def test_what_the_api_refuses(way, gateway, code, state, reason):
    gateway.refuse.append(code)
    message = answered(way, gateway, after=MINUTE)
    assert (message.state, message.failed_for) == (state, reason)
    assert APP_SECRET not in json.dumps(list(Delivery.objects.values_list("attempts__error", flat=True)))


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("<b onclick=x>在吗</b><script>x()</script>", "<b onclick=x>在吗</b><script>x()</script>"),
        ("😀😀👨‍👩‍👧", "😀😀👨‍👩‍👧"),
        ("哎" * 20_000, "哎" * 20_000),
        ("哎" * 20_001, "哎" * 20_000 + "…（太长，只显示开头，全文已保存）"),
    ],
)
def test_odd_words_are_kept_as_they_came_and_answered(way, gateway, words, heard):
    push(way(), text(words))
    assert Message.objects.get().text == heard
    sweep_all(at=START + MINUTE)
    assert gateway.texts and Conversation.objects.count() == 1


def test_a_voice_is_fetched_and_can_be_heard(way, gateway, world):
    gateway.media = b"#!AMR\n" + b"\x3c" * 32
    address = way()
    ChannelAccount.objects.update(outlet=world.dongshan_id)
    push(address, text("", MsgType="voice", MediaId="media-1", Recognition="我的快递呢"))
    sweep_all(at=START)
    (file,) = Attachment.objects.all()
    assert (file.file.content_type, Message.objects.first().text) == ("audio/amr", "我的快递呢")
    browser = Client()
    browser.force_login(world.lin, backend="django.contrib.auth.backends.ModelBackend")
    answer = browser.get(f"/desk/inbox/files/{file.file_id}", headers={"Range": "bytes=0-5"})
    assert (answer.status_code, answer.content) == (206, b"#!AMR\n")
