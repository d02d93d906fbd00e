"""What telling ahead does to complaints: a group that nobody tells, an interval, and the cases behind it."""

import math
from datetime import timedelta

import pytest

from tests.detection.test_incidents import T, add, h, scan, work
from tests.shipments.tracking import event, take
from tests.web.desk.conftest import browser
from tests.world import World
from yishi.cases.actions.open import open_case
from yishi.cases.queries.avoided import complaints_avoided, complaints_of_group
from yishi.detection.actions.hold_out import group_of, set_hold_out
from yishi.detection.actions.settings import go_live
from yishi.detection.models.incidents import Incident
from yishi.detection.models.settings import HoldOut
from yishi.detection.queries.incidents import find_incident
from yishi.detection.rules.avoided import FEWEST, HOLDABLE, Arm, Estimate, Group, arm_of, newcombe, wilson
from yishi.detection.rules.kinds import Kind
from yishi.kit.errors import Invalid, NotAllowed
from yishi.notifications.models import Delivery
from yishi.shipments.queries.parcels import find_shipment_refs

_PAIRS = [
    # Newcombe 1998, table II, method 10: a to h; the shares worked out again by `_roots` below
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((0, 10), (0, 10), -0.2775, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0),
    ((10, 10), (0, 10), 0.6075, 1.0),
]


def _roots(k: int, n: int) -> tuple[float, float]:
    """Where the score test just holds, found by halving: no formula of the rule is used."""

    def fits(share: float) -> bool:
        return abs(k / n - share) <= 1.959963984540054 * math.sqrt(share * (1 - share) / n)

    found = []
    for out in (0.0, 1.0):
        inside, outside = min(max(k / n, 1e-12), 1 - 1e-12), out
        for _ in range(200):
            half = (inside + outside) / 2
            inside, outside = (half, outside) if fits(half) else (inside, half)
        found.append(inside)
    return found[0], found[1]


@pytest.mark.parametrize(("one", "other", "low", "high"), _PAIRS)
def test_the_interval_of_a_difference(one: tuple, other: tuple, low: float, high: float) -> None:
    assert newcombe(Group(one[1], one[0]), Group(other[1], other[0])) == pytest.approx((low, high), abs=6e-5)
    for k, n in (one, other):
        assert wilson(Group(n, k)) == pytest.approx(_roots(k, n), abs=1e-6)


@pytest.mark.parametrize(
    ("told", "untold", "is_small", "is_sure", "avoided"),
    [
        (Group(1000, 20), Group(200, 20), False, True, 80),
        (Group(1000, 20), Group(200, 4), False, False, 0),
        (Group(1000, 100), Group(200, 2), False, True, -90),
        (Group(1000, 20), Group(FEWEST - 1, 20), True, False, 669.66),
        (Group(1000, 20), Group(FEWEST, 20), False, True, 646.67),
        (Group(0, 0), Group(0, 0), True, False, 0),
    ],
)
def test_nothing_is_claimed_of_few_or_across_zero(told, untold, is_small, is_sure, avoided) -> None:
    estimate = Estimate(told=told, untold=untold)
    assert (estimate.is_small, estimate.is_sure) == (is_small, is_sure)
    assert estimate.avoided == pytest.approx(avoided, abs=0.01)
    least, most = estimate.avoided_interval
    assert least <= estimate.avoided <= most


def test_who_is_held_out_stays_so() -> None:
    assert [arm_of(drawn, 20) for drawn in (0, 1999, 2000, 9999, 11_999)] == [
        Arm.HELD_OUT, Arm.HELD_OUT, Arm.TOLD, Arm.TOLD, Arm.HELD_OUT,
    ]  # fmt: skip
    assert not {Kind.DAMAGED, Kind.INTERCEPT_MISSED, Kind.HELD_AT_OUTLET, Kind.PICKUP_OVERDUE} & HOLDABLE
    numbers = [f"YT{n:08}" for n in range(2000)]
    held = [no for no in numbers if group_of(no, 10) is Arm.HELD_OUT]
    assert 140 < len(held) < 260 and all(group_of(no, 20) is Arm.HELD_OUT for no in held)


@pytest.mark.django_db
def test_only_where_silence_harms_nobody_and_by_whom_it_is_allowed(world: World) -> None:
    owner = world.viewer(world.owner)
    for kind, percent, reason in (("DAMAGED", 5, "试"), ("STALLED", 21, "试"), ("STALLED", 5, " ")):
        with pytest.raises(Invalid):
            set_hold_out(kind=kind, percent=percent, reason=reason, by=owner, at=T)
    with pytest.raises(NotAllowed):
        set_hold_out(kind="STALLED", percent=5, reason="试", by=world.viewer(world.lin), at=T)
    assert not HoldOut.objects.exists()
    set_hold_out(kind="STALLED", percent=5, reason="试", by=owner, at=T)
    set_hold_out(kind="STALLED", percent=5, reason="又", by=owner, at=h(1))
    set_hold_out(kind="STALLED", percent=0, reason="够了", by=owner, at=h(2))
    assert [(one.percent, one.ended_at) for one in HoldOut.objects.all()] == [(5, h(2))]


