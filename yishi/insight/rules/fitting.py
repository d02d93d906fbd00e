"""Fitting a plain logistic regression and its calibration. Pure; numpy, so only where training runs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yishi.detection.rules.risk import PLAIN_FEATURES, features_of
from yishi.detection.rules.scorer import Scorer
from yishi.insight.rules.rows import Row

Floats = NDArray[np.float64]

LEARN_SHARE, CALIBRATE_SHARE = 0.6, 0.2
"""By time: the first parcels teach, the next calibrate, the last fifth only measures."""
RIDGE = 50.0
_FREQUENT = 100
"""A product or a carrier needs so many rows to be a feature."""
_MOST_NAMED = 12
HIGH_SHARE, RAISED_SHARE = 0.1, 0.3
_ROUNDS = 50


@dataclass(frozen=True)
class Folds:
    learn: Sequence[Row]
    calibrate: Sequence[Row]
    measure: Sequence[Row]


def split(rows: Sequence[Row]) -> Folds:
    """By the parcel's first moment: all of one parcel stand on one side, the later ones measure."""
    first: dict[int, int] = {}
    for row in rows:
        first[row.parcel] = min(row.day, first.get(row.parcel, row.day))
    order = sorted(first, key=lambda parcel: (first[parcel], parcel))
    ends = (int(len(order) * LEARN_SHARE), int(len(order) * (LEARN_SHARE + CALIBRATE_SHARE)))
    side = {parcel: (n >= ends[0]) + (n >= ends[1]) for n, parcel in enumerate(order)}
    folds: tuple[list[Row], list[Row], list[Row]] = ([], [], [])
    for row in rows:
        folds[side[row.parcel]].append(row)
    return Folds(*folds)


def vocabulary(features: Sequence[Mapping[str, float]]) -> list[str]:
    """The plain features, and the products and carriers that are frequent enough."""
    counts = Counter(name for row in features for name in row if ":" in name)
    frequent = [name for name, count in counts.most_common(_MOST_NAMED) if count >= _FREQUENT]
    return [*PLAIN_FEATURES, *sorted(frequent)]


def fit(folds: Folds) -> Scorer:
    """Learns on the first fold, calibrates on the second. Both must hold a complaint and a parcel without."""
    learnt = [features_of(row.known) for row in folds.learn]
    names = vocabulary(learnt)
    matrix, said = _matrix(learnt, names), _labels(folds.learn)
    usual, spread = matrix.mean(axis=0), matrix.std(axis=0)
    spread[spread == 0] = 1.0
    bias, weights = logistic((matrix - usual) / spread, said, ridge=RIDGE)
    plain = weights / spread
    bias -= float(usual @ plain)
    held = _matrix([features_of(row.known) for row in folds.calibrate], names)
    raw = held @ plain + bias
    slope, offset = platt(raw, _labels(folds.calibrate))
    shares = 1 / (1 + np.exp(-np.clip(slope * raw + offset, -40, 40)))
    high, mid = (float(np.quantile(shares, 1 - share)) for share in (HIGH_SHARE, RAISED_SHARE))
    terms = {
        name: (float(weight), float(mean))
        for name, weight, mean in zip(names, plain, usual, strict=True)
        if weight
    }
    return Scorer(bias, terms, slope, offset, high, mid)


def logistic(matrix: Floats, said: Floats, *, ridge: float) -> tuple[float, Floats]:
    """Newton's method on the penalised likelihood, each step halved until it helps: a rare feature would
    throw it far off. The bias is not penalised."""
    rows = np.hstack([np.ones((len(matrix), 1)), matrix])
    penalty = np.full(rows.shape[1], ridge)
    penalty[0] = 1e-6
    weights = np.zeros(rows.shape[1])
    weights[0] = _log_odds(float(said.mean()))

    def loss(at: Floats) -> float:
        odds = rows @ at
        return float((np.logaddexp(0, odds) - said * odds).sum() + (penalty * at * at).sum() / 2)

    for _ in range(_ROUNDS):
        shares = 1 / (1 + np.exp(-np.clip(rows @ weights, -40, 40)))
        slope = rows.T @ (said - shares) - penalty * weights
        curve = (rows * (shares * (1 - shares))[:, None]).T @ rows + np.diag(penalty)
        step: Floats = np.linalg.solve(curve, slope)
        while loss(weights + step) > loss(weights) + 1e-9 and float(np.abs(step).max()) > 1e-9:
            step = step / 2
        weights = weights + step
        if float(np.abs(step).max()) < 1e-6:
            break
    return float(weights[0]), weights[1:]


def platt(raw: Floats, said: Floats) -> tuple[float, float]:
    """Slope and offset by which log odds become true ones (Platt 1999, with his softened targets); the slope
    is kept above zero, so that the order stays."""
    yes = float(said.sum())
    soft = np.where(said > 0, (yes + 1) / (yes + 2), 1 / (len(said) - yes + 2))
    offset, weights = logistic(raw[:, None], soft, ridge=1e-3)
    return max(float(weights[0]), 0.05), offset


def _log_odds(share: float) -> float:
    share = min(max(share, 1e-6), 1 - 1e-6)
    return float(np.log(share / (1 - share)))


def _matrix(features: Sequence[Mapping[str, float]], names: Sequence[str]) -> Floats:
    place = {name: n for n, name in enumerate(names)}
    matrix = np.zeros((len(features), len(names)))
    for n, row in enumerate(features):
        for name, value in row.items():
            if name in place:
                matrix[n, place[name]] = value
    return matrix


def _labels(rows: Sequence[Row]) -> Any:
    return np.array([float(row.is_complained) for row in rows])
