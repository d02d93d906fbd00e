"""Complaints of platforms that found no case: operators see them and let them be tried once more."""

import pytest

from tests.web.desk.conftest import browser
from tests.world import START
from yishi.feeds.actions.complaints import keep_complaints, note_refused
from yishi.feeds.actions.sources import add_source
from yishi.feeds.models import Complaint
from yishi.feeds.port import ParsedComplaint
from yishi.feeds.queries.sources import get_source
from yishi.people.rules import SYSTEM_VIEWER

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(world):
    add_source(code="wechat", plugin="wechat", settings={}, by=SYSTEM_VIEWER, at=START)
    said = ParsedComplaint(external_no="tok-1", category="DELAY", text="还没到", phone="19900000025")
    keep_complaints(source=get_source("wechat"), complaints=[said], at=START)
    complaint = Complaint.objects.get()
    note_refused(complaint_id=complaint.pk, reason="invalid /text too_long")
    return complaint


def test_it_is_shown_with_its_reason_and_nobody_in_it(world, refused):
    page = browser(world.operator).get("/manage/").content.decode()
    assert "没能建工单的平台诉求" in page and "tok-1" in page and "too_long" in page
    assert "还没到" not in page and "19900000025" not in page


def test_once_more(world, refused):
    answer = browser(world.operator).post(f"/manage/complaints/{refused.pk}/again", follow=True)
    page = answer.content.decode()
    assert "交给后台再建一次工单" in page and "tok-1" not in page
    assert Complaint.objects.get().state == "WAITING"


def test_nobody_else_may(world, refused):
    assert browser(world.lin).post(f"/manage/complaints/{refused.pk}/again").status_code in (403, 404)
    assert Complaint.objects.get().state == "REFUSED"


def test_without_any_there_is_no_such_list(world):
    assert "没能建工单" not in browser(world.operator).get("/manage/").content.decode()
