"""Ratings as pages show them."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from yishi.feedback.models import PickupRating, Rating, TalkRating
from yishi.feedback.rules import PICKUP_RATED_WITHIN
from yishi.stations.models.handouts import HandOut


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


@dataclass(frozen=True)
class PickupSaid:
    """A hand-out that can be rated by whoever fetched there: `score` 0 while nobody has."""

    hand_out_id: int
    score: int


def pickup_to_rate(parcel_id: int, *, at: datetime) -> PickupSaid | None:
    """Of the parcel's hand-out, for a week; None where it was not handed out, or longer ago."""
    rows = HandOut.objects.filter(parcels=parcel_id, at__gt=at - PICKUP_RATED_WITHIN)
    row = rows.values_list("pk", "rating__score").first()
    return PickupSaid(row[0], row[1] or 0) if row else None


def pickup_scores(station_id: int, *, since: datetime, until: datetime) -> Counter[int]:
    """How often each score was given for the hand-outs of this time; by the moment of the hand-out."""
    rows = PickupRating.objects.filter(
        hand_out__station_id=station_id, hand_out__at__gte=since, hand_out__at__lt=until
    )
    return Counter(dict(rows.values_list("score").annotate(n=Count("pk"))))
