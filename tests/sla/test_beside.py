"""Promises beside a case: they run, lead the worklist, are warned, break once, and stay out of the public."""

from datetime import timedelta

import pytest

from tests.cases.making import at_dongshan, row
from tests.world import START
from yishi.cases.facts import PromiseEnded, PromiseMade
from yishi.cases.queries.history import list_timeline
from yishi.kit.facts import announce
from yishi.kit.models import FactRow
from yishi.notifications.models import Delivery
from yishi.sla.actions import act
from yishi.sla.jobs import sweep_due_clocks
from yishi.sla.models.clocks import SlaClock
from yishi.sla.queries.clocks import clocks_of_case

HOUR = timedelta(hours=1)


@pytest.fixture
def case(world):
    return at_dongshan(world, category="DELAY")


def promise(case, *, at=START, **changed):
    values = {
        "subject_kind": "TASK",
        "subject_id": 7,
        "kind": "TASK",
        "within_s": 2 * 3600,
        "title": "打电话",
    }
    announce(PromiseMade(case_id=case.case_id, case_no=case.case_no, at=at, **{**values, **changed}))


def ended(case, *, at, is_done=True):
    of = {"subject_kind": "TASK", "subject_id": 7, "kind": "TASK"}
    announce(PromiseEnded(case_id=case.case_id, case_no=case.case_no, is_done=is_done, at=at, **of))


def task():
    return SlaClock.objects.filter(kind="TASK").latest("id")


def broken():
    return FactRow.objects.filter(fact="sla.ClockBreached", body__kind="TASK")


def test_it_leads_the_worklist_and_stays_inside(case):
    promise(case)
    assert row(case).next_due_at == task().due_at == START + 2 * HOUR
    assert {card.kind for card in clocks_of_case(case.case_id)} == {"FIRST_RESPONSE", "RESOLUTION"}


def test_it_is_warned_and_breaks_once_and_its_person_hears_of_it(case, world):
    promise(case, who_id=world.lin.pk)
    for hours in (1, 1.6, 3, 2.5, 4):
        sweep_due_clocks(at=START + hours * HOUR)
    (fact,) = broken()
    assert (fact.body["subject_id"], fact.body["who_id"], fact.body["title"]) == (7, world.lin.pk, "打电话")
    said = [line.text for line in list_timeline(case.case_id) if line.kind.startswith("CLOCK")]
    assert said[0] == "“任务：打电话”的时限已用去 50%" and said[-1] == "“任务：打电话”超过了时限"
    assert task().act_at is None and Delivery.objects.filter(kind="STAFF_BREACH").count() == 2


def test_its_own_room_acts_when_it_breaks(case, monkeypatch):
    called = []
    monkeypatch.setitem(act.WHEN_BROKEN, "TASK", lambda subject_id, at: called.append((subject_id, at)))
    promise(case, due_at=START + HOUR, within_s=None)
    sweep_due_clocks(at=START + 2 * HOUR)
    sweep_due_clocks(at=START + 3 * HOUR)
    assert called == [(7, START + 2 * HOUR)]


@pytest.mark.parametrize(
    ("hours", "is_done", "met", "stopped", "facts"),
    [(2, True, 2, None, 0), (2.5, True, 2.5, None, 1), (1, False, None, 1, 0)],
    ids=["at the last moment", "late", "fell away"],
)
def test_how_it_ends(case, hours, is_done, met, stopped, facts):
    promise(case)
    ended(case, at=START + hours * HOUR, is_done=is_done)
    told = [each and (each - START) / HOUR for each in (task().met_at, task().stopped_at)]
    assert told == [met, stopped] and broken().count() == facts
    assert row(case).next_due_at == START + 24 * HOUR


def test_made_anew_it_replaces_what_ran(case):
    promise(case)
    promise(case, at=START + HOUR, within_s=3600 * 9)
    assert row(case).next_due_at == START + 10 * HOUR
    assert SlaClock.objects.filter(kind="TASK", stopped_at__isnull=True).count() == 1


def test_in_service_hours_it_sleeps_at_night(case):
    promise(case, at=START + 9 * HOUR, is_in_service_hours=True)
    assert task().due_at == START + 23 * HOUR


def test_a_promise_without_a_limit_is_a_mistake(case):
    with pytest.raises(ValueError, match="limit"):
        promise(case, within_s=None)
    assert not SlaClock.objects.filter(kind="TASK").exists()
