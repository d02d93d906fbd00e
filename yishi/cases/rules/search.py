"""Which of the cases found comes first. Pure; how words are cut is `kit.fulltext`."""

from datetime import datetime, timedelta

FADES_WITHIN = timedelta(days=30)


def score(match: float, opened_at: datetime, at: datetime) -> float:
    """How well a case answers: how well its words match, halved by every month of age."""
    months: float = max(at - opened_at, timedelta()) / FADES_WITHIN
    return match * float(0.5**months)
