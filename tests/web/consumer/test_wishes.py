"""The page of wishes: only for who proved the phone; a wish learned from a complaint, confirmed, stands for
the next parcel, until the person allows otherwise."""

import base64
import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client

from tests.shipments.tracking import event, take
from tests.world import CONSUMER_PHONE, START
from yishi.cases.actions.open import open_case
from yishi.cases.actions.resolve import Finding, resolve_case
from yishi.consignees.models import BackupContact, Consent, DeliveryPreference, WishProposal
from yishi.consignees.queries import PROOF_SALT
from yishi.detection.jobs import sweep_inspections
from yishi.detection.models.incidents import Incident
from yishi.kit.outbox import run_due
from yishi.kit.personal import seal
from yishi.notifications.models import Delivery

pytestmark = pytest.mark.django_db
FIRST, NEXT, LAST = "YT12345671", "YT12345672", "YT12345673"
PERSON = {"name": "王女士", "phone": CONSUMER_PHONE, "address": "江苏省南京市江宁区东山街道 1 号"}
URL = "/mine/wishes"


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(START, tick=False)


def prove(client, phone=CONSUMER_PHONE):
    client.cookies["yishi_proof"] = signing.dumps(base64.b64encode(seal(phone)).decode(), salt=PROOF_SALT)


def text_of(response):
    return response.content.decode()


def post(client, do, **said):
    return client.post(URL, {"do": do, **said})


def wish(**more):
    return DeliveryPreference.objects.get(ended_at=None, **more)


def put_in_locker(waybill_no):
    take({"waybill_no": waybill_no, "carrier": "yuantong", "consignee": PERSON}, expects="shipments")
    place = {"city": "南京市", "outlet": "025101"}
    for kind, minutes, more in (
        ("out_for_delivery", 60, {}),
        ("stored_at_pickup_point", 120, {"detail": "locker"}),
    ):
        said = event(waybill_no=waybill_no, carrier="yuantong", kind=kind, place=place, **more)
        at = START + timedelta(minutes=minutes)
        take(said | {"happened_at": at.isoformat()}, at=at)
    run_due(at=at)
    sweep_inspections(at=at)
    run_due(at=at, limit=500)


def reasons(waybill_no):
    found = Incident.objects.filter(shipment__waybill_no=waybill_no, kind="UNCONSENTED_PLACEMENT")
    return list(found.values_list("reason", flat=True))


def complain(world, validity="VALID"):
    case = open_case(
        waybill_no=FIRST, category="UNCONSENTED_PLACEMENT", text="没问我就放柜子了",
        contact_id=world.contact_id, by=None, at=START,
    )  # fmt: skip
    finding = Finding(validity=validity, reason="监控")
    lin = world.viewer(world.lin)
    resolve_case(case_id=case.case_id, remedy="APOLOGY", text="已送上门", finding=finding, by=lin, at=START)
    run_due(at=START + timedelta(minutes=1), limit=500)
    return case.case_no


def test_learned_from_a_complaint_confirmed_and_standing_for_the_next_parcel(client, world):
    put_in_locker(FIRST)
    assert reasons(FIRST) == []
    case_no = complain(world)
    (asked,) = Delivery.objects.filter(kind="WISH")
    assert asked.to == CONSUMER_PHONE and "不放快递柜" in asked.body and "/mine/wishes" in asked.body
    assert not DeliveryPreference.objects.exists()
    prove(client)
    page = text_of(client.get(URL))
    assert "以后都不放快递柜" in page and case_no in page
    assert post(client, "answer", id=WishProposal.objects.get().pk, answer="yes").status_code == 302
    assert "从你的投诉里知道，你确认过的" in text_of(client.get(URL))
    put_in_locker(NEXT)
    assert reasons(NEXT) == ["against_wish"]
    post(client, "allow", placement="LOCKER", waybill_no=LAST)
    put_in_locker(LAST)
    assert reasons(LAST) == []


def test_nothing_is_learned_from_what_was_not_so(client, world):
    put_in_locker(FIRST)
    complain(world, validity="INVALID")
    assert not Delivery.objects.filter(kind="WISH").exists()


