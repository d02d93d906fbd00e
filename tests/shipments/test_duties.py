"""The 24-hour obligation kept by its due times, and its figures by carrier, lane and outlet."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.shipments.tracking import take
from yishi.kit.outbox import run_due
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.jobs import sweep_silent
from yishi.shipments.models.promises import TraceBreak, TraceDuty
from yishi.shipments.queries.silence import list_breaks, trace_rates

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)
END = START + timedelta(hours=72)


def scan(hours, kind="arrived_hub", number="YT00000001", outlet="", city="南京市"):
    happened_at = (START + timedelta(hours=hours)).isoformat()
    place = {"city": city, "outlet": outlet} if outlet else {"city": city}
    take(
        {
            "waybill_no": number,
            "carrier": "yuantong",
            "kind": kind,
            "happened_at": happened_at,
            "place": place,
        }
    )
    run_due(at=END + timedelta(days=99))


def sweep(hours):
    at, total = START + timedelta(hours=hours), 0
    while taken := sweep_silent(at=at):
        total += taken
    return total


def breaks():
    rows = TraceBreak.objects.order_by("since").values_list("since", "until")
    return [((a - START) / timedelta(hours=1), b and (b - START) / timedelta(hours=1)) for a, b in rows]


def test_a_parcel_is_looked_at_when_24_hours_may_be_over_and_not_before():
    scan(0, "accepted")
    assert sweep(23) == 0
    scan(20)
    assert sweep(25) == 1 and breaks() == []
    assert sweep(43) == 0
    assert sweep(45) == 1 and breaks() == [(20, None)]


def test_a_silence_ends_with_the_next_scan():
    scan(0, "accepted")
    sweep(25)
    assert TraceDuty.objects.get().is_silent
    scan(30, "delivered")
    assert sweep(72) == 1
    assert breaks() == [(0, 30)] and TraceDuty.objects.get().due_at is None
    assert sweep(999) == 0


def test_a_scan_that_came_late_mends_the_record():
    scan(0, "accepted")
    sweep(25)
    scan(12)
    assert sweep(73) == 1
    assert breaks() == [(12, None)]


def test_before_dispatch_nobody_owes_a_scan():
    scan(0, "created")
    assert sweep(90) == 0 and not TraceDuty.objects.exists()


def three_parcels(world):
    """One kept, one silent at the hub, one silent in the outlet."""
    scan(0, "accepted", "YT00000001", city="杭州市")
    scan(20, "delivered", "YT00000001", outlet="025101")
    scan(0, "accepted", "YT00000002", city="杭州市")
    scan(30, "arrived_at_outlet", "YT00000002", outlet="025101")
    scan(31, "delivered", "YT00000002", outlet="025101")
    scan(0, "accepted", "YT00000003", city="杭州市")
    scan(10, "arrived_at_outlet", "YT00000003", outlet="025101")
    sweep(72)


PERIOD = {"since": START - timedelta(hours=1), "until": END}


@pytest.mark.parametrize(
    ("by", "key", "parcels", "broken"),
    [("", "", 3, 2), ("carrier", "yuantong", 3, 2), ("lane", "杭州→南京", 3, 2), ("outlet", "DS01", 3, 1)],
)
def test_rates(world, by, key, parcels, broken):
    three_parcels(world)
    (rate,) = trace_rates(viewer=SYSTEM_VIEWER, by=by, **PERIOD)
    assert (rate.key, rate.parcels, rate.broken) == (key, parcels, broken)
    found = list_breaks(viewer=SYSTEM_VIEWER, by=by, key=key, **PERIOD)
    assert len(found) == broken and found[0].waybill_no == "YT00000003"
    assert (found[0].place, found[0].until, round(found[0].hours)) == ("东山网点", None, 62)


def test_a_break_counts_in_the_periods_in_which_it_lasted(world):
    three_parcels(world)
    early = {"since": START - timedelta(hours=1), "until": START + timedelta(hours=24)}
    assert trace_rates(viewer=SYSTEM_VIEWER, by="", **early)[0].broken == 0
    late = {"since": START + timedelta(hours=60), "until": END}
    (rate,) = trace_rates(viewer=SYSTEM_VIEWER, by="", **late)
    assert (rate.parcels, rate.broken) == (1, 1)


def test_figures_end_at_the_wall_of_the_outlet(world):
    three_parcels(world)
    assert trace_rates(viewer=world.viewer(world.he), by="carrier", **PERIOD) == []
    assert len(list_breaks(viewer=world.viewer(world.lin), by="", key="", **PERIOD)) == 2


@pytest.mark.parametrize("by", ["courier", "person", "lane; --"])
def test_only_the_known_groups(by):
    with pytest.raises(ValueError, match=by):
        trace_rates(viewer=SYSTEM_VIEWER, by=by, **PERIOD)
