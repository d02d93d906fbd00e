"""The weather that counts: the newest note of each kind, place and day."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from yishi.detection.models.risk import WeatherNote
from yishi.detection.queries.risk_words import SEVERITIES, WEATHERS
from yishi.people.queries import require, within_scope
from yishi.people.rules import Permission, Viewer

_MOST = 500


@dataclass(frozen=True, kw_only=True)
class WeatherLine:
    """What counts at an outlet (its name) or in a city on a day."""

    day: date
    kind: str
    severity: int
    place: str
    source: str
    noted_at: datetime

    @property
    def kind_words(self) -> str:
        return str(WEATHERS[self.kind])

    @property
    def severity_words(self) -> str:
        return str(SEVERITIES[self.severity])


def list_weather(*, viewer: Viewer, since: date) -> list[WeatherLine]:
    """From that day on, the nearest first: cities, and the outlets in sight. Raises NotAllowed."""
    require(viewer, Permission.EVENTS_DECLARE)
    rows = WeatherNote.objects.filter(Q(outlet__isnull=True) | within_scope(viewer, "outlet__code"))
    newest = rows.filter(day__gte=since).order_by(
        "day", "outlet_id", "city", "kind", "-noted_at", "-pk"
    ).distinct("day", "outlet_id", "city", "kind")  # fmt: skip
    return [
        WeatherLine(
            day=row.day,
            kind=row.kind,
            severity=row.severity,
            place=row.outlet.name if row.outlet else row.city,
            source=row.source,
            noted_at=row.noted_at,
        )
        for row in newest.select_related("outlet")[:_MOST]
        if row.severity
    ]
