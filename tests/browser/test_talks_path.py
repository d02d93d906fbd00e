"""A phone at 390 px and the desk at 1,280 px in one talk, live: asked, handed over, answered, rated."""

import re

import pytest

from tests.browser.test_whole_story import site
from tests.cases.making import parcel
from tests.world import PASSWORD
from yishi.conversations.models.talk import Conversation

__all__ = ["site"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ASKED, MORE, LAST = "我的快递到哪了", "上次放柜里就找不到了", "那就今晚七点以后"
ANSWER = "您好，我看到了，马上给派件的师傅打电话"


@pytest.fixture
def clean(check_axe, picture):
    """`clean(page, name)`: nothing to find by day and by night, nothing wider than the page or its rail."""

    def check(page, name):
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
            wide = "all => all.filter(one => one.scrollWidth > one.clientWidth).length"
            assert page.locator(".y-rail").evaluate_all(wide) == 0, (name, "the rail fits")
            check_axe(page)
            picture(page, f"talks-{name}-{theme}")

    return check


@pytest.fixture
def desk(visit, site, world, client):
    """The inbox of an agent, open before anybody says a word."""
    client.get("/desk/sign-in")  # the parts of all pages are read once
    page = visit(f"{site}/desk/sign-in", size="desk")
    page.fill("#u", "lin")
    page.fill("#pw", PASSWORD)
    page.click("main .btn-primary")
    page.goto(f"{site}/desk/inbox?view=outlet")
    return page


def write(page, text):
    page.fill("#msg", text)
    page.press("#msg", "Enter")


def test_a_talk_on_two_screens(site, visit, desk, world, clean):
    parcel(outlet_id=world.dongshan_id)
    clean(desk, "inbox-empty")
    phone = visit(f"{site}/t/YT8800000000001/chat", size="phone")
    _to_a_person(phone, clean)
    _opened_at_the_desk(desk, clean)
    _answered(desk, phone, clean)
    _ended(desk, phone, clean)
    _on_a_phone(desk, clean)


def _to_a_person(phone, clean):
    write(phone, ASKED)
    phone.wait_for_url(re.compile("/chat/."))
    phone.locator(".y-parcel-in").wait_for()
    clean(phone, "chat-parcel")
    phone.click("#talk-head button")
    phone.get_by_text("你排在第 1 位").wait_for()
    clean(phone, "chat-queued")


def _opened_at_the_desk(desk, clean):
    row = desk.locator("#rows .d-it")
    row.wait_for()
    clean(desk, "inbox-came")
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/desk/inbox/*")
    desk.get_by_text(ASKED).first.wait_for()
    clean(desk, "desk-talk")


def _answered(desk, phone, clean):
    write(phone, MORE)
    desk.locator("#lines").get_by_text(MORE).wait_for()
    desk.keyboard.press("r")
    desk.keyboard.type("你自己看看柜子")
    desk.click("text=看看语气")
    desk.locator("#tone li").first.wait_for()
    clean(desk, "desk-tone")
    phone.get_by_text("对方正在输入").wait_for()
    desk.fill("#reply", ANSWER)
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url("**done=reply")
    phone.get_by_text(ANSWER).wait_for()
    phone.locator("#talk-head").get_by_text("客服 小林").wait_for()
    write(phone, LAST)
    desk.locator("#lines").get_by_text(LAST).wait_for()
    clean(phone, "chat-agent")


def _ended(desk, phone, clean):
    desk.keyboard.press("e")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**done=ended")
    phone.get_by_text("会话结束了").wait_for()
    phone.click("button[name=score][value='4']")
    phone.get_by_text("你给了 4 分").wait_for()
    clean(phone, "chat-rated")
    assert Conversation.objects.get().state == "ENDED"


def _on_a_phone(desk, clean):
    talk = Conversation.objects.get()
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.goto(re.sub("/desk/.*", f"/desk/inbox/{talk.pk}", desk.url))
    clean(desk, "desk-talk-390")
    desk.click(".d-rest summary")
    clean(desk, "desk-more-390")
    desk.click(".d-rest a[href$=telephone]")
    desk.wait_for_url("**/desk/telephone")
    clean(desk, "telephone-390")
