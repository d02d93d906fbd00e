"""The operator's pages of feeds in a real browser: clean with long, empty and failing content."""

import json

import pytest

from tests.browser.test_desk import VIEWS, check_all, enter
from yishi.feeds.actions.replay import replay_group
from yishi.feeds.actions.settings import open_source
from yishi.feeds.actions.sources import ensure_source, pause_source
from yishi.feeds.models import CodeMapping, Source
from yishi.feeds.queries.sources import get_source
from yishi.kit.clock import now
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.actions.remap import map_code
from yishi.shipments.actions.take_in import take_in
from yishi.shipments.jobs import sweep_remaps

__all__ = ["enter"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "华东大区江宁开发区第三分拨中心轨迹推送（备用线路，夜间切换）"
TEXT = "【南京市】快件已由 东山街道办事处便民服务中心旁的丰巢智能快递柜 代为保管，请凭取件码及时领取" * 2


def take(*changes, body=None, source="own"):
    ensure_source(code=source, plugin="generic", at=now())
    event = {"kind": "unknown", "source_code": "9999", "happened_at": now().isoformat(), "text": TEXT}
    events = [event | {"waybill_no": f"YT{number:010d}"} | change for number, change in enumerate(changes)]
    said = json.dumps(events).encode() if body is None else body
    take_in(source=get_source(source), body=said, content_type="application/json", at=now())


@pytest.fixture
def feeds(world):
    """Sources that stand well and badly, one with a long name; codes nobody knows; bodies nobody can read."""
    take({}, {}, {"kind": "accepted", "source_code": "1"}, {"source_code": "W" * 64})
    take(body=b'{"receiverName": "\xe8\xb5\xb5\xe5\xb0\x8f\xe5\xa7\x90", "broken' + b"x" * 400)
    take(body=b"[also broken")
    said = {"code": "k1", "plugin": "kuaidi100", "carrier": "", "time_zone": "", "settings": {"salt": "s4lt"}}
    open_source(label=LONG, **said, by=SYSTEM_VIEWER, at=now())
    pause_source(code="k1", reason="对方在换签名密钥，等通知" * 4, by=SYSTEM_VIEWER, at=now())
    Source.objects.filter(code="own").update(silent_since=now())
    settle("lost/", "总部第一版对照表")
    settle("in_transit/", "看错一行")
    map_code(
        source="own",
        source_code="9999",
        kind="delivered",
        detail="proxy",
        reason=LONG,
        by=SYSTEM_VIEWER,
        at=now(),
    )
    replay_group(source="own", reason="not_framed", by=SYSTEM_VIEWER, at=now())


def settle(meaning, reason):
    kind, detail = meaning.split("/")
    map_code(
        source="own", source_code="9999", kind=kind, detail=detail, reason=reason, by=SYSTEM_VIEWER, at=now()
    )
    sweep_remaps(at=now(), limit=9)


PATHS = [
    "/manage/feeds",
    "/manage/feeds/own",
    "/manage/feeds/k1",
    "/manage/new-source?plugin=kdniao",
    "/manage/feeds/own/code?code=9999&meaning=stored_at_pickup_point/locker",
    "/manage/feeds/own/quarantine?reason=not_framed",
    "/manage/feeds/nobody",
]


@pytest.mark.parametrize(("size", "theme"), VIEWS)
def test_every_page_of_feeds_is_clean(enter, live_server, check_axe, picture, feeds, size, theme):
    page = enter("yunwei", size=size, theme=theme)
    check_all(page, PATHS, live_server.url, check_axe, picture, f"feeds-{size}-{theme}")
    page.goto(f"{live_server.url}/manage/feeds/own/quarantine?reason=not_framed")
    page.click("text=先试一试")
    page.wait_for_selector("#foreseen")
    check_axe(page)
    picture(page, f"feeds-tried-{size}-{theme}")


def test_with_nothing_connected_a_source_is_added_by_keyboard(enter, live_server, check_axe, picture, world):
    page = enter("yunwei", size="desk")
    page.goto(f"{live_server.url}/manage/feeds")
    picture(page, "feeds-empty")
    check_axe(page)
    page.focus("text=接入第一个来源")
    page.keyboard.press("Enter")
    page.wait_for_selector("#plugin")
    page.select_option("#plugin", "kuaidi100")
    page.focus("text=下一步")
    page.keyboard.press("Enter")
    page.wait_for_selector("#set-salt")
    page.fill("#set-salt", "abc")
    page.keyboard.press("Enter")
    page.wait_for_selector("#address")
    check_axe(page)
    picture(page, "feeds-address")
    assert "/feeds/kuaidi100/" in page.inner_text("#address")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_code_is_given_its_meaning(enter, live_server, world, script):
    take({}, {})
    page = enter("yunwei", size="desk", script=script)
    page.goto(f"{live_server.url}/manage/feeds")
    page.click("a:has-text('定含义')")
    page.select_option("#meaning", "delivered/proxy")
    page.click("text=先看会改动什么")
    page.wait_for_selector("#preview")
    page.fill("#why", "对照文档")
    page.click("text=就这么定")
    page.wait_for_url("**done=mapped")
    assert CodeMapping.objects.values_list("kind", "reason").get() == ("delivered", "对照文档")
    sweep_remaps(at=now(), limit=9)
    if script:  # the line moves by itself
        page.wait_for_selector("text=改好了，等在途的数据收完再核对一遍")
