"""忙时预测: what comes by the hour, how many counters that needs, and how far off such forecasts were."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import TruncHour

from yishi.shipments.models.parcels import Shipment
from yishi.stations.models.handouts import HandOut
from yishi.stations.models.parcels import StationParcel
from yishi.stations.models.queue import QueueTicket
from yishi.stations.queries.queue import queue_setting
from yishi.stations.queries.stations import StationCard, local
from yishi.stations.rules.forecast import (
    WEEKS,
    HourForecast,
    forecast_hour,
    mean_error,
    parcel_factor,
)
from yishi.stations.rules.queue import FEWEST, fit_to_measure
from yishi.stations.rules.staffing import counters_for, mean_wait_s, served_within

CHECKED_WEEKS = 4
ASSUMED_SERVICE_S = 60.0
"""Until a station has measured its own: said on the page."""
_OPENS, _CLOSES = 8, 21
Visits = dict[tuple[date, int], int]


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
    """A day's forecast. `service_s` was measured on `services` tickets (0 = assumed); `error` is the MAPE of
    the last weeks over `checked` hours, by this rule without parcels on the way, which nobody kept then."""

    day: date
    rows: list[HourRow]
    service_s: float
    services: int
    coming: float
    usual: float
    factor_parcels: float
    factor_day: float
    error: float | None
    checked: int

    @property
    def visits(self) -> float:
        return sum(row.forecast.visits for row in self.rows if row.forecast)

    @property
    def most_counters(self) -> int:
        return max((row.counters for row in self.rows), default=1)


def forecast_day(card: StationCard, day: date, *, at: datetime) -> Day:
    """The forecast of a day by the hour, from eight weeks of the station's own past."""
    setting, visits = queue_setting(card.id), _visits(card, at)
    today = local(at).date()
    coming, usual = _parcels(card, day, at) if day == today else (0.0, 0.0)
    by_parcels = parcel_factor(coming=coming, usual=usual)
    by_day = float(setting.factors.get(day.isoformat(), 1))
    service_s, services = _service(card, at)
    share, within_s = setting.target_percent / 100, setting.target_s
    first = min(visits, default=(today, 0))[0]
    rows = []
    for hour in _hours(card):
        past = _past(visits, day, hour, first, today)
        found = forecast_hour(past, factor=by_parcels * by_day)
        expected = found.visits if found else 0.0
        counters = counters_for(expected, service_s=service_s, share=share, within_s=within_s)
        load = expected * service_s / 3600
        rows.append(
            HourRow(
                hour=hour,
                forecast=found,
                came=visits.get((day, hour), 0) if (day, hour) < (today, local(at).hour) else None,
                counters=counters,
                share=served_within(counters, load, service_s=service_s, within_s=within_s),
                wait_s=mean_wait_s(counters, load, service_s=service_s),
            )
        )
    pairs = _checked(card, visits, first, today)
    return Day(
        day=day,
        rows=rows,
        service_s=service_s,
        services=services,
        coming=coming,
        usual=usual,
        factor_parcels=by_parcels,
        factor_day=by_day,
        error=mean_error(pairs),
        checked=len([1 for _forecast, came in pairs if came]),
    )


def _hours(card: StationCard) -> range:
    """The hours in which the station is open."""
    opens = card.opens.hour if card.opens else _OPENS
    closes = _CLOSES
    if card.closes and card.closes != time(0):
        closes = card.closes.hour + bool(card.closes.minute)
    return range(opens, closes) if closes > opens else range(24)


def _visits(card: StationCard, at: datetime) -> Visits:
    """Who came, by day and hour: hand-outs of the counter or tickets, whichever are more; who draws a
    ticket is handed out to as well, who draws none is known by his hand-out."""
    since = at - timedelta(weeks=WEEKS + CHECKED_WEEKS, days=1)
    drawn = QueueTicket.objects.filter(station_id=card.id, drawn_at__gte=since)
    given = HandOut.objects.filter(station_id=card.id, at__gte=since)
    zone = ZoneInfo(settings.TIME_ZONE)
    hours = (
        drawn.annotate(hour=TruncHour("drawn_at", tzinfo=zone)),
        given.annotate(hour=TruncHour("at", tzinfo=zone)),
    )
    counted = []
    for rows in hours:
        by_hour = rows.values("hour").annotate(n=Count("pk")).order_by().values_list("hour", "n")
        counted.append(Counter({(hour.date(), hour.hour): n for hour, n in by_hour}))
    return {key: max(one[key] for one in counted) for key in counted[0] | counted[1]}


def _past(visits: Visits, day: date, hour: int, first: date, until: date) -> list[tuple[int, int]]:
    """(weeks ago, visits) of this hour of this weekday; an hour without anybody counts from the first day
    on that is known."""
    days = [(ago, day - timedelta(weeks=ago)) for ago in range(1, WEEKS + 2)]
    known = [(ago, one) for ago, one in days if first <= one < until]
    skipped = known[0][0] - 1 if known else 0
    return [(ago - skipped, visits.get((one, hour), 0)) for ago, one in known]


def _checked(card: StationCard, visits: Visits, first: date, today: date) -> list[tuple[float, int]]:
    """What the rule would have said of each hour of the last weeks on the day before, and who came."""
    pairs = []
    for ago in range(1, CHECKED_WEEKS * 7 + 1):
        day = today - timedelta(days=ago)
        if not any((day, hour) in visits for hour in range(24)):
            continue
        for hour in _hours(card):
            said = forecast_hour(_past(visits, day, hour, first, day))
            if said is not None:
                pairs.append((said.visits, visits.get((day, hour), 0)))
    return pairs


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


def _parcels(card: StationCard, day: date, at: datetime) -> tuple[float, float]:
    """Parcels of today (booked in, or on the way with this station's share of its outlet's), and how many
    are usual on this weekday."""
    since = at - timedelta(weeks=4)
    booked = StationParcel.objects.filter(station_id=card.id, booked_in_at__gte=since).exclude(state="UNDONE")
    by_day: Counter[date] = Counter()
    for moment in booked.values_list("booked_in_at", flat=True)[:100_000]:
        by_day[local(moment).date()] += 1
    known = [by_day[day - timedelta(weeks=ago)] for ago in range(1, 5)]
    usual = sum(known) / len(known)
    parcels = Shipment.objects.filter(outlet_id=card.outlet_id, merged_into__isnull=True)
    arrived = parcels.filter(milestone__in=("DELIVERED", "AT_PICKUP_POINT"), moved_at__gte=since).count()
    share = min(1.0, by_day.total() / arrived) if arrived else 0.0
    fresh = at - timedelta(days=2)
    on_way = parcels.filter(milestone__in=("AT_OUTLET", "OUT_FOR_DELIVERY"), moved_at__gte=fresh).count()
    return by_day[day] + share * on_way, usual
