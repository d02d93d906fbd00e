"""A parcel's record told as a page: the answer, the places, the promise."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from yishi.shipments.rules.eta import Estimate
from yishi.web.consumer.stories import tell

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


@dataclass
class Scan:
    kind: str
    city: str = ""
    hours: float = 1
    text: str = ""

    @property
    def happened_at(self):
        return NOW - timedelta(hours=self.hours)


@dataclass
class Parcel:
    milestone: str
    events: list = field(default_factory=list)
    promised_at: datetime | None = None
    eta_range: Estimate | None = None
    outlet_name: str = "东山网点"


ROAD = [
    Scan("accepted", "杭州", 44),
    Scan("arrived_hub", "南京", 11),
    Scan("departed_hub", "南京", 8),
    Scan("out_for_delivery", "南京", 1),
]


@pytest.mark.parametrize(
    ("milestone", "title"),
    [
        ("CREATED", "已下单，等着取件"),
        ("IN_TRANSIT", "在路上，到了南京"),
        ("AT_OUTLET", "到了东山网点，等着派送"),
        ("OUT_FOR_DELIVERY", "快递员正在送来的路上"),
        ("AT_PICKUP_POINT", "到了东山网点，可以取"),
        ("DELIVERED", "今天 13:00 已签收"),
        ("DELIVERY_FAILED", "这次没送成"),
        ("UNKNOWN", "还说不准到了哪里"),
        ("NEVER_HEARD_OF", "还说不准到了哪里"),
    ],
)
def test_the_answer_of_each_state(milestone, title):
    assert tell(Parcel(milestone, ROAD), NOW).title == title


@pytest.mark.parametrize(
    ("milestone", "second"),
    [("CREATED", "已下单，等着取件"), ("ACCEPTED", "已收件，准备出发"), ("IN_TRANSIT", "在路上，到了南京")],
)
def test_below_an_estimate_stands_how_far_it_is(milestone, second):
    said = Estimate(*(NOW + timedelta(hours=hours) for hours in (22, 20, 24)))
    assert tell(Parcel(milestone, ROAD, eta_range=said), NOW).second == f"{second} · 时间有八成把握"


def test_a_parcel_that_has_left_is_not_said_to_arrive():
    road = [Scan("accepted", "杭州", 44), Scan("departed_hub", "杭州", 8)]
    assert tell(Parcel("IN_TRANSIT", road), NOW).title == "在路上，已离开杭州"


def test_a_parcel_without_events_says_so():
    story = tell(Parcel("UNKNOWN"), NOW)
    assert (story.title, story.stops, story.promise) == ("还没有走件记录", [], None)


def test_an_expected_time_is_said_first_while_it_lies_ahead():
    said = Estimate(*(NOW + timedelta(hours=hours) for hours in (2, 1, 3)))
    story = tell(Parcel("OUT_FOR_DELIVERY", ROAD, eta_range=said), NOW)
    assert (story.title, story.second) == ("预计今天 15:00–17:00送到", "从东山网点出发 · 时间有八成把握")
    passed = replace(said, until_at=NOW - timedelta(hours=1))
    gone = Parcel("OUT_FOR_DELIVERY", ROAD, eta_range=passed)
    assert tell(gone, NOW).title == "快递员正在送来的路上"


@pytest.mark.parametrize(("promised_in", "comes_late"), [(None, False), (0.5, True), (1, False), (9, False)])
def test_a_promise_that_will_be_missed_is_said(promised_in, comes_late):
    said = Estimate(*(NOW + timedelta(hours=hours) for hours in (2, 1, 3)))
    promised_at = NOW + timedelta(hours=promised_in) if promised_in else None
    parcel = Parcel("IN_TRANSIT", ROAD, promised_at=promised_at, eta_range=said)
    assert tell(parcel, NOW).comes_late is comes_late


def test_steps_stand_newest_first_and_the_newest_is_now():
    story = tell(Parcel("OUT_FOR_DELIVERY", ROAD), NOW)
    assert story.steps[0].event.kind == "out_for_delivery"
    assert [step.role for step in story.steps] == ["is-now", "", "", ""]


def test_trouble_is_marked():
    story = tell(Parcel("DELIVERY_FAILED", [*ROAD, Scan("delivery_failed", "南京", 0.1)]), NOW)
    assert story.steps[0].role == "is-now is-warn"


def test_stops_are_cities_in_order_then_the_person():
    stops = tell(Parcel("OUT_FOR_DELIVERY", ROAD), NOW).stops
    assert [(stop.place, stop.state) for stop in stops] == [
        ("杭州", ""),
        ("南京", "is-now"),
        ("你", "is-next"),
    ]


def test_many_cities_are_joined():
    events = [Scan("in_transit", f"城市{n}", 20 - n) for n in range(9)]
    stops = tell(Parcel("IN_TRANSIT", events), NOW).stops
    assert [stop.place for stop in stops] == ["城市0", "城市7", "城市8", "你"]


@pytest.mark.parametrize(
    ("text", "outlet", "title"),
    [
        (
            "快件已存放至南京江宁区百家湖驿站，请凭取件码***到百家湖驿站领取",
            "东山网点",
            "到了南京江宁区百家湖驿站，可以取",
        ),
        ("已放入【翠屏苑丰巢柜】", "东山网点", "到了翠屏苑丰巢柜，可以取"),
        ("已放入小区快递柜", "", "到了小区快递柜，可以取"),
        ("已投柜", "东山网点", "到了东山网点，可以取"),
        ("已投柜", "", "到了南京，可以取"),
        ("送到门卫李***处", "", "到了门卫，可以取"),
    ],
)
def test_where_it_waits_is_said(text, outlet, title):
    stored = Scan("stored_at_pickup_point", "南京", 0.5, text)
    assert tell(Parcel("AT_PICKUP_POINT", [*ROAD, stored], outlet_name=outlet), NOW).title == title


@pytest.mark.parametrize("milestone", ["DELIVERED", "AT_PICKUP_POINT", "RETURNED", "CANCELLED", "LOST"])
def test_a_promise_is_over_when_its_parcel_is(milestone):
    assert tell(Parcel(milestone, ROAD, promised_at=NOW), NOW).promise is None
    assert tell(Parcel("OUT_FOR_DELIVERY", ROAD, promised_at=NOW), NOW).promise is not None
