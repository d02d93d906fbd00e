"""What people think of how they were treated: one rating for each settled case, each talk, each hand-out."""

from typing import ClassVar

from django.db import models


class Rating(models.Model):
    """One to five stars for a settled case, given once by the person who complained."""

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="rating")
    score = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "feedback_rating"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(score__range=(1, 5)), name="feedback_rating_score"),
        ]


class TalkRating(models.Model):
    """One to five for how a person was answered in a conversation that has ended, given once."""

    conversation = models.OneToOneField(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="rating"
    )
    score = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "feedback_talk_rating"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(score__range=(1, 5)), name="feedback_talk_rating_score"
            ),
        ]


class PickupRating(models.Model):
    """One touch after parcels were fetched: 5 good, 3 so so, 1 bad; once for all that was given at a time."""

    class Way(models.TextChoices):
        PAGE = "PAGE"
        KIOSK = "KIOSK"

    hand_out = models.OneToOneField("stations.HandOut", on_delete=models.CASCADE, related_name="rating")
    score = models.PositiveSmallIntegerField()
    way = models.TextField(choices=Way.choices)
    at = models.DateTimeField()

    class Meta:
        db_table = "feedback_pickup_rating"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(score__range=(1, 5)), name="feedback_pickup_rating_score"
            ),
        ]
