"""The courier's page on a slow telephone: its weight, how soon the list is there on 3G, how it scrolls.

`python bench/courier_page.py var/demo.json` against a running demo: brings 300 parcels out by the API, signs
in as the sample's courier, slows Chromium down (CPU ×4, 1.6 Mbit/s, 300 ms) and prints.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, sync_playwright

PARCELS = 300
NUMBER, OUTLET = "0250000", "NJ-DS"
SLOW = {"offline": False, "latency": 300, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
_SCROLL = """async () => {
  const tasks = [];
  new PerformanceObserver(list => tasks.push(...list.getEntries().map(e => e.duration)))
    .observe({type: 'longtask', buffered: false});
  const end = document.body.scrollHeight;
  for (let y = 0; y < end; y += 100) {
    scrollTo(0, y);
    await new Promise(requestAnimationFrame);
  }
  await new Promise(done => setTimeout(done, 300));
  return tasks;
}"""


def bring_out(demo: dict[str, Any]) -> None:
    """300 parcels out with the courier, as the feed would tell of them."""
    at = datetime.now(UTC) - timedelta(minutes=5)
    numbers = [f"YT77{at:%y%m%d}{n:05}" for n in range(PARCELS)]
    shipments = [
        {"waybill_no": number, "carrier": "yuantong", "goods": "水果" if n % 9 == 0 else "衣服",
         "consignee": {"name": "王女士", "phone": f"199000{n:05}",
                       "address": f"南京市江宁区翠屏示例苑 {n % 40 + 1} 幢 {n % 18 + 1}01 室"}}
        for n, number in enumerate(numbers)
    ]  # fmt: skip
    events = [
        {"waybill_no": number, "carrier": "yuantong", "kind": "out_for_delivery", "courier": NUMBER,
         "happened_at": at.isoformat(), "place": {"outlet": OUTLET}}
        for number in numbers
    ]  # fmt: skip
    headers = {"Authorization": f"Bearer {demo['keys']['integrator']}"}
    for path, body in (("shipments", shipments), ("events", events)):
        answer = httpx.post(f"{demo['web']}/api/v1/{path}", json=body, headers=headers, timeout=120)
        answer.raise_for_status()


def measure(page: Page, url: str) -> None:
    """One cold visit of the list, slowed down, and one run down it."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line.send("Network.emulateNetworkConditions", SLOW)
    line.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    weights: dict[str, int] = {}
    names: dict[str, str] = {}
    line.on("Network.responseReceived", lambda e: names.update({e["requestId"]: e["response"]["url"]}))
    line.on("Network.loadingFinished", lambda e: weights.update({e["requestId"]: e["encodedDataLength"]}))
    # the copies of each parcel's page are fetched in idle moments: no part of the first list
    page.route("**/courier/parcels/**", lambda route: route.abort())
    page.goto(f"{url}/courier/", wait_until="load")
    shown = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    listed = page.evaluate("performance.getEntriesByType('navigation')[0].domInteractive")
    own = {names[k]: size for k, size in weights.items() if "/courier/parcels/" not in names.get(k, "")}
    for name, size in sorted(own.items(), key=lambda each: -each[1]):
        print(f"  {size / 1000:7.1f} KB  {name.removeprefix(url)}")
    print(f"{sum(own.values()) / 1000:.1f} KB in all; first paint {shown:.0f} ms, list read {listed:.0f} ms")
    line.send("Network.emulateNetworkConditions", {**SLOW, "latency": 0, "downloadThroughput": -1})
    page.wait_for_timeout(3000)
    for rate in (4, 1):
        line.send("Emulation.setCPUThrottlingRate", {"rate": rate})
        tasks = [round(took) for took in page.evaluate(_SCROLL)]
        print(f"{page.locator('.c-row').count()} parcels scrolled, CPU ×{rate}: long tasks (ms) {tasks}")


def main() -> None:
    demo = json.loads(Path(sys.argv[1]).read_text())
    if "again" not in sys.argv:
        bring_out(demo)
    courier = next(user for user in demo["users"] if user["role"] == "courier")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        # without the service worker: a first visit
        context = browser.new_context(viewport={"width": 390, "height": 844}, service_workers="block")
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{demo['web']}/desk/sign-in")
        page.fill("#u", courier["username"])
        page.fill("#pw", courier["password"])
        page.click("form button[type=submit]")
        page.wait_for_load_state("load")
        page.evaluate("caches.delete('yishi-courier-pages')")
        measure(page, demo["web"])
        browser.close()


if __name__ == "__main__":
    main()
