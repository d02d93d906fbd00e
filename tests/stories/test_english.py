"""Whoever reads English finds no Chinese on a page but names, places and what people wrote."""

import re

import pytest

from tests.stories.conftest import text_of
from tests.web.consumer.conftest import take_road
from yishi.cases.queries.cards import get_case_by_token

pytestmark = pytest.mark.django_db

HAN = re.compile(r"[\u3400-\u9fff]+")
# people, places and brands of the cast, what the carrier wrote, and the way back to Chinese
DATA = re.compile(
    "东山网点|江宁网点|南京市?|杭州市?|余杭|江宁区|中转场|网点|圆通速递|中通快递|周站长|林客服|何客服|总部质控|老板|运维|王|女士"
    "|已收件|到达|派件员|揽投员|正在派件|电话|张三|李四|换成中文|中文|中"
)
IN_ENGLISH = {"headers": {"Accept-Language": "en"}}
SAID = {"category": "SIGNED_NOT_RECEIVED", "text": "Nobody knocked.", "phone": "19900000001", "once": "one"}


@pytest.fixture
def link(told, person):
    take_road("771200000018826")
    return person().post("/t/771200000018826/complain", SAID, **IN_ENGLISH).headers["Location"]


def chinese(page):
    visible = re.sub(r"<script.*?</script>|<style.*?</style>|<!--.*?-->", "", page, flags=re.S)
    # the law's own words stay as they are, and say so
    visible = re.sub(r'<small[^>]* lang="zh-Hans"[^>]*>.*?</small>', "", visible, flags=re.S)
    return sorted({left for found in HAN.findall(visible) if (left := DATA.sub("", found))})


def test_the_consumers_pages(link, person):
    parcel = "/t/771200000018826"
    for address in ("/", parcel, f"{parcel}/complain", link, f"{link}/rate", "/?q=x"):
        assert chinese(text_of(person().get(address, **IN_ENGLISH))) == [], address


def test_the_desk_and_the_operators_pages(link, person, told):
    case_no = get_case_by_token(link.rpartition("/")[2]).case_no
    desk = ("/desk/", "/desk/?view=outlet", "/desk/?view=mine&q=none", f"/desk/cases/{case_no}", "/desk/me")
    for address in desk:
        assert chinese(text_of(person(told.zhou).get(address, **IN_ENGLISH))) == [], address
    for address in ("/manage/", "/manage/outlets", "/manage/people", "/manage/notices"):
        assert chinese(text_of(person(told.operator).get(address, **IN_ENGLISH))) == [], address


def test_what_was_refused(link, person):
    pages = [
        person().get("/c/nobody", **IN_ENGLISH),
        person().get("/t/19900000001", **IN_ENGLISH),
        person().post("/t/771200000018826/complain", {**SAID, "phone": "199", "category": ""}, **IN_ENGLISH),
        person().post(f"{link}/say", {"text": ""}, **IN_ENGLISH),
        person().get("/api/v1/public/shipments/NOSUCHNUMBER", **IN_ENGLISH),
        person().post("/api/v1/public/cases", {}, content_type="application/json", **IN_ENGLISH),
    ]
    for page in pages:
        assert page.status_code >= 400 and chinese(page.content.decode()) == []
