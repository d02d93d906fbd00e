"""When it comes and what can be chosen: by tables."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from yishi.shipments.rules.arrival import (
    USUAL,
    Round,
    example_of,
    keys_of_round,
    window_next_day,
    window_today,
)
from yishi.shipments.rules.choices import nearest, overruled, to_ask, why_too_late
from yishi.shipments.rules.learning import learn, measure
from yishi.shipments.rules.visits import another, visits_after

ZONE = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 11, 22, 0, tzinfo=ZONE)
AFTERNOON = [840.0 + 6 * n for n in range(20)], 0.05
"""A courier who signs from two to four."""


def at(hour, minute=0):
    return DAY + timedelta(hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("learned", "now", "said"),
    [
        (AFTERNOON, at(9), ("14:00", "16:00", True)),
        # nothing is known: the hours of delivery that are left
        (None, at(7), ("09:00", "20:00", False)),
        (None, at(10, 20), ("10:00", "20:00", False)),
        # past all that history knows: honest width
        (AFTERNOON, at(17), ("17:00", "20:00", False)),
        # nobody comes any more
        (AFTERNOON, at(19, 31), None),
        (None, at(19, 30), ("19:30", "20:00", False)),
    ],
)
def test_the_window_of_today(learned, now, said):
    found = window_today(learned, USUAL, at=now, zone=ZONE)
    shown = found and (
        f"{found.from_at.astimezone(ZONE):%H:%M}", f"{found.until_at.astimezone(ZONE):%H:%M}",
        found.is_learned,
    )  # fmt: skip
    assert shown == said


def test_tomorrow_is_said_in_full():
    found = window_next_day(AFTERNOON, USUAL, at=at(20), zone=ZONE)
    assert found.from_at == at(38) and found.until_at == at(40)
    assert window_next_day(None, USUAL, at=at(20), zone=ZONE).until_at == at(44)


def history(days=20):
    """Two couriers of one outlet: one in the morning, one in the afternoon, each over two hours."""
    for day in range(days):
        for number in range(12):
            for courier, hour in (("A", 9), ("B", 14)):
                out = DAY - timedelta(days=day) + timedelta(hours=8)
                signed = (
                    DAY - timedelta(days=day) + timedelta(hours=hour, minutes=(number * 37 + day * 11) % 120)
                )
                yield example_of(Round(1, "yuantong", courier, ""), out_at=out, signed_at=signed, zone=ZONE)


def test_what_is_said_holds_on_later_days():
    examples = list(history())
    measured = measure(examples)
    assert measured is not None and 0.72 <= measured.coverage <= 0.95 and measured.width < 150
    model = learn(examples)
    group = model["2|yuantong|B"]
    found = window_today((list(group.minutes), group.stretch), USUAL, at=at(8), zone=ZONE)
    assert found is not None and found.from_at >= at(13, 30) and found.until_at <= at(16, 30)


def test_only_what_was_signed_on_the_day_it_went_out_teaches():
    one = Round(1, "yuantong", "A", "江宁区")
    assert keys_of_round(one) == ("1|1", "2|yuantong|A", "3|yuantong|A|江宁区")
    assert keys_of_round(Round(None, "yuantong", "A", "")) == ()
    assert example_of(one, out_at=at(8), signed_at=at(33), zone=ZONE) is None
    assert example_of(one, out_at=at(8), signed_at=at(7), zone=ZONE) is None


@pytest.mark.parametrize(
    ("milestone", "is_stopped", "why"),
    [("OUT_FOR_DELIVERY", False, None), ("DELIVERY_FAILED", False, None),
     ("OUT_FOR_DELIVERY", True, "STOPPED"), ("DELIVERED", True, "DELIVERED"),
     ("AT_PICKUP_POINT", False, "AT_POINT"), ("RETURNING", False, "GOES_BACK"),
     ("LOST", False, "OVER")],
)  # fmt: skip
def test_when_it_is_too_late(milestone, is_stopped, why):
    assert why_too_late(milestone=milestone, is_stopped=is_stopped) == why


@pytest.mark.parametrize(
    ("kind", "said", "asked", "gone"),
    [("STATION", ["DOOR", "NO_STATION"], "NO_STATION", ["DOOR", "NO_STATION"]),
     ("GUARD", ["NO_LOCKER"], "", []), ("GUARD", ["DOOR"], "DOOR", ["DOOR"]),
     ("DOOR", ["GUARD"], "", ["GUARD"]), ("TIME", ["TIME_WINDOW"], "", ["TIME_WINDOW"]),
     ("HOME", ["DOOR"], "", [])],
)  # fmt: skip
def test_a_choice_against_what_was_said(kind, said, asked, gone):
    assert (to_ask(kind, said), overruled(kind, said)) == (asked, gone)


def test_the_nearest_place_is_written_most_alike():
    places = [(1, "百家湖街道 1 号"), (2, "东山街道外港河路 9 号"), (3, "")]
    assert nearest("南京市江宁区东山街道外港河路 1 号", places, most=2) == [2, 1]


def test_times_that_are_offered():
    visits = visits_after(datetime(2026, 11, 22, 6, tzinfo=UTC), ZONE, days=2)
    assert [one.key for one in visits] == ["20261122T18", "20261123T09", "20261123T14", "20261123T18"]
    assert another(visits, after=at(20)) == visits[1] and another(visits, after=at(60)) is None
