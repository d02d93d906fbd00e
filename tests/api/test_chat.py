"""The public chat: answers from the record, changes only for who has proven himself, the same again once."""

from datetime import timedelta

import pytest

from tests.api.conftest import Caller
from tests.world import CONSUMER_PHONE, START
from yishi.cases.models.case import Case
from yishi.notifications.models import Delivery
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role

pytestmark = pytest.mark.django_db
NUMBER = "YT6190000000001"
EVENT = {
    "carrier": "yuantong",
    "waybill_no": NUMBER,
    "kind": "out_for_delivery",
    "happened_at": "2026-11-22T09:30:00+08:00",
    "place": {"city": "南京", "outlet": "025101"},
}


@pytest.fixture(autouse=True)
def in_service_hours(time_machine):
    """At night a call-back is offered as well."""
    time_machine.move_to(START, tick=False)


@pytest.fixture
def parcel(public):
    integrator = Caller(add_key(role=Role.INTEGRATOR, name="shop", by=SYSTEM_VIEWER, at=START))
    assert integrator.post("/events", [EVENT]).json()["accepted"] == 1
    known = {
        "waybill_no": NUMBER,
        "carrier": "yuantong",
        "consignee": {"name": "王女士", "phone": CONSUMER_PHONE},
    }
    assert integrator.post("/shipments", [known]).json()["accepted"] == 1


@pytest.fixture
def say(public):
    token = public.post("/public/chat").json()["chat_token"]

    def said(text, **more):
        answer = public.post(f"/public/chat/{token}/messages", {"text": text, **more})
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def under(key, text):
        path = f"/public/chat/{token}/messages"
        return public.post(path, {"text": text}, **{"Idempotency-Key": key}).json()

    said.token, said.under = token, under
    return said


def texts(answer):
    return "\n".join(reply["text"] for reply in answer["replies"])


def test_where_is_it_is_answered_from_the_record(parcel, say):
    asked = say("我的快递到哪了")
    assert asked["intent"] == "track_parcel" and "运单号" in texts(asked)
    told = say(NUMBER)
    assert "派送中" in texts(told) and "圆通" in texts(told)
    assert say("解决了")["replies"][0]["text"].startswith("好的")


def test_an_unknown_number_is_said_to_be_unknown(parcel, say):
    say("查快递")
    assert "没有查到" in texts(say("YT0000000000009"))


def test_a_complaint_is_confirmed_and_then_stands_in_the_record(parcel, say):
    say(f"{NUMBER} 怎么还没送到")
    confirm = say(CONSUMER_PHONE)
    assert "可以吗" in texts(confirm) and not Case.objects.exists()
    done = say("可以")
    case = Case.objects.get()
    assert done["actions"] == [{"name": "open_case", "ok": True, "ref": case.case_no}]
    assert case.category == "DELAY" and case.case_no in texts(done)


def test_a_stop_needs_the_consignees_proof(parcel, say):
    say(f"{NUMBER} 帮我拦截")
    asked = say(CONSUMER_PHONE)
    assert "验证码" in texts(asked)
    code = Delivery.objects.get(kind="CODE").body
    assert "不对" in texts(say("0000"))
    digits = "".join(sign for sign in code if sign.isdigit())[:6]
    confirm = say(digits)
    assert "退回" in texts(confirm), texts(confirm)
    assert say("可以")["actions"][0]["name"] == "intercept"
    assert Case.objects.get().category == "INTERCEPT"


def test_a_strangers_proof_stops_nothing(parcel, say):
    say(f"{NUMBER} 帮我拦截")
    say("19900000077")
    digits = "".join(sign for sign in Delivery.objects.get(kind="CODE").body if sign.isdigit())[:6]
    say(digits)
    assert "不能替你办" in texts(say("可以")) and not Case.objects.exists()


def test_a_person_is_asked_for_and_the_assistant_is_silent(parcel, say):
    handed = say("转人工")
    assert handed["handed_over"] and handed["queue"]["place"] == 1
    assert say("在吗")["replies"] == []


def test_at_night_nobody_is_promised_at_once(parcel, say, public, time_machine):
    time_machine.move_to(START + timedelta(hours=13), tick=False)
    told = texts(say("转人工"))
    said = [item["text"] for item in public.get(f"/public/chat/{say.token}/messages").json()["items"]]
    assert "马上" not in told and any("下班时间" in text for text in said)


def test_a_foreign_token_is_not_there(public):
    assert public.post("/public/chat/nobody/messages", {"text": "在吗"}).status_code == 404


def test_what_was_said_is_read_after_a_point(parcel, say, public):
    say("查快递")
    items = public.get(f"/public/chat/{say.token}/messages").json()["items"]
    assert [item["author"] for item in items] == ["CONSUMER", "ASSISTANT"]
    later = public.get(f"/public/chat/{say.token}/messages?after={items[0]['id']}").json()["items"]
    assert [item["author"] for item in later] == ["ASSISTANT"]


def test_a_message_with_a_key_is_said_once(parcel, say, public):
    path, key = f"/public/chat/{say.token}/messages", {"Idempotency-Key": "m-1"}
    first = public.post(path, {"text": "转人工"}, **key)
    again = public.post(path, {"text": "转人工"}, **key)
    assert again.json() == first.json() and again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    other = public.post(path, {"text": "算了"}, **key)
    assert (other.status_code, other.json()["type"]) == (422, "urn:yishi:error:idempotency_key_reused")
    items = public.get(path).json()["items"]
    assert [item["author"] for item in items] == ["CONSUMER", "ASSISTANT"]


def test_a_wrong_code_under_a_key_counts(parcel, say):
    say(f"{NUMBER} 帮我拦截")
    say(CONSUMER_PHONE)
    for attempt in range(6):
        said = say.under(f"code-{attempt}", "0000")
    assert "锁" in texts(said)


def test_a_flood_is_told_to_wait(say, public):
    path = f"/public/chat/{say.token}/messages"
    answers = [public.post(path, {"text": f"在吗 {n}"}) for n in range(21)]
    assert [answer.status_code for answer in answers[-2:]] == [200, 429]
    assert int(answers[-1]["Retry-After"]) <= 60


@pytest.mark.parametrize(
    "text",
    ["😀😀😡", "<script>alert(1)</script>", "\u202e到没件快\u200b\u200d", "。。。", "哎" * 20_000, "\x00a"],
)
def test_odd_words_are_answered(say, text):
    assert say(text)["replies"]
