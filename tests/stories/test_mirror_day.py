"""A day in mirror mode: every scan is made on the brand's device and reaches us by feed or by file.

Here are the wish, the case and the answers, and in the evening everything is settled."""

import re
from datetime import timedelta

import pytest

from tests.shipments.tracking import take
from tests.shipments.workbooks import CALLS, DELIVERY, PHOTOS, delivery, number, taken, workbook
from tests.stories.conftest import photo, text_of, work
from tests.web.courier.test_sync import deed, send
from tests.world import add_person
from yishi.cases.models.case import Case
from yishi.cases.models.history import Evidence
from yishi.consignees.actions.standing import Wish
from yishi.consignees.actions.wishes import replace_preferences
from yishi.feeds.models import Source
from yishi.kit.clock import now
from yishi.kit.ids import private_token
from yishi.network.models import Courier
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.actions.handing import SOURCE
from yishi.shipments.models.parcels import ContactAttempt, Shipment, TrackingEvent
from yishi.shipments.models.rounds import DeliveryProof
from yishi.shipments.models.stops import ScanCheck

pytestmark = pytest.mark.django_db
WISHED, COMPLAINED, PLAIN = number(1), number(2), number(3)


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def liu(told, person):
    user = add_person("liu", "刘师傅", Role.COURIER, "DS01")
    Courier.objects.filter(pk=told.courier_id).update(user=user)
    return person(user)


def scan(waybill_no, kind, **more):
    """The brand's device scans; its feed tells us."""
    said = {"waybill_no": waybill_no, "kind": kind, "happened_at": now().isoformat(), "carrier": "yuantong"}
    where = {"courier": "YT0001", "place": {"outlet": "DS01"}}
    assert take(said | where | more, at=now()).accepted == 1


def the_morning(told, liu):
    """The day's list comes as head office's file; one person wishes something, another has complained."""
    for waybill_no in (WISHED, COMPLAINED, PLAIN):
        early = (now() - timedelta(hours=3)).isoformat()
        scan(waybill_no, "arrived_at_outlet", courier="", happened_at=early)
    rows = [delivery(1), delivery(2), delivery(3)]
    assert taken(workbook(派件=[DELIVERY, *rows]), outlet="DS01").accepted == 3
    wish = [Wish(kind="NO_LOCKER", source="self")]
    replace_preferences(phone="19900000001", wishes=wish, by=SYSTEM_VIEWER, at=now())
    page = text_of(liu.get("/courier/"))
    assert "已送 0，还有 3" in page and "2 件没有特别的" in page and "不要放柜" in page
    return page


def he_brings_the_wished(liu, clock):
    """He is stopped before the locker, brings it up, and the brand's device signs."""
    assert send(liu, deed("contact", WISHED, kind="CALL", minutes=1))["state"] == "done"
    assert "收件人说过：不要放柜" in text_of(liu.get(f"/courier/parcels/{WISHED}/place/LOCKER"))
    assert send(liu, deed("place", WISHED, place="LOCKER", answer="TO_DOOR", minutes=0))["state"] == "done"
    clock.shift(timedelta(minutes=20))
    scan(WISHED, "delivered", detail="self")
    assert "已送 1，还有 2" in text_of(liu.get("/courier/"))


def a_person_complains(told, liu, person):
    """Signed, and she has not got it: the courier sees what the record shows and answers with a photo."""
    scan(COMPLAINED, "delivered", detail="self")
    consumer = person()
    once = re.search(r'name="once" value="([^"]+)"', text_of(consumer.get(f"/t/{COMPLAINED}/complain")))[1]
    said = {"category": "SIGNED_NOT_RECEIVED", "text": "显示签收了，我没有收到", "phone": "19900000002"}
    assert consumer.post(f"/t/{COMPLAINED}/complain", said | {"once": once}).status_code == 302
    case = Case.objects.get(waybill_no=COMPLAINED)
    address = f"/courier/cases/{case.case_no}"
    assert "没有打电话、发短信或敲门的记录" in text_of(liu.get(address))
    said = {"answer": "ON_MY_WAY", "text": "放在门卫了，马上拿上去", "photos": photo()}
    assert liu.post(f"{address}/answer", said).status_code == 302
    return case


def head_office_sends_what_it_recorded(liu, case):
    """The evening's file: his calls and photos of the brand's device stand beside the complaint."""
    calls = [
        CALLS,
        [COMPLAINED, "2026-11-22 09:40:05", "是", 35, "https://example.cn/a.mp3", "YT0001", "刘师傅"],
    ]
    photos = [PHOTOS, [COMPLAINED, "2026/11/22 9:51", "https://example.cn/a.jpg", "YT0001"]]
    assert taken(workbook(电联=calls, 拍照=photos), outlet="DS01").accepted == 2
    assert ContactAttempt.objects.filter(shipment__waybill_no=COMPLAINED).count() == 2
    page = text_of(liu.get(f"/courier/cases/{case.case_no}"))
    assert "打了电话" in page and "没有打电话" not in page


def it_is_settled(told, liu, person, case, clock):
    """He says so, she confirms, the outlet closes."""
    mine = f"/c/{private_token('case', case.case_no)}"
    said = {"text": "已送到家，当面交的"}
    assert liu.post(f"/courier/cases/{case.case_no}/settled", said).status_code == 302
    assert person().post(f"{mine}/agreed").status_code == 302
    lin = person(told.lin)
    page = text_of(lin.get(f"/desk/cases/{case.case_no}"))
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    done = {"remedy": "FOUND", "text": "已当面交给您", "validity": "VALID", "version": version}
    done |= {"category": "FALSE_SIGN_OFF", "finding_reason": "照片和通话"}
    assert lin.post(f"/desk/cases/{case.case_no}/settle", done).status_code == 302
    work(clock, later=timedelta(minutes=5))
    assert "没有要你答复的投诉" in text_of(liu.get("/courier/cases"))


def test_a_day_without_one_scan_here(told, clock, liu, person):
    the_morning(told, liu)
    he_brings_the_wished(liu, clock)
    case = a_person_complains(told, liu, person)
    head_office_sends_what_it_recorded(liu, case)
    it_is_settled(told, liu, person, case, clock)
    scan(PLAIN, "delivered", detail="self")
    assert "已送 3，还有 0" in text_of(liu.get("/courier/"))
    case.refresh_from_db()
    assert case.status in ("RESOLVED", "CLOSED") and Evidence.objects.filter(case=case).exists()
    assert ScanCheck.objects.exclude(answer="").get().answer == "TO_DOOR"
    assert set(Shipment.objects.values_list("milestone", flat=True)) == {"DELIVERED"}
    # every scan came from elsewhere, and here nothing could be signed
    assert send(liu, deed("proof", PLAIN, receiver="SELF", photos=photo()))["code"] == "scans_elsewhere"
    assert TrackingEvent.objects.count() == 9 and not DeliveryProof.objects.exists()
    assert not Source.objects.filter(code=SOURCE).exists()
