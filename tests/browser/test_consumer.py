"""The consumer's main path in a real browser: with script and without, both sizes, both themes."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests.web.consumer.conftest import WAYBILL_NO, take_road
from tests.web.consumer.test_complain import SAID, answers, photo
from yishi.cases.actions.resolve import Finding, resolve_case
from yishi.cases.models.case import Case
from yishi.kit.clock import now

# what the migrations ship (the promises) is put back after each test
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VIEWS = [(size, theme) for size in ("phone", "desk") for theme in ("light", "dark")]


@pytest.fixture
def site(live_server, world):
    take_road(WAYBILL_NO)
    take_road("771200000000001", ("delivered", 0.5, "南京市", "025101", "已签收，签收人：本人"))
    return live_server.url


@pytest.fixture
def link(client, site):
    url = f"/t/{WAYBILL_NO}/complain"
    return site + client.post(url, {**answers(), "photos": [photo()]}).headers["Location"]


def settle(world):
    case, said = Case.objects.get(), "找到了，18:00 前送上门。"
    finding = Finding(validity="VALID", category=case.category, reason="放错楼道")
    answer = {"remedy": "FOUND", "text": said, "finding": finding, "root_cause": ""}
    resolve_case(case_id=case.pk, **answer, by=world.viewer(world.zhou), at=now())


def no_sideways_scrolling(page):
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("size", "theme"), VIEWS)
def test_every_page_is_clean_for_everybody(visit, check_axe, picture, site, link, size, theme):
    paths = {
        "look-up": "/",
        "no-number": "/?q=哪里",
        "unknown": "/t/999900001111",
        "parcel": f"/t/{WAYBILL_NO}",
        "signed": "/t/771200000000001",
        "complain": f"/t/{WAYBILL_NO}/complain",
        "complain-anyway": "/complain",
        "progress": link.removeprefix(site),
        "rate-early": link.removeprefix(site) + "/rate",
        "missing": "/no/such/page",
    }
    for name, path in paths.items():
        page = visit(site + path, size, theme)
        no_sideways_scrolling(page)
        check_axe(page)
        picture(page, f"consumer-{name}-{size}-{theme}")
        page.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_look_up_complain_follow(visit, site, tmp_path, script):
    shot = tmp_path / "door.jpg"
    shot.write_bytes(photo().read())
    page = visit(site, script=script)
    page.fill("#q", "7712 0000 0018 826")
    page.click("button[type=submit]:has-text('查一查')")
    page.click("text=不对劲，告诉网点")
    page.check("input[value=DELAY]")
    page.fill("#f-text", SAID)
    page.set_input_files("#f-photos", str(shot))
    page.fill("#f-phone", "19900000001")
    page.click("button:has-text('提交')")
    page.wait_for_url(re.compile("/c/"))
    assert page.locator(f"text={SAID}").is_visible()
    page.fill("#f-text", "邻居也没看见")
    page.click("button:has-text('发给网点')")
    assert page.locator("#progress >> text=邻居也没看见").is_visible()


def test_a_mistake_takes_the_reader_to_it_and_keeps_the_words(visit, check_axe, picture, site):
    page = visit(f"{site}/t/{WAYBILL_NO}/complain")
    page.fill("#f-text", SAID)
    page.fill("#f-phone", "1990000")
    page.click("button:has-text('提交')")
    assert page.input_value("#f-text") == SAID
    assert "y-note" in page.evaluate("document.activeElement.className")
    check_axe(page)
    picture(page, "consumer-complain-mistake")


def test_what_is_being_written_stays_on_the_device(visit, site):
    page = visit(f"{site}/t/{WAYBILL_NO}/complain")
    page.fill("#f-text", SAID)
    page.check("input[value=DELAY]")
    page.reload()
    assert page.input_value("#f-text") == SAID and page.is_checked("input[value=DELAY]")


def test_what_the_link_chose_outdoes_an_older_draft(visit, site):
    page = visit(f"{site}/t/{WAYBILL_NO}/complain")
    page.check("input[value=DELAY]")
    page.fill("#f-text", SAID)
    page.goto(f"{site}/t/{WAYBILL_NO}/complain?category=RESCHEDULE")
    assert page.is_checked("input[value=RESCHEDULE]") and page.input_value("#f-text") == SAID


def test_nothing_is_called_kept_before_anything_is_written(visit, site):
    page = visit(f"{site}/t/{WAYBILL_NO}/complain")
    assert page.locator("[data-kept]").is_hidden()
    page.fill("#f-text", SAID)
    assert page.locator("[data-kept]").is_visible()


def test_words_that_have_arrived_are_not_offered_again(visit, site, link):
    page = visit(link)
    page.fill("#f-text", "邻居也没看见")
    # the old page's address has no mark either: only the new one may be written on
    with page.expect_navigation():
        page.click("button:has-text('发给网点')")
    page.wait_for_function("location.hash === ''")
    assert page.input_value("#f-text") == ""
    page.fill("#f-text", "下一句")
    page.reload()
    assert page.input_value("#f-text") == "下一句"


def test_the_forms_follow_the_case_and_keep_what_is_being_written(visit, site, link, world):
    page = visit(link)
    page.fill("#f-text", "正在写")
    settle(world)
    page.evaluate("htmx.trigger('#live', 'renew')")
    page.wait_for_selector("text=评一评")
    assert page.input_value("#f-again") == "正在写" and page.locator("text=发给网点").count() == 0


def test_a_double_click_opens_one_case(visit, site):
    page = visit(f"{site}/t/{WAYBILL_NO}/complain")
    page.check("input[value=DELAY]")
    page.fill("#f-phone", "19900000001")
    page.dblclick("button:has-text('提交')", no_wait_after=True)
    page.wait_for_url(re.compile("/c/"))
    assert Case.objects.count() == 1


def test_the_keyboard_reaches_everything(visit, site):
    page = visit(f"{site}/t/{WAYBILL_NO}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "y-skip"
    wanted = page.locator("a[href]:visible, button:visible").count()
    reached = {page.evaluate("document.activeElement.outerHTML")}
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.outerHTML"))
    assert len(reached) >= wanted


def test_english_is_complete_in_layout(visit, site, picture):
    page = visit(f"{site}/t/{WAYBILL_NO}")
    page.click("button[lang=en]")
    assert page.get_attribute("html", "lang") == "en"
    no_sideways_scrolling(page)
    picture(page, "consumer-parcel-english")


def test_a_first_view_weighs_little(assets, client, site, link):
    pages = ["/", "/mine", "/scan", f"/t/{WAYBILL_NO}", f"/t/{WAYBILL_NO}/complain", link.removeprefix(site)]
    for path in pages:
        html = client.get(path).content
        # what the scanner fetches when a camera is there is named in data attributes, and not counted
        names = set(re.findall(rb'(?:src|href)="/static/([\w/.-]+)', html))
        files = [Path(finders.find(name.decode())).read_bytes() for name in names]
        assert len(html) + sum(len(gzip.compress(file, 9)) for file in files) < 80 * 1024


def test_the_live_address_gets_no_cookies(visit, site, link):
    page = visit(link)
    assert page.evaluate("htmx.createEventSource('/live').withCredentials") is False
