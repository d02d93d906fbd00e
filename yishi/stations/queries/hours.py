"""忙时预测: what comes by the hour, how many counters that needs, and how far off such forecasts were."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Model, QuerySet
from django.db.models.functions import TruncDate, TruncHour

from yishi.stations.models.handouts import HandOut
from yishi.stations.models.parcels import StationParcel
from yishi.stations.models.queue import QueueTicket, StationMorning
from yishi.stations.queries.queue import queue_setting
from yishi.stations.queries.stations import StationCard, local
from yishi.stations.rules.fetching import KEPT_DAYS, Stays
from yishi.stations.rules.forecast import WEEKS, Accuracy, Check, HourForecast, accuracy, like
from yishi.stations.rules.moments import opening_hours
from yishi.stations.rules.outlook import CHECKED_WEEKS, Learned, Past, Views, forecast, learn
from yishi.stations.rules.queue import FEWEST, fit_to_measure
from yishi.stations.rules.staffing import counters_for, mean_wait_s, served_within

ASSUMED_SERVICE_S = 60.0
"""Until a station has measured its own: said on the page."""
KNOWN = timedelta(weeks=WEEKS + CHECKED_WEEKS, days=KEPT_DAYS)
_T = TypeVar("_T", bound=Model)
_Counts = dict[date, dict[int, float]]
_Ends = dict[date, dict[date, dict[int, int]]]


@dataclass(frozen=True, kw_only=True)
class HourRow:
    """One hour: what is expected, how many counters it needs, and how long one then waits on the mean."""

    hour: int
    forecast: HourForecast | None
    came: int | None
    counters: int
    share: float
    wait_s: float


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day's forecast. `service_s` was measured on `services` tickets (0 = assumed); `parcels_share` is the
    weight that the parcels have (0 = past weeks alone); `accuracy` is of the last weeks, each day said by
    what was known on its morning. `like_day` is the weekday as which a feast or a worked weekend counts."""

    day: date
    rows: list[HourRow]
    service_s: float
    services: int
    views: Views
    parcels_share: float
    factor: float
    like_day: int
    accuracy: Accuracy | None
    checks: list[Check]

    @property
    def visits(self) -> float:
        return sum(row.forecast.visits for row in self.rows if row.forecast)

    @property
    def most_counters(self) -> int:
        return max((row.counters for row in self.rows), default=1)

    @property
    def is_by_parcels(self) -> bool:
        return bool(self.views.by_parcels) and self.parcels_share > 0


def forecast_day(
    card: StationCard,
    day: date,
    *,
    feasts: Collection[date] = (),
    worked: Collection[date] = (),
    at: datetime,
) -> Day:
    """The forecast of a day by the hour, from eight weeks of the station's own past; `feasts` are days off
    and `worked` weekends that are worked, as the operator keeps them."""

    def likeness(one: date) -> int:
        return like(one, feasts=feasts, worked=worked)

    setting, hours = queue_setting(card.id), opening_hours(card.opens, card.closes)
    today, now_hour = local(at).date(), local(at).hour
    past = past_of(card, {date.fromisoformat(iso): f for iso, f in setting.factors.items()}, likeness, at=at)
    came = past.visits.get(today, {})
    learned: Learned = learn(past, today=today, hours=hours)
    said, views = forecast(
        past, day, today=today, opens=hours[0], now_hour=now_hour, hours=hours, learned=learned
    )
    service_s, services = _service(card, at)
    share, within_s = setting.target_percent / 100, setting.target_s
    rows = []
    for hour in hours:
        expected = said[hour].visits if hour in said else 0.0
        counters = counters_for(expected, service_s=service_s, share=share, within_s=within_s)
        load = expected * service_s / 3600
        rows.append(
            HourRow(
                hour=hour,
                forecast=said.get(hour),
                came=int(came.get(hour, 0)) if (day, hour) < (today, now_hour) else None,
                counters=counters,
                share=served_within(counters, load, service_s=service_s, within_s=within_s),
                wait_s=mean_wait_s(counters, load, service_s=service_s),
            )
        )
    return Day(
        day=day,
        rows=rows,
        service_s=service_s,
        services=services,
        views=views,
        parcels_share=learned.share,
        factor=past.factors.get(day, 1.0),
        like_day=likeness(day),
        accuracy=accuracy(learned.checks),
        checks=learned.checks,
    )


