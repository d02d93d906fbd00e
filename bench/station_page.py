"""A station's pages in the browser, with 5,000 parcels inside: how soon they stand, and a morning by scanner.

`python -m bench.station_page [INSIDE [SCANS]]` makes a station of its own on the server of DATABASE_URL, else
on an embedded one; types SCANS numbers into the page without waiting for an answer, and prints.
"""

import secrets
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.harness import ground
from bench.stations import STATION, prepare

INSIDE, SCANS = 5_000, 200
OPENED = 5
_LONG_TASKS = """() => {
  window.longTasks = [];
  const keep = list => window.longTasks.push(...list.getEntries().map(e => Math.round(e.duration)));
  new PerformanceObserver(keep)
    .observe({type: 'longtask', buffered: true});
}"""
_STARTED = """() => {
  const [all] = performance.getEntriesByType('navigation');
  const [paint] = performance.getEntriesByName('first-contentful-paint');
  return [all.responseEnd, paint ? paint.startTime : 0, all.loadEventEnd];
}"""


def stand_there(count: int) -> None:
    """So many parcels on the shelves, written as rows: how they came there is measured elsewhere."""
    from django.db import connection

    from yishi.shipments.models.parcels import Shipment
    from yishi.stations.models.parcels import StationParcel
    from yishi.stations.models.places import Shelf

    at = datetime.now(UTC) - timedelta(hours=20)
    shelves = list(Shelf.objects.filter(station__code=STATION))
    numbers = (f"YT50{i:011}" for i in range(count))
    rows = [Shipment(waybill_no=no, carrier="yuantong", milestone="AT_PICKUP_POINT") for no in numbers]
    stays = [
        StationParcel(
            station_id=shelves[0].station_id,
            shipment=row,
            shelf=shelves[i % len(shelves)],
            layer=i % 5 + 1,
            code=f"{i}",
            code_hash=secrets.token_bytes(16),
            keep_until=at + timedelta(days=5),
            booked_in_at=at,
            booked_in_by="bench",
        )
        for i, row in enumerate(Shipment.objects.bulk_create(rows, batch_size=1000))
    ]
    StationParcel.objects.bulk_create(stays, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def keeper() -> tuple[str, str]:
    """Who signs in."""
    from yishi.people.actions import add_user
    from yishi.people.rules import SYSTEM_VIEWER, Role

    name, password = "keeper", secrets.token_urlsafe(12)
    said: dict[str, Any] = {"username": name, "name": "站长", "password": password, "email": "k@example.cn"}
    add_user(**said, role=Role.STATION_KEEPER, outlet_codes=("DS01",), by=SYSTEM_VIEWER, at=datetime.now(UTC))
    return name, password


def starts(page: Page, address: str, tab: str) -> None:
    """The page opened some times: its answer, its first paint, its load."""
    found = []
    for _time in range(OPENED):
        page.goto(f"{address}/station/{STATION}/{tab}", wait_until="load")
        page.wait_for_timeout(100)
        found.append(page.evaluate(_STARTED))
    best, worst = min(found, key=lambda one: one[2]), max(found, key=lambda one: one[2])
    words = ["answer {:.0f}, paint {:.0f}, loaded {:.0f} ms".format(*one) for one in (best, worst)]
    print(f"/{tab}: best {words[0]}; worst {words[1]}")


def morning(page: Page, address: str, scans: int) -> None:
    """Typed as a scanner types, then waited for."""
    page.goto(f"{address}/station/{STATION}/in", wait_until="load")
    page.evaluate(_LONG_TASKS)
    came = page.locator("#log .y-tile strong").first
    before, began = int(came.inner_text()), time.perf_counter()
    for i in range(scans):
        page.keyboard.insert_text(f"YT51{i:011}")
        page.keyboard.press("Enter")
    typed = time.perf_counter() - began
    page.wait_for_function(
        "n => Number(document.querySelector('#log .y-tile strong').textContent) >= n",
        arg=before + scans,
        timeout=300_000,
    )
    took = time.perf_counter() - began
    tasks = page.evaluate("window.longTasks")
    print(
        f"{scans} scans: typed in {typed:.1f} s, all booked in {took:.1f} s, {scans / took * 60:.0f} a minute"
    )
    print(f"long tasks over 50 ms: {len(tasks)}, the longest {max(tasks, default=0)} ms")


def main() -> None:
    said = [int(word) for word in sys.argv[1:3]]
    inside, scans = [*said, *(INSIDE, SCANS)[len(said) :]]
    with ground() as place:
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)
        prepare()
        stand_there(inside)
        name, password = keeper()
        with place.serve("web") as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
            page.goto(f"{address}/desk/sign-in")
            page.fill("#u", name)
            page.fill("#pw", password)
            page.click("form button[type=submit]")
            page.wait_for_load_state("load")
            print(f"{inside} parcels inside")
            for tab in ("in", "out"):
                starts(page, address, tab)
            morning(page, address, scans)
            browser.close()


if __name__ == "__main__":
    main()
