"""The risk score on made-up networks whose truth is known, and differs from the model's form.

No real network's history is here, so this says how the method behaves, not how good a score will be.
Hidden in both: a person's patience and a courier's care that nobody sees; complaints of the same couriers
and persons come again; the base rate drifts up by a half over the days; half the storms are never noted;
chance. In the ALIKE network the truth resembles what outlets watch anyway: lateness hurts by steps and
saturates, weather worsens lateness, wishes matter with a careless courier, in the last third late fresh
goods hurt more than before. In the OTHER network lateness hardly matters: a cheap product is put into
lockers, fresh goods suffer in the afternoon and in a storm, cash and care decide. A logistic regression of
the noted facts can be exactly right about neither. `python -m bench risk` prints rows; `python -m
bench.risk` prints the figures of docs/risk-model.md.
"""

import math
import os
import random
import time
from collections import defaultdict
from collections.abc import Iterator

from bench.harness import Ground, Row

NETWORKS = ("alike", "other")
NAMES = (
    *(f"risk-{what}-{network}{tail}" for network in NETWORKS for what in ("auc", "lift")
      for tail in ("", "@large")),
    "risk-score",
)  # fmt: skip
SIZES = tuple(int(size) for size in os.environ.get("BENCH_RISK_SIZES", "8000,40000").split(","))
SEED, DAYS = 20_261, 60
SCORE_TARGET_US = 50
_PRODUCTS = (("标快", 0.6), ("经济", 0.25), ("生鲜速配", 0.08), ("同城", 0.07))


def run(ground: Ground) -> Iterator[Row]:
    """Order and lift of the top tenth at two sizes beside the rule's, then the time of scoring a parcel."""
    for network in NETWORKS:
        found = [(size, learn(size, network)[1]) for size in SIZES]
        for what in ("auc", "lift"):
            for (_, figures), tail in zip(found, ("", "@large"), strict=False):
                rule = figures["rule"][what]["value"]
                yield Row(
                    name=f"risk-{what}-{network}{tail}",
                    value=figures["model"][what]["value"],
                    unit="×" if what == "lift" else "",
                    n=figures["count"],
                    target=f"rule {rule:.3f}",
                )
    scorer, _, rows = learn(SIZES[0], NETWORKS[0])
    taken = microseconds(scorer, rows)
    yield Row(name=NAMES[-1], value=taken, unit="µs/parcel", n=len(rows), target=f"≤ {SCORE_TARGET_US}")


def learn(size: int, network: str, seed: int = SEED):
    """What the product does with such a history: the scorer, its figures, the rows held back."""
    from yishi.insight.rules.fitting import fit, split
    from yishi.insight.rules.measuring import measure

    folds = split(made_up(size, network, seed))
    scorer = fit(folds)
    return scorer, measure(folds, scorer, None), folds.measure


def microseconds(scorer, rows) -> float:
    from yishi.detection.rules.scorer import judge_risk

    began = time.perf_counter()
    for row in rows:
        judge_risk(row.known, scorer)
    return (time.perf_counter() - began) / len(rows) * 1e6


