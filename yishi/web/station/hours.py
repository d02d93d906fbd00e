"""忙时预测: visits by the hour, the counters they need, and how far off such forecasts were."""

from datetime import date, timedelta
from math import floor
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.people.rules import Viewer
from yishi.sla.queries.policies import current_shelf
from yishi.stations.actions.queue_setup import promise_wait, set_factor
from yishi.stations.queries.hours import Day, forecast_day
from yishi.stations.queries.queue import queue_setting, waits_by_hour
from yishi.stations.queries.stations import StationCard, local
from yishi.stations.rules.forecast import FRIDAY
from yishi.web.desk.page import words_of
from yishi.web.shared.sla_words import WEEKDAYS
from yishi.web.shared.times import day_words
from yishi.web.station.doors import keeping_page, show
from yishi.web.station.hours_chart import hours_chart
from yishi.web.station.words import minutes_words

AHEAD = 7


@keeping_page
@require_safe
def hours(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """Today, or a day of the coming week."""
    return _page(request, viewer, card)


def _page(
    request: HttpRequest, viewer: Viewer, card: StationCard, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    at = now()
    today = local(at).date()
    ahead = request.GET.get("day", "0")
    chosen = int(ahead) if ahead.isascii() and ahead.isdigit() and int(ahead[:2]) < AHEAD else 0
    feasts, worked = _feasts(card)
    day = forecast_day(card, today + timedelta(days=chosen), feasts=feasts, worked=worked, at=at)
    waits = waits_by_hour(card, at=at)
    setting = queue_setting(card.id)
    values: dict[str, Any] = {
        "at": at,
        "tab": "hours",
        "day": day,
        "days": [(n, day_words(at + timedelta(days=n), at)) for n in range(AHEAD)],
        "chosen": chosen,
        "chart": hours_chart(day),
        "rows": [(row, _wait(row.wait_s)) for row in day.rows],
        "has_past": any(row.forecast for row in day.rows),
        "weeks": max((row.forecast.weeks for row in day.rows if row.forecast), default=0),
        "accuracy": day.accuracy,
        "figures": _figures(day),
        "advice": _advice(day),
        "like": WEEKDAYS[day.like_day] if day.like_day != day.day.weekday() else "",
        "parcels_percent": round(day.parcels_share * 100),
        "service": round(day.service_s),
        "waits": [(one, minutes_words(one.median_s), minutes_words(one.late_s)) for one in waits],
        "setting": setting,
        "target_minutes": f"{setting.target_s / 60:g}",
        "factors": [(date.fromisoformat(iso), factor) for iso, factor in sorted(setting.factors.items())],
        "peak_hours": [row for row in day.rows if row.counters > setting.counters],
        "refused": refused,
    }
    return show(request, viewer, card, "hours", values, status=status)


def _feasts(card: StationCard) -> tuple[set[date], set[date]]:
    """Days off and worked weekends as the operator keeps them for the outlet, else for all."""
    calendars = current_shelf().calendars
    _id, kept = calendars.get(card.outlet_id) or calendars.get(None) or (0, None)
    if kept is None:
        return set(), set()
    worked = {day for day, shifts in kept.adjusted.items() if shifts and day.weekday() >= FRIDAY + 1}
    return set(kept.holidays) - worked, worked


def _figures(day: Day) -> dict[str, int]:
    """The accuracy in whole percent."""
    one = day.accuracy
    if one is None:
        return {}
    shares = {"wape": one.wape, "naive": one.naive, "chance": one.chance, "covered": one.covered}
    return {name: round(share * 100) for name, share in shares.items()}


def _advice(day: Day) -> list[tuple[str, int, int]]:
    """ "18:00–20:00", the counters, and how many of a hundred are then called in time, hours of the same
    count taken together and the worst of them told."""
    spans: list[tuple[int, int, int, float]] = []
    for row in day.rows:
        if row.forecast is None:
            continue
        if spans and spans[-1][1] == row.hour and spans[-1][2] == row.counters:
            begin, _end, counters, share = spans.pop()
            spans.append((begin, row.hour + 1, counters, min(share, row.share)))
        else:
            spans.append((row.hour, row.hour + 1, row.counters, row.share))
    return [(f"{begin}:00–{end}:00", counters, floor(share * 100)) for begin, end, counters, share in spans]


def _wait(seconds: float) -> str:
    return minutes_words(seconds) if seconds < 3600 else _("排不完")


@keeping_page
@require_POST
def set_hours(request: HttpRequest, viewer: Viewer, card: StationCard, what: str) -> HttpResponse:
    """The promise for which staff is counted, or a day's factor."""
    at = now()
    try:
        if what == "promise":
            percent, minutes = _said(request, "percent"), _said(request, "minutes")
            promise_wait(
                station=card.code, percent=int(percent), within_s=int(minutes * 60), by=viewer, at=at
            )
        elif what == "factor":
            day, factor = _day(request), _said(request, "factor")
            set_factor(station=card.code, day=day, factor=factor, by=viewer, at=at)
        else:
            raise NotFound()
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, card, status=refusal.status, refused=str(words_of(refusal)))
    return HttpResponseRedirect(reverse("queue:hours", args=[card.code]))


def _said(request: HttpRequest, name: str) -> float:
    text = request.POST.get(name, "")[:8]
    if not text.replace(".", "", 1).isdigit() or not text.isascii():
        raise Invalid([(f"/{name}", "bad_value", _("填一个数"))])
    return float(text)


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("day", "")[:10])
    except ValueError:
        raise Invalid([("/day", "bad_value", _("选一个日子"))]) from None
