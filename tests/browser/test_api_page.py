"""The page of the API in a real browser: every operation is there, nothing is asked of another host."""

import pytest

from tests.security.conftest import operations

pytestmark = pytest.mark.browser


@pytest.mark.django_db(transaction=True)
def test_the_page_of_the_api_works_within_its_policy(live_server, visit):
    page = visit("about:blank", size="desk")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/api/v1/docs", wait_until="networkidle")
    page.locator(".opblock").first.click()
    assert page.locator(".opblock").count() == len(operations())
    assert {url for url in asked if not url.startswith((live_server.url, "data:"))} == set()
