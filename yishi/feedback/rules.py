"""What a rating means."""

from datetime import timedelta

LOWEST, HIGHEST = 1, 5
GOOD, SO_SO, BAD = 5, 3, 1
"""The three that one touch can say."""
PICKUP_RATED_WITHIN = timedelta(days=7)
MAX_COMMENT = 2_000
SETTLED = frozenset({"RESOLVED", "CLOSED"})


def is_low(score: int) -> bool:
    """One or two stars: somebody must look at the case again."""
    return score <= 2
