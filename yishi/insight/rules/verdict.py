"""Whether what was learnt may score parcels: only what is better than the rule, beyond chance. Pure."""

from collections.abc import Mapping
from typing import Any

LEAST_ROWS = 1_000
LEAST_LEARNT, LEAST_CALIBRATED, LEAST_MEASURED = 50, 15, 20
"""Complaints that a part must hold, else a figure says nothing."""
_TRUE_WITHIN = 1.5

REASONS = (
    "few_parcels", "few_complaints", "no_better_order", "no_better_shares", "shares_not_true",
)  # fmt: skip


def too_little(*, rows: int, learnt: int, calibrated: int, measured: int) -> list[str]:
    """Why nothing can be learnt yet; the numbers are of complaints but for `rows`."""
    found = ["few_parcels"] if rows < LEAST_ROWS else []
    if learnt < LEAST_LEARNT or calibrated < LEAST_CALIBRATED or measured < LEAST_MEASURED:
        found.append("few_complaints")
    return found


def refused_for(figures: Mapping[str, Any]) -> list[str]:
    """Why a model may not be published: its order is not surely better than the rule's, its shares not surely
    better than the base rate's, or what it says differs by half from what came. Empty: it may."""
    found = []
    if figures["auc_gain"]["low"] <= 0:
        found.append("no_better_order")
    if figures["brier_gain"]["low"] <= 0:
        found.append("no_better_shares")
    if not 1 / _TRUE_WITHIN <= figures["said_to_came"] <= _TRUE_WITHIN:
        found.append("shares_not_true")
    return found
