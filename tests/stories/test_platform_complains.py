"""A complaint that WeChat takes in: pushed with its signature, at the outlet's desk with its clock a moment
later."""

import json
from datetime import timedelta
from hashlib import sha1

import pytest

from tests.stories.conftest import text_of, work
from tests.web.consumer.conftest import take_road
from tests.world import START
from yishi.cases.models.case import Case
from yishi.feeds.actions.sources import add_source
from yishi.feeds.models import RawInput
from yishi.people.rules import SYSTEM_VIEWER
from yishi.sla.queries.clocks import clocks_of_case

pytestmark = pytest.mark.django_db

WAYBILL_NO = "771200000018826"
TOKEN = "cloud-brocade"
SAID = {
    "ToUserName": "gh_0a1b2c3d4e5f",
    "FromUserName": "oAbCdEfGhIjKlMnOpQrStUvWxYz0",
    "CreateTime": 1795312860,
    "MsgType": "event",
    "Event": "waybill_complaint",
    "Token": "wxtoken99000017",
    "WayBillID": WAYBILL_NO,
    "ComplainType": 1005,
    "Content": "说是签收了，家里没人收到",
    "Pic": "https://pictures.example.cn/door.jpg|",
    "Name": "林晓",
    "Phone": "19900000025",
}


@pytest.fixture
def wechat(told, person):
    """`wechat(message)` pushes it to our address, signed as WeChat signs."""
    take_road(WAYBILL_NO)
    path = add_source(code="wechat", plugin="wechat", settings={"token": TOKEN}, by=SYSTEM_VIEWER, at=START)

    def push(message, token=TOKEN):
        signature = sha1("".join(sorted((token, "1795312860", "31"))).encode()).hexdigest()
        url = f"{path}?signature={signature}&timestamp=1795312860&nonce=31&openid=o1"
        return person().post(url, json.dumps(message), content_type="application/json")

    return push


def test_a_platforms_complaint_stands_at_the_desk_with_its_clock(wechat, told, person):
    answer = wechat(SAID)
    assert (answer.status_code, answer.json()["ResultCode"], answer.json()["ResultMsg"]) == (
        200,
        0,
        "success",
    )
    assert Case.objects.count() == 0  # WeChat does not wait for it
    work()
    case = Case.objects.get()
    first = next(c for c in clocks_of_case(case.pk) if c.kind == "FIRST_RESPONSE")
    assert first.due_at == START + timedelta(hours=2)
    page = text_of(person(told.lin).get(f"/desk/cases/{case.case_no}"))
    for word in ("说是签收了，家里没人收到", "微信", "疑似丢失", "https://pictures.example.cn/door.jpg"):
        assert word in page


def test_pushed_again_it_is_the_same_case(wechat):
    for _ in range(3):
        assert wechat(SAID).status_code == 200
        work()
    assert Case.objects.count() == 1
    assert (RawInput.objects.get().accepted, RawInput.objects.get().duplicate) == (1, 2)


def test_a_forged_push_leaves_nothing(wechat):
    assert wechat(SAID, token="other").status_code == 401
    work()
    assert (Case.objects.count(), RawInput.objects.count()) == (0, 0)


def test_the_console_of_wechat_is_answered(wechat, person):
    path = add_source(code="wechat", plugin="wechat", settings={"token": TOKEN}, by=SYSTEM_VIEWER, at=START)
    signature = sha1("".join(sorted((TOKEN, "1", "2"))).encode()).hexdigest()
    asked = {"signature": signature, "timestamp": "1", "nonce": "2", "echostr": "817326"}
    answer = person().get(path, asked)
    assert (answer.status_code, answer.content) == (200, b"817326")
    assert person().get(path, {**asked, "nonce": "3"}).status_code == 401
    assert person().get(path + "x", asked).status_code == 405
