"""The ledger of consents: who, when, how, in which words; a withdrawal does not rewrite the past."""

from datetime import timedelta

import pytest

from tests.world import START
from yishi.consignees.actions.consents import Allowed, give_consent, withdraw_consent
from yishi.consignees.actions.standing import Wish
from yishi.consignees.actions.wishes import note_wishes, state_wish
from yishi.consignees.models import Consent, DeliveryPreference
from yishi.consignees.queries import consent_for, find_contact_ids
from yishi.kit.errors import Invalid, NotAllowed, NotFound
from yishi.people.rules import SYSTEM_VIEWER

pytestmark = pytest.mark.django_db
PHONE, NUMBER = "19900000002", "771200000000001"
HOUR = timedelta(hours=1)


def allow(placement="LOCKER", at=START, by=None, **more):
    more = {"channel": "web", "wording": "我不在时，同意放快递柜", **more}
    return give_consent(phone=PHONE, allowed=Allowed(placement=placement, **more), by=by, at=at)


def allowed(at, placement="LOCKER", number=NUMBER):
    (contact_id,) = find_contact_ids(PHONE)
    found = consent_for(contact_id=contact_id, waybill_no=number, placement=placement, at=at)
    return found and found.pk


def test_one_parcels_own_counts_before_a_standing_one_and_for_no_other():
    standing, own = allow(), allow(waybill_no=NUMBER)
    assert (allowed(START), allowed(START, number="x"), allowed(START, "STATION")) == (own, standing, None)
    assert allowed(START - HOUR) is None


def test_withdrawn_after_the_placing_it_stays_what_it_was_then():
    consent = allow()
    withdraw_consent(phone=PHONE, consent_id=consent, channel="chat", by=None, at=START + 2 * HOUR)
    assert (allowed(START + HOUR), allowed(START + 2 * HOUR)) == (consent, None)
    row = Consent.objects.get()
    assert (row.given_at, row.withdrawn_at, row.withdrawn_how) == (START, START + 2 * HOUR, "chat")


def test_it_ends_at_its_time():
    consent = allow(valid_until=START + HOUR)
    assert (allowed(START + HOUR), allowed(START + HOUR + timedelta(seconds=1))) == (consent, None)


def test_the_ledger_says_who_heard_it_and_how(world):
    allow(by=world.viewer(world.lin), channel="call", wording="电话里说放柜子就行")
    row = Consent.objects.get()
    said = (row.given_by, row.channel, row.wording)
    assert said == (f"user:{world.lin.pk}", "call", "电话里说放柜子就行")


def test_wish_and_standing_consent_the_newer_word_of_the_person_holds():
    note_wishes(phone=PHONE, wishes=[Wish(kind="NO_LOCKER", source="courier")], by=SYSTEM_VIEWER, at=START)
    consent = allow(at=START + HOUR)
    assert DeliveryPreference.objects.get().ended_why == "CONTRADICTED"
    note_wishes(
        phone=PHONE, wishes=[Wish(kind="DOOR", source="courier")], by=SYSTEM_VIEWER, at=START + 2 * HOUR
    )
    assert allowed(START + 2 * HOUR) == consent
    state_wish(phone=PHONE, wish=Wish(kind="DOOR", source=""), at=START + 3 * HOUR)
    assert (allowed(START + 2 * HOUR), allowed(START + 3 * HOUR)) == (consent, None)


def test_one_parcels_consent_leaves_her_wish():
    state_wish(phone=PHONE, wish=Wish(kind="NO_LOCKER", source=""), at=START)
    allow(waybill_no=NUMBER)
    assert DeliveryPreference.objects.get().ended_at is None


def test_what_is_refused_changes_nothing(world):
    consent = allow()
    before = list(Consent.objects.values())
    for wrong in ({"placement": "ROOF"}, {"wording": " "}, {"channel": ""}, {"valid_until": START}):
        with pytest.raises(Invalid):
            allow(**wrong)
    with pytest.raises(NotAllowed):
        allow(by=world.viewer(world.operator))
    with pytest.raises(NotFound):
        withdraw_consent(phone="19900000003", consent_id=consent, channel="web", by=None, at=START)
    assert list(Consent.objects.values()) == before
