"""The whole story on two screens at once, live: a push, a phone at 390 px, the outlet's desk at 1,280 px."""

import dataclasses
import json
from hashlib import md5

import httpx
import pytest

from tests.edge.process import free_port, running_edge
from tests.stories.conftest import MASTER_DATA, SALT, WAYBILL_NO, photo, trace
from tests.world import PASSWORD
from yishi.feeds.actions.sources import add_source
from yishi.kit.clock import now
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAID = "上午我一直在家，没有人敲门，现在显示签收了。"
FOUND = "包裹在 3 栋门卫，18:00 前送到你手上。"


@pytest.fixture
def site(request, settings, transactional_db):
    """Web and edge, each at its own address, knowing each other."""
    port = free_port()
    live = f"http://127.0.0.1:{port}"
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, live_origin=live)
    web = request.getfixturevalue("live_server").url
    with running_edge(port, YISHI_WEB_ORIGIN=web):
        yield web


@pytest.fixture
def pushed(site, world):
    """快递100 has told of the parcel, and the integrator whom it is for."""
    path = add_source(
        code="kuaidi100", plugin="kuaidi100", settings={"salt": SALT}, by=SYSTEM_VIEWER, at=now()
    )
    param = json.dumps(trace(WAYBILL_NO, ("301", "本人签收", "已签收，签收人：王女士")), ensure_ascii=False)
    sign = md5((param + SALT).encode()).hexdigest().upper()
    assert httpx.post(site + path, data={"param": param, "sign": sign}).json()["result"] is True
    key = add_key(role=Role.INTEGRATOR, outlet_code="", name="ERP", by=SYSTEM_VIEWER, at=now())
    answer = httpx.post(
        f"{site}/api/v1/shipments", json=[MASTER_DATA], headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.json()["accepted"] == 1


def test_a_parcel_is_asked_for_complained_of_cared_for_and_rated(site, pushed, visit, picture, tmp_path):
    desk = _at_the_desk(visit, site, picture)
    phone = visit(f"{site}/t/{WAYBILL_NO}", size="phone")
    picture(phone, "story-1-parcel-390")
    _complain(phone, picture, tmp_path)
    _answer(desk, picture)
    phone.get_by_text("已让刘师傅回去找").first.wait_for()
    picture(phone, "story-4-answered-live-390")
    _settle(desk, picture)
    phone.get_by_text(FOUND).first.wait_for()
    _rate(phone, picture)


def _at_the_desk(visit, site, picture):
    desk = visit(f"{site}/desk/sign-in", size="desk")
    desk.fill("#u", "lin")
    desk.fill("#pw", PASSWORD)
    desk.click("main .btn-primary")
    desk.goto(f"{site}/desk/?view=outlet")
    picture(desk, "story-0-desk-empty-1280")
    return desk


def _complain(phone, picture, tmp_path):
    shot = tmp_path / "door.jpg"
    shot.write_bytes(photo().read())
    phone.click("text=不对劲，告诉网点")
    phone.check("input[value=SIGNED_NOT_RECEIVED]")
    phone.fill("#f-text", SAID)
    phone.set_input_files("#f-photos", str(shot))
    phone.fill("#f-phone", "19900000001")
    picture(phone, "story-2-complaint-390")
    phone.click("button:has-text('提交')")
    phone.wait_for_url("**/c/**")
    picture(phone, "story-3-progress-390")


def _answer(desk, picture):
    """The new case is told on the open worklist without reloading; it is opened and answered."""
    desk.get_by_text("新来 1 条").wait_for()
    picture(desk, "story-3-desk-live-1280")
    desk.reload()
    desk.click("[id^=row-] a")
    assert desk.get_by_text(SAID).first.is_visible()
    assert desk.locator(".y-clocks .y-ring").count() >= 2, "its promises are running"
    desk.fill("#reply", "王女士您好，已让刘师傅回去找")
    desk.click("text=发给顾客")
    desk.wait_for_url("**done=reply")
    picture(desk, "story-4-desk-case-1280")


def _settle(desk, picture):
    desk.click("label:has(#do-settle)")
    desk.select_option("#remedy", index=1)
    desk.fill("#settle-text", FOUND)
    desk.locator("label:has(input[name=validity][value=VALID])").click()
    desk.select_option("#party", "COURIER")
    desk.fill("#found-why", "放错楼栋")
    desk.locator("form:has(#settle-text) .btn-primary").click()
    desk.wait_for_url("**done=settle")
    picture(desk, "story-5-desk-settled-1280")


def _rate(phone, picture):
    picture(phone, "story-5-settled-live-390")
    phone.goto(phone.url.split("?")[0] + "/rate")
    phone.locator("label:has(input[name=score][value='5'])").click()
    phone.click("text=就这样评")
    phone.get_by_text("谢谢，记下了").wait_for()
    picture(phone, "story-6-rated-390")
