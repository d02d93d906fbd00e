"""A morning in a tunnel: the list was loaded, the network goes, he works on, the page is loaded again without
network; when the network is back everything arrives once and in order."""

from tests.security.conftest import photo
from tests.web.courier.conftest import MINE, PLAIN, begin_day
from yishi.shipments.models.parcels import ContactAttempt, Shipment
from yishi.shipments.models.rounds import CourierDeed
from yishi.shipments.models.stops import ScanCheck

WAITING = (
    "[...document.querySelectorAll('#queue-waiting:not([hidden]) [data-count]')].map(n => n.textContent)[0]"
)
KEPT = "document.documentElement.dataset.kept === '1' && navigator.serviceWorker.controller !== null"
SYNC = "courierQueue.sync({state: '/courier/sync', deeds: '/courier/deeds'})"

KNOCKED = {"kind": "contact", "waybill_no": PLAIN, "fields": [["kind", "KNOCK"]], "files": []}


def until(page, what):
    """The page's policy lets nobody evaluate inside: asked from outside, now and then."""
    for _try in range(200):
        if page.evaluate(what):
            return
        page.wait_for_timeout(50)
    raise AssertionError(what)


def waits_for(page, number):
    page.locator("#queue-waiting:not([hidden]) [data-count]", has_text=str(number)).wait_for()


def work_in_the_tunnel(page, stop):
    """Knocked; nobody in, with a photo; about to leave it in a locker, and does not."""
    page.goto(stop, wait_until="load")
    page.get_by_role("button", name="敲过门了").click()
    page.get_by_text("存在手机里了").first.wait_for()
    waits_for(page, 1)
    page.locator("#not-home summary").click()
    page.set_input_files("#f-door", {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": photo().read()})
    page.locator("#not-home .y-pick").last.click()
    page.get_by_role("button", name="记下，告诉收件人").click()
    waits_for(page, 2)
    page.get_by_text("要放快递柜").click()
    page.get_by_role("button", name="不放了，送上门").click()
    waits_for(page, 3)


def test_a_morning_without_network_loses_nothing(live_server, world, visit, picture, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    liu, url = begin_day(world), live_server.url
    page = visit(f"{url}/desk/sign-in")
    page.context.add_cookies([{"name": "sessionid", "value": liu.cookies["sessionid"].value, "url": url}])
    page.goto(f"{url}/courier/", wait_until="load")
    until(page, KEPT)
    page.context.set_offline(True)
    work_in_the_tunnel(page, f"{url}/courier/parcels/{MINE}")
    picture(page, "courier-offline-stop-light")
    page.reload(wait_until="load")
    waits_for(page, 3)
    page.get_by_text("没有信号。").wait_for()
    until(page, "document.querySelectorAll('[data-pending]').length === 3")
    page.goto(f"{url}/courier/", wait_until="load")
    waits_for(page, 3)
    picture(page, "courier-offline-today-light")
    page.goto(f"{url}/courier/parcels/YT0000000000099", wait_until="load")
    page.get_by_text("这一页手机里没有存").wait_for()
    assert not CourierDeed.objects.exists()
    # a mate has got the other parcel meanwhile: that deed is refused, and stays to be read
    page.evaluate("said => courierQueue.add(said)", KNOCKED)
    Shipment.objects.filter(waybill_no=PLAIN).update(courier_number="YT0002")
    page.context.set_offline(False)
    page.goto(f"{url}/courier/", wait_until="load")
    page.get_by_text("不在你名下").wait_for()
    picture(page, "courier-refused-light")
    assert page.evaluate(SYNC) == page.evaluate(SYNC) == "sent"
    deeds = list(CourierDeed.objects.order_by("pk").values_list("kind", "is_refused"))
    assert deeds == [("contact", False), ("not_home", False), ("place", False), ("contact", True)]
    assert sorted(ContactAttempt.objects.values_list("kind", flat=True)) == ["KNOCK", "PHOTO"]
    assert ScanCheck.objects.exclude(answer="").get().answer == "TO_DOOR"
    times = list(CourierDeed.objects.order_by("pk").values_list("happened_at", flat=True))
    assert times == sorted(times) and CourierDeed.objects.filter(is_doubtful=True).count() == 0
    page.get_by_role("button", name="知道了").click()
    until(page, "document.querySelectorAll('#queue-refused > *').length === 0")
    # signed out, nothing of the round is left to read on this telephone
    page.context.clear_cookies()
    page.goto(f"{url}/desk/sign-in", wait_until="load")
    until(page, "caches.has('yishi-courier-pages').then(kept => !kept)")
