"""A telephone call over HTTP: signed news, a spoken menu, a recording; forged and stale ones are refused."""

import base64
import hmac
import json
from urllib.parse import urlencode

import pytest
from django.conf import settings

from tests.world import CONSUMER_PHONE, START
from yishi.conversations.actions.accounts import add_account
from yishi.conversations.models.beside import CallBack
from yishi.conversations.models.calls import Call
from yishi.conversations.models.messages import RawMessage
from yishi.conversations.queries.threads import list_messages
from yishi.kit.phrases import say
from yishi.people.rules import SYSTEM_VIEWER

pytestmark = pytest.mark.django_db
SECRET = "dao-yi-zhan"


@pytest.fixture
def now(time_machine):
    time_machine.move_to(START, tick=False)


@pytest.fixture
def voice(now, public):
    _id, key = add_account(
        code="hotline", plugin="voice", settings={"secret": SECRET}, outlet="DS01", by=SYSTEM_VIEWER, at=START
    )

    def push(news, secret=SECRET, at=START):
        body, second = json.dumps(news).encode(), str(int(at.timestamp()))
        signed = hmac.digest(secret.encode(), second.encode() + b"." + body, "sha256").hex()
        headers = {"Yishi-Time": second, "Yishi-Signature": signed}
        return public.client.post(
            f"/channels/hotline/{key}", body, content_type="application/json", headers=headers
        )

    return push


def step(name, **more):
    return {"call_id": "c1", "step": name, "happened_at": START.isoformat(), "caller": CONSUMER_PHONE, **more}


def test_news_of_a_call_are_taken_once(voice):
    for _ in range(100):
        assert voice(step("MISSED")).status_code == 200
    assert Call.objects.get().state == "MISSED" and CallBack.objects.count() == 1
    assert RawMessage.objects.get().times_received == 100


@pytest.mark.parametrize("bad", ["forged", "stale"])
def test_forged_and_stale_news_change_nothing(voice, bad):
    from datetime import timedelta

    at = START - timedelta(minutes=6) if bad == "stale" else START
    said = voice(step("MISSED"), secret="other" if bad == "forged" else SECRET, at=at)
    assert said.status_code == 401 and not Call.objects.exists()


def test_what_cannot_be_read_is_kept(voice):
    assert voice({"call_id": "c1", "step": "DANCING", "happened_at": START.isoformat()}).status_code == 200
    assert RawMessage.objects.get().state == "QUARANTINED" and not Call.objects.exists()


@pytest.fixture
def call(now, public):
    settings_of = {"auth_token": SECRET, "agent_number": "+862500000109"}
    _id, key = add_account(
        code="ivr", plugin="twiml", settings=settings_of, outlet="DS01", by=SYSTEM_VIEWER, at=START
    )

    def press(query="", token=SECRET, **fields):
        said = {"CallSid": "CA1", "From": CONSUMER_PHONE, "To": "4000", "CallStatus": "in-progress", **fields}
        path = f"/channels/ivr/{key}{query}"
        signed = f"{settings.ENVIRONMENT.web_origin}{path}" + "".join(
            name + value for name, value in sorted(said.items())
        )
        signature = base64.b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode()
        return public.client.post(
            path,
            urlencode(said),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signature},
        )

    return press


def test_a_caller_is_led_through_the_menu(call):
    assert "<Gather" in call().content.decode() and "查件请按 1" in call().content.decode()
    asked = call("?step=START&wrong=0", Digits="1").content.decode()
    assert 'numDigits="20"' in asked
    told = call("?step=TRACK&wrong=0", Digits="6190000000009").content.decode()
    assert "没有查到" in told


def test_a_complaint_is_recorded_and_called_back(call):
    assert "<Record" in call("?step=START&wrong=0", Digits="3").content.decode()
    said = call("?step=COMPLAIN&wrong=0", RecordingUrl="http://127.0.0.1/r1.wav").content.decode()
    assert "<Hangup/>" in said
    noted = CallBack.objects.get()
    assert noted.about == say(noted.said) == "电话投诉，录音待听"
    (line,) = list_messages(noted.conversation_id, for_person=False)
    assert line.text == noted.about and line.data["phrase"] == noted.said
    assert Call.objects.get().recording.endswith("r1.wav")


def test_a_menu_is_no_person_and_serves_without_being_missed(call):
    call()
    call("?step=START&wrong=0", Digits="1")
    call(CallStatus="completed", CallbackSource="call-progress-events")
    served = Call.objects.get()
    assert (served.state, served.is_measured) == ("ENDED", False) and not CallBack.objects.exists()


def test_the_agent_is_measured_from_his_own_ringing(call, time_machine):
    call()
    time_machine.shift(60)
    dialled = call("?step=START&wrong=0", Digits="0").content.decode()
    assert 'statusCallbackEvent="answered"' in dialled and "action=" in dialled and "record=" not in dialled
    time_machine.shift(12)
    leg = {"CallSid": "CA2", "ParentCallSid": "CA1", "To": "+862500000109", "CallStatus": "in-progress"}
    assert b"<Response></Response>" in call(**leg, CallbackSource="call-progress-events").content
    answered = Call.objects.get()
    assert (answered.answered_at - answered.rang_at).total_seconds() == 12 and answered.is_measured
    assert (answered.state, answered.answered_by) == ("ANSWERED", "+862500000109")
    call("?step=AGENT&wrong=0", DialCallStatus="completed")
    assert Call.objects.get().state == "ENDED" and not CallBack.objects.exists()


def test_an_agent_who_does_not_answer_is_a_missed_call(call):
    call()
    call("?step=START&wrong=0", Digits="0")
    said = call("?step=AGENT&wrong=0", DialCallStatus="no-answer").content.decode()
    assert "打回去" in said and "<Hangup/>" in said
    assert Call.objects.get().state == "MISSED" and CallBack.objects.count() == 1


def test_a_forged_call_is_refused(call):
    assert call(token="other").status_code == 403 and not Call.objects.exists()
