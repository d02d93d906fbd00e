"""How likely parcels that are out will be complained of: published models, the score of each parcel, and what
the score needs that nobody else keeps: complaints by their parcel, and the weather as staff noted it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yishi.network.models import Outlet
from yishi.shipments.models.parcels import Shipment


class RiskModel(models.Model):
    """A model that was published: `weights` score (`rules.scorer`), `card` is what it was measured to do.

    At most one is live; a withdrawn one stays, because scores name it.
    """

    version_no = models.PositiveIntegerField(unique=True)
    weights = models.JSONField()
    card = models.JSONField(default=dict)
    is_live = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    published_by = models.TextField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.TextField(default="")

    class Meta:
        db_table = "detection_risk_model"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_live"], condition=Q(is_live=True), name="detection_one_live_model"
            )
        ]


class Risk(models.Model):
    """The newest score of a parcel while it was out; without a model (`score` NULL) only a level by rule.

    `reasons` are keys with what fills them (`queries.risk_words`), the strongest first.
    """

    class Level(models.TextChoices):
        HIGH = "HIGH", _("高")
        MID = "MID", _("中")
        LOW = "LOW", _("低")

    shipment = models.OneToOneField(Shipment, primary_key=True, on_delete=models.CASCADE, related_name="risk")
    level = models.TextField(choices=Level.choices)
    score = models.FloatField(null=True)
    points = models.PositiveSmallIntegerField(default=0)
    reasons = models.JSONField(default=list)
    model = models.ForeignKey(
        RiskModel, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    reckoned_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "detection_risk"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=1), name="detection_risk_share"
            )
        ]


class Complaint(models.Model):
    """A person's complaint about a parcel, without a word of it: which parcel, when, which case."""

    case_no = models.TextField(primary_key=True)
    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "detection_complaint"


class WeatherNote(models.Model):
    """What the weather was or will be at an outlet or in a city on a day, as somebody noted it.

    Never changed: of several notes of one kind, place and day the newest counts, and `severity` 0 takes it
    back, so that what was known at any moment can be told.
    """

    class Kind(models.TextChoices):
        RAIN = "RAIN", _("大雨")
        SNOW = "SNOW", _("大雪")
        STORM = "STORM", _("大风、雷暴")
        HEAT = "HEAT", _("高温")

    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    city = models.TextField(default="")
    day = models.DateField()
    kind = models.TextField(choices=Kind.choices)
    severity = models.PositiveSmallIntegerField()
    source = models.TextField(default="")
    noted_at = models.DateTimeField()
    noted_by = models.TextField()

    class Meta:
        db_table = "detection_weather"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(severity__lte=3), name="detection_weather_severity"),
            models.CheckConstraint(
                condition=Q(outlet__isnull=False, city="") | Q(outlet__isnull=True) & ~Q(city=""),
                name="detection_weather_somewhere",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["day"], name="detection_weather_day")]
