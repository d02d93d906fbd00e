"""Robots of three houses in a group: commands in over HTTP, answers out at the webhook, nobody fooled."""

import base64
import hmac
import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.fakes.chat_servers import APP_SECRET, CORP_ID, HOOK, HOOK_SECRET, chat_servers
from tests.world import START
from yishi.cases.models.case import Case
from yishi.config.worker import sweep_all
from yishi.conversations.actions.accounts import add_account, change_account
from yishi.conversations.actions.members import make_member_code
from yishi.conversations.models.messages import Message, RawMessage
from yishi.conversations.models.pieces import Member
from yishi.conversations.models.talk import ChannelAccount, Conversation
from yishi.network.models import Outlet
from yishi.notifications.models import Delivery
from yishi.people.rules import SYSTEM_VIEWER
from yishi.plugins.channels.feishu import sealed as feishu
from yishi.plugins.common import robots
from yishi.plugins.common.sealed import key_of, seal, signature_of
from yishi.shipments.models.parcels import Shipment

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
TOKEN, AES_KEY, CORP = "fake-token", "b" * 42 + "A", CORP_ID
NUMBER, FOREIGN = "YT9900000000017", "YT9900000000025"


class WeCom:
    settings = {"webhook_key": HOOK, "corp_id": CORP, "token": TOKEN, "aes_key": AES_KEY}

    def push(self, words, number="m1", at=START, person="user-1", kind="group"):
        inner = (
            f"<xml><ChatId>room-1</ChatId><ChatType>{kind}</ChatType><MsgId>{number}</MsgId><MsgType>text</MsgType>"
            f"<From><UserId>{person}</UserId></From><Text><Content><![CDATA[{words}]]></Content></Text></xml>"
        )
        return self.sealed(inner, at)

    def private(self, words):
        """To the app itself, as it tells of it."""
        return self.sealed(
            f"<xml><ToUserName>{CORP}</ToUserName><FromUserName>user-1</FromUserName><MsgType>text</MsgType>"
            f"<CreateTime>{int(START.timestamp())}</CreateTime><Content>{words}</Content><MsgId>p1</MsgId>"
            f"<AgentID>1000002</AgentID></xml>",
            START,
            CORP,
        )

    def sealed(self, inner, at, owner=""):
        sealed = seal(inner.encode(), key_of(AES_KEY), owner)
        second = str(int(at.timestamp()))
        signed = signature_of(TOKEN, second, "n1", sealed)
        query = f"?timestamp={second}&nonce=n1&msg_signature={signed}"
        return query, f"<xml><Encrypt>{sealed}</Encrypt></xml>", {}

    def forged(self, words):
        query, body, headers = self.push(words)
        return query.replace("msg_signature=", "msg_signature=f"), body, headers

    def altered(self, words):
        query, body, headers = self.push(words)
        return query, body.replace("<Encrypt>", "<Encrypt>AA"), headers


class DingTalk:
    settings = {"access_token": HOOK, "secret": HOOK_SECRET, "app_secret": "fake-app", "robot_code": "r1"}

    def private(self, words):
        return self.push(words, kind="1")

    def push(self, words, number="m1", at=START, person="user-1", secret="fake-app", kind="2"):
        at_ms = str(int(at.timestamp() * 1000))
        sign = hmac.digest(secret.encode(), f"{at_ms}\n{secret}".encode(), "sha256")
        said = {
            "msgtype": "text",
            "text": {"content": f" {words}"},
            "msgId": number,
            "createAt": int(START.timestamp() * 1000),
            "conversationId": "room-1",
            "conversationType": kind,
            "senderStaffId": person,
            "senderNick": "小周",
            "robotCode": "r1",
            "sessionWebhook": "http://127.0.0.1:1/steal",
        }
        return "", json.dumps(said), {"timestamp": at_ms, "sign": base64.b64encode(sign).decode()}

    def forged(self, words):
        return self.push(words, secret="other")

    # what it signs is the time alone: that cannot be altered
    def altered(self, words):
        query, body, headers = self.push(words)
        return query, body, {**headers, "timestamp": str(int(headers["timestamp"]) + 1000)}


