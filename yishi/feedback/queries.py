"""Ratings as pages show them."""

from dataclasses import dataclass
from datetime import datetime

from yishi.feedback.models import Rating


@dataclass(frozen=True)
class RatingCard:
    score: int
    comment: str
    at: datetime


def find_rating(case_id: int) -> RatingCard | None:
    """The rating of a case, or None."""
    row = Rating.objects.filter(case_id=case_id).first()
    return RatingCard(row.score, row.comment, row.at) if row else None
