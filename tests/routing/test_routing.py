"""Where cases go and who is there: by the parcel, by its address, by the roster, up the chain."""

from datetime import time, timedelta

import pytest

from tests.cases.making import Ref, at_dongshan, opened, parcel, row
from tests.world import START
from yishi.cases.actions.escalate import escalate_case
from yishi.cases.queries.history import list_timeline
from yishi.network.models import DutyShift, Outlet
from yishi.routing.actions.route import HandedUp, hand_up
from yishi.shipments.models import ShipmentDetails

SUNDAY = 6


def on_duty(world, user, opens=8, closes=20):
    DutyShift.objects.create(
        outlet_id=world.dongshan_id, user=user, weekday=SUNDAY, starts=time(opens), ends=time(closes)
    )


def test_to_the_person_on_duty(world):
    on_duty(world, world.lin)
    assert row(at_dongshan(world)).assignee_id == world.lin.pk


def test_to_nobody_out_of_hours(world):
    on_duty(world, world.lin, 18, 20)
    assert row(at_dongshan(world)).assignee_id is None


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
