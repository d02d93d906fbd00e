"""What programs hear of a parcel's arrival: `eta` as ever, and `eta_range` beside it."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.world import START
from yishi.feeds.actions.sources import ensure_source
from yishi.feeds.port import Parsed, ParsedEvent, ParsedShipment, Person
from yishi.kit.clock import now
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.actions.take_in import take_parsed
from yishi.shipments.models.promises import LaneTime

pytestmark = pytest.mark.django_db
ADDRESS = "江苏省南京市江宁区东山街道 1 号"


@pytest.fixture
def parcel():
    at = now()
    said = {"waybill_no": "YT12345678", "carrier": "yuantong"}
    event = ParsedEvent(kind="accepted", happened_at=at - timedelta(hours=1), city="杭州市", **said)
    data = ParsedShipment(consignee=Person(name="王女士", phone="19900000001", address=ADDRESS), **said)
    source = ensure_source(code="test", plugin="generic", at=at)
    take_parsed(source=source, parsed=Parsed(events=[event], master_data=[data]), at=at)


def learned():
    minutes = [1_200.0 + 30 * i for i in range(20)]
    LaneTime.objects.create(key="1|ACCEPTED", count=50, minutes=minutes, stretch=0.0)


def test_unknown_is_null(parcel):
    told = Client().get("/api/v1/public/shipments/YT12345678").json()
    assert (told["eta"], told["eta_range"]) == (None, None)


def test_the_public_and_the_staff_hear_the_same(parcel):
    learned()
    told = Client().get("/api/v1/public/shipments/YT12345678").json()
    said = told["eta_range"]
    assert set(said) == {"from", "until"}
    first, likely, last = (datetime.fromisoformat(at) for at in (said["from"], told["eta"], said["until"]))
    assert first <= likely <= last and first > now() + timedelta(hours=15)
    key = add_key(role=Role.QUALITY, name="q", by=SYSTEM_VIEWER, at=START)
    staff = Client().get("/api/v1/shipments/YT12345678", headers={"Authorization": f"Bearer {key}"}).json()
    assert (staff["eta_range"], staff["promise_source"]) == (said, "")


def test_the_page_says_it_first(parcel):
    learned()
    page = Client().get("/t/YT12345678").content.decode()
    assert "预计" in page and "送到" in page and "八成把握" in page
