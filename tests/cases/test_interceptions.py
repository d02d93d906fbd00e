"""Interceptions as actions: asked, refused, concluded, freed, lapsed; what is refused changes nothing."""

from datetime import timedelta

import pytest

from tests.cases.making import WAYBILL, Ref, opened, row
from tests.world import START, World
from yishi.cases.actions.escalate import withdraw_case
from yishi.cases.actions.interception_moves import end_with_case, intercept_as_asked, lapse_interception
from yishi.cases.actions.interceptions import (
    AlreadyIntercepted,
    InterceptionIsOver,
    NoParcel,
    conclude,
    free_parcel,
    intercept,
)
from yishi.cases.actions.tasks import end_task
from yishi.cases.models.interceptions import Interception
from yishi.cases.models.tasks import Task
from yishi.cases.queries.history import list_timeline
from yishi.cases.queries.interceptions import interception_of_case, interception_success
from yishi.kit.errors import Invalid, NotAllowed, NotFound
from yishi.shipments.models.parcels import Shipment, ShipmentDetails
from yishi.shipments.models.stops import ParcelStop
from yishi.shipments.queries.stops import stops_of
from yishi.sla.queries.clocks import clock_of

LATER = START + timedelta(hours=1)


@pytest.fixture
def shipment(world: World) -> Shipment:
    return Shipment.objects.create(
        waybill_no=WAYBILL,
        carrier="yuantong",
        milestone="AT_OUTLET",
        outlet_id=world.dongshan_id,
        moved_at=START,
    )


@pytest.fixture
def case(world: World, shipment: Shipment):
    return opened(world, ref=Ref(shipment.pk, world.dongshan_id))


def ask(world, case, *, asked="RETURN", by="lin", **more):
    who = world.viewer(getattr(world, by))
    return intercept(case_id=case.case_id, asked=asked, by=who, at=START, **more)


def end(world, case, state, **more):
    conclude(case_id=case.case_id, state=state, text="在拦截区", by=world.viewer(world.lin), at=LATER, **more)


def test_asked_it_stops_the_parcel_and_gives_a_task_and_a_clock(world, case, shipment):
    pk = ask(world, case)
    card = interception_of_case(case.case_id)
    assert (card.state, card.holder, card.outlet_name) == ("RUNNING", "DESTINATION", "东山网点")
    assert [(stop.reason, stop.case_no) for stop in stops_of(shipment.pk)] == [("INTERCEPTED", case.case_no)]
    task, clock = Task.objects.get(), clock_of(subject_kind="INTERCEPT", subject_id=pk)
    assert task.due_at == clock.due_at == card.until == START + timedelta(hours=3, minutes=30)
    line = list_timeline(case.case_id, "PUBLIC")[-1]
    assert line.kind == "INTERCEPT_ASKED" and "13:30" in line.text


@pytest.mark.parametrize(
    ("refusal", "changed"),
    [
        (Invalid, {"asked": "BURN"}),
        (Invalid, {"asked": "NEW_ADDRESS"}),
        (Invalid, {"asked": "NEW_ADDRESS", "address": "远" * 301}),
        (NotAllowed, {"by": "operator"}),
    ],
)
def test_what_cannot_be_asked_changes_nothing(world, case, refusal, changed):
    with pytest.raises(refusal):
        ask(world, case, **changed)
    assert not Interception.objects.exists() and not ParcelStop.objects.exists() and row(case).version == 1


def test_a_parcel_is_intercepted_by_one_case_at_a_time(world, case, shipment):
    ask(world, case)
    other = opened(world, ref=Ref(shipment.pk, world.dongshan_id), category="DELAY")
    for again in (case, other):
        with pytest.raises(AlreadyIntercepted) as known:
            ask(world, again, asked="HOLD")
        assert case.case_no in known.value.title
    assert Interception.objects.count() == ParcelStop.objects.count() == Task.objects.count() == 1
    nowhere = opened(world, waybill_no="", category="ATTITUDE")
    with pytest.raises(NoParcel):
        ask(world, nowhere)


@pytest.mark.parametrize(("state", "is_held"), [("STOPPED", True), ("REFUSED", False), ("MISSED", False)])
def test_how_it_came_out_is_said_once(world, case, shipment, state, is_held):
    pk = ask(world, case)
    end(world, case, state)
    assert bool(stops_of(shipment.pk)) is is_held and interception_of_case(case.case_id).state == state
    assert Task.objects.get().state != "OPEN" and clock_of(subject_kind="INTERCEPT", subject_id=pk) is None
    with pytest.raises(InterceptionIsOver):
        end(world, case, "REFUSED")
    assert interception_of_case(case.case_id).state == state


