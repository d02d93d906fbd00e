"""Page and program read a carrier's words through the one function that takes people out."""

import pytest

from tests.shipments.tracking import event, take
from yishi.shipments.rules.redaction import for_strangers

pytestmark = pytest.mark.django_db
SAID = "快递员王小明（19900000001）已放金陵花园3幢2单元501室，凭取件码8-2-3011取，车牌苏A12345"
PEOPLE = ["王小明", "19900000001", "3幢", "501", "8-2-3011", "苏A12345"]


def test_the_public_api_takes_people_out(public):
    take(event("YT6190000000077", text=SAID))
    events = public.get("/public/shipments/YT6190000000077").json()["events"]
    assert [each["text"] for each in events] == [for_strangers(SAID)]
    assert [word for word in PEOPLE if word in str(events)] == []


def test_the_page_takes_people_out(public):
    take(event("YT6190000000077", text=SAID))
    page = public.client.get("/t/YT6190000000077").content.decode()
    assert "YT6190000000077" in page
    assert [word for word in PEOPLE if word in page] == []