class _World:
    """What stays the same over the days: couriers, persons, outlets; hidden sides among them."""

    def __init__(self, size: int, rng: random.Random) -> None:
        self.outlets = [(f"O{n:02}", "CITY" if n % 3 else "COUNTY", rng.gauss(0, 0.15)) for n in range(18)]
        # care: above zero is careless; seen only through what was complained of
        self.couriers = [(f"C{n:03}", rng.choice(self.outlets), rng.gauss(0, 0.6)) for n in range(140)]
        self.people = [(rng.gauss(0, 0.9), rng.random()) for _ in range(max(200, size // 6))]
        self.signed = defaultdict(int)
        self.complained = defaultdict(int)
        self.complaints = defaultdict(list)


def made_up(size: int, network: str = "alike", seed: int = SEED):
    """`size` parcels over 60 days as rows, the first day first."""
    truth = {"alike": _alike, "other": _other}[network]
    rng = random.Random(seed)
    world = _World(size, rng)
    rows = []
    for day in range(DAYS):
        storms = {outlet[0]: rng.choice((0, 0, 0, 0, 0, 0, 0, 1, 2, 3)) for outlet in world.outlets}
        noted = {code: s if rng.random() < 0.5 else 0 for code, s in storms.items()}
        for n in range(size * day // DAYS, size * (day + 1) // DAYS):
            rows += _parcel(world, rng, n, day, storms, noted, truth)
    return rows


def _parcel(world: _World, rng: random.Random, number: int, day: int, storms, noted, truth):
    from yishi.detection.rules.risk import Known
    from yishi.insight.rules.rows import Row as Learnt

    person = rng.randrange(len(world.people))
    patience, fussy = world.people[person]
    courier, (outlet, area, roughness), care = rng.choice(world.couriers)
    product = rng.choices([p for p, _ in _PRODUCTS], [w for _, w in _PRODUCTS])[0]
    is_fresh = product == "生鲜速配" or rng.random() < 0.03
    wishes = frozenset(w for w, p in (("NO_LOCKER", 0.25), ("CALL_FIRST", 0.15), ("TIME_WINDOW", 0.06))
                       if rng.random() < p * (0.3 + 1.4 * fussy))  # fmt: skip
    storm = storms[outlet]
    late = max(0.0, rng.gauss(-14 + 7 * storm + (4 if area == "COUNTY" else 0), 14))
    damaged = rng.random() < 0.006
    before = sum(1 for at in world.complaints[person] if 0 < day - at <= 180)
    rows, failures = [], 0
    while True:
        known = Known(
            carrier=("yuantong", "zhongtong")[number % 2],
            product=product,
            wishes=wishes,
            complaints_before=before,
            courier_signed=world.signed[courier],
            courier_complaints=world.complained[courier],
            failures=failures,
            contacts=min(failures, 1 + (care < 0)),
            late_hours=round(late + 24 * failures if late or failures else 0.0, 1),
            days_under_way=max(1.0, 2.5 + late / 24 + rng.gauss(0, 0.8)),
            is_damaged=damaged,
            special=("FRESH",) if is_fresh else (),
            has_cash=number % 41 == 0,
            weather="STORM" if noted[outlet] else "",
            severity=noted[outlet],
            hour=rng.choice((8, 8, 9, 9, 14, 15)),
        )
        rows.append((day + failures, known))
        if failures >= 3 or rng.random() > 0.07 + 0.04 * (care > 0.5):
            break
        failures += 1
    hurt = truth(known, day, care, storm, is_fresh) + 0.9 * patience + roughness + rng.gauss(0, 0.4)
    # a ceiling: most people never complain, whatever happens
    is_complained = rng.random() < 0.6 / (1 + math.exp(-(hurt + 0.5 * day / DAYS - 5.6)))
    world.signed[courier] += 1
    if is_complained:
        world.complaints[person].append(day)
        world.complained[courier] += 1
    return [Learnt(number, at, one, is_complained, outlet, area) for at, one in rows]


def _alike(known, day, care, storm, is_fresh) -> float:
    late = known.late_hours
    hurt = 0.0 if late <= 0 else 0.5 if late < 6 else 1.3 if late < 30 else 1.9
    hurt *= 1 + 0.25 * storm
    hurt += (1.4 if day > 2 * DAYS / 3 else 0.6) * is_fresh * (late > 0)
    hurt += 1.1 * min(known.failures, 2) ** 0.7
    hurt += 1.2 * bool(known.wishes & {"NO_LOCKER", "TIME_WINDOW"}) * (care > 0.3)
    return hurt + 2.2 * known.is_damaged + 0.8 * care


def _other(known, day, care, storm, is_fresh) -> float:
    hurt = 0.2 * (known.late_hours > 12)
    is_cheap, is_afternoon = known.product == "经济", known.hour >= 14
    hurt += 1.6 * is_cheap * (1.3 if "NO_LOCKER" in known.wishes else 0.8)
    hurt += 1.7 * is_fresh * (is_afternoon + 0.4 * storm)
    hurt += 1.5 * known.has_cash + 0.3 * min(known.failures, 1)
    return hurt + 1.3 * max(care, -0.5) + 0.5 * ("CALL_FIRST" in known.wishes) * (care > 0)


def _print() -> None:
    from yishi.insight.rules.verdict import refused_for

    for network, size in ((network, size) for network in NETWORKS for size in SIZES):
        began = time.perf_counter()
        scorer, figures, rows = learn(size, network)
        taken = time.perf_counter() - began
        print(
            f"## {network}, {size} parcels: {figures['count']} held back, {figures['complaints']} of them bad"
        )
        print(f"refused for: {refused_for(figures) or 'nothing'}")
        print(
            f"made, learnt and measured in {taken:.1f} s; scoring {microseconds(scorer, rows):.1f} µs/parcel"
        )
        for who in ("model", "rule"):
            for name, said in figures[who].items():
                print(f"{who} {name}: {said['value']:.4f} [{said['low']:.4f}, {said['high']:.4f}]")
        for name in ("base", "auc_gain", "brier_gain", "brier_gain_over_rule"):
            said = figures[name].get("brier", figures[name])
            print(f"{name}: {said['value']:.6f} [{said['low']:.6f}, {said['high']:.6f}]")
        print(
            f"calibration error {figures['calibration_error']:.4f}, said/came {figures['said_to_came']:.3f}"
        )
        for one in figures["bins"]:
            print(f"  said {one['said']:.4f} came {one['came']:.4f} n {one['count']}")
        for kind in ("areas", "outlets"):
            for one in figures[kind]:
                print(f"  {kind} {one['group'] or '(rest)'}: said {one['said']:.4f} came {one['came']:.4f} "
                      f"± {one['margin']:.4f} auc {one['auc']:.3f} n {one['count']}")  # fmt: skip


if __name__ == "__main__":
    _print()
