"""The desk's newer pages in one walk: clean, within the screen; a refused form keeps its words."""

import pytest

from tests.web.desk.conftest import open_at
from tests.world import PASSWORD

# what the migrations ship (types, rules of claims) is put back after each test
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
AGENT = ["search?q=%E5%BF%AB%E9%80%92", "tasks", "work-orders", "work-orders/in", "replies/new", "macros/new"]
QUALITY = [
    "rates",
    "case-types",
    "new-workflow",
    "rules/new",
    "sla",
    "sla/law",
    "claim-rules",
    "penalties",
    "roster",
]


@pytest.fixture
def enter(visit, live_server):
    def sign_in(username, **how):
        page = visit(live_server.url + "/desk/sign-in", **how)
        page.fill("#u", username)
        page.fill("#pw", PASSWORD)
        page.click("main .btn-primary")
        return page

    return sign_in


def walk(page, base, paths, check_axe):
    for path in paths:
        answer = page.goto(base + path)
        assert answer.status == 200, path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        check_axe(page)
    rail = page.locator(".y-rail")
    assert rail.evaluate("rail => rail.scrollWidth <= rail.clientWidth"), "the rail fits the phone"


def test_the_path_of_an_agent(enter, live_server, check_axe, world):
    case = open_at(world.dongshan_id, contact_id=world.contact_id)
    page = enter("lin")
    walk(page, live_server.url + "/desk/", AGENT, check_axe)
    page.goto(f"{live_server.url}/desk/cases/{case.case_no}")
    page.click("#claims summary >> nth=0")
    page.fill("#propose-goods", "一百多")
    page.click("#claims button:has-text('算一个方案')")
    page.wait_for_selector("#claims #refused")
    assert page.input_value("#propose-goods") == "一百多"
    check_axe(page)
    page = enter("zhikong", theme="dark")
    walk(page, live_server.url + "/manage/", QUALITY, check_axe)