def test_a_result_that_nobody_can_choose_is_refused(world, case, shipment):
    ask(world, case)
    for state in ("RUNNING", "TOO_LATE", "GONE"):
        with pytest.raises(Invalid):
            end(world, case, state)
    with pytest.raises(NotFound):
        free_parcel(case_id=case.case_id, reason="改寄", by=world.viewer(world.lin), at=LATER)
    assert interception_of_case(case.case_id).is_running and stops_of(shipment.pk)


def test_a_stopped_parcel_is_freed_on_its_new_way(world, case, shipment):
    ask(world, case, asked="NEW_ADDRESS", address="南京市江宁区新地址 9 号")
    end(world, case, "STOPPED")
    free_parcel(case_id=case.case_id, reason="换了面单", by=world.viewer(world.lin), at=LATER)
    assert stops_of(shipment.pk) == [] and not interception_of_case(case.case_id).is_held
    assert "新地址" not in str(list_timeline(case.case_id, "PUBLIC"))


def test_who_withdraws_lets_the_parcel_go_on(world, case, shipment):
    ask(world, case)
    end_with_case(case_id=case.case_id, is_withdrawn=True, at=LATER)
    assert stops_of(shipment.pk), "an open case goes on holding it"
    withdraw_case(case_id=case.case_id, at=LATER)
    end_with_case(case_id=case.case_id, is_withdrawn=True, at=LATER)
    assert stops_of(shipment.pk) == [] and interception_of_case(case.case_id).state == "WITHDRAWN"


def test_an_outlet_that_cannot_brings_it_to_somebody_higher(world, case, shipment):
    ask(world, case)
    end_task(
        task_id=Task.objects.get().pk, state="REFUSED", result="没找到", by=world.viewer(world.zhou), at=LATER
    )
    assert row(case).priority == 2 and stops_of(shipment.pk) and interception_of_case(case.case_id).is_running


def test_a_latest_moment_that_passes_is_asked_anew(world, case):
    pk = ask(world, case)
    late = START + timedelta(hours=4)
    lapse_interception(interception_id=pk, at=late)
    assert interception_of_case(case.case_id).until == START + timedelta(hours=21, minutes=30)
    assert sorted(Task.objects.values_list("state", flat=True)) == ["CANCELLED", "OPEN"]


@pytest.mark.parametrize(
    ("is_verified", "is_his", "begins"), [(True, True, True), (False, True, False), (True, False, False)]
)
def test_only_who_is_proven_begins_it_by_himself(world, shipment, is_verified, is_his, begins):
    ShipmentDetails.objects.create(
        shipment=shipment, consignee_id=world.contact_id if is_his else None, updated_at=START
    )
    case = opened(
        world, ref=Ref(shipment.pk, world.dongshan_id), category="INTERCEPT", is_verified=is_verified
    )
    intercept_as_asked(case_id=case.case_id, category="INTERCEPT", at=START)
    assert bool(interception_of_case(case.case_id)) is begins and bool(stops_of(shipment.pk)) is begins


def test_the_share_that_was_stopped(world, case, shipment):
    ask(world, case)
    end(world, case, "MISSED")
    ask(world, case)
    end(world, case, "STOPPED")
    viewer, day = world.viewer(world.lin), timedelta(days=1)
    success = interception_success(viewer=viewer, since=START, until=START + day)
    assert (success.stopped, success.decided, success.rate) == (1, 2, 0.5)
    assert interception_success(viewer=viewer, since=START + day, until=START + 2 * day).rate is None
    he = interception_success(viewer=world.viewer(world.he), since=START, until=START + day)
    assert he.decided == 0, "foreign cases do not count"


def test_a_case_that_is_over_asks_for_nothing_any_more(world, shipment):
    case = opened(world, ref=Ref(shipment.pk, world.dongshan_id), category="INTERCEPT")
    withdraw_case(case_id=case.case_id, reason="已经收到了", at=START)
    intercept_as_asked(case_id=case.case_id, category="INTERCEPT", at=LATER)
    assert interception_of_case(case.case_id) is None and not stops_of(shipment.pk)
