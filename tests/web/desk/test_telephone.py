"""The telephone at the desk: who rings, what was said, how soon calls are answered."""

import pytest
from django.urls import reverse

from tests.world import CONSUMER_PHONE
from yishi.conversations.models.talk import Conversation

pytestmark = pytest.mark.django_db
PAGE = "/desk/telephone"


def test_who_rings_is_found_by_his_number(lin):
    page = lin.get(f"{PAGE}?phone={CONSUMER_PHONE}").content.decode()
    assert "没有你能看到的快递" in page and "未测量" in page


def test_what_was_said_is_noted(lin):
    said = {"phone": "19900000041", "text": "问取件码", "channel": "PHONE"}
    answer = lin.post(reverse("desk:note_call"), said)
    assert answer.status_code == 302 and Conversation.objects.get().channel == "PHONE"


@pytest.mark.parametrize("bad", [{"text": " "}, {"phone": "12"}])
def test_a_refused_note_loses_nothing(lin, bad):
    said = {"phone": "19900000041", "text": "问取件码", "channel": "PHONE", **bad}
    answer = lin.post(reverse("desk:note_call"), said)
    assert answer.status_code == 422 and not Conversation.objects.exists()
    assert said["text"].strip() in answer.content.decode()
