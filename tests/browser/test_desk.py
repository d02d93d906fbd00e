"""The desk and the operator's pages in a real browser: every page clean, usable with and without script."""

import pytest

from tests.web.desk.conftest import open_at
from tests.world import PASSWORD
from yishi.cases.actions.reply import add_note
from yishi.cases.queries.history import list_timeline
from yishi.kit.clock import now

# what the migrations ship (the promises) is put back after each test
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VIEWS = [(size, theme) for size in ("phone", "desk") for theme in ("light", "dark")]


@pytest.fixture
def case(world):
    found = open_at(world.dongshan_id, contact_id=world.contact_id)
    add_note(case_id=found.id, text="没有拍照，没有电话", by=world.viewer(world.zhou), at=now())
    open_at(world.dongshan_id, text="长" * 6000 + "W" * 400)
    return found


@pytest.fixture
def enter(visit, live_server):
    """`enter("lin", …)` gives a page on which this person has signed in."""

    def sign_in(username, **how):
        page = visit(live_server.url + "/desk/sign-in", **how)
        page.fill("#u", username)
        page.fill("#pw", PASSWORD)
        page.click("main .btn-primary")
        return page

    return sign_in


def check_all(page, paths, base, check_axe, picture, name):
    for path in paths:
        page.goto(base + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        check_axe(page)
        picture(page, f"{name}{path.split('?')[0].replace('/', '-')}")


@pytest.mark.parametrize(("size", "theme"), VIEWS)
def test_every_desk_page_is_clean(enter, live_server, check_axe, picture, case, size, theme):
    steps = [
        f"/desk/cases/{case.case_no}?do={step}" for step in ("reply", "note", "assign", "status", "settle")
    ]
    lists = ["/desk/?view=outlet", "/desk/?view=waiting", "/desk/?q=0000000", "/desk/me", "/desk/cases/1"]
    page = enter("lin", size=size, theme=theme)
    check_all(page, [*lists, *steps], live_server.url, check_axe, picture, f"desk-{size}-{theme}")


@pytest.mark.parametrize(("size", "theme"), VIEWS)
def test_every_operators_page_is_clean(enter, live_server, check_axe, picture, world, size, theme):
    paths = ["/manage/", "/manage/notices", "/manage/outlets", "/manage/people"]
    page = enter("yunwei", size=size, theme=theme)
    check_all(page, paths, live_server.url, check_axe, picture, f"manage-{size}-{theme}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_sign_in_is_clean_also_when_it_refuses(visit, live_server, check_axe, picture, world, theme):
    page = visit(live_server.url + "/desk/sign-in", theme=theme)
    check_axe(page)
    page.fill("#u", "lin")
    page.fill("#pw", "nope")
    page.click("main .btn-primary")
    page.wait_for_selector("[role=alert]")
    check_axe(page)
    picture(page, f"desk-sign-in-refused-{theme}")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_case_is_answered_and_noted(enter, case, script):
    page = enter("lin", size="desk", script=script)
    page.click(f"#row-{case.case_no} a")
    page.fill("#reply", "王女士您好，正在查")
    page.click("text=发给顾客")
    page.wait_for_url("**done=reply")
    page.click("label:has(#do-note)")
    page.fill("#note", "等监控")
    page.click("text=记下备注")
    page.wait_for_url("**done=note")
    assert [line.audience for line in list_timeline(case.id)[-2:]] == ["PUBLIC", "INTERNAL"]


def test_the_keyboard_reaches_a_case_and_its_answer(enter, live_server, case):
    page = enter("lin", size="desk")
    page.goto(live_server.url + "/desk/?view=outlet")
    page.keyboard.press("j")
    assert page.locator(".y-row.is-at").count() == 1
    page.keyboard.press("r")
    page.wait_for_url("**do=reply#step")
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") == "note"


def test_what_was_typed_survives_a_reload(enter, live_server, case):
    page = enter("lin", size="desk")
    page.goto(f"{live_server.url}/desk/cases/{case.case_no}")
    page.fill("#reply", "打到一半")
    page.reload()
    assert page.input_value("#reply") == "打到一半"
