"""Estimates: groups, quantiles, what is told; learned on earlier days and true on later ones."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from yishi.shipments.rules.eta import POINTS, Estimate, Hours, Standing, as_told, interval_of, keys_of
from yishi.shipments.rules.learning import LEAST, Example, examples_of, hours_of, learn, measure, say
from yishi.shipments.rules.public_data import read_examples, without_marks

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 2, 1, tzinfo=UTC)  # nine in the morning in Shanghai
EVEN = [100.0 * point for point in POINTS]


def standing(kind="accepted", city="杭州市", destination="南京市", at=MONDAY):
    return Standing("yuantong", kind, city, destination, at)


def test_groups_from_wide_to_narrow():
    assert keys_of(standing(), ZONE) == (
        "1|ACCEPTED",
        "2|accepted|d4",
        "3|accepted|d4|南京",
        "4|accepted|d4|南京|浙江",
        "5|accepted|d4|南京|杭州|yuantong",
    )


@pytest.mark.parametrize(
    "silent",
    [
        standing(destination=""),
        standing("delivered"),
        standing("returning"),
        standing("refused"),
        standing("stored_at_pickup_point"),
        standing("delayed"),
        standing(""),
    ],
)
def test_nothing_is_said_rather_than_guessed(silent):
    assert keys_of(silent, ZONE) == ()


def test_out_for_delivery_is_where_it_goes():
    assert keys_of(standing("out_for_delivery", "南京市", ""), ZONE)[2] == "3|out_for_delivery|d4|南京"


def test_weekends_have_their_own_hours():
    assert keys_of(standing(at=MONDAY - timedelta(days=1)), ZONE)[1] == "2|accepted|e4"


@pytest.mark.parametrize(
    ("elapsed", "stretch", "ends"),
    [
        (0, 0.0, (10, 90)),
        (50, 0.0, (55, 95)),
        (0, 0.1, (2, 98)),
        (0, -0.1, (18, 82)),
        (96, 0.0, (96.15, 97.35)),
        (97.5, 0.0, None),
        (500, 0.0, None),
    ],
)
def test_the_interval_counts_what_has_passed_already(elapsed, stretch, ends):
    found = interval_of(EVEN, stretch, elapsed)
    if ends is None:
        assert found is None
    else:
        assert found is not None
        assert (found.low, found.high) == pytest.approx(ends, abs=0.5)


DAY = Hours(8 * 60, 20 * 60)


@pytest.mark.parametrize(
    ("first", "last", "hours", "told"),
    [
        ("22 14:10", "22 17:50", DAY, ("22 14:00", "22 18:00")),
        ("22 14:00", "22 18:00", DAY, ("22 14:00", "22 18:00")),
        ("22 17:00", "23 06:20", DAY, ("22 17:00", "22 20:00")),
        ("22 21:10", "23 09:40", DAY, ("23 08:00", "23 10:00")),
        ("22 05:00", "22 09:40", DAY, ("22 08:00", "22 10:00")),
        ("22 21:00", "23 03:00", DAY, ("23 08:00", "23 08:30")),
        ("22 05:10", "22 23:40", Hours(), ("22 05:00", "23 00:00")),
    ],
)
def test_as_people_are_told(first, last, hours, told):
    ends = [
        datetime.strptime(f"2026-11-{said}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE) for said in (first, last)
    ]
    said = as_told(Estimate(ends[0], *ends), hours, ZONE)
    assert (f"{said.from_at:%d %H:%M}", f"{said.until_at:%d %H:%M}") == told
    assert said.from_at <= said.likely_at <= said.until_at


def parcels(count, seed=7):
    """Examples of parcels over thirty days on three lanes, each with its own length and scatter."""
    dice = Random(seed)
    found = []
    for number in range(count):
        begun_at = MONDAY + timedelta(days=30 * number / count)
        lane, length = dice.choice((("杭州市", 20), ("成都市", 50), ("北京市", 35)))
        hours = length * dice.lognormvariate(0, 0.3)
        scans = [
            (begun_at, "accepted", lane),
            (begun_at + timedelta(hours=hours * 0.7), "arrived_hub", "南京市"),
            (begun_at + timedelta(hours=hours), "delivered", "南京市"),
        ]
        found += examples_of(scans, carrier="yuantong", destination="南京市", zone=ZONE)
    return found


def test_what_a_parcel_teaches():
    first, second = examples_of(
        [
            (MONDAY - timedelta(hours=1), "created", ""),
            (MONDAY, "accepted", "杭州市"),
            (MONDAY + timedelta(hours=2), "exception", "南京市"),
            (MONDAY + timedelta(hours=9), "stored_at_pickup_point", "南京市"),
            (MONDAY + timedelta(hours=30), "delivered", "南京市"),
        ],
        carrier="yuantong",
        destination="南京市",
        zone=ZONE,
    )
    assert (first.minutes, second.minutes) == (600, 540)
    assert second.keys[-1] == "5|accepted|d4|南京|杭州|yuantong"
    assert all(0 <= one.elapsed < one.minutes for one in (first, second))


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_four_in_five_arrive_within_the_interval_on_days_not_learned_from(seed):
    measured = measure(parcels(3_000, seed))
    assert measured is not None and measured.count > 1_000
    assert 0.75 <= measured.coverage <= 0.86
    assert measured.mean_error < measured.baseline_error


def test_few_examples_lean_on_the_wider_lane():
    many = parcels(2_000)
    rare = [
        Example(one.begun_at, (*one.keys[:4], "5|rare"), 9_000.0, 0.0, "")
        for one in many[:: len(many) // LEAST][:LEAST]
    ]
    model = learn([*many, *rare])
    said = say(model, rare[0].keys, 0.0)
    assert said is not None and said.middle < 9_000
    assert "5|rarer" not in learn(
        [*many, *[Example(r.begun_at, (*r.keys[:4], "5|rarer"), 1.0, 0.0, "") for r in rare[1:]]]
    )


def test_with_no_history_nothing_is_learned():
    assert learn([]) == {} and measure([]) is None
    assert learn(parcels(3)) == {}


def test_the_hours_in_which_parcels_arrive():
    dice = Random(3)
    assert hours_of([dice.randrange(8 * 60 + 5, 19 * 60 + 50) for _ in range(2_000)]) == DAY
    assert hours_of([dice.randrange(1440) for _ in range(2_000)]) == Hours()
    assert hours_of([600] * 100) == Hours()


def test_public_data_in_the_columns_of_lade():
    rows = [
        {"city": "Hangzhou", "region_id": "3", "aoi_type": "14", "accept_time": said, "delivery_time": done}
        for said, done in (
            ("10-22 10:26:00", "10-22 12:26:00"),
            ("2022-12-31 23:00:00", "2023-01-01 01:00:00"),
            ("12-31 23:00:00", "01-01 01:00:00"),
            ("10-22 10:26:00", "10-22 10:26:00"),
            ("10-22 10:26:00", "never"),
        )
    ]
    unusable, examples = read_examples(rows, zone=ZONE, year=2022, most=10)
    assert (unusable, [one.minutes for one in examples]) == (2, [120, 120, 120])
    assert examples[0].keys[-1] == "5|out_for_delivery|e5|Hangzhou|3/14|"


def test_a_byte_order_mark_is_no_part_of_a_column():
    assert list(without_marks(["\ufefforder_id", "1"])) == ["order_id", "1"]
