"""How good scores are on parcels held back: order, shares, calibration, each with its interval. Pure; numpy.

Intervals are of 200 bootstraps over parcels, whose moments stay together; the seed is fixed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yishi.detection.rules.risk import features_of, points_of
from yishi.detection.rules.scorer import Scorer
from yishi.insight.rules.fitting import Folds
from yishi.insight.rules.rows import Row

Floats = NDArray[np.float64]
BOOTSTRAPS, SEED = 200, 20_261
BINS = 10
TOP = 0.1
_MOST_POINTS = 8.0
_MOST_GROUPS, _LEAST_IN_GROUP = 12, 200


@dataclass(frozen=True)
class Ranked:
    """Scores sorted once, so that each bootstrap only weighs them: `ends` close groups of equal scores."""

    order: NDArray[np.int64]
    ends: NDArray[np.int64]


def ranked(scores: Floats) -> Ranked:
    order = np.argsort(-scores, kind="stable")
    tops = scores[order]
    ends = np.append(np.nonzero(np.diff(tops))[0], len(tops) - 1)
    return Ranked(order, ends)


def _yes_no(rank: Ranked, said: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Complaints and others down to each end, the highest scores first."""
    mine, w = said[rank.order], weights[rank.order]
    return np.cumsum(w * mine)[rank.ends], np.cumsum(w * (1 - mine))[rank.ends]


def auc(rank: Ranked, said: Floats, weights: Floats) -> float:
    """How often a parcel with a complaint stands above one without; equal scores count half."""
    yes, no = _yes_no(rank, said, weights)
    before = np.concatenate([[0.0], yes[:-1]])
    steps = np.diff(np.concatenate([[0.0], no]))
    whole = yes[-1] * no[-1]
    return float(((before + yes) / 2 * steps).sum() / whole) if whole else 0.5


def average_precision(rank: Ranked, said: Floats, weights: Floats) -> float:
    """The area under precision and recall."""
    yes, no = _yes_no(rank, said, weights)
    gained = np.diff(np.concatenate([[0.0], yes]))
    total = yes + no
    precision = np.divide(yes, total, out=np.zeros_like(yes), where=total > 0)
    return float((gained * precision).sum() / yes[-1]) if yes[-1] else 0.0


def lift(rank: Ranked, said: Floats, weights: Floats) -> float:
    """How many times more complaints than by chance are among the tenth that stands highest."""
    yes, no = _yes_no(rank, said, weights)
    total = yes + no
    if not yes[-1]:
        return 0.0
    caught = float(np.interp(TOP * total[-1], np.append([0.0], total), np.append([0.0], yes)))
    return caught / float(yes[-1]) / TOP


def brier(shares: Floats, said: Floats, weights: Floats) -> float:
    return float((weights * (shares - said) ** 2).sum() / weights.sum())


def bins_of(shares: Floats, said: Floats) -> list[dict[str, float]]:
    """Tenths by score, each with what was said and what came; the last holds the highest."""
    parts = np.array_split(np.argsort(shares, kind="stable"), BINS)
    return [
        {"count": len(part), "said": float(shares[part].mean()), "came": float(said[part].mean())}
        for part in parts
        if len(part)
    ]


def calibration_error(bins: Sequence[dict[str, float]]) -> float:
    """The mean distance of what was said and what came, over the tenths."""
    whole = sum(one["count"] for one in bins)
    return float(sum(one["count"] * abs(one["said"] - one["came"]) for one in bins) / whole)


