"""The newer pages of the desk and of the operator in one walk; a case handed over, merged, done by macro."""

import pytest

from tests.cases.making import opened, parcel
from tests.web.desk.conftest import open_at
from tests.world import PASSWORD
from yishi.automation.actions.macros import save_macro
from yishi.cases.queries.cards import get_case
from yishi.kit.clock import now

# what the migrations ship (types, rules of claims) is put back after each test
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AGENT = ["search?q=%E5%BF%AB%E9%80%92", "day", "tasks", "work-orders", "work-orders/in"]
WORDS = ["replies/new", "macros/new"]
RULES = ["new-workflow", "rules/new", "sla", "sla/hours/0", "claim-rules"]
RESULTS = ["rates", "penalties", "ledger", "roster"]
LOOKS = [({"width": 390, "height": 844}, "light"), ({"width": 1280, "height": 800}, "dark")]


@pytest.fixture
def enter(visit, live_server):
    def sign_in(username, **how):
        page = visit(live_server.url + "/desk/sign-in", **how)
        page.fill("#u", username)
        page.fill("#pw", PASSWORD)
        page.click("main .btn-primary")
        return page

    return sign_in


@pytest.fixture
def clean(check_axe):
    """`clean(page)`: nothing to find on a phone by day and on a desk by night, and nothing is too wide."""

    def check(page):
        for size, theme in LOOKS:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=theme)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (page.url, size)
            rail = page.locator(".y-rail")
            assert rail.evaluate("rail => rail.scrollWidth <= rail.clientWidth"), "the rail fits the phone"
            check_axe(page)

    return check


def walk(page, base, paths, clean):
    for path in paths:
        assert page.goto(base + path).status == 200, path
        clean(page)


def test_the_path_of_an_agent(enter, live_server, clean, world):
    walk(enter("lin"), live_server.url + "/desk/", [*AGENT, *WORDS], clean)


def test_the_path_of_who_keeps_the_rules(enter, live_server, clean, world):
    walk(enter("zhikong"), live_server.url + "/manage/", [*RULES, *RESULTS], clean)


def test_a_refused_form_keeps_its_words_and_marks_the_field(enter, live_server, clean, world):
    case = open_at(world.dongshan_id, contact_id=world.contact_id)
    page = enter("lin")
    page.goto(f"{live_server.url}/desk/cases/{case.case_no}")
    page.click("#claims summary >> nth=0")
    page.fill("#propose-goods", "一百多")
    page.click("#claims button:has-text('算一个方案')")
    page.wait_for_selector("#claims #refused")
    assert page.input_value("#propose-goods") == "一百多"
    assert page.get_attribute("#propose-goods", "aria-invalid") == "true"
    clean(page)


def test_a_case_is_handed_over_and_accepted(enter, live_server, world):
    case = open_at(world.dongshan_id, contact_id=world.contact_id)
    address = f"{live_server.url}/desk/cases/{case.case_no}"
    giver = enter("lin", size="desk")
    giver.goto(address)
    giver.click("#handover summary >> nth=0")
    giver.select_option("#handover [name=outlet] >> nth=0", "JN01")
    giver.fill("#handover [name=reason] >> nth=0", "最后一次扫描在你们那里")
    giver.click("#handover button[type=submit] >> nth=0")
    giver.wait_for_url("**done=offer")
    taker = enter("he", size="desk")
    taker.goto(address)
    taker.click("button[name=what][value=accept]")
    taker.wait_for_url("**done=*")
    assert get_case(case.id).outlet_id == world.jiangning_id


def test_two_cases_become_one_and_two_again(enter, live_server, clean, world):
    ref = parcel(outlet_id=world.dongshan_id)
    first = opened(world, at=now(), ref=ref)
    second = opened(world, at=now(), ref=ref, category="DELAY")
    page = enter("lin", size="desk")
    page.goto(f"{live_server.url}/desk/cases/{second.case_no}")
    page.click("#links summary >> nth=0")
    page.click("#links button[value=into]")
    page.wait_for_url("**done=merge*")
    page.goto(f"{live_server.url}/desk/cases/{second.case_no}")
    assert first.case_no[-4:] in page.inner_text("#links .y-note")
    clean(page)
    page.set_viewport_size(LOOKS[1][0])
    page.click("#links button:has-text('撤销合并')")
    page.wait_for_url("**done=unmerge*")
    assert get_case(second.case_id).is_open


def test_a_macro_is_looked_at_and_run(enter, live_server, clean, world):
    case = open_at(world.dongshan_id, contact_id=world.contact_id)
    steps = [{"do": "reply", "text": "正在查，两小时内回你"}, {"do": "tag", "tag": "要回访"}]
    save_macro(name="先安抚再查", steps=steps, scope="PERSONAL", by=world.viewer(world.lin), at=now())
    page = enter("lin", size="desk")
    page.goto(f"{live_server.url}/desk/cases/{case.case_no}?do=macro#step")
    page.click("label:has-text('先安抚再查')")
    page.click("text=看看会怎样")
    page.wait_for_url("**/macro?*")
    clean(page)
    page.click("main .btn-primary")
    page.wait_for_url("**done=macro")
    assert "正在查，两小时内回你" in page.inner_text("#timeline")
