"""A real Chromium for the tests that look at pages: `visit`, `check_axe`, `picture`.

Skipped, with the reason, only where no Chromium is installed.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
PICTURES = ROOT / "var/screens"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_RUN = """tags => axe.run(document, {runOnly: tags})
    .then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html)]))"""
SIZES = {"phone": (390, 844), "desk": (1280, 800)}
# Playwright's loop runs in the test's own thread, where Django would refuse the database
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

Visit = Callable[..., Page]


def chromium_path() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return os.environ.get("YISHI_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def assets() -> None:
    """The stylesheet, htmx and axe, brought in when they are not there yet."""
    subprocess.run([sys.executable, str(ROOT / "tools/assets.py")], check=True, timeout=120)


# one a module: Playwright's loop stays in the thread while it lives, and other tests start loops of their own
@pytest.fixture(scope="module")
def browser(assets: None) -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium here: apt-get install chromium, or set YISHI_CHROMIUM")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


def _complaints(page: Page) -> list[str]:
    """What the browser complains of: refused by the policy, scripts that fail; not a missing live line."""
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            heard.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """`visit(url, size="phone", theme="light", script=True)` gives a settled page in a context of its own.

    At the end of the test nothing may have been refused by the content policy, and no script failed.
    """
    contexts, heard = [], []

    def open_page(url: str, size: str = "phone", theme: str = "light", script: bool = True) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=script,
            locale="zh-CN",
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        heard.append(_complaints(page))
        page.goto(url, wait_until="load")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [said for each in heard for said in each] == []


@pytest.fixture
def check_axe() -> Callable[[Page], None]:
    """`check_axe(page)`: no finding of WCAG 2.2 AA on the page as it stands."""
    source = AXE.read_text()

    def check(page: Page) -> None:
        page.evaluate(source)
        found = page.evaluate(_RUN, TAGS)
        assert found == [], f"{page.url}: {found}"

    return check


@pytest.fixture
def picture() -> Callable[[Page, str], Path]:
    """`picture(page, "parcel-390")` keeps a screenshot under var/screens for people to look at."""

    def take(page: Page, name: str) -> Path:
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{name}.png"
        # hiding the caret would write a style into every field, which the page's policy then refuses to copy
        page.screenshot(path=path, full_page=True, caret="initial")
        return path

    return take