def past_of(
    card: StationCard, factors: dict[date, float], likeness: Callable[[date], int], *, at: datetime
) -> Past:
    """Fourteen weeks of the station, counted by the database: who came, and parcels in and out."""
    since = at - KNOWN
    hours = opening_hours(card.opens, card.closes)
    mornings = StationMorning.objects.filter(station_id=card.id, day__gte=since.date())
    stays = Stays(
        came=_arrivals(card, since),
        fetched=_ends(card, since, is_fetched=True),
        gone=_ends(card, since, is_fetched=False),
        on_way=dict(mornings.values_list("day", "on_way")),
    )
    return Past(visits=_visits(card, hours, since), stays=stays, likeness=likeness, factors=factors)


def _by_hour(rows: QuerySet[_T], moment: str) -> _Counts:
    found: _Counts = {}
    hours = rows.annotate(hour=TruncHour(moment, tzinfo=ZoneInfo(settings.TIME_ZONE)))
    for hour, n in hours.values("hour").annotate(n=Count("pk")).order_by().values_list("hour", "n"):
        found.setdefault(hour.date(), {})[hour.hour] = n
    return found


def _visits(card: StationCard, hours: range, since: datetime) -> _Counts:
    """Who came while it was open: hand-outs of the counter or tickets, whichever are more; who draws a ticket
    is handed out to as well, who draws none is known by his hand-out."""
    drawn = _by_hour(QueueTicket.objects.filter(station_id=card.id, drawn_at__gte=since), "drawn_at")
    given = _by_hour(HandOut.objects.filter(station_id=card.id, at__gte=since), "at")
    return {
        day: {hour: max(drawn.get(day, {}).get(hour, 0), given.get(day, {}).get(hour, 0)) for hour in hours}
        for day in sorted(drawn.keys() | given.keys())
    }


def _arrivals(card: StationCard, since: datetime) -> _Counts:
    rows = StationParcel.objects.filter(station_id=card.id, booked_in_at__gte=since)
    return _by_hour(rows.exclude(state=StationParcel.State.UNDONE.value), "booked_in_at")


def _ends(card: StationCard, since: datetime, *, is_fetched: bool) -> _Ends:
    zone = ZoneInfo(settings.TIME_ZONE)
    fetched = StationParcel.State.HANDED_OUT.value
    rows = StationParcel.objects.filter(
        station_id=card.id, booked_in_at__gte=since, ended_at__isnull=False
    ).exclude(state=StationParcel.State.UNDONE.value)
    rows = rows.filter(state=fetched) if is_fetched else rows.exclude(state=fetched)
    cells = rows.annotate(
        came=TruncDate("booked_in_at", tzinfo=zone), hour=TruncHour("ended_at", tzinfo=zone)
    )
    found: _Ends = {}
    counted = cells.values("came", "hour").annotate(n=Count("pk")).order_by()
    for came, hour, n in counted.values_list("came", "hour", "n"):
        found.setdefault(came, {}).setdefault(hour.date(), {})[hour.hour] = n
    return found


def _service(card: StationCard, at: datetime) -> tuple[float, int]:
    """The mean service of the last four weeks and how many it stands on."""
    rows = QueueTicket.objects.filter(
        station_id=card.id, state="SERVED", called_at__gte=at - timedelta(weeks=4), served_at__isnull=False
    ).order_by("-called_at")
    pairs = rows.values_list("called_at", "served_at")[:5_000]
    measured = fit_to_measure((end - start).total_seconds() for start, end in pairs if start and end)
    if len(measured) < FEWEST:
        return ASSUMED_SERVICE_S, 0
    return sum(measured) / len(measured), len(measured)
