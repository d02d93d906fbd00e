"""An evening rush in Chromium, live: the kiosk by scanner and by key, line, counter and wall screen."""

import dataclasses
import time
from datetime import timedelta

import pytest

from tests.edge.process import free_port, running_edge
from tests.stations.making import keeper, shelves, take_in
from tests.web.desk.conftest import browser
from yishi.kit.clock import now
from yishi.people.models import User
from yishi.people.rules import SYSTEM_VIEWER
from yishi.stations.actions.queue import PastTicket, keep_past_tickets
from yishi.stations.actions.queue_setup import make_link
from yishi.stations.models.parcels import StationParcel
from yishi.stations.models.queue import QueueTicket
from yishi.stations.queries.stations import access_station

PEOPLE = 4


@pytest.fixture
def site(request, settings, transactional_db):
    """Web and the real edge, each at its own address."""
    port = free_port()
    live = f"http://127.0.0.1:{port}"
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, live_origin=live)
    web = request.getfixturevalue("live_server").url
    with running_edge(port, YISHI_WEB_ORIGIN=web):
        yield web


def rush(by):
    """Four people with two parcels each, and a past of services of a minute at this hour."""
    shelves()
    at = now()
    codes = [
        [
            take_in(f"YT61900000000{person}{n}", by=by, at=at, phone=f"1990000010{person}").pickup_code
            for n in (1, 2)
        ]
        for person in range(PEOPLE)
    ]
    last = at - timedelta(weeks=1)
    minute = timedelta(minutes=1)
    past = [PastTicket(drawn_at=last, called_at=last, served_at=last + minute) for _n in range(6)]
    keep_past_tickets(card=access_station(by, "ST01"), past=past, at=at)
    return codes


def link(kind):
    return make_link(station="ST01", kind=kind, by=SYSTEM_VIEWER, at=now()).token


def scan(page, text):
    """A scanner types and presses Enter, wherever the focus is."""
    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_an_evening_rush(site, world, visit, check_axe):
    by = keeper()
    codes = rush(by)
    url = site
    kiosk = visit(f"{url}/station/open/{link('KIOSK')}", size="desk")
    began = time.monotonic()
    for first, _second in codes[:2]:
        scan(kiosk, first)
        kiosk.get_by_role("heading", name="你有 2 件，在这里").wait_for()
        check_axe(kiosk)
        kiosk.get_by_role("button", name="都拿到了").click()
        kiosk.get_by_text("2 件取好了").wait_for()
        kiosk.get_by_role("link", name="完成").click()
    # two people, scanning and confirming: no queue at the machine
    assert time.monotonic() - began < 20
    for digit in codes[2][0].replace("-", ""):
        kiosk.get_by_role("button", name=digit, exact=True).click()
    kiosk.get_by_role("button", name="取包裹", exact=True).click()
    kiosk.get_by_role("button", name="架上没有，找店员").click()
    kiosk.get_by_text("A001").wait_for()
    check_axe(kiosk)
    kiosk.get_by_role("link", name="知道了").click()
    person = visit(f"{url}/station/open/{link('LINE')}")
    check_axe(person)
    person.get_by_role("button", name="取一个号").click()
    person.get_by_text("前面还有 1 位").wait_for()
    check_axe(person)
    counter = visit(f"{url}/desk/sign-in", theme="dark")
    session = browser(User.objects.get(username="keeper")).cookies["sessionid"].value
    counter.context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    counter.goto(f"{url}/station/ST01/queue")
    assert counter.evaluate("document.documentElement.scrollWidth") <= 390
    check_axe(counter)
    counter.get_by_role("button", name="叫下一位 A001").click()
    counter.get_by_text("1 号窗口正在办").wait_for()
    wall = visit(f"{url}/station/open/{link('SCREEN')}", size="desk")
    assert "A001" in wall.locator(".f-now").inner_text() and "A002" in wall.locator(".f-then").inner_text()
    assert "现在取号 约 2 分钟" in " ".join(wall.locator(".f-wait").inner_text().split())
    check_axe(wall)
    for page in (wall, person):
        page.locator("body[data-connected]").wait_for()
    pressed = time.monotonic()
    counter.get_by_role("button", name="叫下一位 A002").click()
    # nobody reloads: the call reaches the wall and the person's own page by itself
    wall.locator(".f-now", has_text="A002").wait_for()
    person.get_by_text("到你了，请到 1 号窗口").wait_for()
    assert time.monotonic() - pressed < 5
    counter.get_by_text("办完，后面没有人了").wait_for()
    assert StationParcel.objects.filter(state="HANDED_OUT").count() == 4
    assert list(
        QueueTicket.objects.filter(client_id="").exclude(tail="").values_list("state", "wants_help")
    ) == [("SERVED", True)]
