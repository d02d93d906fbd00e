"""A published model at work: weights times features, made a true share by its calibration. Pure Python."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yishi.detection.rules.risk import (
    Known,
    Level,
    Reason,
    features_of,
    level_of_points,
    points_of,
    reasons_there,
    told_as,
)

MOST_REASONS = 3
_TELLS = 0.1
"""A feature that moves the log odds by less than this is no reason."""


@dataclass(frozen=True)
class Scorer:
    """`terms`: feature → (weight, what is usual). The sum is a log odds, which `slope` (above zero) and
    `offset` make a calibrated one. From `high_from` a score is HIGH, from `mid_from` MID."""

    bias: float
    terms: Mapping[str, tuple[float, float]]
    slope: float
    offset: float
    high_from: float
    mid_from: float

    def raw(self, features: Mapping[str, float]) -> float:
        terms = self.terms
        return self.bias + sum(terms[name][0] * value for name, value in features.items() if name in terms)

    def score(self, features: Mapping[str, float]) -> float:
        """How likely a complaint is, 0 to 1."""
        return calibrated(self.raw(features), slope=self.slope, offset=self.offset)

    def level(self, score: float) -> Level:
        if score >= self.high_from:
            return Level.HIGH
        return Level.MID if score >= self.mid_from else Level.LOW

    def values(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "bias": self.bias,
            "terms": {name: list(term) for name, term in self.terms.items()},
            "slope": self.slope,
            "offset": self.offset,
            "high_from": self.high_from,
            "mid_from": self.mid_from,
        }


def scorer_of(values: Mapping[str, Any]) -> Scorer:
    """What `values` wrote. Raises ValueError for what cannot score."""
    try:
        terms = {str(name): (float(w), float(usual)) for name, (w, usual) in values["terms"].items()}
        plain = [float(values[name]) for name in ("bias", "slope", "offset", "high_from", "mid_from")]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no scorer") from error
    if not terms or plain[1] <= 0 or not all(map(math.isfinite, (*plain, *(w for w, _ in terms.values())))):
        raise ValueError("no scorer")
    return Scorer(plain[0], terms, plain[1], plain[2], plain[3], plain[4])


def calibrated(raw: float, *, slope: float, offset: float) -> float:
    """The share that a log odds stands for; it rises with it, since `slope` is above zero."""
    x = max(-40.0, min(40.0, slope * raw + offset))
    return 1 / (1 + math.exp(-x))


@dataclass(frozen=True)
class Judged:
    """`score` is None where no model has learnt from this network: then only the level counts."""

    level: Level
    score: float | None
    points: int
    reasons: tuple[Reason, ...]


def judge_risk(known: Known, scorer: Scorer | None) -> Judged:
    """One parcel: by the model where there is one, else by the rule."""
    points = points_of(known)
    total = sum(worth for worth, _ in points)
    if scorer is None:
        return Judged(level_of_points(total), None, total, tuple(r for _, r in points[:MOST_REASONS]))
    features = features_of(known)
    score = scorer.score(features)
    return Judged(scorer.level(score), score, total, reasons_of(known, features, scorer))


def reasons_of(known: Known, features: Mapping[str, float], scorer: Scorer) -> tuple[Reason, ...]:
    """What raises it most above what is usual, the strongest first; features that say the same count
    together."""
    there, moved = reasons_there(known), dict[str, float]()
    for name, value in features.items():
        key, term = told_as(name), scorer.terms.get(name)
        if term is not None and key in there:
            moved[key] = moved.get(key, 0.0) + scorer.slope * term[0] * (value - term[1])
    telling = sorted((key for key, by in moved.items() if by > _TELLS), key=lambda key: -moved[key])
    return tuple(there[key] for key in telling[:MOST_REASONS])
