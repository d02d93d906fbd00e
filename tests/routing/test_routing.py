"""Where cases go and who is there: by the parcel, by its address, by the roster, up the chain."""

from datetime import time, timedelta

import pytest

from tests.cases.making import Ref, at_dongshan, opened, parcel, row
from tests.world import START
from yishi.cases.actions.assign import assign
from yishi.cases.actions.escalate import escalate_case
from yishi.cases.queries.history import list_timeline
from yishi.network.models import DutyShift, Outlet
from yishi.people.models import User
from yishi.people.rules import SYSTEM_VIEWER
from yishi.routing.actions.route import HandedUp, hand_up
from yishi.routing.models import Helper, Skill
from yishi.shipments.models.parcels import ShipmentDetails, TrackingEvent

SUNDAY = 6


def on_duty(world, user, opens=8, closes=20):
    DutyShift.objects.create(
        outlet_id=world.dongshan_id, user=user, weekday=SUNDAY, starts=time(opens), ends=time(closes)
    )


def test_to_the_person_on_duty(world):
    on_duty(world, world.lin)
    assert row(at_dongshan(world)).assignee_id == world.lin.pk


def test_nobody_on_duty_goes_up_never_nowhere(world):
    on_duty(world, world.lin, 18, 20)
    case = at_dongshan(world)
    assert row(case).assignee_id == world.zhou.pk
    assert "没人值班，给了网点负责人" in list_timeline(case.case_id)[-1].text


def away(*people):
    User.objects.filter(pk__in=[person.pk for person in people]).update(is_active=False)


def test_without_a_manager_to_head_office_and_without_that_to_the_owner(world):
    on_duty(world, world.lin, 18, 20)
    away(world.zhou)
    assert row(at_dongshan(world)).assignee_id == world.quality.pk
    away(world.quality)
    assert row(opened(world, ref=parcel(outlet_id=world.dongshan_id, waybill_no="YT1"))).assignee_id == (
        world.owner.pk
    )
    # head office's queue has nobody either who would look
    assert row(opened(world, waybill_no="YT2")).assignee_id == world.owner.pk


def test_an_outlet_without_a_roster_works_from_its_list_while_somebody_is_there(world):
    assert row(at_dongshan(world)).assignee_id is None
    away(world.zhou, world.lin)
    case = opened(world, ref=parcel(outlet_id=world.dongshan_id, waybill_no="YT1"))
    assert row(case).assignee_id == world.quality.pk


def test_who_knows_the_person_gets_him_again(world):
    on_duty(world, world.lin)
    on_duty(world, world.zhou)
    first = at_dongshan(world)
    assert row(first).assignee_id == world.zhou.pk
    assign(
        case_id=first.case_id, outlet_id=world.dongshan_id, assignee_id=world.lin.pk, reason="换人",
        by=SYSTEM_VIEWER, at=START,
    )  # fmt: skip
    again = opened(world, ref=parcel(outlet_id=world.dongshan_id, waybill_no="YT1"), category="DELAY")
    assert row(again).assignee_id == world.lin.pk
    assert "办过这位顾客" in list_timeline(again.case_id)[-1].text


def test_skills_and_limits_are_read(world):
    on_duty(world, world.lin)
    on_duty(world, world.zhou)
    Skill.objects.create(user=world.lin, kind="CATEGORY", value="SIGNED_NOT_RECEIVED")
    Helper.objects.create(user=world.lin, most_open=1)
    people = [
        row(
            opened(world, ref=parcel(outlet_id=world.dongshan_id, waybill_no=no), contact_id=None)
        ).assignee_id
        for no in ("YT1", "YT2")
    ]
    assert people == [world.lin.pk, world.zhou.pk]


def scanned(ref, *scans):
    TrackingEvent.objects.bulk_create(
        TrackingEvent(
            shipment_id=ref.id, identity=bytes([number]) * 16, happened_at=START - timedelta(hours=hours),
            received_at=START, source_id=1, kind=kind, source_code="", detail="", city="", outlet=outlet,
            courier="", text="", position="",
        )
        for number, (hours, kind, outlet) in enumerate(scans)
    )  # fmt: skip


def test_the_chain_of_custody_goes_before_who_had_it_last(world):
    ref = parcel(outlet_id=world.dongshan_id)
    scanned(ref, (90, "arrived_at_outlet", "025102"), (30, "arrived_at_outlet", "025101"))
    case = opened(world, ref=ref, category="DELAY")
    assert row(case).outlet_id == world.jiangning_id
    assert "停得最久，60 小时" in list_timeline(case.case_id)[-1].text
    # who delivers it answers for the rest; our own code names an outlet too
    scanned(ref, (1, "out_for_delivery", "DS01"))
    assert row(opened(world, ref=ref, category="ATTITUDE")).outlet_id == world.dongshan_id


def test_the_destination_when_nobody_held_it(world):
    case = opened(world, ref=parcel(destination=world.jiangning_id))
    assert row(case).outlet_id == world.jiangning_id


def test_the_service_area_when_no_outlet_is_named(world):
    ref = parcel()
    ShipmentDetails.objects.create(
        shipment_id=ref.id, city="南京市", district="江宁区", address="东山街道 5 号", updated_at=START
    )
    case = opened(world, ref=ref)
    assert row(case).outlet_id == world.dongshan_id
    assert "服务范围" in list_timeline(case.case_id)[-1].text


def test_a_closed_outlet_gets_nothing(world):
    Outlet.objects.filter(pk=world.dongshan_id).update(is_active=False)
    case = opened(world, ref=Ref(parcel().id, world.dongshan_id))
    assert row(case).outlet_id is None


@pytest.mark.parametrize(("level", "username", "reached"), [(1, "zhou", 1), (2, "zhikong", 2)])
def test_up_the_chain(world, level, username, reached):
    case = at_dongshan(world)
    person = {"zhou": world.zhou, "zhikong": world.quality}[username]
    assert hand_up(case_id=case.case_id, level=level, reason="超时", at=START) == HandedUp(reached, person.pk)
    assert (row(case).assignee_id, row(case).outlet_id) == (person.pk, world.dongshan_id)


def test_the_owner_where_there_is_no_head_office(world):
    world.quality.is_active = False
    world.quality.save()
    case = opened(world)
    assert hand_up(case_id=case.case_id, level=1, reason="超时", at=START).user_id == world.owner.pk


def test_who_asks_for_somebody_higher_gets_him(world):
    case = at_dongshan(world)
    escalate_case(case_id=case.case_id, reason="没人理我", by=None, at=START)
    assert (row(case).assignee_id, row(case).priority) == (world.zhou.pk, 2)
    escalate_case(case_id=case.case_id, by=None, at=START + timedelta(hours=2))
    assert row(case).assignee_id == world.quality.pk
