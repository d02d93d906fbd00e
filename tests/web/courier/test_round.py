"""The courier's day over HTTP: the list, the door of his own parcels, each deed, and each refusal."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.security.conftest import database_print, photo
from tests.web.courier.conftest import FOREIGN, MINE, PLAIN, STREET, out
from tests.web.desk.conftest import browser
from tests.world import CONSUMER_PHONE, World, add_person
from yishi.cases.actions.open import open_case
from yishi.cases.models.case import Case
from yishi.cases.models.history import Evidence, TimelineEntry
from yishi.consignees.models import Consent, DeliveryPreference
from yishi.detection.models.inspections import Sign
from yishi.kit.clock import now
from yishi.kit.ids import private_token
from yishi.people.rules import Role
from yishi.shipments.models.parcels import ContactAttempt, Shipment
from yishi.shipments.models.stops import ScanCheck
from yishi.shipments.queries.parcels import find_shipment_refs
from yishi.web.courier.visits import visits_from

STOP = f"/courier/parcels/{MINE}"


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def complain(world: World, waybill_no: str = MINE, **said: object) -> Case:
    (ref,) = find_shipment_refs(waybill_no)
    case = open_case(
        waybill_no=waybill_no, category="UNCONSENTED_PLACEMENT", text="没问我就放柜了", shipment=ref,
        contact_id=world.contact_id, by=None, at=now(), **said,
    )  # fmt: skip
    return Case.objects.get(pk=case.case_id)


def visit() -> str:
    return visits_from(now())[-1].key


def test_today_shows_the_few_that_want_care(liu: Client) -> None:
    page = liu.get("/courier/").content.decode()
    assert "已送 0，还有 2" in page and "1 件没有特别的" in page and STREET in page
    assert "不要放柜" in page and "老人，请打电话说" in page and "生鲜，10 点前送到" in page
    assert PLAIN not in page and FOREIGN not in page
    stop = liu.get(STOP).content.decode()
    assert f'href="tel:{CONSUMER_PHONE}"' in stop and "王女士" in stop and "sms:" not in stop


def test_what_is_not_out_with_him_is_not_there(liu: Client, world: World) -> None:
    theirs = complain(world, FOREIGN)
    Shipment.objects.filter(waybill_no=PLAIN).update(milestone="DELIVERED")
    before, ways = database_print(), ("contact", "not-home", "place/LOCKER", "damaged")
    for no in (FOREIGN, PLAIN, "YT0"):
        assert liu.get(f"/courier/parcels/{no}").status_code == 404
        sent = [liu.post(f"/courier/parcels/{no}/{way}", {"kind": "CALL"}) for way in ways]
        assert {answer.status_code for answer in sent} == {404}
    for way in ("answer", "settled"):
        assert liu.post(f"/courier/cases/{theirs.case_no}/{way}", {"text": "好"}).status_code == 404
    assert liu.get(f"/courier/cases/{theirs.case_no}").status_code == 404 and database_print() == before


def test_other_roles_and_accounts_without_a_courier_stay_outside(liu: Client, world: World) -> None:
    assert browser(world.lin).get("/courier/").status_code == 403
    assert browser(world.owner).get("/courier/").status_code == 403
    assert browser(add_person("xin", "新来的", Role.COURIER, "DS01")).get("/courier/").status_code == 404
    assert browser().get("/courier/").url.startswith("/desk/sign-in")


def test_a_call_is_recorded_and_a_made_up_kind_changes_nothing(liu: Client) -> None:
    assert liu.post(f"{STOP}/contact", {"kind": "CALL"}).status_code == 302
    made = ContactAttempt.objects.get()
    assert (made.kind, made.outcome, made.courier_number) == ("CALL", "dialled", "YT0001")
    for kind in ("PHOTO", "", "X"):
        assert liu.post(f"{STOP}/contact", {"kind": kind}).status_code == 422
    assert ContactAttempt.objects.count() == 1


def test_nobody_in_leaves_a_photo_and_a_time_that_the_person_reads(liu: Client, world: World) -> None:
    case = complain(world)
    for said in ({"visit": visit()}, {"visit": "20200101T09", "photos": photo()}):
        assert liu.post(f"{STOP}/not-home", said).status_code == 422
    assert not ContactAttempt.objects.exists() and DeliveryPreference.objects.count() == 2
    assert liu.post(f"{STOP}/not-home", {"visit": visit(), "photos": photo()}).status_code == 302
    agreed = DeliveryPreference.objects.get(kind="TIME_WINDOW")
    made = ContactAttempt.objects.get(kind="PHOTO")
    assert agreed.source == "COURIER" and "18:00–20:00" in agreed.value and agreed.valid_until > now()
    assert made.reference.startswith("file:") and Evidence.objects.filter(case=case).count() == 1
    assert TimelineEntry.objects.get(case=case, kind="NEXT_VISIT").audience == "PUBLIC"
    desk = browser(world.lin)
    shown = f"/desk/parcels/{MINE}/photos/{made.reference.removeprefix('file:')}"
    assert shown in desk.get(f"/desk/parcels/{MINE}").content.decode()
    assert desk.get(shown)["Content-Type"] == "image/jpeg"
    assert desk.get(f"/desk/parcels/{MINE}/photos/{uuid4()}").status_code == 404
    stranger = browser(add_person("wai", "外人", Role.AGENT, "JN01"))
    assert stranger.get(shown).status_code == 404


def test_before_it_goes_into_a_locker_he_is_asked_and_his_answer_kept(liu: Client) -> None:
    page = liu.get(f"{STOP}/place/LOCKER").content.decode()
    assert "收件人说过：不要放柜" in page and "alertdialog" in page
    refused = liu.post(f"{STOP}/place/LOCKER", {"answer": "AGREED"})
    assert refused.status_code == 409 and "还没有通话或文字同意" in refused.content.decode()
    assert not ScanCheck.objects.exclude(answer="").exists()
    liu.post(f"{STOP}/contact", {"kind": "CALL"})
    assert liu.post(f"{STOP}/place/LOCKER", {"answer": "AGREED"}).status_code == 302
    kept = ScanCheck.objects.exclude(answer="").get()
    assert (kept.kind, kept.wish, kept.answer, kept.courier) == (
        "PLACE_LOCKER", "NO_LOCKER", "AGREED", "YT0001",
    )  # fmt: skip
    assert Consent.objects.get().waybill_no == MINE
    assert "收件人同意过放快递柜" in liu.get(f"{STOP}/place/LOCKER").content.decode()
    assert "要放快递柜，答：收件人同意" in liu.get(STOP).content.decode()
    assert liu.get(f"{STOP}/place/ROOF").status_code == 404


def test_damage_at_the_door_is_a_case_with_photos(liu: Client, world: World) -> None:
    assert liu.post(f"{STOP}/damaged", {"text": "角压坏了"}).status_code == 422
    assert not Case.objects.exists()
    said = {"text": "角压坏了", "photos": [photo(), photo("b.jpg")]}
    for _press in range(2):
        assert "case=" in liu.post(f"{STOP}/damaged", said | {"photos": [photo()]}).url
    case = Case.objects.get()
    assert (case.category, case.source, case.contact_id) == ("DAMAGED", "COURIER_NOTE", world.contact_id)
    assert Evidence.objects.filter(case=case, author_kind="STAFF").exists()


def test_a_complaint_is_answered_and_only_the_person_reconciles_it(liu: Client, world: World) -> None:
    case = complain(world)
    Shipment.objects.filter(waybill_no=MINE).update(milestone="DELIVERED")
    address = f"/courier/cases/{case.case_no}"
    assert case.case_no in liu.get("/courier/cases").content.decode()
    page = liu.get(address).content.decode()
    assert "没有打电话、发短信或敲门的记录" in page and "承诺的时间" not in page
    Shipment.objects.filter(waybill_no=MINE).update(promised_at=now() - timedelta(hours=3, minutes=5))
    Sign.objects.create(
        shipment=Shipment.objects.get(waybill_no=MINE), carrier="yuantong", courier_number="YT0001",
        signed_at=now(), is_night=False, was_contacted=False, consignee_id=world.contact_id,
        latitude=31.41, longitude=118.8,
    )  # fmt: skip
    page = liu.get(address).content.decode()
    assert "承诺的时间已经过了3 小时，还没有签收" in page and "平时收件的地方" not in page
    for parcel in Shipment.objects.exclude(waybill_no=MINE):
        Sign.objects.create(
            shipment=parcel, carrier="yuantong", courier_number="YT0002", signed_at=now(), is_night=False,
            was_contacted=False, consignee_id=world.contact_id, latitude=31.4, longitude=118.8,
        )  # fmt: skip
    assert "签收的位置离他平时收件的地方约 1.1 公里" in liu.get(address).content.decode()
    assert liu.post(f"{address}/answer", {"answer": "WHATEVER"}).status_code == 422
    assert liu.post(f"{address}/settled", {"text": " "}).status_code == 422
    assert TimelineEntry.objects.filter(case=case).exclude(kind__in=("OPENED", "ROUTED")).count() == 0
    assert liu.post(f"{address}/answer", {"answer": "ON_MY_WAY", "photos": photo()}).status_code == 302
    assert liu.post(f"{address}/settled", {"text": "已从柜里取出送到家"}).status_code == 302
    assert liu.post(f"{address}/settled", {"text": "再问"}).status_code == 409
    page = liu.get(address).content.decode()
    assert "我马上去处理" in page and "才算和解" in page and "收件人确认：说好了。" not in page


def test_the_person_says_whether_it_is_settled(liu: Client, world: World) -> None:
    case = complain(world)
    mine = f"/c/{private_token('case', case.case_no)}"
    person = browser()
    assert person.post(f"{mine}/agreed").status_code == 409
    liu.post(f"/courier/cases/{case.case_no}/settled", {"text": "已送到家"})
    assert "快递员说已经和你说好了，是吗？" in person.get(mine).content.decode()
    assert person.post(f"{mine}/not-agreed").status_code == 302
    assert "收件人说：还没有。" in liu.get(f"/courier/cases/{case.case_no}").content.decode()
    liu.post(f"/courier/cases/{case.case_no}/settled", {"text": "明早送"})
    assert person.post(f"{mine}/agreed").status_code == 302
    assert "收件人确认：说好了。" in liu.get(f"/courier/cases/{case.case_no}").content.decode()
    assert "是吗？" not in person.get(mine).content.decode()


def test_today_asks_as_often_for_twenty_parcels_as_for_two(liu: Client, world: World) -> None:
    with CaptureQueriesContext(connection) as few:
        liu.get("/courier/")
    for number in range(20):
        out(world, f"YT99000000001{number:02}", goods="鲜花")
    with CaptureQueriesContext(connection) as many:
        assert "已送 0，还有 22" in liu.get("/courier/").content.decode()
    assert len(many) == len(few)
