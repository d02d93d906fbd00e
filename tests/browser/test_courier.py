"""The courier's pages on a phone: light and dark, without a finding of axe, small enough for 3G."""

from tests.web.courier.conftest import MINE, begin_day
from yishi.cases.actions.open import open_case
from yishi.kit.clock import now
from yishi.shipments.queries.parcels import find_shipment_refs

LIGHT_ENOUGH = 450_000
"""Before compression; a third of it goes over the line, and 150 KB may."""


def test_the_courier_sees_today_and_is_asked_before_the_locker(live_server, world, visit, check_axe, picture):
    liu = begin_day(world)
    (ref,) = find_shipment_refs(MINE)
    case = open_case(
        waybill_no=MINE, category="UNCONSENTED_PLACEMENT", text="没问我就放柜了，我找了两天", shipment=ref,
        contact_id=world.contact_id, by=None, at=now(),
    )  # fmt: skip
    url = live_server.url
    stop = f"{url}/courier/parcels/{MINE}"
    views = {
        "today": f"{url}/courier/",
        "stop": stop,
        "asked": f"{stop}/place/LOCKER",
        "cases": f"{url}/courier/cases",
        "case": f"{url}/courier/cases/{case.case_no}",
    }
    for theme in ("light", "dark"):
        page = visit(f"{url}/desk/sign-in", theme=theme)
        page.context.add_cookies([{"name": "sessionid", "value": liu.cookies["sessionid"].value, "url": url}])
        weights = []
        page.on("response", lambda got, seen=weights: seen.append(int(got.headers.get("content-length", 0))))
        for name, address in views.items():
            weights.clear()
            page.goto(address, wait_until="load")
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            assert sum(weights) <= LIGHT_ENOUGH
            check_axe(page)
            picture(page, f"courier-{name}-{theme}")
    page.goto(views["asked"], wait_until="load")
    page.get_by_role("button", name="不放了，送上门").click()
    page.get_by_text("好，送上门").wait_for()
