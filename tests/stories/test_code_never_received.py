"""A code that never came: a short message that fails, WeChat, a letter, a call; answered by the record."""

import dataclasses
import hmac
import json
import re
from datetime import timedelta

import pytest

from tests.fakes.chat_servers import APP_ID, APP_SECRET, chat_servers
from tests.notifications.gateways import sms_sink
from tests.stations.making import PHONE, keeper, shelves
from tests.stories.conftest import letters, text_of, work
from tests.world import START
from yishi.consignees.models import Contact
from yishi.conversations.actions.accounts import add_account
from yishi.conversations.models.talk import Conversation
from yishi.kit.clock import now
from yishi.kit.personal import mask_email
from yishi.notifications.models import Delivery
from yishi.people.models import User
from yishi.people.rules import SYSTEM_VIEWER
from yishi.plugins.common import wechat_api
from yishi.plugins.common.sealed import signature_of
from yishi.stations.models.parcels import StationParcel
from yishi.stations.queries.waiting import pickup_token

SECRET, TOKEN = "gateways-secret", "fake-token"
MINUTES = timedelta(minutes=1)


@pytest.fixture
def ways(told, settings):
    """Gateways of short messages, of calls and of 微信; the last three say what became of theirs."""
    wechat_api._tokens.clear()
    with sms_sink() as texts, sms_sink() as calls, chat_servers() as wechat:
        settings.ENVIRONMENT = dataclasses.replace(
            settings.ENVIRONMENT, sms_url=texts.url, voice_url=calls.url
        )
        yield texts, calls, wechat


@pytest.fixture
def receipts(ways, person):
    """`receipts(notice_id, state)`: the short messages' gateway says what became of one."""
    _id, key = add_account(
        code="duanxin", plugin="sms", settings={"secret": SECRET}, by=SYSTEM_VIEWER, at=START
    )

    def push(notice_id, state):
        body = json.dumps({"receipt": notice_id, "state": state, "reason": "停机"}).encode()
        second = str(int(now().timestamp()))
        signed = hmac.digest(SECRET.encode(), second.encode() + b"." + body, "sha256").hex()
        said = {"X-Timestamp": second, "X-Signature": signed}
        return person().post(f"/channels/duanxin/{key}", body, "application/json", headers=said)

    return push


@pytest.fixture
def follower(ways, person):
    """He follows the account and has proved his phone; `follower(**said)` pushes as 微信 does."""
    given = {"app_id": APP_ID, "app_secret": APP_SECRET, "token": TOKEN, "api_url": ways[2].url}
    template = {"pickup_template_id": "tpl-9", "pickup_fields": "place=thing1,codes=character_string2"}
    _id, key = add_account(
        code="gzh", plugin="wechat", settings={**given, **template}, by=SYSTEM_VIEWER, at=START
    )

    def push(**said):
        second = str(int(now().timestamp()))
        said = {"ToUserName": "gh_1", "FromUserName": "openid-1", "CreateTime": second, **said}
        body = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in said.items())
        signed = f"timestamp={second}&nonce=n1&signature={signature_of(TOKEN, second, 'n1')}"
        return person().post(f"/channels/gzh/{key}?{signed}", f"<xml>{body}</xml>", content_type="text/xml")

    push(MsgType="text", MsgId="1001", Content="你好")
    return push


def test_a_code_that_never_came(ways, receipts, follower, clock, person, post):
    texts, calls, wechat = ways
    shelves()
    keeper()
    station = person(User.objects.get(username="keeper"))
    assert station.post("/station/ST01/in", {"scan": "YT6190000000001", "phone": PHONE}).status_code == 200
    stay = StationParcel.objects.get()
    Contact.objects.filter(pk=stay.contact_id).update(email="wang@example.cn")
    Conversation.objects.update(contact_id=stay.contact_id)
    work(clock, later=3 * MINUTES)
    ((_headers, sms),) = texts.posts
    assert stay.code in sms["text"] and sms["to"] == PHONE
    said_before = len(wechat.sent)

    # the gateway says that it did not arrive: 微信, with the code in the account's own template
    assert receipts(sms["notice_id"], "FAILED").status_code == 200
    work(clock, later=MINUTES)
    ((path, template),) = wechat.sent[said_before:]
    assert path == "/cgi-bin/message/template/send" and template["template_id"] == "tpl-9"
    assert template["data"]["character_string2"]["value"] == stay.code
    own = f"/p/{pickup_token(stay.pk)}"
    assert template["url"].endswith(own)
    page = text_of(person().get(own))
    assert "199****0021" in page and "没有送达" in page and "微信" in page and PHONE not in page

    # nor did that: a letter
    with letters(post) as got:
        number = str(7000 + len(wechat.sent))
        follower(MsgType="event", Event="TEMPLATESENDJOBFINISH", MsgID=number, Status="failed:user block")
        work(clock, later=MINUTES)
    assert [(to, stay.code in body) for to, _heading, body in got] == [("wang@example.cn", True)]

    # he asks on his page: the letter again, then a call; never a way that failed before one that may work
    with letters(post) as got:
        assert person().post(f"{own}/send").status_code == 302
        work(clock, later=MINUTES)
    assert len(got) == 1 and len(texts.posts) == 1
    answer = person().post(f"{own}/send", follow=True)
    assert "用语音电话再发一次 199****0021" in answer.content.decode()
    work(clock, later=MINUTES)
    ((_headers, call),) = calls.posts
    assert "1 2，1，0 0 0 1" in call["text"] and call["template"] == "PICKUP"
    assert call["variables"]["codes"] == stay.code

    # his keeper reads all of it, and sends it again himself; a fourth time within the hour nobody does
    shown = text_of(station.get("/station/ST01/messages"))
    assert shown.count("199****0021") >= 3 and mask_email("wang@example.cn") in shown and "停机" in shown
    assert station.post(f"/station/ST01/parcels/{stay.pk}/send").status_code == 302
    assert person().post(f"{own}/send").status_code == 429
    assert station.post(f"/station/ST01/parcels/{stay.pk}/send").status_code == 429

    # fetched: nobody is rung any more
    known = station.post("/station/ST01/out", {"scan": stay.code}).content.decode()
    held = re.search(r'name="known" value="([^"]+)"', known)[1]
    assert station.post("/station/ST01/give", {"known": held}).status_code == 302
    path = "/" + call["status_url"].split("/", 3)[3]
    before = Delivery.objects.count()
    person().post(path, {"state": "no_answer"}, "application/json")
    work(clock, later=40 * MINUTES)
    assert Delivery.objects.count() == before and len(calls.posts) == 1