def send(no: str) -> None:
    person = {"name": "王女士", "phone": f"199{no[-8:]}", "address": "江苏省南京市江宁区东山街道 1 号"}
    take({"waybill_no": no, "carrier": "yuantong", "consignee": person}, expects="shipments")
    scan("accepted", 0, no=no)


def complain(no: str, hours: float) -> str:
    (parcel,) = find_shipment_refs(no)
    opened = open_case(
        waybill_no=no, category="DELAY", text="慢", contact_id=None, shipment=parcel, by=None, at=h(hours)
    )
    return opened.case_no


@pytest.mark.django_db
def test_held_out_parcels_are_tasks_without_a_notice_and_are_counted_with_their_cases(world: World) -> None:
    owner = world.viewer(world.owner)
    set_hold_out(kind="STALLED", percent=20, reason="看看有没有用", by=owner, at=T)
    numbers = [f"YT{n:08}" for n in range(40)]
    silent = next(no for no in numbers if group_of(no, 20) is Arm.HELD_OUT)
    told = next(no for no in numbers if group_of(no, 20) is Arm.TOLD)
    for no in (silent, told):
        send(no)
    work(48)
    lines = {line.waybill_no: line for one in Incident.objects.all() if (line := find_incident(one.pk))}
    assert lines[silent].is_held_out and lines[silent].steps == ("TASK",) and lines[silent].case_no
    assert not lines[told].is_held_out and lines[told].steps == ("TELL", "TASK")
    assert Delivery.objects.filter(kind="INCIDENT").count() == 1
    case_no = complain(silent, 60)
    complain(told, 48 + 7 * 24 + 1)
    for hours, groups in ((100, (0, 0)), (48 + 7 * 24 + 2, (1, 1))):
        (one,) = complaints_avoided(viewer=owner, kinds=["STALLED"], at=h(hours))
        assert (one.estimate.told.parcels, one.estimate.untold.parcels) == groups and not one.is_weak
    assert (one.estimate.told.complained, one.estimate.untold.complained) == (0, 1)
    assert not one.estimate.is_sure
    at = h(300)
    found = complaints_of_group(viewer=owner, kind="STALLED", group="untold", at=at)
    assert [case.case_no for case in found] == [case_no]
    assert not complaints_of_group(viewer=owner, kind="STALLED", group="told", at=at)
    scan("in_transit", 50, no=silent)
    work(120)
    assert "TELL" not in find_incident(lines[silent].id).steps


@pytest.mark.django_db
def test_before_and_after_a_rule_went_live_is_the_weaker_word(world: World) -> None:
    owner = world.viewer(world.owner)
    number = add(Kind.STALLED, owner, after_hours=10)
    for n in range(2):
        scan("accepted", 0, no=f"YT1000000{n}")
    work(10)
    complain("YT10000000", 12)
    go_live(setting_id=number, reason="够了", by=owner, at=h(20))
    later = event(waybill_no="YT20000000", carrier="yuantong", kind="accepted")
    take(later | {"happened_at": h(21).isoformat()}, at=h(21))
    work(21)
    work(32)
    (one,) = complaints_avoided(viewer=owner, kinds=["STALLED"], at=h(32) + timedelta(days=8))
    assert one.is_weak and one.estimate == Estimate(told=Group(1, 0), untold=Group(2, 1))


@pytest.mark.django_db
def test_the_page_sets_a_share_and_says_what_it_does_not_know(world: World) -> None:
    client = browser(world.owner)
    page = client.get("/manage/detection/avoided").content.decode()
    assert "没留，全都告诉" in page and 'id="kind-DAMAGED"' not in page
    bad = client.post("/manage/detection/avoided", {"kind": "STALLED", "percent": "50", "reason": "试"})
    assert bad.status_code == 422 and "对照组 0 到 20" in bad.content.decode()
    answer = client.post("/manage/detection/avoided", {"kind": "STALLED", "percent": "10", "reason": "试"})
    page = client.get(answer["Location"]).content.decode()
    assert "现在留 10%" in page and "还不能下结论" in page
    assert client.get("/manage/detection/avoided/cases?kind=STALLED&group=told").status_code == 200
    assert client.get("/manage/detection/avoided/cases?kind=STALLED&group=x").status_code == 404
