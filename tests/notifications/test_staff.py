"""What a person puts to a member of staff reaches him by mail too, in his hours, and only so much of it."""

from datetime import timedelta

import pytest

from tests.cases.making import at_dongshan
from tests.world import START
from yishi.cases.actions.assign import assign
from yishi.cases.actions.escalate import escalate_case
from yishi.cases.actions.tasks import give_task, press_case
from yishi.notifications.actions import staff
from yishi.notifications.models import Delivery

HOUR = timedelta(hours=1)
# eleven at night in Shanghai, and half past seven
NIGHT, MORNING = START + 13 * HOUR, START + 21.5 * HOUR


@pytest.fixture
def case(world):
    """With Lin at Dongshan."""
    made = at_dongshan(world)
    place = {"outlet_id": world.dongshan_id, "assignee_id": world.lin.pk, "reason": "x"}
    assign(case_id=made.case_id, **place, by=world.viewer(world.quality), at=START)
    return made


def told():
    return [(one.to.partition("@")[0], one.due_at) for one in Delivery.objects.filter(kind="STAFF_WORK")]


def test_whom_it_is_escalated_to_hears_it_in_his_hours(case):
    escalate_case(case_id=case.case_id, by=None, at=NIGHT)
    assert told() == [("zhou", MORNING)]
    (mail,) = Delivery.objects.filter(kind="STAFF_WORK")
    assert "要求升级" in mail.body and f"/desk/cases/{case.case_no}" in mail.body


def test_who_is_urged_hears_it_and_nobody_of_what_he_did_himself(world, case):
    press_case(case_id=case.case_id, by=world.viewer(world.lin), at=START)
    assert told() == []
    press_case(case_id=case.case_id, by=world.viewer(world.quality), at=START)
    assert told() == [("lin", START)]


@pytest.mark.parametrize(("who", "heard"), [("he", "he"), ("", "")])
def test_a_task_is_told_to_whom_it_is_given_without_the_person_behind(world, case, who, heard):
    asked = {"title": "看监控", "outlet_id": world.jiangning_id, "due_at": START + 5 * HOUR}
    who_id = getattr(world, who).pk if who else None
    give_task(case_id=case.case_id, **asked, who_id=who_id, by=world.viewer(world.lin), at=START)
    assert [name for name, _due in told()] == ([heard] if heard else [])
    for mail in Delivery.objects.filter(kind="STAFF_WORK"):
        assert "看监控" in mail.body and "/desk/tasks/" in mail.body and case.case_no in mail.body
        assert "YT8800000000001" not in mail.body


def test_nobody_without_an_address_is_told_and_nothing_breaks(world, case):
    world.zhou.email = ""
    world.zhou.save()
    assert escalate_case(case_id=case.case_id, by=None, at=START) == 1
    assert told() == []


def test_a_mailbox_is_not_filled(world, case, monkeypatch):
    monkeypatch.setattr(staff, "MOST_AN_HOUR", 2)
    for minute in range(4):
        at = START + timedelta(minutes=minute)
        press_case(case_id=case.case_id, by=world.viewer(world.quality), at=at)
    assert len(told()) == 2
    press_case(case_id=case.case_id, by=world.viewer(world.quality), at=START + 2 * HOUR)
    assert len(told()) == 3