class Feishu:
    settings = {
        "webhook_key": HOOK,
        "secret": HOOK_SECRET,
        "verification_token": TOKEN,
        "encrypt_key": "fake-encrypt",
    }

    def private(self, words):
        return self.push(words, kind="p2p")

    def push(self, words, number="m1", at=START, person="user-1", token=TOKEN, kind="group"):
        event = {
            "schema": "2.0",
            "header": {
                "event_id": f"e-{number}",
                "event_type": "im.message.receive_v1",
                "create_time": str(int(at.timestamp() * 1000)),
                "token": token,
            },
            "event": {
                "sender": {"sender_id": {"open_id": person}, "sender_type": "user"},
                "message": {
                    "message_id": number,
                    "chat_id": "room-1",
                    "chat_type": kind,
                    "message_type": "text",
                    "content": json.dumps({"text": f"@_user_1 {words}"}),
                },
            },
        }
        return self.sent(event, at)

    def sent(self, event, at=START):
        body = json.dumps({"encrypt": feishu.seal(event, "fake-encrypt", b"v" * 16)})
        second = str(int(at.timestamp()))
        signed = feishu.signature_of(second, "n1", "fake-encrypt", body.encode())
        headers = {
            "x-lark-request-timestamp": second,
            "x-lark-request-nonce": "n1",
            "x-lark-signature": signed,
        }
        return "", body, headers

    def forged(self, words):
        return self.push(words, token="other")

    def altered(self, words):
        query, body, headers = self.push(words)
        return query, body + " ", headers


HOUSES = {"wecom": WeCom(), "dingtalk": DingTalk(), "feishu": Feishu()}


@pytest.fixture(params=HOUSES)
def group(request, world):
    """A group of Dongshan's, with its robot's webhook on loopback and two parcels on their way."""
    house = HOUSES[request.param]
    robots._spoken.clear()
    with time_machine.travel(START, tick=False), chat_servers() as fake:
        account_id, key = add_account(
            code="qun",
            plugin=request.param,
            settings={**house.settings, "api_url": fake.url},
            outlet="DS01",
            by=SYSTEM_VIEWER,
            at=START,
        )
        fake.house, fake.address, fake.account_id = house, f"/channels/qun/{key}", account_id
        yield fake


@pytest.fixture
def parcels(group):
    for number, outlet in ((NUMBER, "DS01"), (FOREIGN, "JN01")):
        Shipment.objects.create(
            carrier="yuantong",
            waybill_no=number,
            milestone="OUT_FOR_DELIVERY",
            outlet=Outlet.objects.get(code=outlet),
        )


def post(group, pushed):
    query, body, headers = pushed
    return Client().post(group.address + query, body, content_type="application/json", headers=headers)


_numbers = iter(range(1, 10_000))


def write(group, words, *, person="user-1", at=START):
    """Says something in the group and gives what the robot answers there."""
    before = len(group.sent)
    pushed = group.house.push(words, number=f"m{next(_numbers)}", person=person, at=START)
    assert post(group, pushed).status_code == 200
    sweep_all(at=at)
    return "\n".join(group.texts[before:])


def test_story_a_colleague_is_known_and_acts(group, parcels, world):
    assert NUMBER in write(group, NUMBER) and "派送中" in group.texts[-1]
    assert "绑定" in write(group, f"催 {NUMBER}") and not Case.objects.exists()
    code = make_member_code(by=world.viewer(world.lin), at=START)
    assert "绑定好了" in write(group, f"绑定 {code}")
    assert Member.objects.get().user_id == world.lin.pk
    case = "YT9900000000017：已开工单 "
    answer = write(group, f"催 {NUMBER}")
    opened = Case.objects.get()
    assert answer == f"{case}{opened.case_no}" and (opened.category, opened.source) == ("URGE", "GROUP_CHAT")
    assert "已催" in write(group, f"{NUMBER} 催一下") and Case.objects.count() == 1
    assert "拦截工单" in write(group, f"拦截 {NUMBER}")
    assert "已经在拦" in write(group, f"拦截 {NUMBER}") and Case.objects.count() == 2
    assert opened.case_no in write(group, f"查 {NUMBER}")
    # one conversation a person, however often he writes
    assert Conversation.objects.count() == 1
    assert not Message.objects.filter(author_kind="ASSISTANT").exclude(state="SENT").exists()


def test_anothers_parcel_is_looked_up_and_not_touched(group, parcels, world):
    write(group, f"绑定 {make_member_code(by=world.viewer(world.owner), at=START)}")
    assert "不是本网点的件" in write(group, f"登记 {FOREIGN} 破损")
    assert not Case.objects.exists()


def test_a_stranger_sees_no_case(group, parcels, world):
    write(group, f"绑定 {make_member_code(by=world.viewer(world.lin), at=START)}")
    write(group, f"登记 {NUMBER} 外包装破损")
    case = Case.objects.get()
    assert case.category == "DAMAGED" and case.case_no not in write(group, NUMBER, person="user-2")


