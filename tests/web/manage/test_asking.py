"""How an operator has a source asked: new parcels, polling, and what a source that only pushes shows."""

from datetime import timedelta

import pytest

from tests.world import START
from yishi.feeds.actions.sources import add_source, ensure_source
from yishi.feeds.queries.sheets import get_source_sheet
from yishi.people.rules import SYSTEM_VIEWER

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(world, client):
    add_source(code="kuaidi100", plugin="kuaidi100", settings={}, by=SYSTEM_VIEWER, at=START)
    ensure_source(code="api", plugin="generic", at=START)
    client.force_login(world.operator, backend="django.contrib.auth.backends.ModelBackend")
    return client


def asking():
    sheet = get_source_sheet(viewer=SYSTEM_VIEWER, code="kuaidi100")
    return sheet.is_following, sheet.polled_every


def test_a_source_follows_new_parcels_and_is_polled(page):
    said = page.post(
        "/manage/feeds/kuaidi100/change/follow", {"is_following": "1", "minutes": "60"}, follow=True
    )
    assert asking() == (True, timedelta(hours=1))
    assert "记下了，后台会去问" in said.content.decode()
    page.post("/manage/feeds/kuaidi100/change/follow", {"minutes": "7"})
    assert asking() == (False, None)


def test_who_only_pushes_is_not_asked(page):
    assert "主动去问" in page.get("/manage/feeds/kuaidi100").content.decode()
    assert "主动去问" not in page.get("/manage/feeds/api").content.decode()
    assert page.post("/manage/feeds/api/change/follow", {"is_following": "1"}).status_code == 422


def test_only_keepers_of_feeds_may(page, world):
    page.force_login(world.quality, backend="django.contrib.auth.backends.ModelBackend")
    assert page.post("/manage/feeds/kuaidi100/change/follow", {"is_following": "1"}).status_code == 403
    assert asking() == (False, None)
