"""A merge gives the lead the stricter clock; undone, the lead has its own again, nothing promised twice."""

from datetime import timedelta

import pytest

from tests.cases.making import at_dongshan, opened
from tests.world import START, World
from yishi.cases.actions.links import merge_case, unmerge_case
from yishi.cases.actions.reply import add_reply, consumer_reply
from yishi.cases.actions.status import change_status
from yishi.cases.models.case import Case
from yishi.cases.queries.history import list_timeline
from yishi.sla.models.clocks import SlaClock

HOUR = timedelta(hours=1)


@pytest.fixture
def lin(world: World):
    return world.viewer(world.lin)


@pytest.fixture
def two(world: World):
    """A strict one, and a mild one that it is merged into; the same parcel and person."""
    strict = at_dongshan(world)
    mild = opened(world, category="DELAY", at=START + HOUR)
    Case.objects.filter(pk=mild.case_id).update(outlet_id=world.dongshan_id)
    return strict, mild


def running(case) -> dict:
    clocks = SlaClock.objects.filter(
        subject_id=case.case_id, subject_kind="CASE", stopped_at=None, met_at=None
    )
    return {clock.kind: clock.due_at for clock in clocks}


def merge(strict, mild, lin, hours=2) -> None:
    merge_case(case_id=strict.case_id, into_id=mild.case_id, by=lin, at=START + hours * HOUR)


def test_the_stricter_clock_is_taken_back_and_the_leads_own_runs_again(two, lin) -> None:
    strict, mild = two
    before, own = running(strict), running(mild)
    merge(*two, lin)
    assert running(mild)["RESOLUTION"] == before["RESOLUTION"] < own["RESOLUTION"]
    unmerge_case(case_id=strict.case_id, by=lin, at=START + 3 * HOUR)
    assert (running(strict), running(mild)) == (before, own)
    assert Case.objects.get(pk=mild.case_id).next_due_at == min(own.values())
    parted, moved = [line for line in list_timeline(mild.case_id) if line.kind in ("PARTED", "CLOCKS_MOVED")][
        :2
    ]
    assert strict.case_no in parted.text and "合并撤销" in moved.text


def test_what_the_lead_answered_meanwhile_stays_answered(two, lin) -> None:
    strict, mild = two
    merge(*two, lin)
    add_reply(case_id=mild.case_id, text="在查", by=lin, at=START + 3 * HOUR)
    unmerge_case(case_id=strict.case_id, by=lin, at=START + 4 * HOUR)
    first = SlaClock.objects.filter(subject_id=mild.case_id, kind="FIRST_RESPONSE", met_at=START + 3 * HOUR)
    assert "FIRST_RESPONSE" not in running(mild) and first.filter(breached_at=None).exists()


def test_the_leads_own_has_rested_as_long_as_the_one_taken_back(two, lin) -> None:
    strict, mild = two
    own = running(mild)["RESOLUTION"]
    merge(*two, lin)
    ask = {"status": "WAITING_CUSTOMER", "reason": "请发一张照片", "by": lin}
    change_status(case_id=mild.case_id, **ask, at=START + 2 * HOUR)
    consumer_reply(case_id=mild.case_id, text="发了", at=START + 4 * HOUR)
    unmerge_case(case_id=strict.case_id, by=lin, at=START + 5 * HOUR)
    assert running(mild)["RESOLUTION"] == own + 2 * HOUR


def test_of_two_merges_the_first_undone_leaves_the_second(world: World, two, lin) -> None:
    strict, mild = two
    own = running(mild)["RESOLUTION"]
    pressing = opened(world, category="SHORT", at=START)
    Case.objects.filter(pk=pressing.case_id).update(outlet_id=world.dongshan_id)
    SlaClock.objects.filter(subject_id=pressing.case_id, kind="RESOLUTION").update(due_at=START + 5 * HOUR)
    merge(strict, mild, lin)
    merge(pressing, mild, lin, hours=2.5)
    unmerge_case(case_id=strict.case_id, by=lin, at=START + 3 * HOUR)
    assert running(mild)["RESOLUTION"] == START + 5 * HOUR
    unmerge_case(case_id=pressing.case_id, by=lin, at=START + 4 * HOUR)
    assert running(mild)["RESOLUTION"] == own
