"""Clocks of real cases: kept, paused, warned, broken once, taken up the chain."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from tests.cases.making import at_dongshan, opened, parcel, row
from tests.world import START, make_world
from yishi.cases.actions.escalate import withdraw_case
from yishi.cases.actions.reopen import reopen_case
from yishi.cases.actions.reply import add_reply, consumer_reply
from yishi.cases.actions.resolve import Finding, resolve_case
from yishi.cases.actions.status import change_status
from yishi.cases.queries.history import list_timeline
from yishi.cases.rules.status import NEVER
from yishi.kit.models import FactRow
from yishi.sla.actions.act import act_on_clock
from yishi.sla.jobs import sweep_due_clocks
from yishi.sla.models.clocks import SlaClock
from yishi.sla.models.policies import SlaPolicy
from yishi.sla.queries.clocks import clocks_of_case
from yishi.sla.rules.clocks import Deed

HOUR = timedelta(hours=1)


@pytest.fixture
def case(world):
    """A complaint of class C at Dongshan: 24 h to the first reply, 72 h to the solution, natural time."""
    return at_dongshan(world, category="DELAY")


@pytest.fixture
def lin(world):
    return world.viewer(world.lin)


def clock(case, kind="RESOLUTION"):
    return SlaClock.objects.filter(subject_id=case.case_id, kind=kind).latest("id")


def facts(name):
    return FactRow.objects.filter(fact=f"sla.{name}").count()


def settle(case, by, at):
    finding = Finding(validity="VALID", reason="属实")
    resolve_case(case_id=case.case_id, remedy="补送", text="送到了", finding=finding, by=by, at=at)


def wait(case, by, status, at):
    change_status(case_id=case.case_id, status=status, reason="等一等", by=by, at=at)


@pytest.mark.parametrize(
    ("category", "reply", "solution"),
    [("LOST", 2, 6), ("DELAY", 24, 72), ("URGE", 2, 24), ("ENQUIRY", 24, 72), ("PRAISE", 72, 72)],
)
def test_shipped_promises(world, category, reply, solution):
    case = at_dongshan(world, category=category)
    due = {card.kind: card.due_at - START for card in clocks_of_case(case.case_id)}
    assert due == {"FIRST_RESPONSE": reply * HOUR, "RESOLUTION": solution * HOUR}


def test_an_exception_at_night_is_handed_over_to_the_morning(world):
    night = START + 12 * HOUR  # ten in the evening
    case = at_dongshan(world, at=night)
    assert clock(case, "FIRST_RESPONSE").started_at == START + 22 * HOUR
    assert clock(case, "FIRST_RESPONSE").due_at == START + 24 * HOUR


def test_the_senders_deadline_is_a_clock_and_leads(world, lin):
    case = at_dongshan(
        world, category="DELAY", source="CAINIAO", external_no="1", external_due_at=START + HOUR, by=lin
    )
    assert clock(case, "EXTERNAL").due_at == START + HOUR == row(case).next_due_at


def test_a_changed_policy_counts_from_the_next_case_on(world):
    at_dongshan(world, category="DELAY")
    SlaPolicy.objects.filter(case_class="C", kind="FIRST_RESPONSE").update(within=5 * HOUR)
    later = opened(world, category="ATTITUDE")
    assert clock(later, "FIRST_RESPONSE").due_at == START + 5 * HOUR


def test_a_category_may_have_its_own_promise(world):
    SlaPolicy.objects.create(
        case_class="C", category="ATTITUDE", kind="RESOLUTION", within=8 * HOUR, counting="NATURAL"
    )
    assert clock(opened(world, category="ATTITUDE")).due_at == START + 8 * HOUR


def test_a_reply_keeps_the_first_promise_and_gives_the_next(case, lin):
    add_reply(case_id=case.case_id, text="在查", by=lin, at=START + 24 * HOUR)
    first, update = clock(case, "FIRST_RESPONSE"), clock(case, "NEXT_UPDATE")
    assert (first.met_at, first.breached_at, first.act_at) == (START + 24 * HOUR, None, None)
    assert update.due_at == row(case).next_due_at == START + 48 * HOUR


def test_a_moment_late_is_broken_though_nobody_looked(case, lin):
    late = START + 24 * HOUR + timedelta(microseconds=1)
    add_reply(case_id=case.case_id, text="在查", by=lin, at=late)
    first = clock(case, "FIRST_RESPONSE")
    assert (first.met_at, first.breached_at) == (late, START + 24 * HOUR)
    assert facts("ClockBreached") == 1 and sweep_due_clocks(at=late) == 0


def test_a_pause_moves_the_solution_and_not_the_reply(case, lin):
    wait(case, lin, "WAITING_CUSTOMER", START + 10 * HOUR)
    assert row(case).next_due_at == START + 24 * HOUR
    consumer_reply(case_id=case.case_id, text="好", at=START + 15 * HOUR)
    assert clock(case).due_at == START + 77 * HOUR and clock(case).paused_for == 5 * HOUR
    assert clock(case, "FIRST_RESPONSE").due_at == START + 24 * HOUR


def test_from_one_wait_to_another(case, lin):
    add_reply(case_id=case.case_id, text="在查", by=lin, at=START)
    wait(case, lin, "WAITING_CUSTOMER", START + HOUR)
    wait(case, lin, "WAITING_THIRD_PARTY", START + 3 * HOUR)
    assert clock(case).paused_at == START + 3 * HOUR
    assert (clock(case, "NEXT_UPDATE").paused_at, clock(case, "NEXT_UPDATE").due_at) == (
        None,
        START + 26 * HOUR,
    )


def test_a_pause_ends_by_itself_and_does_not_come_again(case, lin):
    wait(case, lin, "WAITING_CUSTOMER", START)
    sweep_due_clocks(at=START + 72 * HOUR)
    assert clock(case).paused_at is None and clock(case).due_at == START + 144 * HOUR
    wait(case, lin, "IN_PROGRESS", START + 73 * HOUR)
    wait(case, lin, "WAITING_CUSTOMER", START + 74 * HOUR)
    assert clock(case).paused_at is None
    assert "PAUSE_OVER" in [line.kind for line in list_timeline(case.case_id)]


def test_settled_keeps_all_and_none_runs(case, lin):
    settle(case, lin, START + HOUR)
    assert {card.met_at for card in clocks_of_case(case.case_id)} == {START + HOUR}
    assert row(case).next_due_at == NEVER and sweep_due_clocks(at=START + 99 * HOUR) == 0


def test_reopened_it_is_promised_again(case, lin):
    settle(case, lin, START + HOUR)
    reopen_case(case_id=case.case_id, reason="没送", by=None, at=START + 2 * HOUR)
    assert row(case).next_due_at == START + 26 * HOUR and clock(case).due_at == START + 74 * HOUR


def test_withdrawn_nothing_runs(case):
    withdraw_case(case_id=case.case_id, at=START + HOUR)
    assert clocks_of_case(case.case_id) == [] and sweep_due_clocks(at=START + 99 * HOUR) == 0


def test_the_whole_way_when_nobody_answers(world, case):
    kinds = []
    for hours in (11, 12, 19.2, 24, 25, 35, 36):
        before = len(list_timeline(case.case_id))
        sweep_due_clocks(at=START + hours * HOUR)
        kinds.append([line.kind for line in list_timeline(case.case_id)[before:]])
    assert kinds == [
        [],
        ["CLOCK_WARNED"],
        ["CLOCK_WARNED"],
        [],
        ["CLOCK_BREACHED", "ASSIGNED", "CLOCK_ESCALATED"],
        # the update promised after the breach was broken too, the solution is half gone at 36 h
        ["CLOCK_BREACHED", "CLOCK_ESCALATED"],
        ["ASSIGNED", "CLOCK_ESCALATED", "CLOCK_WARNED"],
    ]
    assert row(case).assignee_id == world.quality.pk
    assert clock(case, "FIRST_RESPONSE").escalation_level == 3
    # the owner is the last: he is told after as long again, and the case stays where it is
    sweep_due_clocks(at=START + 48 * HOUR)
    assert (clock(case, "FIRST_RESPONSE").escalation_level, clock(case, "FIRST_RESPONSE").act_at) == (4, None)
    assert row(case).assignee_id == world.quality.pk


def test_after_a_long_sleep_only_the_gravest(case):
    sweep_due_clocks(at=START + 30 * HOUR)
    assert (facts("ClockWarned"), facts("ClockBreached")) == (0, 1)


def test_after_a_breach_the_person_hears_within_two_hours(case):
    sweep_due_clocks(at=START + 25 * HOUR)
    assert clock(case, "NEXT_UPDATE").due_at == START + 27 * HOUR


def test_a_broken_promise_stays_first_in_the_list(case):
    sweep_due_clocks(at=START + 25 * HOUR)
    assert row(case).next_due_at == START + 24 * HOUR


@pytest.mark.parametrize("hours", [[25, 25, 25], [27, 23, 25], [25, 20, 26]])
def test_jumping_clocks_break_a_promise_once(case, hours):
    for each in hours:
        sweep_due_clocks(at=START + each * HOUR)
    broken = FactRow.objects.filter(fact="sla.ClockBreached", body__kind="FIRST_RESPONSE")
    assert broken.count() == 1 and clock(case, "FIRST_RESPONSE").breached_at == START + 24 * HOUR


def test_acting_again_does_nothing(case):
    first = clock(case, "FIRST_RESPONSE").pk
    assert act_on_clock(clock_id=first, at=START + 25 * HOUR) is Deed.BREACH
    assert act_on_clock(clock_id=first, at=START + 25 * HOUR) is Deed.NOTHING


def test_one_bad_clock_does_not_hold_up_the_others(case, world, monkeypatch):
    good = opened(
        world, category="ATTITUDE", ref=parcel(outlet_id=world.dongshan_id, waybill_no="YT8800000000002")
    )
    bad_id = clock(case, "FIRST_RESPONSE").pk

    def act(*, clock_id, at):
        if clock_id == bad_id:
            raise RuntimeError
        return act_on_clock(clock_id=clock_id, at=at)

    monkeypatch.setattr("yishi.sla.jobs.act_on_clock", act)
    sweep_due_clocks(at=START + 25 * HOUR)
    assert clock(good, "FIRST_RESPONSE").breached_at is not None
    assert clock(case, "FIRST_RESPONSE").act_at == START + 25 * HOUR + timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_sweeps_side_by_side_break_each_promise_once():
    world, start = make_world(), threading.Barrier(3)
    for number in range(12):
        ref = parcel(outlet_id=world.dongshan_id, waybill_no=f"YT77{number:011}")
        opened(world, ref=ref, contact_id=None, category="DELAY")

    def sweep():
        start.wait()
        try:
            for _ in range(3):
                sweep_due_clocks(at=START + 25 * HOUR)
        finally:
            connection.close()

    threads = [threading.Thread(target=sweep) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sweep_due_clocks(at=START + 25 * HOUR)
    assert facts("ClockBreached") == 12
    assert SlaClock.objects.filter(kind="FIRST_RESPONSE", breached_at__isnull=False).count() == 12
