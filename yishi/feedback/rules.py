"""What a rating means."""

LOWEST, HIGHEST = 1, 5
MAX_COMMENT = 2_000
SETTLED = frozenset({"RESOLVED", "CLOSED"})


def is_low(score: int) -> bool:
    """One or two stars: somebody must look at the case again."""
    return score <= 2
