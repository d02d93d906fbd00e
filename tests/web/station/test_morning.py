"""A station's pages as its keeper uses them; every other station is not there."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.stations.making import PHONE, shelves
from tests.stories.conftest import photo
from tests.web.consumer.test_wishes import prove
from tests.web.desk.conftest import browser
from tests.world import add_person
from yishi.cases.models.case import Case
from yishi.consignees.actions.standing import Wish
from yishi.consignees.actions.wishes import note_wishes
from yishi.kit.clock import now
from yishi.kit.models import FactRow
from yishi.network.actions import add_station
from yishi.notifications.models import Delivery
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.actions.stops import stop_parcel
from yishi.shipments.models.parcels import Shipment
from yishi.stations.models.parcels import StationParcel
from yishi.stations.models.takings import WrongTaking
from yishi.stations.queries.waiting import pickup_token

pytestmark = pytest.mark.django_db
NUMBER = "YT6190000000001"


@pytest.fixture
def page(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    shelves()
    return browser(add_person("keeper", "站长", Role.STATION_KEEPER, "DS01"))


def scan(page, number=NUMBER, **said):
    return page.post("/station/ST01/in", {"scan": number, "phone": PHONE, **said})


def show(page, text, **said):
    return page.post("/station/ST01/out", {"scan": text, **said})


def give(page, answer, **said):
    known = re.search(r'name="known" value="([^"]+)"', answer.content.decode())[1]
    return page.post("/station/ST01/give", {"known": known, **said})


def test_the_first_page_is_his_station(page):
    assert page.get("/station/")["Location"] == "/station/ST01/in"
    for tab in ("in", "out", "shelves", "overdue", "messages", "working"):
        assert page.get(f"/station/ST01/{tab}").status_code == 200


def test_booked_in_undone_and_booked_in_again(page):
    answer = scan(page)
    assert answer.status_code == 200 and "12-1-0001" in answer.content.decode()
    assert scan(page).status_code == 409
    stay = StationParcel.objects.get()
    assert page.post(f"/station/ST01/in/{stay.pk}/undo").status_code == 302
    assert "12-1-0002" in scan(page).content.decode()


def test_a_broken_one_needs_its_picture(page):
    assert scan(page, condition="DAMAGED").status_code == 422
    assert not StationParcel.objects.exists()
    assert scan(page, condition="DAMAGED", photos=photo()).status_code == 200
    assert StationParcel.objects.get().condition == "DAMAGED"


def test_the_pictures_of_damage_go_with_the_answer_to_a_question(page):
    note_wishes(phone=PHONE, wishes=[Wish(kind="DOOR", source="AGENT")], by=SYSTEM_VIEWER, at=now())
    asked = scan(page, condition="DAMAGED", photos=photo())
    assert asked.status_code == 409 and not StationParcel.objects.exists()
    again = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked.content.decode()))
    assert page.post("/station/ST01/in", {**again, "answered": "consent_needed"}).status_code == 200
    assert StationParcel.objects.get().condition == "DAMAGED"
    fact = FactRow.objects.get(fact__endswith="DamageFound")
    assert len(fact.body["file_ids"]) == 1
    assert scan(page, "YT6190000000002", kept="made:up").status_code == 422


def test_scans_that_waited_come_together_and_each_has_its_answer(page):
    numbers = [NUMBER, NUMBER, "??", "YT6190000000002"]
    rows = [{"scan": number, "client_id": f"c{i}", "phone": PHONE} for i, number in enumerate(numbers)]
    answer = page.post("/station/ST01/in", {"scans": json.dumps(rows)}).content.decode()
    assert re.findall(r'data-answer="(c\d)"', answer) == ["c0", "c1", "c2", "c3"]
    assert answer.count("data-held") == 2 and "已经在架上" in answer and answer.count("y-place") == 1
    assert [stay.client_id for stay in StationParcel.objects.order_by("pk")] == ["c0", "c3"]
    page.post("/station/ST01/in", {"scans": json.dumps(rows)})
    assert StationParcel.objects.count() == 2
    for bad in ("x", "[]", "[1]", json.dumps(rows * 6)):
        assert page.post("/station/ST01/in", {"scans": bad}).status_code == 422
    assert StationParcel.objects.count() == 2


def test_handed_out_by_code_by_tail_and_by_papers(page):
    for number in ("1", "2", "3"):
        scan(page, f"YT619000000000{number}", phone=f"1990000002{number}", person=f"何{number}")
    assert give(page, show(page, "12-1-0001"))["Location"].endswith("given=1")
    asked = show(page, "0022").content.decode()
    assert "199****0022" in asked and 'name="known"' not in asked
    assert give(page, show(page, "0022", person="何2"))["Location"].endswith("given=1")
    by_paper = show(page, "YT6190000000003")
    assert "看身份证件" in by_paper.content.decode()
    assert give(page, by_paper)["Location"].endswith("given=1")
    assert not StationParcel.objects.filter(state="INSIDE").exists()


def test_what_is_stopped_stays(page):
    scan(page)
    stop_parcel(
        shipment_id=Shipment.objects.get().pk,
        reason="INTERCEPTED",
        asked="RETURN",
        by=SYSTEM_VIEWER,
        at=now(),
    )
    answer = show(page, "12-1-0001")
    assert "先别给" in answer.content.decode()
    assert give(page, answer).status_code == 409
    assert StationParcel.objects.get().state == "INSIDE"


def test_the_sixth_guess_and_the_way_on(page):
    scan(page)
    for i in range(5):
        assert show(page, f"9-9-000{i}").status_code == 404
    locked = show(page, "12-1-0001")
    assert locked.status_code == 423 and "看过证件" in locked.content.decode()
    page.post("/station/ST01/unlock")
    assert show(page, "12-1-0001").status_code == 200


def test_found_moved_kept_and_told_again(page):
    scan(page)
    stay = StationParcel.objects.get()
    own = f"/station/ST01/parcels/{stay.pk}"
    assert own in page.get("/station/ST01/shelves?q=0001").content.decode()
    assert page.post(f"{own}/move", {"place": "13-2"}).status_code == 302
    assert page.post(f"{own}/move", {"place": "99"}).status_code == 422
    until = re.search(r'<option value="([^"]+)"', page.get(own).content.decode())[1]
    assert page.post(f"{own}/keep", {"until": until}).status_code == 302
    for garbled in ("?", "2026-99-99T00:00+08:00"):
        answer = page.post(f"{own}/keep", {"until": garbled})
        assert answer.status_code == 422 and "选一天" in answer.content.decode()
    assert page.post(f"{own}/send").status_code == 302
    assert Delivery.objects.get(kind="PICKUP").state == "QUEUED"
    said = page.get(own).content.decode()
    assert "13-2" in said and "重发取件码" in said and "站长" in said
    assert "待发送" in page.get("/station/ST01/messages").content.decode()


def test_back_to_the_carrier_with_a_list(page):
    scan(page)
    stay = StationParcel.objects.get()
    said = {"parcels": stay.pk, "carrier": "yuantong", "receiver": "刘师傅"}
    assert page.post("/station/ST01/overdue/back", {**said, "receiver": ""}).status_code == 422
    listed = page.post("/station/ST01/overdue/back", said, follow=True)
    assert listed.status_code == 200 and NUMBER in listed.content.decode()
    assert StationParcel.objects.get().state == "RETURNED"


def test_every_other_station_is_not_there(page, world):
    add_station(code="ST09", outlet_code="JN01", name="别家", by=SYSTEM_VIEWER)
    scan(page)
    stay = StationParcel.objects.get()
    stranger = browser(add_person("other", "别家", Role.STATION_KEEPER, "JN01"))
    ours = ("in", "out", "shelves", "overdue", "messages", "working", f"parcels/{stay.pk}")
    for tab in ours:
        assert stranger.get(f"/station/ST01/{tab}").status_code == 404
        assert page.get(f"/station/ST09/{tab}").status_code == 404
        assert browser(world.lin).get(f"/station/ST01/{tab}").status_code == 403
    for deed in ("move", "keep", "send"):
        for station in ("ST09", "ST01"):
            answer = stranger.post(f"/station/{station}/parcels/{stay.pk}/{deed}", {"place": "1-1"})
            assert answer.status_code == 404
    assert stranger.post(f"/station/ST09/in/{stay.pk}/undo").status_code == 404
    stay.refresh_from_db()
    assert stay.state == "INSIDE"


def test_the_persons_own_page(page):
    scan(page)
    scan(page, "YT6190000000002")
    stay = StationParcel.objects.order_by("pk").first()
    own, anybody = f"/p/{pickup_token(stay.pk)}", Client()
    said = anybody.get(own).content.decode()
    assert "12-1-0001" in said and "12-1-0002" in said and "y-qr" in said and PHONE not in said
    until = re.search(r'name="until" value="([^"]+)"', said)[1]
    assert anybody.post(f"{own}/keep", {"until": until}).status_code == 302
    assert anybody.post(f"{own}/unwanted").status_code == 302
    assert anybody.post(f"{own}/wanted").status_code == 302
    assert anybody.post(f"{own}/proxy", {"person": ""}).status_code == 422
    made = anybody.post(f"{own}/proxy", {"person": "老何"}).content.decode()
    link = re.search(r"(http://testserver/pickup/by/[\w-]+)", made)[1]
    assert "12-1-0001" not in anybody.get(link).content.decode()
    assert give(page, show(page, link))["Location"].endswith("given=1")
    stay.refresh_from_db()
    assert (stay.state, stay.hand_out.how) == ("HANDED_OUT", "PROXY")
    assert StationParcel.objects.filter(state="INSIDE").count() == 1
    assert "不是我取的" in anybody.get(own).content.decode()


def test_whoever_took_the_wrong_one_says_so_on_his_own_page(page):
    scan(page)
    scan(page, "YT6190000000002", phone="19900000022")
    mine, other = StationParcel.objects.order_by("pk")
    for stay in (mine, other):
        assert give(page, show(page, stay.code)).status_code == 302
    own, anybody = f"/p/{pickup_token(mine.pk)}", Client()

    # a number that was never here, or none, tells nothing and changes nothing
    for number, status in (("", 422), ("YT6190000000009", 409), (NUMBER, 409)):
        said = {"what": "foreign", "waybill_no": number}
        assert anybody.post(f"{own}/wrong", said).status_code == status
    assert not WrongTaking.objects.exists() and not Case.objects.exists()

    # he holds the other one's: its owner has a case, the keeper sees who, he hears where to bring it
    said = {"what": "foreign", "waybill_no": "YT6190000000002"}
    for _time in range(2):
        answer = anybody.post(f"{own}/wrong", said, follow=True).content.decode()
    assert "…0002 请别拆，送回东山驿站" in answer and "19900000022" not in answer
    taking = WrongTaking.objects.get()
    assert (taking.parcel_id, Case.objects.get().contact_id) == (other.pk, other.contact_id)
    assert "1 件顾客说拿错了" in page.get("/station/ST01/messages").content.decode()
    shown = page.get(reverse("stock:taking", args=["ST01", taking.pk])).content.decode()
    assert "取走 …000001 的人说在他手里" in shown and "顾客在自己的页面上报的" in shown

    # nor has he his own: asked for once, and told of until it is back
    for _time in range(2):
        answer = anybody.post(f"{own}/wrong", {"what": "gone"}, follow=True).content.decode()
    assert "驿站正在找你的件" in answer
    lost = WrongTaking.objects.get(parcel=mine)
    assert page.post(reverse("stock:back", args=["ST01", lost.pk])).status_code == 302
    assert "你的件送回驿站了" in anybody.get(own).content.decode()
    prove(anybody, PHONE)
    assert f"{own}#wrong" in anybody.get(f"/t/{NUMBER}").content.decode()
    StationParcel.objects.update(ended_at=now() - timedelta(days=31))
    assert anybody.post(f"{own}/wrong", {"what": "gone"}).status_code == 409
    assert WrongTaking.objects.count() == 2
