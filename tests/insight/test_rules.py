"""Fitting, splitting, measuring and the verdict by small examples with known answers. No database."""

import numpy as np
import pytest

from bench.risk import made_up
from yishi.detection.rules.risk import Known
from yishi.insight.rules.fitting import fit, logistic, platt, split
from yishi.insight.rules.measuring import auc, average_precision, bins_of, brier, lift, measure, ranked
from yishi.insight.rules.rows import Row
from yishi.insight.rules.verdict import refused_for, too_little


def test_one_parcel_stands_on_one_side_and_the_later_ones_measure() -> None:
    rows = [Row(n // 2, n // 2 + 3 * (n % 2), Known(), False) for n in range(40)]
    folds = split(rows)
    sides = [{row.parcel for row in fold} for fold in (folds.learn, folds.calibrate, folds.measure)]
    assert [len(side) for side in sides] == [12, 4, 4]
    assert not (sides[0] & sides[1] or sides[1] & sides[2] or sides[0] & sides[2])
    assert max(sides[0]) < min(sides[1]) < min(sides[2])


def test_a_known_truth_is_found_again_and_a_rare_feature_throws_nothing_off() -> None:
    rng = np.random.default_rng(7)
    x = np.column_stack([rng.normal(size=20_000), (rng.random(20_000) < 0.002) * 22.0])
    said = (rng.random(20_000) < 1 / (1 + np.exp(3 - x[:, 0]))).astype(float)
    bias, weights = logistic(x, said, ridge=1.0)
    assert bias == pytest.approx(-3, abs=0.15) and weights[0] == pytest.approx(1, abs=0.1)
    assert abs(weights[1]) < 0.1


def test_calibration_takes_back_what_was_said_too_loudly() -> None:
    rng = np.random.default_rng(7)
    true = rng.normal(-3, 1, size=20_000)
    said = (rng.random(20_000) < 1 / (1 + np.exp(-true))).astype(float)
    slope, offset = platt(2 * true + 1, said)
    assert slope == pytest.approx(0.5, abs=0.05) and offset == pytest.approx(-0.5, abs=0.2)
    assert platt(-true, said)[0] > 0


def test_figures_of_order_by_hand() -> None:
    said, ones = np.array([1.0, 0, 1, 0, 0]), np.ones(5)
    best, worst, equal = (ranked(np.array(s, float)) for s in ((9, 1, 8, 2, 3), (1, 9, 2, 8, 7), (1,) * 5))
    assert [auc(rank, said, ones) for rank in (best, worst, equal)] == [1.0, 0.0, 0.5]
    assert average_precision(best, said, ones) == 1.0
    assert average_precision(equal, said, ones) == pytest.approx(0.4)
    assert lift(equal, said, ones) == pytest.approx(1.0)
    assert lift(best, said, ones) == pytest.approx(2.5)
    assert brier(np.array([1.0, 0, 0.5, 0, 0]), said, ones) == pytest.approx(0.05)
    # weights are as good as repeating
    assert auc(best, said, np.array([2.0, 0, 1, 1, 1])) == 1.0


def test_tenths_say_what_was_said_and_what_came() -> None:
    shares = np.linspace(0, 0.99, 100)
    bins = bins_of(shares, (shares > 0.5).astype(float))
    assert [one["count"] for one in bins] == [10] * 10
    assert bins[0]["came"] == 0 and bins[-1]["came"] == 1 and bins[-1]["said"] > 0.9


@pytest.mark.parametrize(
    ("counts", "reasons"),
    [
        ((999, 50, 15, 20), ["few_parcels"]),
        ((1000, 49, 15, 20), ["few_complaints"]),
        ((1000, 50, 14, 20), ["few_complaints"]),
        ((0, 0, 0, 0), ["few_parcels", "few_complaints"]),
        ((1000, 50, 15, 20), []),
    ],
)
def test_too_little_to_learn_from(counts: tuple[int, int, int, int], reasons: list[str]) -> None:
    rows, learnt, calibrated, measured = counts
    assert too_little(rows=rows, learnt=learnt, calibrated=calibrated, measured=measured) == reasons


@pytest.mark.parametrize(
    ("auc_low", "brier_low", "said", "reasons"),
    [
        (0.01, 0.0001, 1.0, []),
        (0.0, 0.0001, 1.0, ["no_better_order"]),
        (0.01, -0.0001, 1.5, ["no_better_shares"]),
        (0.01, 0.0001, 1.51, ["shares_not_true"]),
        (0.01, 0.0001, 0.66, ["shares_not_true"]),
    ],
)
def test_only_what_is_surely_better_may_score(
    auc_low: float, brier_low: float, said: float, reasons: list[str]
) -> None:
    figures = {"auc_gain": {"low": auc_low}, "brier_gain": {"low": brier_low}, "said_to_came": said}
    assert refused_for(figures) == reasons


def test_what_outlets_do_not_watch_is_learnt_and_better_than_the_rule() -> None:
    folds = split(made_up(24_000, "other", seed=5))
    scorer = fit(folds)
    figures = measure(folds, scorer, scorer)
    assert refused_for(figures) == []
    assert scorer.terms["product:经济"][0] > 0.5 and figures["live"]["auc"] == figures["model"]["auc"]
    assert sum(one["count"] for one in figures["areas"]) == figures["count"] == len(folds.measure)
