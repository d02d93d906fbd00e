"""A parcel is stopped by its own sender or receiver: proven by a code, told honestly, a case at the end."""

import re

import pytest

from tests.web.consumer.conftest import WAYBILL_NO, take_road
from tests.web.consumer.test_mine import OTHER_PHONE, SENT_NO, outbox, own, text_of, texts_sent
from tests.world import CONSUMER_PHONE
from yishi.cases.models.case import Case
from yishi.cases.models.interceptions import Interception
from yishi.kit.clock import now
from yishi.kit.outbox import run_due

__all__ = ["outbox", "own"]
pytestmark = pytest.mark.django_db(transaction=True)
STOP = f"/t/{WAYBILL_NO}/stop"


def prove_for(client, number, phone=CONSUMER_PHONE):
    """Phone and code, from the page of the parcel and back to it; mistyped once."""
    slip = text_of(client.post("/mine", {"phone": "12", "to": number}))
    assert f'name="to" value="{number}"' in slip
    url = client.post("/mine", {"phone": phone, "to": number}).headers["Location"]
    (code,) = re.findall(r"\d{6}", texts_sent()[-1]["text"])
    return client.post(url, {"code": code}, follow=True)


def work_off():
    while run_due(at=now()):
        pass


def test_the_parcel_page_leads_there_and_a_stranger_is_asked_for_proof(client, own):
    take_road("771200000099999")
    page = text_of(client.get(STOP))
    assert "先证明是你" in page and "答复" in page and "拦下这一件" not in page
    assert client.post(STOP, {"asked": "INTERCEPT"}).status_code == 403
    assert not Case.objects.exists()


def test_whoever_proved_his_phone_stops_it_and_sees_how_it_stands(client, own):
    page = text_of(prove_for(client, WAYBILL_NO))
    assert "还来得及" in page and "拦下这一件" in page and "不保证拦住" in page
    answer = client.post(STOP, {"asked": "INTERCEPT"})
    assert answer.status_code == 302 and answer["Location"].startswith("/c/")
    work_off()
    case = Case.objects.get()
    assert (case.category, case.is_verified) == ("INTERCEPT", True)
    found = Interception.objects.get(case=case)
    assert (found.state, found.asked, found.stop.lifted_at) == ("RUNNING", "RETURN", None)
    assert "扫描已锁住" in text_of(client.get(answer["Location"])) or "已经通知拦下" in text_of(
        client.get(answer["Location"])
    )
    again = client.post(STOP, {"asked": "INTERCEPT"})
    assert (again.status_code, Case.objects.count()) == (409, 1) and "已经在拦了" in text_of(again)


def test_the_sender_may_too_and_a_new_address_must_be_named(client, own):
    prove_for(client, SENT_NO)
    stop = f"/t/{SENT_NO}/stop"
    assert client.post(stop, {"asked": "REDIRECT", "text": " "}).status_code == 422
    assert client.post(stop, {"asked": "LOST"}).status_code == 422 and not Case.objects.exists()
    assert client.post(stop, {"asked": "REDIRECT", "text": "杭州市余杭区文二路 9 号"}).status_code == 302
    work_off()
    assert Interception.objects.get().asked == "NEW_ADDRESS"


def test_somebody_elses_phone_stops_nothing(client, own):
    take_road("771200000099999")
    page = text_of(prove_for(client, "771200000099999", phone=OTHER_PHONE))
    assert "不是这件快递留的" in page and "199****0099" in page
    assert client.post("/t/771200000099999/stop", {"asked": "INTERCEPT"}).status_code == 403
    assert not Case.objects.exists()


def test_too_late_is_said_and_no_case_is_opened(client, own):
    prove_for(client, WAYBILL_NO)
    take_road(WAYBILL_NO, ("delivered", 0, "南京市", "025101", "已签收"))
    page = text_of(client.get(STOP))
    assert "来不及了" in page and "已经签收" in page and "拦下这一件" not in page
    assert client.post(STOP, {"asked": "INTERCEPT"}).status_code == 409 and not Case.objects.exists()


def test_an_unknown_number_leads_back(client, world):
    assert client.get("/t/771200000000000/stop").status_code == 302
