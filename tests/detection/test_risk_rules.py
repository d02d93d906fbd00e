"""The score's rules by tables: features, points, reasons, a scorer's bounds. No database."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.detection.rules.risk import Known, Level, features_of, level_of_points, points_of, worst_weather
from yishi.detection.rules.scorer import Scorer, calibrated, judge_risk, scorer_of

SCORER = Scorer(
    bias=-5.0,
    terms={"late": (1.0, 0.1), "late_days": (0.5, 0.0), "courier": (0.8, 0.0), "product:标快": (0.4, 0.5)},
    slope=0.9,
    offset=0.1,
    high_from=0.05,
    mid_from=0.01,
)


@pytest.mark.parametrize(
    ("known", "points", "level"),
    [
        (Known(), 0, Level.LOW),
        (Known(late_hours=0.5), 2, Level.MID),
        (Known(late_hours=24), 3, Level.MID),
        (Known(late_hours=24, special=("FRESH",)), 4, Level.HIGH),
        (Known(failures=1), 2, Level.MID),
        (Known(failures=5), 4, Level.HIGH),
        (Known(complaints_here=1, wishes=frozenset({"NO_LOCKER"})), 4, Level.HIGH),
        (Known(complaints_before=1), 2, Level.MID),
        (Known(severity=1, weather="RAIN"), 0, Level.LOW),
        (Known(severity=2, weather="STORM", event="STORM"), 2, Level.MID),
        # to be called because one is old says nothing here
        (Known(wishes=frozenset({"VOICE_CALL", "GUARD"})), 0, Level.LOW),
    ],
)
def test_the_rule_that_counts_without_a_model(known: Known, points: int, level: Level) -> None:
    total = sum(worth for worth, _ in points_of(known))
    assert (total, level_of_points(total)) == (points, level)
    judged = judge_risk(known, None)
    assert (judged.level, judged.score) == (level, None) and len(judged.reasons) <= 3


def test_age_is_no_feature() -> None:
    assert features_of(Known(wishes=frozenset({"VOICE_CALL"}))) == features_of(Known())


def test_the_reasons_are_the_strongest_and_told_once() -> None:
    late = Known(late_hours=30, product="标快", courier_signed=1000, courier_complaints=20)
    judged = judge_risk(late, SCORER)
    assert [key for key, _ in judged.reasons] == ["late", "courier", "product"]
    assert judged.reasons[0] == ("late", 30)
    assert judge_risk(Known(), SCORER).reasons == ()


def test_levels_follow_the_score() -> None:
    assert [SCORER.level(score) for score in (0.05, 0.049, 0.01, 0.0099)] == ["HIGH", "MID", "MID", "LOW"]


def test_what_was_written_is_read_back_and_nonsense_is_no_scorer() -> None:
    assert scorer_of(SCORER.values()) == SCORER
    for broken in ({"slope": 0.0}, {"terms": {}}, {"bias": float("nan")}, {"terms": {"late": [None, 0]}}):
        with pytest.raises(ValueError):
            scorer_of(SCORER.values() | broken)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0.001, 50), st.floats(-50, 50))
def test_calibration_keeps_the_order_and_stays_a_share(
    a: float, b: float, slope: float, offset: float
) -> None:
    low, high = (calibrated(raw, slope=slope, offset=offset) for raw in sorted((a, b)))
    assert 0 <= low <= high <= 1


@given(
    st.builds(
        Known,
        late_hours=st.floats(0, 1e6),
        days_under_way=st.floats(0, 1e5),
        failures=st.integers(0, 99),
        complaints_before=st.integers(0, 999),
        courier_signed=st.integers(0, 10**6),
        courier_complaints=st.integers(0, 10**6),
        product=st.sampled_from(["", "标快", "别的"]),
    )
)
def test_every_score_is_a_share(known: Known) -> None:
    score = judge_risk(known, SCORER).score
    assert score is not None and 0 <= score <= 1 and math.isfinite(score)


def test_the_worst_weather_counts_and_what_was_taken_back_does_not() -> None:
    assert worst_weather([("RAIN", 1), ("STORM", 3), ("HEAT", 0)]) == ("STORM", 3)
    assert worst_weather([("HEAT", 0)]) == worst_weather([]) == ("", 0)
