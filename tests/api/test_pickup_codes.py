"""Pickup codes over the public API: there with the proof of the right phone, and never without."""

import base64

import pytest
from django.core import signing

from tests.world import START
from yishi.consignees.queries import PROOF_SALT
from yishi.feeds.actions.sources import add_source
from yishi.kit.personal import seal
from yishi.people.rules import SYSTEM_VIEWER

pytestmark = pytest.mark.django_db

NUMBER, GETTER = "YT9900000000058", "19900000058"
DEPOSIT = {
    "mail_no": NUMBER,
    "cp_code": "YTO",
    "station_no": "NJ-017",
    "action_code": "POSTMAN_POST",
    "action_time": int(START.timestamp() * 1000),
    "getter_phone": GETTER,
    "extra": '{"auth_code":"6-1-2045"}',
}


@pytest.fixture
def waiting(public):
    """A parcel that Cainiao's locker pushed to us."""
    path = add_source(code="cainiao", plugin="cainiao", settings={}, by=SYSTEM_VIEWER, at=START)
    assert public.client.post(path, DEPOSIT, content_type="application/json").json()["success"] is True
    return f"/public/shipments/{NUMBER}"


def proof_of(phone):
    return signing.dumps(base64.b64encode(seal(phone)).decode(), salt=PROOF_SALT)


def test_the_right_phone_sees_the_code(public, waiting):
    said = public.get(f"{waiting}?proof={proof_of(GETTER)}").json()
    assert said["milestone"] == "AT_PICKUP_POINT"
    (code,) = said["pickup_codes"]
    assert (code["code"], code["place"]) == ("6-1-2045", "NJ-017")


def test_without_a_proof_the_field_is_not_there(public, waiting):
    plain = public.get(waiting)
    assert {"carrier", "milestone", "promised_at", "eta", "events"} <= set(plain.json())
    for proof in ("", "forged", "forged:proof:of-nothing"):
        answer = public.get(f"{waiting}?proof={proof}")
        assert "pickup_codes" not in answer.json() and b"6-1-2045" not in answer.content


def test_another_phone_sees_that_there_is_nothing_for_it(public, waiting):
    said = public.get(f"{waiting}?proof={proof_of('19900000099')}").json()
    assert said["pickup_codes"] == []


def test_staff_see_no_code(public, agent, waiting):
    answer = agent.get(f"/shipments/{NUMBER}")
    assert b"6-1-2045" not in answer.content and b"pickup_codes" not in answer.content


def test_the_page_shows_it_after_the_proof(public, waiting):
    page = f"/t/{NUMBER}"
    assert "6-1-2045" not in public.client.get(page).content.decode()
    public.client.cookies["yishi_proof"] = proof_of("19900000099")
    assert "6-1-2045" not in public.client.get(page).content.decode()
    public.client.cookies["yishi_proof"] = proof_of(GETTER)
    shown = public.client.get(page).content.decode()
    assert "6-1-2045" in shown and "NJ-017" in shown
