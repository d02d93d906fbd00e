"""A morning at a station: the scanner types, Enter books in; and the pages looked at, both themes."""

import re

import pytest

from tests.stations.making import keeper, shelves, take_in
from tests.stories.conftest import photo
from tests.web.desk.conftest import browser as signed_in
from tests.world import START, add_person
from yishi.kit.clock import now
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.stations.actions.floor import keep_shelf
from yishi.stations.models.parcels import StationParcel
from yishi.stations.queries.waiting import pickup_token

SCANS = 500


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


def scan(page, numbers):
    """A scanner is a keyboard: nobody touches the page in between, nor waits for an answer."""
    for number in numbers:
        page.keyboard.insert_text(number)
        page.keyboard.press("Enter")


def test_a_morning_of_five_hundred_by_scanner(live_server, floor, visit, tmp_path):
    for code in ("16", "17", "18"):
        keep_shelf(station="ST01", code=code, layers=4, capacity=40, by=SYSTEM_VIEWER, at=START)
    page = opened(visit, live_server.url, floor, size="desk")
    page.goto(f"{live_server.url}/station/ST01/in", wait_until="load")
    numbers = [f"YT61900{number:08}" for number in range(SCANS)]
    scan(page, numbers[:200])
    page.context.set_offline(True)
    scan(page, numbers[200:260])
    page.locator("#offline").wait_for()
    page.context.set_offline(False)
    page.reload(wait_until="load")  # what was not sent yet is sent by the page that comes
    scan(page, [numbers[0], *numbers[260:300]])
    page.get_by_text("外包装破损，拍照").click()
    page.get_by_label("这一件破损").check()
    (tmp_path / "box.jpg").write_bytes(photo().read())
    page.set_input_files("#photos", str(tmp_path / "box.jpg"))
    page.focus("#scan")
    scan(page, numbers[300:])
    page.locator(".y-tile strong", has_text=re.compile(f"^{SCANS}$")).first.wait_for(timeout=90_000)
    stays = StationParcel.objects.filter(state="INSIDE").select_related("shipment").order_by("pk")
    assert [stay.shipment.waybill_no for stay in stays] == numbers
    assert [stay.shipment.waybill_no for stay in stays if stay.condition == "DAMAGED"] == [numbers[300]]
    assert len({bytes(stay.code_hash) for stay in stays}) == SCANS
    # the one scanned twice still stands there with its reason, however many came after it
    page.locator("#held").get_by_text("已经在架上").wait_for()
    assert page.locator("#held [data-held]").count() == 1
    assert page.locator("#log .y-log").count() == 12
    page.keyboard.press("F2")
    page.get_by_text("已撤销，货架位置").wait_for()
    assert StationParcel.objects.get(shipment__waybill_no=numbers[-1]).state == "UNDONE"
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
        # a scanner types wherever the focus is: its Enter presses nothing, its number goes into the field
        page.locator("#giving .form-check-input").first.focus()
        page.keyboard.type(first.shipment.waybill_no)
        page.keyboard.press("Enter")
        page.locator(f'[data-waybill="{first.shipment.waybill_no}"] [data-picked]').wait_for()
        assert not StationParcel.objects.filter(state="HANDED_OUT").exists()
        check_axe(page)
        picture(page, f"station-given-{size}-{theme}")
