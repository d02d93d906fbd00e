"""Wishes: stated, noted, guessed and confirmed, changed, taken back; the history of each is kept."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.world import START
from yishi.consignees.actions.standing import Wish
from yishi.consignees.actions.wishes import (
    NotAskedAnyMore,
    answer_proposal,
    change_wish,
    note_wishes,
    propose_wishes,
    replace_preferences,
    state_wish,
    withdraw_wish,
)
from yishi.consignees.models import DeliveryPreference, WishProposal
from yishi.consignees.queries import list_preferences, own_wishes
from yishi.kit.errors import Invalid, NotAllowed, NotFound
from yishi.kit.models import FactRow
from yishi.people.rules import SYSTEM_VIEWER

pytestmark = pytest.mark.django_db
PHONE, OTHER = "19900000002", "19900000003"
DAY = timedelta(days=1)


def standing(at=START, phone=PHONE):
    return [(one.kind, one.value) for one in list_preferences(viewer=SYSTEM_VIEWER, phone=phone, at=at)]


def state(kind, at=START, **more):
    state_wish(phone=PHONE, wish=Wish(kind=kind, source="x", **more), at=at)


def note(*kinds, source="courier", at=START, by=SYSTEM_VIEWER):
    wishes = [Wish(kind=kind, source=source) for kind in kinds]
    return note_wishes(phone=PHONE, wishes=wishes, by=by, at=at)


def propose(*kinds, at=START, ref="2611220001"):
    return propose_wishes(phone=PHONE, kinds=kinds, ref=ref, language="zh-hans", at=at)


def row_id(kind="DOOR"):
    return DeliveryPreference.objects.get(kind=kind, ended_at=None).pk


def test_what_is_said_later_ends_what_it_contradicts_and_it_is_remembered():
    state("GUARD", value="南门")
    state("DOOR", at=START + DAY)
    assert standing(START + DAY) == [("DOOR", "")]
    past = DeliveryPreference.objects.get(kind="GUARD")
    assert (past.ended_why, past.ended_at, past.yields_to.kind) == ("CONTRADICTED", START + DAY, "DOOR")
    assert (past.noted_by, past.source) == ("person", "CONSUMER")


def test_a_couriers_note_does_not_stand_against_her_own_word_but_is_kept():
    state("DOOR")
    assert note("GUARD", "CALL_FIRST", at=START + DAY) == 1
    assert standing() == [("DOOR", ""), ("CALL_FIRST", "")]
    assert DeliveryPreference.objects.get(kind="GUARD").ended_why == "OVERRULED"


def test_parts_of_one_statement_are_alternatives_and_saying_it_again_adds_nothing():
    assert note("DOOR", "GUARD") == note("DOOR", "GUARD", at=START + DAY) == 2
    assert DeliveryPreference.objects.count() == 2


def test_a_list_written_anew_leaves_history_and_keeps_what_is_listed_again():
    kept = [Wish(kind="DOOR", source="CONSUMER"), Wish(kind="CALL_FIRST", source="CONSUMER")]
    replace_preferences(phone=PHONE, wishes=kept, by=SYSTEM_VIEWER, at=START)
    door = row_id()
    replace_preferences(phone=PHONE, wishes=kept[:1], by=SYSTEM_VIEWER, at=START + DAY)
    assert (row_id(), standing()) == (door, [("DOOR", "")])
    assert DeliveryPreference.objects.get(kind="CALL_FIRST").ended_why == "REPLACED"


def test_a_wish_begins_and_ends_at_its_time():
    state("DOOR", valid_from=START + DAY, valid_until=START + 2 * DAY)
    assert [len(standing(START + n * DAY)) for n in (0, 1, 2, 3)] == [0, 1, 1, 0]


def test_she_changes_and_deletes_her_own():
    note("NEIGHBOUR")
    change_wish(phone=PHONE, wish_id=row_id("NEIGHBOUR"), value="502", valid_until=None, at=START + DAY)
    assert standing() == [("NEIGHBOUR", "502")]
    withdraw_wish(phone=PHONE, wish_id=row_id("NEIGHBOUR"), at=START + 2 * DAY)
    found = own_wishes(phone=PHONE, at=START + 2 * DAY)
    assert found.standing == [] and [one.ended_why for one in found.past] == ["WITHDRAWN", "CHANGED"]


def test_what_is_refused_changes_nothing(world):
    state("DOOR")
    before = list(DeliveryPreference.objects.values())
    for act, wrong in (
        (lambda: state("TIME_WINDOW", value="晚上"), Invalid),
        (lambda: state("FLY"), Invalid),
        (lambda: note("GUARD", by=world.viewer(world.operator)), NotAllowed),
        (lambda: withdraw_wish(phone=OTHER, wish_id=row_id(), at=START), NotFound),
        (
            lambda: change_wish(phone=OTHER, wish_id=row_id(), value="x", valid_until=None, at=START),
            NotFound,
        ),
        (
            lambda: change_wish(phone=PHONE, wish_id=row_id(), value="x" * 201, valid_until=None, at=START),
            Invalid,
        ),
    ):
        with pytest.raises(wrong):
            act()
    assert list(DeliveryPreference.objects.values()) == before


def test_a_guess_counts_only_once_it_is_confirmed():
    assert propose("NO_LOCKER", "NO_STATION") == 2 and standing() == []
    assert FactRow.objects.filter(fact="consignees.WishesProposed").count() == 1
    first, second = WishProposal.objects.order_by("pk")
    answer_proposal(phone=PHONE, proposal_id=first.pk, is_wanted=True, at=START + DAY)
    answer_proposal(phone=PHONE, proposal_id=second.pk, is_wanted=False, at=START + DAY)
    row = DeliveryPreference.objects.get()
    assert (row.kind, row.source, row.ref, row.noted_by) == ("NO_LOCKER", "LEARNED", "2611220001", "person")
    # what stands, and what was denied within the year, is not asked again
    assert propose("NO_LOCKER", "NO_STATION", at=START + 300 * DAY) == 0
    assert propose("NO_STATION", at=START + 367 * DAY) == 1


def test_a_question_is_open_for_thirty_days_and_then_asked_anew():
    propose("DOOR")
    asked = WishProposal.objects.get()
    assert propose("DOOR", at=START + 29 * DAY) == 0
    late = START + 30 * DAY + timedelta(seconds=1)
    for phone, at, wrong in ((OTHER, START, NotFound), (PHONE, late, NotAskedAnyMore)):
        with pytest.raises(wrong):
            answer_proposal(phone=phone, proposal_id=asked.pk, is_wanted=True, at=at)
    assert standing(late) == [] and WishProposal.objects.get().answered_at is None
    assert propose("DOOR", at=late, ref="2611220002") == 1
    answer_proposal(phone=PHONE, proposal_id=asked.pk, is_wanted=True, at=late + 30 * DAY)
    with pytest.raises(NotAskedAnyMore):
        answer_proposal(phone=PHONE, proposal_id=asked.pk, is_wanted=False, at=late + 30 * DAY)
    assert standing(late + 30 * DAY) == [("DOOR", "")]


def test_an_address_lies_sealed_and_is_shown_masked():
    state("GUARD", address="东山街道 1 幢 101 室")
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM consignees_delivery_preference p")
        assert "东山街道".encode().hex() not in cursor.fetchone()[0]
    assert own_wishes(phone=PHONE, at=START).standing[0].address == "东山街道 ***"
