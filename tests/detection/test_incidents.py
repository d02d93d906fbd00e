"""What rules find becomes incidents: opened once, healed by the parcel, opened again, held by a storm."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.shipments.tracking import event, take
from tests.world import World
from yishi.cases.actions.open import open_case
from yishi.cases.models.case import Case
from yishi.consignees.models import Contact
from yishi.consignees.queries import phone_hash
from yishi.detection.actions.settings import StillInShadow, add_setting, end_setting, go_live
from yishi.detection.jobs import learn_habits, sweep_inspections
from yishi.detection.models.incidents import Incident
from yishi.detection.models.inspections import CourierHabit, Inspection, Sign
from yishi.detection.models.settings import DetectionSetting
from yishi.detection.queries.incidents import incidents_of, list_incidents
from yishi.detection.queries.signing import signing_of
from yishi.detection.rules.kinds import Kind
from yishi.detection.rules.settings import Terms
from yishi.kit.errors import Invalid, NotAllowed
from yishi.kit.models import FactRow
from yishi.kit.outbox import run_due
from yishi.notifications.models import Delivery
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.actions.correct import correct_carrier
from yishi.shipments.models.parcels import Shipment

pytestmark = pytest.mark.django_db
T = datetime(2026, 11, 20, 2, tzinfo=UTC)  # ten in the morning in Shanghai
NO = "YT12345678"
PERSON = {"name": "王女士", "phone": "19900000001", "address": "江苏省南京市江宁区东山街道 1 号"}


def h(hours: float) -> datetime:
    return T + timedelta(hours=hours)


def scan(kind: str, hours: float, no: str = NO, outlet: str = "025101", **more) -> None:
    at = h(hours)
    said = event(waybill_no=no, carrier="yuantong", kind=kind, **more)
    take(said | {"happened_at": at.isoformat(), "place": {"city": "南京市", "outlet": outlet}}, at=at)
    work(hours)


def work(hours: float) -> None:
    """What the worker does by then."""
    run_due(at=h(hours))
    while sweep_inspections(at=h(hours)):
        pass
    run_due(at=h(hours), limit=500)


def states() -> list[tuple[str, bool, int]]:
    rows = Incident.objects.filter(shipment__isnull=False).order_by("pk")
    return [(one.kind, one.closed_at is None, one.times_reopened) for one in rows]


def test_a_stalled_parcel_is_found_told_of_tasked_and_heals_by_itself(world: World) -> None:
    take({"waybill_no": NO, "carrier": "yuantong", "consignee": PERSON}, expects="shipments")
    scan("accepted", 0)
    assert Inspection.objects.get().due_at == h(48)
    work(47.9)
    assert not states()
    work(48)
    assert states() == [("STALLED", True, 0)]
    (case,) = Case.objects.all()
    assert case.is_internal and case.category == "LOST" and case.outlet_id == world.dongshan_id
    assert Incident.objects.get().case_no == case.case_no
    (notice,) = Delivery.objects.filter(kind="INCIDENT")
    assert "两天没有新动静" in notice.body
    scan("arrived_hub", 49)
    assert states() == [("STALLED", False, 0)]
    case.refresh_from_db()
    assert case.status == "WITHDRAWN" and not case.is_open


def test_the_same_cause_is_opened_again_another_place_is_another_one(world: World) -> None:
    scan("accepted", 0, outlet="HUB1")
    work(48)
    scan("in_transit", 49, outlet="HUB1")
    work(97)
    assert states() == [("STALLED", True, 1)]
    scan("in_transit", 98, outlet="HUB9")
    work(146)
    assert states() == [("STALLED", False, 1), ("STALLED", True, 0)]
    work(400)
    assert len(states()) == 2 and FactRow.objects.filter(fact="detection.IncidentOpened").count() == 3


def test_a_case_that_somebody_has_touched_is_not_taken_away(world: World) -> None:
    scan("accepted", 0)
    work(48)
    Case.objects.update(status="IN_PROGRESS")
    scan("arrived_hub", 49)
    assert Case.objects.get().status == "IN_PROGRESS"


def test_two_troubles_that_ask_for_the_same_are_one_task_until_both_are_over(world: World) -> None:
    scan("delivery_failed", 0)
    scan("out_for_delivery", 20)
    scan("delivery_failed", 24)
    assert {kind for kind, _, _ in states()} == {"FAILED_TWICE", "HELD_AT_OUTLET"}
    (case,) = Case.objects.all()
    scan("out_for_delivery", 26)
    assert sorted(is_open for _, is_open, _ in states()) == [False, True]
    case.refresh_from_db()
    assert case.is_open
    scan("delivered", 27)
    case.refresh_from_db()
    assert not case.is_open and not any(is_open for kind, is_open, _ in states() if kind == "FAILED_TWICE")


def test_events_out_of_order_and_scanners_ahead_of_the_time_change_nothing(world: World) -> None:
    at = h(1)
    take(
        event(waybill_no=NO, carrier="yuantong", kind="arrived_hub") | {"happened_at": h(30).isoformat()},
        at=at,
    )
    take(event(waybill_no=NO, carrier="yuantong", kind="accepted") | {"happened_at": T.isoformat()}, at=at)
    work(1)
    assert Inspection.objects.get().due_at == h(49)


def test_a_broken_hub_is_one_matter(world: World) -> None:
    for n in range(32):
        said = event(waybill_no=f"YT900000{n:02}", carrier="yuantong", kind="arrived_hub")
        take(said | {"happened_at": T.isoformat(), "place": {"city": "苏州市", "outlet": "HUB1"}}, at=T)
    work(48)
    mass = Incident.objects.get(shipment__isnull=True)
    assert (mass.kind, mass.place, mass.held) == ("STALLED", "HUB1", 32)
    assert Case.objects.count() == 1 and mass.members.count() == 32
    page = list_incidents(viewer=world.viewer(world.owner))
    assert [one.id for one in page.items] == [mass.pk]
    for n in range(32):
        scan("departed_hub", 49, no=f"YT900000{n:02}")
    mass.refresh_from_db()
    assert mass.closed_at == h(49) and Case.objects.get().status == "WITHDRAWN"


def test_in_shadow_it_is_found_and_nobody_hears_of_it(world: World) -> None:
    add(Kind.STALLED, after_hours=10)
    scan("accepted", 0)
    work(10)
    assert states() == [("STALLED", True, 0)] and Incident.objects.get().is_shadow
    assert not Case.objects.exists() and not FactRow.objects.filter(fact__startswith="detection.").exists()
    owner = world.viewer(world.owner)
    assert not list_incidents(viewer=owner).items and not incidents_of(Shipment.objects.get().pk)
    assert len(list_incidents(viewer=owner, is_shadow=True).items) == 1
    with pytest.raises(NotAllowed):
        list_incidents(viewer=world.viewer(world.lin), is_shadow=True)


def add(kind: Kind, by=SYSTEM_VIEWER, **numbers: int) -> int:
    terms = Terms(kind=kind, numbers=numbers, valid_from=T.date())
    return add_setting(terms=terms, reason="试一试", by=by, at=T)


def test_a_setting_goes_live_after_its_shadow_or_with_a_reason(world: World) -> None:
    owner = world.viewer(world.owner)
    number = add(Kind.STALLED, owner, after_hours=10)
    with pytest.raises(StillInShadow):
        go_live(setting_id=number, by=owner, at=h(1))
    assert DetectionSetting.objects.get().state == "SHADOW"
    go_live(setting_id=number, by=owner, at=h(14 * 24))
    assert DetectionSetting.objects.get().state == "LIVE"
    scan("accepted", 0)
    work(10)
    assert states() == [("STALLED", True, 0)]
    end_setting(setting_id=number, by=owner, at=h(11))
    with pytest.raises(Invalid):
        add(Kind.STALLED, owner, after_hours=0)
    with pytest.raises(NotAllowed):
        add(Kind.STALLED, world.viewer(world.lin))
    assert DetectionSetting.objects.count() == 1


def test_sight_ends_at_the_outlet_and_pages_follow_each_other(world: World) -> None:
    for n, outlet in enumerate(["025101", "025101", "025102"]):
        scan("damaged", n, no=f"YT8000000{n}", outlet=outlet)
        scan("arrived_at_outlet", n + 0.1, no=f"YT8000000{n}", outlet=outlet)
    lin = world.viewer(world.lin)
    first = list_incidents(viewer=lin, limit=1, kind="DAMAGED")
    assert first.next_cursor
    rest = list_incidents(viewer=lin, limit=5, kind="DAMAGED", cursor=first.next_cursor)
    assert [one.waybill_no for one in [*first.items, *rest.items]] == ["YT80000000", "YT80000001"]
    with pytest.raises(Invalid):
        list_incidents(viewer=lin, cursor="###")


def test_a_courier_is_measured_by_his_own_habit_and_by_complaints(world: World) -> None:
    for n in range(10):
        scan("delivered", 0, no=f"YT7000000{n}", courier="YT0001", position=f"31.4{n},118.8")
    ref = Shipment.objects.get(waybill_no="YT70000000")
    open_case(waybill_no=ref.waybill_no, category="SIGNED_NOT_RECEIVED", text="没收到", shipment=_ref(ref),
              by=None, at=h(1))  # fmt: skip
    work(1)
    assert learn_habits(at=h(2)) == 1
    habit = CourierHabit.objects.get()
    assert (habit.signed, habit.batch_share, habit.contact_share, habit.complaints) == (10, 100, 0, 1)
    assert Sign.objects.count() == 10


def _ref(shipment: Shipment):
    from yishi.shipments.queries.parcels import find_shipment_refs

    return find_shipment_refs(shipment.waybill_no)[0]


def test_what_was_found_goes_with_a_parcel_that_is_joined(world: World) -> None:
    take(event(waybill_no=NO, kind="accepted") | {"happened_at": T.isoformat()}, at=T)
    work(48)
    assert states() == [("STALLED", True, 0)]
    correct_carrier(waybill_no=NO, old="unknown", new="yuantong", at=h(49))
    work(49)
    assert [one.kind for one in incidents_of(Shipment.objects.get(merged_into__isnull=True).pk)] == [
        "STALLED"
    ]


def test_a_task_is_the_systems_own_and_positions_go_with_their_person(world: World) -> None:
    take({"waybill_no": NO, "carrier": "yuantong", "consignee": PERSON}, expects="shipments")
    scan("accepted", 0)
    work(48)
    assert Case.objects.get().source == "SYSTEM"
    scan("delivered", 49, courier="YT0001", position="31.4,118.8")
    assert Sign.objects.get().consignee_id == Contact.objects.get(phone_hash=phone_hash(PERSON["phone"])).pk
    Contact.objects.filter(pk=Sign.objects.get().consignee_id).delete()
    assert not Sign.objects.exists()


def test_how_far_from_the_usual_door_it_was_signed_for(world: World) -> None:
    for n, place in enumerate(["31.4,118.8", "31.4,118.8", "31.41,118.8", "0,0"]):
        no = f"YT7100000{n}"
        take({"waybill_no": no, "carrier": "yuantong", "consignee": PERSON}, expects="shipments")
        scan("delivered", n, no=no, courier="YT0001", position=place)
    ids = dict(Shipment.objects.values_list("waybill_no", "pk"))
    far, unknown = signing_of(ids["YT71000002"]), signing_of(ids["YT71000003"])
    assert far is not None and far.off_m == pytest.approx(1112, abs=3)
    assert unknown is not None and unknown.off_m is None
