"""The operator's page of channels: set up from its card, secrets kept to itself, paused, read again."""

import re

import pytest

from tests.web.desk.conftest import browser
from tests.world import START
from yishi.conversations.actions.accounts import add_account
from yishi.conversations.actions.take_in import incoming_of, take_in
from yishi.conversations.models.messages import Message, RawMessage
from yishi.conversations.models.talk import ChannelAccount
from yishi.conversations.queries.accounts import account_card
from yishi.people.rules import SYSTEM_VIEWER

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(world):
    return browser(world.operator)


def wechat(**more):
    typed = {"app_id": "wx1", "app_secret": "very-secret-1", "token": "very-secret-2", **more}
    return {f"set-{name}": value for name, value in typed.items()}


def test_set_up_from_its_card_the_address_is_shown_once(operator, client):
    form = operator.get("/manage/new-channel?plugin=wechat").content.decode()
    assert "EncodingAESKey" in form
    given = {"plugin": "wechat", "code": "gzh", "outlet": "DS01", "has_assistant": "1", **wechat()}
    answer = operator.post("/manage/new-channel", given).content.decode()
    path = re.search(r"http://testserver(/channels/gzh/[\w-]+)", answer)[1]
    # unsigned: there, and refused
    assert client.post(path, "<xml/>", content_type="text/xml").status_code == 401
    page = operator.get("/manage/channels/gzh").content.decode()
    assert path not in page and "very-secret" not in answer + page and "wx1" in page
    assert "有签名不对的" in operator.get("/manage/channels").content.decode()


def test_a_missing_setting_and_a_taken_code_are_said(operator):
    given = {"plugin": "wechat", "code": "gzh", **wechat(token="")}
    assert operator.post("/manage/new-channel", given).status_code == 422
    assert not ChannelAccount.objects.exists()
    assert operator.post("/manage/new-channel", {**given, **wechat()}).status_code == 200
    assert operator.post("/manage/new-channel", {**given, **wechat()}).status_code == 409


@pytest.fixture
def sms(world):
    settings = {"secret": "old-secret", "fields": "text=words"}
    _id, key = add_account(code="sms", plugin="sms", settings=settings, by=SYSTEM_VIEWER, at=START)
    return ChannelAccount.objects.get(), key


def test_an_empty_secret_keeps_the_old_one(operator, sms):
    change = {"set-secret": "", "set-fields": "text=content", "outlet": "DS01"}
    operator.post("/manage/channels/sms/change/settings", change)
    account = ChannelAccount.objects.get()
    assert '"old-secret"' in account.settings and "text=content" in account.settings
    assert account.outlet.code == "DS01" and not account.has_assistant


def test_paused_and_resumed_and_a_new_address(operator, sms, client):
    operator.post("/manage/channels/sms/change/pause", {"reason": "换网关"})
    assert "换网关" in operator.get("/manage/channels").content.decode()
    operator.post("/manage/channels/sms/change/resume")
    assert not ChannelAccount.objects.get().is_paused
    answer = operator.post("/manage/channels/sms/change/address").content.decode()
    path = re.search(r"http://testserver(/channels/sms/[\w-]+)", answer)[1]
    assert client.post(path, "{}", content_type="application/json").status_code == 401
    assert client.post(f"/channels/sms/{sms[1]}", "{}", content_type="application/json").status_code == 404


def test_what_was_not_read_is_read_again(operator, sms):
    account, _key = sms
    card = account_card(account)
    body = '{"mid": "m1", "from": "19900000001", "words": "在吗"}'.encode()
    incoming = incoming_of(card, body=body, content_type="application/json", headers={}, at=START)
    assert take_in(card=card, incoming=incoming, at=START).is_quarantined
    raw = RawMessage.objects.get()
    page = operator.get("/manage/channels/sms").content.decode()
    assert "再读一次" in page and "19900000001" not in page
    again = f"/manage/channels/sms/again/{raw.pk}"
    assert operator.post(again).url.endswith("done=still")
    change = {"set-fields": "text=words,id=mid", "has_assistant": "1"}
    operator.post("/manage/channels/sms/change/settings", change)
    assert operator.post(again).url.endswith("done=again")
    assert Message.objects.get().text == "在吗" and operator.post(again).status_code == 404


def test_others_do_not_see_it(world, sms):
    for user in (world.lin, world.zhou, world.quality):
        assert browser(user).get("/manage/channels").status_code in (403, 404)
    assert browser(world.lin).post("/manage/channels/sms/change/pause").status_code in (403, 404)
    assert not ChannelAccount.objects.get().is_paused


def test_a_colleague_fetches_his_code(world):
    page = browser(world.lin).post("/desk/me/robots").content.decode()
    assert re.search(r"绑定 [A-Z0-9]{6}<", page)
