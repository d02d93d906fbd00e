"""A morning at a station: the scanner types, Enter books in; and the pages looked at, both themes."""

import pytest

from tests.stations.making import keeper, shelves, take_in
from tests.web.desk.conftest import browser as signed_in
from tests.world import START, add_person
from yishi.kit.clock import now
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.stations.actions.floor import keep_shelf
from yishi.stations.models.parcels import StationParcel
from yishi.stations.queries.waiting import pickup_token

SCANS = 60


@pytest.fixture
def floor(world):
    shelves()
    by = {"by": SYSTEM_VIEWER, "at": START}
    for code in ("14", "15"):
        keep_shelf(station="ST01", code=code, layers=4, capacity=12, **by)
    return signed_in(add_person("keeper", "站长", Role.STATION_KEEPER, "DS01"))


def opened(visit, url, client, **how):
    page = visit(f"{url}/desk/sign-in", **how)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])
    return page


def test_a_morning_by_scanner(live_server, floor, visit):
    page = opened(visit, live_server.url, floor, size="desk")
    page.goto(f"{live_server.url}/station/ST01/in", wait_until="load")
    for number in range(SCANS):
        # a scanner is a keyboard: nobody touches the page in between, nor waits for the answer
        page.keyboard.insert_text(f"YT61900{number:08}")
        page.keyboard.press("Enter")
    page.context.set_offline(True)
    page.keyboard.type("YT6190099999999")
    page.keyboard.press("Enter")
    page.locator("#offline").wait_for()
    page.context.set_offline(False)
    page.locator(".y-log", has_text="…9999").wait_for(timeout=60_000)
    assert StationParcel.objects.filter(state="INSIDE").count() == SCANS + 1
    codes = list(StationParcel.objects.values_list("code_hash", flat=True))
    assert len({bytes(code) for code in codes}) == SCANS + 1
    page.keyboard.press("F2")
    page.get_by_text("已撤销，货架位置").wait_for()
    assert page.evaluate("document.activeElement.id") == "scan"


def test_the_pages_are_looked_at(live_server, floor, visit, check_axe, picture):
    by = keeper("second")
    for i in range(9):
        take_in(f"YT619000000001{i}", by=by, at=now(), phone=f"1990000002{i % 3}", person_name="何田")
    first = StationParcel.objects.order_by("pk").first()
    url = live_server.url
    pages = {
        **{
            tab: f"{url}/station/ST01/{tab}"
            for tab in ("in", "out", "shelves", "overdue", "messages", "working")
        },
        "parcel": f"{url}/station/ST01/parcels/{first.pk}",
        "pickup": f"{url}/p/{pickup_token(first.pk)}",
    }
    pages["overdue"] += "?kind=NORMAL"
    for size, theme in (("phone", "light"), ("desk", "dark")):
        page = opened(visit, url, floor, size=size, theme=theme)
        for name, address in pages.items():
            page.goto(address, wait_until="load")
            assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], name
            check_axe(page)
            picture(page, f"station-{name}-{size}-{theme}")
        page.goto(pages["in"], wait_until="load")
        page.keyboard.type(f"YT61900000002{len(size)}")
        page.keyboard.press("Enter")
        page.locator(".y-place").first.wait_for()
        check_axe(page)
        picture(page, f"station-scanned-{size}-{theme}")
        page.goto(pages["out"], wait_until="load")
        page.keyboard.type("12-1-0001")
        page.keyboard.press("Enter")
        page.get_by_text("请拿给本人").wait_for()
        check_axe(page)
        picture(page, f"station-given-{size}-{theme}")
