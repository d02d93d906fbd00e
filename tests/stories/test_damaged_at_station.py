"""A station takes a broken parcel: the network has the scan, its outlet one case with the picture."""

import re

import pytest

from tests.shipments.tracking import take
from tests.stations.making import shelves
from tests.stories.conftest import letters, photo, text_of, work
from tests.world import add_person
from yishi.cases.models.case import Case
from yishi.detection.models.incidents import Incident
from yishi.people.rules import Role
from yishi.shipments.models.parcels import TrackingEvent

pytestmark = pytest.mark.django_db
NUMBER, MAIL = "YT6190000000001", "hetian@example.cn"
PERSON = {"name": "何田", "phone": "19900000021", "email": MAIL, "address": "南京市江宁区东山街道 3 幢"}


def test_damage_at_the_station_is_known_to_everybody(told, person, post, clock):
    shelves()
    keeper = person(add_person("keeper", "许站长", Role.STATION_KEEPER, "DS01"))
    take({"waybill_no": NUMBER, "carrier": "yuantong", "consignee": PERSON}, expects="shipments")
    with letters(post) as got:
        said = {"scan": NUMBER, "condition": "DAMAGED", "photos": photo("破损.jpg")}
        assert "12-1-0001" in text_of(keeper.post("/station/ST01/in", said))
        work()
        work()
    assert set(TrackingEvent.objects.values_list("kind", flat=True)) == {"damaged", "stored_at_pickup_point"}
    case = Case.objects.get()
    assert case.category == "DAMAGED" and not case.is_internal and case.outlet_id == told.dongshan_id
    # what is watched for on the road leads to the same case
    assert Incident.objects.get(kind="DAMAGED").case_no == case.case_no
    manager = person(told.zhou)
    page = text_of(manager.get(f"/desk/cases/{case.case_no}"))
    assert "外包装破损" in page
    (picture,) = set(re.findall(r"/desk/files/[0-9a-f-]{36}", page))
    assert manager.get(picture)["Content-Type"] == "image/jpeg"
    assert case.case_no in text_of(manager.get("/desk/"))
    headings = {heading.partition("（")[0] for to, heading, _body in got if to == MAIL}
    assert headings == {"已为您立案", "您的快递遇到了问题"} and len(got) == 2
    assert "外包装破损" in text_of(person().get(f"/t/{NUMBER}"))