def test_she_states_changes_and_deletes_and_sees_what_was(client, world):
    prove(client)
    post(client, "state", kind="DOOR")
    post(client, "state", kind="TIME_WINDOW", days="周末", begins="18:00", ends="21:00", until="30")
    window = wish(kind="TIME_WINDOW")
    assert (window.value, window.valid_until) == ("周末 18:00-21:00", START + timedelta(days=30))
    page = text_of(client.get(URL))
    assert 'value="same"' in page and "<option selected>18:00" in page and "<option selected>21:00" in page
    post(client, "change", id=window.pk, days="每天", begins="09:00", ends="12:00", until="same")
    assert wish(kind="TIME_WINDOW").valid_until == window.valid_until
    post(client, "delete", id=wish(kind="DOOR").pk)
    page = text_of(client.get(URL))
    assert "每天 09:00-12:00" in page and "改过了" in page and "删掉了" in page


def test_a_consent_keeps_the_words_that_she_saw_and_is_withdrawn(client, world):
    prove(client)
    post(client, "allow", placement="STATION", until="7")
    row = Consent.objects.get()
    assert (row.channel, row.given_by, row.waybill_no) == ("web", "person", "")
    assert row.wording in text_of(client.get(URL)) and "同意把快递放到驿站" in row.wording
    post(client, "withdraw", id=row.pk)
    row.refresh_from_db()
    assert row.withdrawn_at == START and row.withdrawn_how == "web"


def test_without_proof_or_with_anothers_nothing_is_seen_or_changed(client, world):
    prove(client)
    post(client, "state", kind="GUARD", value="西北角门")
    post(client, "allow", placement="LOCKER")
    before = [list(model.objects.values()) for model in (DeliveryPreference, Consent)]
    ids = {"delete": wish().pk, "change": wish().pk, "withdraw": Consent.objects.get().pk, "answer": 1}
    for phone, refused in (("19900000077", 404), ("", 403)):
        prove(client, phone)
        assert "西北角门" not in text_of(client.get(URL))
        assert {post(client, do, id=row).status_code for do, row in ids.items()} == {refused}
    assert [list(model.objects.values()) for model in (DeliveryPreference, Consent)] == before


@pytest.mark.parametrize(
    ("do", "said", "status"),
    [
        ("fly", {}, 404),
        ("state", {"kind": "FLY"}, 422),
        ("state", {"kind": "TIME_WINDOW", "days": "每天", "begins": "21:00", "ends": "09:00"}, 422),
        ("allow", {"placement": "ROOF"}, 422),
        ("allow", {"placement": "LOCKER", "waybill_no": "柜"}, 422),
        ("delete", {"id": "9" * 30}, 404),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(client, world, do, said, status):
    prove(client)
    assert post(client, do, **said).status_code == status
    assert not DeliveryPreference.objects.exists() and not Consent.objects.exists()


def test_who_came_for_his_wishes_comes_back_to_them(client, world):
    assert 'name="to" value="wishes"' in text_of(client.get(URL))
    code = client.post("/mine", {"phone": CONSUMER_PHONE, "to": "wishes"}).headers["Location"]
    assert code.endswith("?to=wishes") and 'href="/mine/wishes"' in text_of(client.get(code))


OTHER = "19900000099"


def test_whom_she_names_agrees_first_and_his_code_opens_nothing_of_his(client, world):
    prove(client)
    for wrong in ("", "12", CONSUMER_PHONE):
        assert post(client, "ask_backup", backup=wrong).status_code == 422
    assert not Delivery.objects.exists()
    asked = post(client, "ask_backup", backup=OTHER)
    sent = Delivery.objects.get(kind="CODE")
    code = re.search(r"把 (\d{6}) 告诉他", sent.body)[1]
    assert sent.to == OTHER and "0001" in sent.body and CONSUMER_PHONE not in sent.body
    page = text_of(client.get(asked["Location"]))
    code_id = re.search(r'name="code_id" value="([^"]+)"', page)[1]
    assert "199****0099" in page and OTHER not in page
    # whoever has the code cannot enter with it
    assert "yishi_proof" not in Client().post(f"/mine/{code_id}", {"code": code}).cookies
    assert post(client, "backup", code_id=code_id, code="000000", called="老王").status_code == 422
    assert not BackupContact.objects.exists()
    assert post(client, "backup", code_id=code_id, code=code, called="老王").status_code == 302
    page = text_of(client.get(URL))
    assert "老王" in page and "199****0099" in page and OTHER not in page
    assert post(client, "backup", code_id=code_id, code=code, called="老王").status_code == 409
    assert BackupContact.objects.count() == 1
    post(client, "backup")
    assert not BackupContact.objects.exists()
