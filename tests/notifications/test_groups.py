"""Colleagues hear in their group what is new, due and broken: one message for many, none at night."""

from datetime import timedelta

import pytest

from tests.cases.making import opened, parcel
from tests.world import START
from yishi.cases.models.case import Case
from yishi.conversations.actions.accounts import add_account
from yishi.conversations.actions.members import bind_member, make_member_code
from yishi.notifications.actions.groups import tell_groups
from yishi.notifications.models import Delivery
from yishi.people.rules import SYSTEM_VIEWER

pytestmark = pytest.mark.django_db
NIGHT = START + timedelta(hours=13)  # 23:00 in Shanghai


@pytest.fixture
def group(world):
    def make(code="qun", outlet="DS01", **settings):
        given = {"webhook_key": "k", **settings}
        return add_account(
            code=code, plugin="wecom", settings=given, outlet=outlet, by=SYSTEM_VIEWER, at=START
        )[0]

    return make


def cases(world, count):
    return [
        opened(world, ref=parcel(waybill_no=f"YT88000000001{n:02}", outlet_id=world.dongshan_id)).case_id
        for n in range(count)
    ]


def told():
    return Delivery.objects.filter(subject_kind="GROUP")


def test_many_are_one_message_and_each_is_said_once(world, group):
    group()
    for case_id in cases(world, 18):
        tell_groups(case_id=case_id, what="new", at=START)
        tell_groups(case_id=case_id, what="new", at=START)
    (one,) = told()
    assert one.body.count("新工单") == 15 and "另有 3 件" in one.body
    assert one.due_at == START + timedelta(minutes=1) and one.channel == "WECOM"


def test_what_comes_at_night_waits_for_the_morning(world, group):
    group(quiet="22:00-07:30")
    (case_id,) = cases(world, 1)
    tell_groups(case_id=case_id, what="broken", due_at=NIGHT, at=NIGHT)
    (one,) = told()
    assert one.due_at == START.replace(hour=23, minute=30) and "已超时限" in one.body


def test_only_what_is_wanted_and_only_to_the_groups_own_outlet(world, group):
    group(tells="due, broken")
    group(code="jn", outlet="JN01")
    (case_id,) = cases(world, 1)
    assert tell_groups(case_id=case_id, what="new", at=START) == 0
    assert tell_groups(case_id=case_id, what="due", due_at=START, at=START) == 1
    assert told().count() == 1


def test_the_colleague_who_has_it_is_called(world, group):
    account = group()
    code = make_member_code(by=world.viewer(world.lin), at=START)
    bind_member(account_id=account, external_id="user-1", code=code, at=START)
    (case_id,) = cases(world, 1)
    Case.objects.filter(pk=case_id).update(assignee=world.lin)
    tell_groups(case_id=case_id, what="due", due_at=START, at=START)
    assert told().get().extra["mentions"] == ["user-1"]
