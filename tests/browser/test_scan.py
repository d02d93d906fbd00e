"""The look-up's other ways in a real browser: the camera, a label's photo, my parcels."""

import json
import re
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image

from tests.browser.conftest import chromium_path
from tests.browser.test_consumer import VIEWS, no_sideways_scrolling
from tests.web.consumer.conftest import WAYBILL_NO, take_road
from tests.web.consumer.test_mine import tell_of
from tests.world import CONSUMER_PHONE
from yishi.feeds.port import Person
from yishi.kit.clock import now
from yishi.notifications.jobs.deliveries import sweep_due_sms

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CODE128, QR = zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCode


@pytest.fixture
def site(live_server, world):
    take_road(WAYBILL_NO)
    take_road("771200000000001", ("delivered", 0.5, "南京市", "025101", "已签收，签收人：本人"))
    me = Person(
        name="王女士", phone=CONSUMER_PHONE, address="南京市江宁区东山街道 3 栋 501" + "很长的地址" * 12
    )
    tell_of(WAYBILL_NO, consignee=me)
    return live_server.url


def scene(text, kind=CODE128):
    """What a phone's camera sees of a label: a code on paper on a table."""
    code = Image.fromarray(zxingcpp.create_barcode(text, kind).to_image(scale=2 if kind is CODE128 else 6))
    paper = Image.new("RGB", (560, 320), "white")
    paper.paste(code.convert("RGB"), ((560 - code.width) // 2, (320 - code.height) // 2))
    table = Image.new("RGB", (640, 480), (150, 130, 110))
    table.paste(paper, (40, 80))
    return table.rotate(4, fillcolor=(150, 130, 110))


def film(path, picture, frames=5):
    """A YUV4MPEG2 film of one picture, which Chromium takes for a camera."""
    luma, *chroma = picture.convert("YCbCr").split()
    half = [plane.resize((picture.width // 2, picture.height // 2)) for plane in chroma]
    frame = b"FRAME\n" + b"".join(plane.tobytes() for plane in (luma, *half))
    head = f"YUV4MPEG2 W{picture.width} H{picture.height} F10:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(head + frame * frames)
    return path


@pytest.fixture
def before_camera(browser, tmp_path):
    """`before_camera(picture)` gives a page whose camera sees that picture; None: one that is refused."""
    opened = []

    def open_page(picture):
        arguments = ["--no-sandbox", "--disable-gpu", "--use-fake-device-for-media-stream"]
        if picture is not None:
            path = film(tmp_path / "camera.y4m", picture)
            arguments += [f"--use-file-for-fake-video-capture={path}", "--use-fake-ui-for-media-stream"]
        own = browser.browser_type.launch(executable_path=chromium_path(), args=arguments)
        opened.append(own)
        page = own.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN").new_page()
        page.set_default_timeout(20_000)
        return page

    yield open_page
    for own in opened:
        own.close()


def test_the_barcode_before_the_camera_opens_its_parcel(before_camera, site):
    page = before_camera(scene(WAYBILL_NO))
    heard = []
    page.on("console", lambda said: heard.append(said.text) if "Security Policy" in said.text else None)
    page.goto(f"{site}/scan")
    page.wait_for_url(re.compile(f"/t/{WAYBILL_NO}$"))
    assert page.locator("text=派送中").first.is_visible() and not heard


def test_the_code_of_a_poster_leads_to_its_outlet(before_camera, site):
    page = before_camera(scene(f"{site}/?o=DS01", QR))
    page.goto(f"{site}/scan")
    page.wait_for_url(re.compile(r"/\?o=DS01$"))
    assert page.locator("text=东山网点为你服务").is_visible()


def test_a_code_without_a_number_is_said_and_the_camera_goes_on(before_camera, site, picture):
    page = before_camera(scene("https://example.cn/promo", QR))
    page.goto(f"{site}/scan")
    page.wait_for_selector("[data-said][data-state=other]")
    assert page.locator("video").is_visible() and page.url.endswith("/scan")
    picture(page, "consumer-scan-running")


def test_a_refused_camera_is_explained_and_the_photo_stays(before_camera, site):
    page = before_camera(None)
    page.goto(f"{site}/scan")
    page.wait_for_selector("[data-said][data-state=refused], [data-said][data-state=none]")
    assert page.locator("#photo").is_visible() and page.locator("[data-start]").is_visible()


def test_a_chosen_photo_is_read_on_the_device(visit, site, tmp_path):
    scene(WAYBILL_NO).save(tmp_path / "label.jpg", quality=90)
    page = visit(f"{site}/scan")
    page.wait_for_selector("[data-said]:not(:empty)")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/label") else None)
    page.set_input_files("#photo", str(tmp_path / "label.jpg"))
    page.wait_for_url(re.compile(f"/t/{WAYBILL_NO}$"))
    assert sent == []


def test_without_script_a_photo_is_read_by_the_server(visit, site, tmp_path, picture, check_axe):
    scene(WAYBILL_NO).save(tmp_path / "label.jpg", quality=90)
    page = visit(site, script=False)
    page.set_input_files("#photo", str(tmp_path / "label.jpg"))
    page.click("button:has-text('读出单号')")
    page.click(f"a[href='/t/{WAYBILL_NO}']")
    assert page.locator("text=派送中").first.is_visible()


def code_of(outbox):
    sweep_due_sms(at=now())
    last = json.loads((outbox / "outbox/sms.jsonl").read_text().splitlines()[-1])
    return re.findall(r"\d{6}", last["text"])[0]


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_phone_code_parcels_leave(visit, site, settings, tmp_path, picture, check_axe, script):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path, sms_url="log:")
    page = visit(f"{site}/mine", script=script)
    page.fill("#phone", CONSUMER_PHONE)
    page.click("button:has-text('发验证码')")
    page.fill("#code", code_of(tmp_path))
    page.click("button:has-text('看我的快递')")
    page.click(f"a[href='/t/{WAYBILL_NO}']")
    assert page.locator("text=3 栋 501").is_visible()
    no_sideways_scrolling(page)
    page.click("text=回到我的快递，或离开")
    page.click("button:has-text('离开')")
    page.goto(f"{site}/t/{WAYBILL_NO}")
    assert page.locator("text=3 栋 501").count() == 0


@pytest.mark.parametrize(("size", "theme"), VIEWS)
def test_the_ways_to_look_up_are_clean_for_everybody(visit, check_axe, picture, site, size, theme, client):
    from tests.web.consumer.test_mine import ask

    paths = {
        "several": f"/?q={WAYBILL_NO}+771200000000001+YT1234567890123",
        "scan": "/scan",
        "mine-phone": "/mine",
        "mine-code": ask(client),
        "mobile": "/t/19900000001",
    }
    for name, path in paths.items():
        page = visit(site + path, size, theme)
        page.wait_for_load_state("networkidle")
        no_sideways_scrolling(page)
        check_axe(page)
        picture(page, f"consumer-{name}-{size}-{theme}")
        page.close()


def test_the_scanner_comes_only_where_it_is_wanted(visit, site):
    fetched = {}
    for path in ("/", "/mine", "/scan"):
        page = visit(f"{site}{path}")
        page.wait_for_load_state("networkidle")
        fetched[path] = page.evaluate(
            "performance.getEntriesByType('resource').map(r => r.name.split('/').pop())"
        )
    assert not [
        name for path in ("/", "/mine") for name in fetched[path] if "zxing" in name or "scan" in name
    ]
    assert "scan.js" in fetched["/scan"]


def test_english_keeps_the_layout(visit, site, picture):
    page = visit(f"{site}/scan")
    page.click("button[lang=en]")
    for path in ("/", "/scan", "/mine", f"/?q={WAYBILL_NO}+771200000000001"):
        page.goto(site + path)
        assert page.get_attribute("html", "lang") == "en"
        no_sideways_scrolling(page)
