"""Ratings as pages show them."""

from dataclasses import dataclass
from datetime import datetime

from yishi.feedback.models import Rating, TalkRating


@dataclass(frozen=True)
class RatingCard:
    score: int
    comment: str
    at: datetime


def find_rating(case_id: int) -> RatingCard | None:
    """The rating of a case, or None."""
    row = Rating.objects.filter(case_id=case_id).first()
    return RatingCard(row.score, row.comment, row.at) if row else None


def find_talk_rating(conversation_id: int) -> RatingCard | None:
    """The rating of a conversation, or None."""
    row = TalkRating.objects.filter(conversation_id=conversation_id).first()
    return RatingCard(row.score, row.comment, row.at) if row else None
