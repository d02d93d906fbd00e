"""The chat in a real browser: the assistant answers, a colleague answers live, nothing is lost offline."""

import re

import pytest

from tests.browser.test_whole_story import site
from yishi.conversations.actions.hand import take
from yishi.conversations.actions.marks import tell_typing
from yishi.conversations.actions.say import say
from yishi.conversations.models.messages import Message
from yishi.conversations.models.talk import Conversation
from yishi.kit.clock import now

__all__ = ["site"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [({"width": 390, "height": 844}, "light"), ({"width": 1280, "height": 800}, "dark")]
LONG = "昨天下午我一直在家，" * 90 + "W" * 300


@pytest.fixture
def clean(check_axe, picture):
    """`clean(page, name)`: nothing to find by day on a phone and by night on a desk, nothing too wide."""

    def check(page, name):
        for size, theme in LOOKS:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=theme)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, size)
            check_axe(page)
            picture(page, f"chat-{name}-{size['width']}-{theme}")
        page.set_viewport_size(LOOKS[0][0])

    return check


def write(page, text):
    page.fill("#msg", text)
    page.press("#msg", "Enter")


def test_a_talk_from_the_assistant_to_a_colleague(site, visit, clean, world, client):
    client.get("/chat")  # its parts are read once
    page = visit(f"{site}/chat")
    clean(page, "empty")
    write(page, "我的快递到哪了")
    page.wait_for_url(re.compile("/chat/."))
    page.get_by_text("运单号").first.wait_for()
    page.click("#talk-head button")
    page.get_by_text("你排在第 1 位").wait_for()
    clean(page, "queued")
    lin, talk = world.viewer(world.lin), Conversation.objects.get()
    take(conversation_id=talk.pk, by=lin, at=now())
    tell_typing(conversation_id=talk.pk, is_staff=True)
    page.get_by_text("对方正在输入").wait_for()
    say(conversation_id=talk.pk, text="您好，我在查", by=lin, at=now())
    page.get_by_text("您好，我在查").wait_for()
    page.locator("#talk-head").get_by_text("客服 小林").wait_for()
    page.context.set_offline(True)
    write(page, LONG)
    page.get_by_text("没发出去，网断了").wait_for()
    clean(page, "offline")
    page.context.set_offline(False)
    page.wait_for_selector(".is-waiting", state="detached")
    assert Message.objects.filter(author_kind="CONSUMER", conversation=talk).count() == 3
    page.click("[data-menu] summary")
    clean(page, "agent")
    page.click("text=结束会话")
    page.get_by_text("会话结束了").wait_for()
    clean(page, "ended")
    page.click("button[name=score][value='5']")
    page.get_by_text("你给了 5 分").wait_for()
