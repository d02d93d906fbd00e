"""Articles whose day of review has come."""

from datetime import datetime

from yishi.knowledge.actions.reviews import announce_reviews


def sweep_reviews(*, at: datetime, limit: int = 100) -> int:
    """Has those who keep them told, each article once; returns how many."""
    return announce_reviews(at=at, limit=limit)
