"""A cup arrives broken: proposed by rule, refused, offered anew, accepted, paid, asked back, arbitrated."""

from datetime import timedelta

import pytest

from tests.stories.conftest import letters, photo, text_of, work
from tests.web.consumer.conftest import take_road
from tests.world import CONSUMER_PHONE
from yishi.cases.models.case import Case
from yishi.claims.models.ledger import Posting
from yishi.claims.queries.proposals import proposal_of_case
from yishi.kit.clock import now
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role

pytestmark = pytest.mark.django_db

WAYBILL_NO = "771200000018826"
MAIL = "wang@example.cn"


@pytest.fixture
def case(told, person):
    """The complaint, with a photo, as the consumer's page sends it; its private link."""
    take_road(WAYBILL_NO)
    said = {"category": "DAMAGED", "text": "杯子碎了，箱子角是瘪的", "phone": CONSUMER_PHONE, "email": MAIL}
    answer = person().post(f"/t/{WAYBILL_NO}/complain", {**said, "once": "", "photos": [photo()]})
    link = answer.headers["Location"].partition("?")[0]
    found = Case.objects.get()
    Case.objects.filter(pk=found.pk).update(outlet_id=told.dongshan_id)
    work()
    return found, link


def act(client, case, what, **said):
    """One form of the claim's sheet, sent; the page that follows."""
    answer = client.post(f"/desk/cases/{case.case_no}/claim/{what}", said)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return text_of(client.get(answer.headers["Location"]))


def test_damaged_with_claim_and_arbitration(told, person, post, clock, case):
    found, link = case
    lin, zhou, consumer = person(told.lin), person(told.zhou), person()
    page = act(lin, found, "propose", goods="388", has_proof="1", lost_percent="50")
    assert "¥194.00" in page and "有凭证的货值 388.00 元 × 损失 50%" in page and "邮政法" in page
    assert "四十六" not in page and "超过你能批的额度" in page and "网点负责人" in page
    refused = lin.post(f"/desk/cases/{found.case_no}/claim/approve", {})
    assert refused.status_code == 403 and proposal_of_case(found.pk) is None
    act(zhou, found, "approve")
    with letters(post) as offered:
        act(lin, found, "offer")
        work()
    assert [to for to, _, _ in offered] == [MAIL] and "194.00" in offered[0][2] and link in offered[0][2]
    _the_person_says_no_and_then_yes(lin, zhou, consumer, found, link)
    with letters(post) as paid:
        act(zhou, found, "pay", reference="支付宝 20261122001")
        work()
    assert "388.00" in paid[0][2]
    second = person(told.quality).post(f"/desk/cases/{found.case_no}/claim/pay", {"reference": "微信 7"})
    assert second.status_code == 409 and "不要再付" in second.content.decode()
    assert "已付" in text_of(consumer.get(link)) and "20261122001" not in text_of(consumer.get(link))
    _it_is_asked_back_and_arbitrated(zhou, found, clock)
    key = add_key(role=Role.INTEGRATOR, outlet_code="", name="ERP", by=SYSTEM_VIEWER, at=now())
    known = person().get(f"/api/v1/cases/{found.case_no}", headers={"Authorization": f"Bearer {key}"}).json()
    assert (known["claim"]["state"], known["claim"]["amount_fen"]) == ("PAID", 38_800)
    assert sum(Posting.objects.values_list("amount_fen", flat=True)) == 0


def _the_person_says_no_and_then_yes(lin, zhou, consumer, found, link):
    assert "194.00" in text_of(consumer.get(link))
    first = proposal_of_case(found.pk).proposal_id
    said = {"proposal": first, "text": "两个都碎了"}
    assert consumer.post(f"{link}/dispute", said).status_code == 302
    page = text_of(lin.get(f"/desk/cases/{found.case_no}"))
    assert "顾客不接受" in page and "两个都碎了" in page
    act(lin, found, "change", goods="388", has_proof="1", lost_percent="100", reason="两个都碎了")
    act(zhou, found, "approve")
    act(lin, found, "offer")
    assert consumer.post(f"{link}/accept", {"proposal": first}).status_code == 409
    now_offered = proposal_of_case(found.pk).proposal_id
    assert consumer.post(f"{link}/accept", {"proposal": now_offered}).status_code == 302


def _it_is_asked_back_and_arbitrated(zhou, found, clock):
    back = {"debtor": "CARRIER", "who": "圆通速递", "amount": "388", "reason": "箱角瘪在中转场"}
    assert "在追" in act(zhou, found, "recover", **back)
    act(zhou, found, "arbitrate", against="圆通速递", amount="388", reason="箱角瘪在中转场，有照片")
    assert Case.objects.get(pk=found.pk).is_in_arbitration
    page = act(zhou, found, "pack", **{"for": "outside"})
    assert "做好了" in page
    address = next(part for part in page.split('"') if "/packs/" in part)
    pdf = zhou.get(address)
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")
    clock.shift(timedelta(hours=2))
    number = next(part for part in page.split('name="arbitration" value="')[1:])[:9].split('"')[0]
    page = act(zhou, found, "decided", arbitration=number, outcome="WON", amount="388", reason="照片清楚")
    assert "支持" in page
    page = act(zhou, found, "end", arbitration=number, reason="全额支持")
    assert "终局" in page and not Case.objects.get(pk=found.pk).is_in_arbitration
