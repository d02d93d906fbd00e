"""The same matter again: what counts as the same, and how pressing it becomes. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from yishi.cases.rules.categories import URGENT_CATEGORIES

SAME_WITHIN = timedelta(seconds=60)


REPEAT_WITHIN = timedelta(days=30)


SOON_REPEAT_WITHIN = timedelta(days=3)


HIGHEST_PRIORITY = 2


def first_priority(category: str, wanted: int, earlier: Iterable[datetime], at: datetime) -> int:
    """0 to 2: one more for a repeat within 30 days, the highest within 3 days or for danger."""
    moments = list(earlier)
    if category in URGENT_CATEGORIES or any(at - moment <= SOON_REPEAT_WITHIN for moment in moments):
        return HIGHEST_PRIORITY
    raised = wanted + (1 if any(at - moment <= REPEAT_WITHIN for moment in moments) else 0)
    return max(0, min(raised, HIGHEST_PRIORITY))
