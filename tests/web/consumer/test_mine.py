"""My parcels: the code proves the phone; a stranger learns nothing, not even whether a phone is known."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from tests.web.consumer.conftest import WAYBILL_NO, take_road
from tests.world import CONSUMER_PHONE, START
from yishi.consignees.models import Code
from yishi.feeds.port import Parsed, ParsedShipment, Person
from yishi.feeds.queries.sources import get_source
from yishi.kit.clock import now
from yishi.kit.models import Reveal
from yishi.notifications.jobs.deliveries import sweep_due_sms
from yishi.shipments.actions.take_in import take_parsed

# a wrong code counts in a transaction of its own
pytestmark = pytest.mark.django_db(transaction=True)
OTHER_PHONE, SENT_NO = "19900000099", "771200000000055"


def text_of(response):
    return response.content.decode()


def tell_of(waybill_no, **people):
    """Master data of a parcel, as a merchant's system sends it."""
    with transaction.atomic():
        item = ParsedShipment(waybill_no=waybill_no, carrier="yuantong", **people)
        take_parsed(source=get_source("test"), parsed=Parsed(master_data=[item]), at=START)


@pytest.fixture(autouse=True)
def outbox(settings, tmp_path):
    """Text messages go to a file, as in the demo."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path, sms_url="log:")
    return tmp_path / "outbox/sms.jsonl"


@pytest.fixture
def own(world):
    """A parcel on its way to the consumer, and one that she sent to somebody else."""
    take_road(WAYBILL_NO)
    take_road(SENT_NO)
    me = Person(name="王女士", phone=CONSUMER_PHONE, address="南京市江宁区东山街道 3 栋 501")
    other = Person(name="赵先生", phone=OTHER_PHONE, address="杭州市余杭区文一街道 8 号")
    tell_of(WAYBILL_NO, consignee=me, shipper=other)
    tell_of(SENT_NO, consignee=other, shipper=me)


def texts_sent():
    sweep_due_sms(at=now() + timedelta(seconds=1))
    lines = (Path(settings.ENVIRONMENT.home) / "outbox/sms.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def ask(client, phone=CONSUMER_PHONE):
    return client.post("/mine", {"phone": phone}).headers["Location"]


def prove(client, phone=CONSUMER_PHONE):
    """The whole way: phone, the code as it arrived, the list."""
    url = ask(client, phone)
    (code,) = re.findall(r"\d{6}", texts_sent()[-1]["text"])
    return client.post(url, {"code": code}, follow=True)


def test_the_code_that_arrived_opens_my_parcels(client, own):
    page = text_of(prove(client))
    assert "1 件寄给你" in page and "1 件还没签收" in page and "199****0001" in page and "派送中" in page
    assert page.index(f"/t/{WAYBILL_NO}") < page.index("我寄出的") < page.index(f"/t/{SENT_NO}")
    assert Reveal.objects.filter(field="parcels", is_silent=True).count() == 1


def test_the_proof_is_kept_from_scripts_and_other_sites(client, own):
    prove(client)
    cookie = client.cookies["yishi_proof"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["max-age"] == 1800
    assert CONSUMER_PHONE not in cookie.value


def test_her_own_parcel_tells_its_consignee_everything(client, own):
    before = text_of(client.get(f"/t/{WAYBILL_NO}"))
    assert "3 栋 501" not in before and "李四" not in before
    prove(client)
    after = text_of(client.get(f"/t/{WAYBILL_NO}"))
    assert "3 栋 501" in after and "李四（电话 13912345678）" in after and "只有你看得到" in after


def test_a_shipper_sees_no_more_than_a_stranger(client, own):
    prove(client)
    page = text_of(client.get(f"/t/{SENT_NO}"))
    assert "文一街道" not in page and "李四" not in page and "赵先生" not in page


def test_somebody_elses_proof_opens_nothing_of_hers(client, own):
    prove(client, "19900000077")
    assert "现在没有寄给你的快递" in text_of(client.get("/mine"))
    assert "3 栋 501" not in text_of(client.get(f"/t/{WAYBILL_NO}"))


def test_known_and_unknown_phones_are_answered_alike(client, own):
    pages = []
    for phone in (CONSUMER_PHONE, "19900000077"):
        answer = client.post("/mine", {"phone": phone})
        page = client.get(answer.headers["Location"])
        code_id, mask = answer.headers["Location"].rsplit("/", 1)[1], f"199****{phone[-4:]}"
        said = re.sub(r'value="[^"]{40,}"', "", text_of(page)).replace(code_id, "").replace(mask, "")
        pages.append((answer.status_code, page.status_code, said))
    assert pages[0] == pages[1] and Code.objects.count() == 2


def test_leaving_forgets_the_proof(client, own):
    prove(client)
    assert client.post("/mine/leave").headers["Location"] == "/"
    assert "发一个验证码" in text_of(client.get("/mine"))
    assert "3 栋 501" not in text_of(client.get(f"/t/{WAYBILL_NO}"))


def test_a_forged_or_old_proof_is_none(client, own):
    client.cookies["yishi_proof"] = "forged:proof:of-nothing"
    assert "发一个验证码" in text_of(client.get("/mine"))
    assert client.get(f"/t/{WAYBILL_NO}").status_code == 200


def test_five_wrong_tries_lock_the_code(client, own):
    url = ask(client)
    (right,) = re.findall(r"\d{6}", texts_sent()[-1]["text"])
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    assert [client.post(url, {"code": wrong}).status_code for _ in range(6)] == [422] * 5 + [423]
    answer = client.post(url, {"code": right})
    assert (
        answer.status_code == 423 and "重新发一次" in text_of(answer) and "yishi_proof" not in client.cookies
    )


def test_a_code_is_used_once(client, own):
    url = ask(client)
    (code,) = re.findall(r"\d{6}", texts_sent()[-1]["text"])
    client.post(url, {"code": code})
    assert client.post(url, {"code": code}).status_code == 409


def test_a_code_that_never_was_is_called_expired(client, world):
    answer = client.post("/mine/00000000-0000-4000-8000-000000000000", {"code": "123456"})
    assert answer.status_code == 409 and "过期" in text_of(answer)


def test_five_codes_an_hour_for_a_phone(client, world):
    answers = [client.post("/mine", {"phone": CONSUMER_PHONE}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429] and Code.objects.count() == 5


def test_one_address_cannot_write_to_many_phones(client, world):
    answers = [client.post("/mine", {"phone": f"199000001{n:02}"}).status_code for n in range(21)]
    assert answers == [302] * 20 + [429] and Code.objects.count() == 20


@pytest.mark.parametrize(
    ("phone", "said"), [("", "填一个手机号"), ("1990000", "少了 4 位"), ("abc", "打不通")]
)
def test_what_is_no_phone_is_explained_and_kept(client, world, phone, said):
    answer = client.post("/mine", {"phone": phone})
    assert answer.status_code == 422 and said in text_of(answer) and Code.objects.count() == 0


def test_the_forms_refuse_other_sites(world):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/mine", {"phone": CONSUMER_PHONE}).status_code == 403 and Code.objects.count() == 0