class Held:
    """The rows held back, and the bootstraps that all figures share."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.said = np.array([float(row.is_complained) for row in rows])
        self.ones = np.ones(len(rows))
        _, self.parcel = np.unique([row.parcel for row in rows], return_inverse=True)
        rng = np.random.default_rng(SEED)
        count = int(self.parcel.max()) + 1
        share = np.full(count, 1 / count)
        self.draws = [rng.multinomial(count, share)[self.parcel].astype(float) for _ in range(BOOTSTRAPS)]

    def interval(self, figure: Callable[[Floats], float]) -> dict[str, float]:
        drawn = [figure(weights) for weights in self.draws]
        low, high = (float(q) for q in np.quantile(drawn, [0.025, 0.975]))
        return {"value": figure(self.ones), "low": low, "high": high}


def shares_of(scorer: Scorer, rows: Sequence[Row]) -> Floats:
    return np.array([scorer.score(features_of(row.known)) for row in rows])


def rule_points(rows: Sequence[Row]) -> Floats:
    return np.array([float(sum(worth for worth, _ in points_of(row.known))) for row in rows])


def rule_shares(folds: Folds) -> Floats:
    """The rule's points as shares: what came of parcels with as many points before, held to the base rate."""
    before = [*folds.learn, *folds.calibrate]
    base = sum(row.is_complained for row in before) / len(before)
    came: dict[float, list[float]] = {}
    for points, row in zip(rule_points(before), before, strict=True):
        counts = came.setdefault(min(float(points), _MOST_POINTS), [20 * base, 20.0])
        counts[0] += row.is_complained
        counts[1] += 1
    said = [came.get(min(float(points), _MOST_POINTS), [base, 1.0]) for points in rule_points(folds.measure)]
    return np.array([yes / count for yes, count in said])


def measure(folds: Folds, scorer: Scorer, live: Scorer | None) -> dict[str, Any]:
    """All figures of a model beside the rule's, the base rate's and the live model's, as JSON."""
    held = Held(folds.measure)
    before = [*folds.learn, *folds.calibrate]
    base = np.full(len(held.rows), sum(row.is_complained for row in before) / len(before))
    model, rule, points = shares_of(scorer, held.rows), rule_shares(folds), rule_points(held.rows)
    bins = bins_of(model, held.said)
    one, other = ranked(model), ranked(points)

    def brier_gain(than: Floats) -> Callable[[Floats], float]:
        return lambda w: brier(than, held.said, w) - brier(model, held.said, w)

    found: dict[str, Any] = {
        "count": len(held.rows),
        "complaints": int(held.said.sum()),
        "base_rate": float(held.said.mean()),
        "model": _figures(held, model, one),
        "rule": _figures(held, rule, other),
        "base": {"brier": held.interval(lambda w: brier(base, held.said, w))},
        "auc_gain": held.interval(lambda w: auc(one, held.said, w) - auc(other, held.said, w)),
        "brier_gain": held.interval(brier_gain(base)),
        "brier_gain_over_rule": held.interval(brier_gain(rule)),
        "bins": bins,
        "calibration_error": calibration_error(bins),
        "said_to_came": float(model.mean() / max(held.said.mean(), 1e-9)),
        "outlets": _groups(held, model, [row.outlet for row in held.rows]),
        "areas": _groups(held, model, [row.area for row in held.rows]),
    }
    if live is not None:
        shares = shares_of(live, held.rows)
        found["live"] = _figures(held, shares, ranked(shares))
    return found


def _figures(held: Held, shares: Floats, rank: Ranked) -> dict[str, Any]:
    said = held.said
    return {
        "auc": held.interval(lambda w: auc(rank, said, w)),
        "precision": held.interval(lambda w: average_precision(rank, said, w)),
        "lift": held.interval(lambda w: lift(rank, said, w)),
        "brier": held.interval(lambda w: brier(shares, said, w)),
    }


def _groups(held: Held, shares: Floats, names: Sequence[str]) -> list[dict[str, Any]]:
    """Whether the error is alike: what was said and what came, by group; small groups together as ''."""
    sizes: dict[str, int] = {}
    for name in names:
        sizes[name] = sizes.get(name, 0) + 1
    big = sorted((n for n in sizes if n and sizes[n] >= _LEAST_IN_GROUP), key=lambda n: -sizes[n])
    kept = set(big[:_MOST_GROUPS])
    labels = np.array([name if name in kept else "" for name in names])
    found = []
    for name in [*big[:_MOST_GROUPS], ""]:
        mine = labels == name
        if not mine.any():
            continue
        said = held.said[mine]
        spread = float(np.sqrt(max(said.mean() * (1 - said.mean()), 1e-9) / len(said)))
        found.append(
            {
                "group": name,
                "count": int(mine.sum()),
                "said": float(shares[mine].mean()),
                "came": float(said.mean()),
                "margin": 1.96 * spread,
                "auc": auc(ranked(shares[mine]), said, np.ones(len(said))),
            }
        )
    return found
