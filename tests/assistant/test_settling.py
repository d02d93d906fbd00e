"""Settled by the assistant: only what the record shows, and only when nobody came back."""

from datetime import timedelta

import pytest

from tests.assistant.talking import make_parcels
from tests.web.desk.conftest import browser
from tests.world import START
from yishi.assistant.actions.turn import take_turn
from yishi.assistant.jobs import sweep_settlements
from yishi.assistant.models import Settlement
from yishi.assistant.queries.settled import list_judged, settled_figures
from yishi.assistant.rules.settling import JUDGED_AFTER, Facts, TurnLine, Why, judge
from yishi.conversations.actions.begin import Person, begin_conversation
from yishi.conversations.actions.receive import receive
from yishi.conversations.jobs import sweep_silent_talks
from yishi.conversations.queries.threads import get_conversation
from yishi.conversations.rules import Channel
from yishi.kit.clock import now
from yishi.people.rules import SYSTEM_VIEWER

TOLD = TurnLine("track_parcel", ("explain_state:moving",), True, START)
NOTHING = TurnLine("track_parcel", ("explain_state:unknown",), True, START)
AFTER = JUDGED_AFTER + timedelta(minutes=1)


def facts(*turns, **spoken_against):
    given = dict.fromkeys(
        ("had_person", "is_waiting", "is_missing", "has_other_contact", "has_new_case"), False
    )
    return Facts(turns=turns or (TOLD,), **{**given, **spoken_against})


def late(minutes, intent="track_parcel"):
    return TurnLine(intent, ("explain_state:moving",), True, START, timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("known", "is_naive", "why"),
    [
        (facts(), True, ""),
        (facts(had_person=True), False, Why.HANDED_OVER),
        (facts(NOTHING), True, Why.NOTHING_DONE),
        (facts(TurnLine("lost", ("open_case:opened",), False, START)), True, Why.ACTION_FAILED),
        (facts(is_missing=True), True, Why.NOT_IN_RECORD),
        (facts(is_waiting=True), True, Why.UNFINISHED),
        (facts(TOLD, late(30)), True, ""),
        (facts(TOLD, late(31)), True, Why.CAME_BACK),
        (facts(TOLD, late(31, "praise_thanks")), True, ""),
        (facts(has_new_case=True), True, Why.NEW_CASE),
        (facts(has_other_contact=True), True, Why.OTHER_CONTACT),
    ],
)
def test_what_speaks_against_it(known, is_naive, why):
    verdict = judge(known)
    assert (verdict.is_naive, verdict.is_verified, verdict.why) == (is_naive, not why, why)


@pytest.fixture
def spoken(world):
    """A talk from the page of a parcel: asked where it is, and answered."""
    (number,) = make_parcels(("out",), START)
    begun = begin_conversation(person=Person(channel=Channel.WEB), at=START, waybill_no=number)
    say(begun.id, "到哪了")
    return begun.id, number


def say(conversation_id, text, at=START):
    received = receive(conversation_id=conversation_id, text=text, at=at)
    return take_turn(message_id=received.message_id, at=at)


@pytest.mark.django_db
def test_it_is_judged_when_72_hours_have_passed_and_then_it_ends(spoken):
    assert sweep_settlements(at=START + JUDGED_AFTER - timedelta(seconds=1)) == 0
    assert sweep_settlements(at=START + JUDGED_AFTER) == 1
    row = Settlement.objects.get()
    assert (row.is_naive, row.is_verified, row.why, row.intent) == (True, True, "", "track_parcel")
    assert get_conversation(spoken[0]).state == "ENDED" and sweep_settlements(at=START + AFTER) == 0


@pytest.mark.django_db
def test_who_said_nothing_more_to_the_check_was_settled_if_the_record_shows_it(spoken):
    sweep_silent_talks(at=START + timedelta(minutes=30))
    assert get_conversation(spoken[0]).state == "ENDED"
    sweep_settlements(at=START + JUDGED_AFTER)
    row = Settlement.objects.get()
    assert (row.is_naive, row.is_verified, row.why) == (True, True, "")


@pytest.mark.django_db
def test_who_went_away_in_the_middle_was_not_settled(spoken):
    say(spoken[0], "取件码多少", START + timedelta(minutes=1))
    sweep_silent_talks(at=START + timedelta(hours=25))
    assert get_conversation(spoken[0]).state == "ENDED"
    sweep_settlements(at=START + AFTER)
    assert Settlement.objects.get().why == Why.UNFINISHED


@pytest.mark.django_db
def test_who_writes_elsewhere_about_the_same_parcel_was_not_helped(spoken):
    other = begin_conversation(person=Person(channel=Channel.WEB), at=START, waybill_no=spoken[1])
    say(other.id, "到哪了", START + timedelta(hours=5))
    sweep_settlements(at=START + AFTER)
    assert Settlement.objects.get(conversation_id=spoken[0]).why == Why.OTHER_CONTACT


@pytest.mark.django_db
def test_who_is_handed_over_was_not_settled_by_the_assistant(spoken):
    say(spoken[0], "转人工")
    sweep_settlements(at=START + AFTER)
    row = Settlement.objects.get()
    assert (row.is_naive, row.is_verified, row.why) == (False, False, Why.HANDED_OVER)


@pytest.mark.django_db
def test_the_figures_stand_beside_each_other_and_lead_to_the_talks(spoken, world):
    viewer, period = world.viewer(world.owner), {"since": START - AFTER, "until": START + AFTER}
    assert settled_figures(viewer=viewer, **period).waiting == 1
    sweep_settlements(at=START + AFTER)
    figures = settled_figures(viewer=SYSTEM_VIEWER, **period)
    assert (figures.whole.verified, figures.whole.naive, figures.whole.judged, figures.waiting) == (
        1,
        1,
        1,
        0,
    )
    assert [line.intent for line in figures.by_intent] == ["track_parcel"]
    assert [each.conversation_id for each in list_judged(viewer=viewer, why="-", **period)] == [spoken[0]]


@pytest.mark.django_db
def test_its_page_shows_both_figures_and_the_talks(spoken, world):
    sweep_settlements(at=START + AFTER)
    Settlement.objects.update(last_turn_at=now())
    page = browser(world.owner).get("/manage/assistant/settled?days=7&why=-")
    said = page.content.decode()
    assert page.status_code == 200 and "1 / 1" in said and f">{spoken[0]}<" in said
    assert browser(world.lin).get("/manage/assistant/settled").status_code == 403