def test_a_code_is_used_once_and_ends(group, world):
    lin = world.viewer(world.lin)
    code = make_member_code(by=lin, at=START)
    assert "不对或已过期" in write(group, f"绑定 {code}", at=START + 10 * MINUTE)
    code = make_member_code(by=lin, at=START)
    write(group, f"绑定 {code}")
    assert "不对或已过期" in write(group, f"绑定 {code}", person="user-2")
    assert Member.objects.count() == 1


def test_replayed_a_hundred_times_is_one_message(group):
    pushed = group.house.push(NUMBER)
    assert {post(group, pushed).status_code for _time in range(100)} == {200}
    sweep_all(at=START)
    assert Message.objects.filter(author_kind="CONSUMER").count() == 1 and len(group.sent) == 1


@pytest.mark.parametrize("way", ["forged", "altered", "old", "early"])
def test_what_is_not_theirs_is_refused(group, way):
    aside = timedelta(hours=1, seconds=1)
    pushed = {
        "old": lambda: group.house.push(NUMBER, at=START - aside),
        "early": lambda: group.house.push(NUMBER, at=START + aside),
        "forged": lambda: group.house.forged(NUMBER),
        "altered": lambda: group.house.altered(NUMBER),
    }[way]()
    assert post(group, pushed).status_code == 401
    assert ChannelAccount.objects.get().bad_signatures == 1
    assert not RawMessage.objects.exists() and not Message.objects.exists()


def test_twenty_a_minute_and_the_rest_later(group):
    for number in range(10):
        for person in ("user-1", "user-2", "user-3"):
            post(group, group.house.push(NUMBER, number=f"x{number}{person}", person=person))
    sweep_all(at=START)
    assert len(group.sent) == 20
    robots._spoken.clear()
    sweep_all(at=START + 2 * MINUTE)
    assert len(group.sent) == 30


def test_who_asks_alone_is_never_answered_before_all(group, parcels, world):
    assert post(group, group.house.private(NUMBER)).status_code == 200
    sweep_all(at=START)
    assert group.sent == []
    unsaid = Message.objects.get(author_kind="ASSISTANT")
    assert (unsaid.state, unsaid.failed_for) == ("WITHDRAWN", "only_in_group")
    assert not Delivery.objects.exists()
    browser = Client()
    browser.force_login(world.lin, backend="django.contrib.auth.backends.ModelBackend")
    page = browser.get(f"/desk/inbox/{unsaid.conversation_id}").content.decode()
    assert "只在群里回答" in page and "没有送达" not in page


# only the app of 企业微信 answers alone
@pytest.mark.parametrize("group", ["wecom"], indirect=True)
def test_the_wecom_app_answers_him_alone(group, parcels):
    account = ChannelAccount.objects.get()
    more = {"agent_id": "1000002", "app_secret": APP_SECRET}
    change_account(account_id=account.pk, settings=more, by=SYSTEM_VIEWER, at=START)
    post(group, group.house.private(NUMBER))
    sweep_all(at=START)
    ((path, said),) = group.sent
    assert (path, said["touser"], said["agentid"]) == ("/cgi-bin/message/send", "user-1", 1000002)
    assert NUMBER in said["text"]["content"]
    assert Message.objects.get(author_kind="ASSISTANT").state == "SENT"


def test_too_often_says_the_house_and_it_waits(group):
    group.refuse.append(
        {"wecom": 45009, "dingtalk": 130101, "feishu": 11232}[ChannelAccount.objects.get().plugin]
    )
    assert write(group, "你好") == ""
    sweep_all(at=START + MINUTE)
    assert len(group.sent) == 1


def test_the_address_is_asked_for(world):
    with time_machine.travel(START, tick=False):
        keys = {}
        for name, house in HOUSES.items():
            _id, keys[name] = add_account(
                code=name, plugin=name, settings=house.settings, by=SYSTEM_VIEWER, at=START
            )
        event = {"challenge": "say-this", "token": TOKEN, "type": "url_verification"}
        _query, body, _headers = HOUSES["feishu"].sent(event)
        heard = Client().post(f"/channels/feishu/{keys['feishu']}", body, content_type="application/json")
        assert heard.json() == {"challenge": "say-this"}
        sealed = seal(b"say-this", key_of(AES_KEY), CORP)
        second = str(int(START.timestamp()))
        query = {
            "timestamp": second,
            "nonce": "n1",
            "echostr": sealed,
            "msg_signature": signature_of(TOKEN, second, "n1", sealed),
        }
        asked = Client().get(f"/channels/wecom/{keys['wecom']}", query)
        assert asked.content == b"say-this"
        forged = Client().get(f"/channels/wecom/{keys['wecom']}", {**query, "nonce": "n2"})
        assert forged.status_code == 401
