"""Declared events: who may, whom they concern, one word each, promises that rest visibly, an end, numbers."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.detection.test_incidents import NO, PERSON, T, h, scan, work
from tests.shipments.tracking import take
from tests.world import World
from yishi.cases.actions.open import open_case
from yishi.cases.models.history import TimelineEntry
from yishi.conversations.actions.accounts import add_account
from yishi.detection.actions.events import AlreadyDeclared, EventOver, declare_event, end_event, join_events
from yishi.detection.jobs import sweep_events
from yishi.detection.models.events import MassEvent, MassParcel
from yishi.detection.models.incidents import Incident
from yishi.detection.models.inspections import Inspection
from yishi.detection.queries.events import event_of_parcel
from yishi.detection.rules.events import FORGOTTEN, LONGEST, Area, faults_of
from yishi.kit.errors import Invalid, NotAllowed, NotFound
from yishi.kit.outbox import run_due
from yishi.notifications.jobs.events import sweep_event_reports
from yishi.notifications.models import Delivery
from yishi.notifications.queries.events import event_report
from yishi.people.models import User
from yishi.people.rules import SYSTEM_VIEWER, Viewer
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.queries.parcels import find_shipment_refs
from yishi.sla.jobs import sweep_due_clocks
from yishi.sla.models.clocks import SlaClock, SlaPause
from yishi.sla.rules.clocks import may_rest

AT = datetime(2026, 11, 20, 4, tzinfo=UTC)
GOOD = {
    "kind": "STORM", "area": Area(cities=("南京市",)), "text": "暴雪封路", "since": AT,
    "until": AT + timedelta(hours=8), "at": AT,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({}, ""),
        ({"until": AT + LONGEST}, ""),
        ({"until": AT + LONGEST + timedelta(seconds=1)}, "/until"),
        ({"until": AT}, "/until"),
        ({"since": AT + timedelta(seconds=1)}, "/since"),
        ({"area": Area()}, "/area"),
        ({"area": Area(hubs=("长" * 41,))}, "/area"),
        ({"text": " "}, "/text"),
        ({"text": "雪" * 101}, "/text"),
        ({"kind": "STALLED"}, "/kind"),
    ],
)
def test_what_may_be_declared(changed: dict, pointer: str) -> None:
    assert [fault[0] for fault in faults_of(**{**GOOD, **changed})] == ([pointer] if pointer else [])


@pytest.mark.parametrize(
    ("changed", "rests"),
    [
        ({}, True),
        ({"kind": "FIRST_RESPONSE"}, False),
        ({"kind": "EXTERNAL"}, False),
        ({"is_law": True}, False),
        ({"is_broken": True}, False),
        ({"is_paused": True}, False),
        ({"due_at": AT}, True),
        ({"due_at": AT - timedelta(microseconds=1)}, False),
    ],
)
def test_which_promises_rest(changed: dict, rests: bool) -> None:
    clock = {"kind": "RESOLUTION", "is_law": False, "is_broken": False, "is_paused": False}
    assert may_rest(**{**clock, "due_at": AT + timedelta(hours=1), "at": AT, **changed}) is rests


def declare(by: Viewer, hours: float = 2, until: float = 10, **area: tuple) -> int:
    event_id = declare_event(
        kind="STORM", area=Area(**area, names=("东山",)), text="暴雪封路", since=h(0), until=h(until), by=by,
        at=h(hours),
    )  # fmt: skip
    run(hours)
    return event_id


def complain(hours: float) -> int:
    (parcel,) = find_shipment_refs(NO)
    opened = open_case(
        waybill_no=NO, category="DELAY", text="慢", contact_id=None, shipment=parcel, by=None, at=h(hours)
    )
    return opened.case_id


def run(hours: float) -> None:
    """What the worker does by then."""
    while MassEvent.objects.filter(due_at__lte=h(hours)).exists():
        sweep_events(at=h(hours))
    work(hours)
    run_due(at=h(hours), limit=500)
    sweep_due_clocks(at=h(hours), limit=50)


@pytest.mark.django_db
def test_one_word_to_each_and_promises_that_rest_until_the_end(world: World) -> None:
    for no in (NO, "YT12345679"):
        take({"waybill_no": no, "carrier": "yuantong", "consignee": PERSON}, expects="shipments")
        scan("accepted", 0, no=no)
    scan("accepted", 0, no="YT12345680")
    case_id = complain(1)
    before = {clock.kind: clock.due_at for clock in SlaClock.objects.filter(subject_id=case_id)}
    event_id = declare(world.viewer(world.quality), cities=("南京市",))
    told = dict(MassParcel.objects.values_list("shipment__waybill_no", "outcome"))
    assert told == {NO: "TOLD", "YT12345679": "SAME_PERSON", "YT12345680": "UNREACHABLE"}
    (notice,) = Delivery.objects.filter(kind="INCIDENT")
    assert "暴雪封路" in notice.body and "20:00" in notice.body
    (pause,) = SlaPause.objects.all()
    assert (pause.status, pause.from_at, pause.limit_at) == ("MASS_EVENT", h(2), h(10))
    assert pause.clock.kind == "RESOLUTION"
    assert TimelineEntry.objects.get(case_id=case_id, kind="CLOCKS_REST").pk == pause.entry_id
    assert event_of_parcel(Shipment.objects.get(waybill_no=NO).pk).text == "暴雪封路"
    run(3)
    assert Delivery.objects.count() == 1 and SlaPause.objects.count() == 1
    run(10)
    after = {clock.kind: clock.due_at for clock in SlaClock.objects.filter(subject_id=case_id)}
    assert after["RESOLUTION"] > before["RESOLUTION"] and after["FIRST_RESPONSE"] == before["FIRST_RESPONSE"]
    assert event_of_parcel(Shipment.objects.get(waybill_no=NO).pk) is None
    report = event_report(viewer=world.viewer(world.owner), event_id=event_id, at=h(11))
    assert (report.parcels, report.told, report.same_person, report.unreachable) == (3, 1, 1, 1)
    assert (report.complaints, report.prolonged, report.is_final) == (1, 1, True)
    assert report.due_at == h(26)


@pytest.mark.django_db
def test_an_end_by_hand_is_told_in_the_case_and_uses_up_no_wait(world: World) -> None:
    scan("accepted", 0)
    case_id = complain(1)
    quality = world.viewer(world.quality)
    event_id = declare(quality, cities=("南京市",))
    end_event(event_id=event_id, by=quality, at=h(4))
    run(4)
    pause = SlaPause.objects.get()
    assert (pause.until_at, pause.ended_why) == (h(4), "EVENT_OVER")
    (line,) = TimelineEntry.objects.filter(case_id=case_id, kind="CLOCKS_MOVED")
    assert line.data["why"] == "EVENT" and not pause.clock.has_used_pause and not pause.clock.paused_for
    with pytest.raises(EventOver):
        end_event(event_id=event_id, by=quality, at=h(5))


@pytest.mark.django_db
def test_what_is_found_while_it_runs_asks_nobody_for_anything(world: World) -> None:
    scan("accepted", 0)
    event_id = declare(world.viewer(world.quality), until=60, cities=("南京市",))
    run(48)
    found = Incident.objects.get(shipment__isnull=False)
    assert (found.kind, found.mass_id, found.steps, found.case_no) == ("STALLED", event_id, [], "")
    scan("arrived_hub", 49)
    assert Incident.objects.get(pk=event_id).closed_at is None
    run(60)
    assert Incident.objects.get(pk=event_id).closed_at == h(60)


@pytest.mark.django_db
def test_hubs_are_where_the_newest_scan_was(world: World) -> None:
    scan("arrived_hub", 0, outlet="HUB1")
    scan("arrived_hub", 0, no="YT12345679", outlet="HUB1")
    scan("arrived_hub", 1, no="YT12345679", outlet="HUB2")
    declare(world.viewer(world.operator), hubs=("HUB1",))
    assert [one.shipment.waybill_no for one in MassParcel.objects.all()] == [NO]


@pytest.mark.django_db
def test_who_may_declare_and_what_is_refused_changes_nothing(world: World) -> None:
    manager, own = world.viewer(world.zhou), {"outlet_ids": (world.dongshan_id,)}
    for by, area in (
        (world.viewer(world.lin), own),
        (manager, {"outlet_ids": (world.jiangning_id,)}),
        (manager, {"cities": ("南京市",)}),
        (manager, {"hubs": ("HUB1",)}),
    ):
        with pytest.raises(NotAllowed):
            declare(by, **area)
    with pytest.raises(Invalid):
        declare(manager, until=1, **own)
    assert not Incident.objects.exists() and not MassEvent.objects.exists()
    event_id = declare(manager, **own)
    with pytest.raises(AlreadyDeclared):
        declare(manager, **own)
    wide = declare_event(
        kind="ROAD_CLOSED", area=Area(outlet_ids=(world.dongshan_id, world.jiangning_id), names=("两处",)),
        text="断路", since=T, until=h(10), by=world.viewer(world.owner), at=h(2),
    )  # fmt: skip
    with pytest.raises(NotFound):
        end_event(event_id=wide, by=manager, at=h(3))
    assert Incident.objects.filter(closed_at__isnull=True).count() == 2
    end_event(event_id=event_id, by=manager, at=h(3))


@pytest.mark.django_db
def test_a_parcel_for_which_no_rule_waits_is_concerned_too_one_long_silent_is_not(world: World) -> None:
    scan("accepted", 0)
    scan("accepted", 0, no="YT12345679")
    Inspection.objects.all().delete()
    Shipment.objects.filter(waybill_no=NO).update(last_event_at=h(2) - FORGOTTEN)
    declare(world.viewer(world.quality), cities=("南京市",))
    assert [one.shipment.waybill_no for one in MassParcel.objects.all()] == ["YT12345679"]


@pytest.mark.django_db
def test_a_new_case_joins_at_once_between_two_rounds(world: World) -> None:
    declare(world.viewer(world.quality), cities=("南京市",))
    scan("accepted", 2.1)
    assert not MassParcel.objects.exists()
    case_id = complain(2.15)
    run_due(at=h(2.15), limit=500)
    run_due(at=h(2.15), limit=500)
    assert MassParcel.objects.get().shipment.waybill_no == NO
    assert SlaPause.objects.filter(clock__subject_id=case_id, status="MASS_EVENT").count() == 1
    scan("delivered", 2.2, no="YT12345679")
    assert not join_events(shipment_id=find_shipment_refs("YT12345679")[0].id, at=h(2.2))


@pytest.mark.django_db
def test_the_report_goes_out_by_itself_within_a_day_and_at_the_end(world: World) -> None:
    User.objects.filter(pk=world.zhou.pk).update(email="zhou@yishi.example.cn")
    User.objects.filter(pk=world.quality.pk).update(email="quality@yishi.example.cn")
    scan("accepted", 0)
    event_id = declare(world.viewer(world.quality), until=40, outlet_ids=(world.dongshan_id,))
    assert not sweep_event_reports(at=h(2) + timedelta(hours=22, minutes=59))
    assert sweep_event_reports(at=h(25)) == 1 and not sweep_event_reports(at=h(26))
    mails = Delivery.objects.filter(kind="STAFF_WORK", subject_kind="POLICY").order_by("pk")
    told = {one.to for one in mails}
    assert {"quality@yishi.example.cn", "zhou@yishi.example.cn"} < told and mails.count() == len(told)
    assert "还在继续" in mails[0].body and f"/desk/events?event={event_id}" in mails[0].body
    report = event_report(viewer=world.viewer(world.zhou), event_id=event_id, at=h(26))
    assert (report.event.reported_at, report.reported_to) == (h(25), len(told)) and h(25) <= report.due_at
    run(40)
    assert sweep_event_reports(at=h(40)) == 1 and mails.all().count() == 2 * len(told)
    assert not sweep_event_reports(at=h(80))


@pytest.mark.django_db
def test_colleagues_hear_in_their_groups_of_the_beginning_and_the_end(world: World) -> None:
    for code, outlet, more in (
        ("ds", "DS01", {}),
        ("jn", "JN01", {}),
        ("hq", None, {}),
        ("no", "DS01", {"tells": "no"}),
    ):
        add_account(code=code, plugin="wecom", settings={"webhook_key": "k", **more}, outlet=outlet,
                    by=SYSTEM_VIEWER, at=T)  # fmt: skip
    zhou = world.viewer(world.zhou)
    event_id = declare(zhou, outlet_ids=(world.dongshan_id,))
    told = Delivery.objects.filter(subject_kind="GROUP")
    assert sorted(one.to for one in told) == ["ds", "hq"]
    assert "大范围延误" in told[0].body and "暴雪封路" in told[0].body and "20:00" in told[0].body
    end_event(event_id=event_id, by=zhou, at=h(3))
    run(3)
    assert sum("大范围延误结束" in one.body for one in told.all()) == 2
