"""成绩: a station's figures of a week, each with what it counts and the cases behind it."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from yishi.cases.queries.station_weeks import COMPLAINED, NOT_FOUND, StationCase, cases_of_station
from yishi.feedback.queries import pickup_scores
from yishi.feedback.rules import GOOD
from yishi.kit.clock import now
from yishi.notifications.queries.pickup_week import (
    SOON,
    ToldParcel,
    behind_week,
    told_week,
    ways_of_week,
)
from yishi.people.rules import Permission, Viewer
from yishi.stations.queries.counts import discipline_of
from yishi.stations.queries.score import floor_week, waited_week
from yishi.stations.queries.stations import StationCard
from yishi.stations.rules.shares import Share
from yishi.web.station.doors import keeping_page, show

_WEEK = timedelta(days=7)


class Figure(NamedTuple):
    """A share, how it is counted, the same of the week before, and the cases behind it."""

    name: str | Promise
    share: Share
    before: Share
    how: str | Promise
    cases: list[StationCase]


def week_of(said: str, at: datetime) -> tuple[datetime, datetime]:
    """The week, Monday to Monday, that holds the day said, else today; never one to come."""
    try:
        day = parse_date(said) if said else None
    except ValueError:
        day = None
    here = timezone.localtime(at)
    day = min(day or here.date(), here.date())
    since = here.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(
        days=(here.date() - day).days + day.weekday()
    )
    return since, since + _WEEK


@keeping_page
@require_safe
def score(request: HttpRequest, viewer: Viewer, card: StationCard) -> HttpResponse:
    """One week beside the one before; what few parcels tell is said to be few."""
    at = now()
    since, until = week_of(request.GET.get("week", ""), at)
    values = {
        "tab": "score",
        "at": at,
        "since": since,
        "last": until - timedelta(days=1),
        "earlier": (since - _WEEK).date().isoformat(),
        "later": until.date().isoformat() if until <= at else "",
        "wait": waited_week(card, since=since, until=until),
        "floor": floor_week(card, since=since, until=until),
        "figures": _figures(card, since, until),
        "told": _told(card, since, until, at),
        "ways": ways_of_week(card, since=since, until=until),
        "shelves": discipline_of(card, at=at),
        "may_open": viewer.may(Permission.CASE_READ),
    }
    return show(request, viewer, card, "score", values)


class ToldFigure(NamedTuple):
    """A share of the messages, how it is counted, the same of the week before, the parcels behind it."""

    name: str | Promise
    share: Share
    before: Share
    how: str | Promise
    parcels: list[ToldParcel]


def _told(card: StationCard, since: datetime, until: datetime, at: datetime) -> list[ToldFigure]:
    """What came in so lately that nobody had to be told yet does not count."""
    until = min(until, at - SOON)
    now_ = told_week(card, since=since, until=until)
    before = told_week(card, since=since - _WEEK, until=since)
    behind = behind_week(card, since=since, until=until)
    return [
        ToldFigure(
            _("10 分钟内通知"),
            now_.soon,
            before.soon,
            _("入库后 10 分钟内发出第一条通知的件数 ÷ 免打扰时间以外入库的件数"),
            [one for one in behind if one.is_late],
        ),
        ToldFigure(
            _("回执说收到"),
            now_.reached,
            before.reached,
            _("至少有一种方式的回执说收到的件数 ÷ 有回执或没有送达的件数；网关不给回执的不算"),
            [one for one in behind if one.is_lost],
        ),
        ToldFigure(
            _("一条都没发出"),
            now_.untold,
            before.untold,
            _("一条通知都没发出去的件数 ÷ 入库的件数：没有手机号、说过不要通知，或者都发不出去"),
            [one for one in behind if one.is_untold],
        ),
    ]


def _figures(card: StationCard, since: datetime, until: datetime) -> list[Figure]:
    now_, before = (
        floor_week(card, since=since, until=until),
        floor_week(card, since=since - _WEEK, until=since),
    )
    two_weeks = cases_of_station(station_id=card.id, kinds=COMPLAINED, since=since - _WEEK, until=until)
    cases = [one for one in two_weeks if one.opened_at >= since]
    old = [one for one in two_weeks if one.opened_at < since]

    def of(rows: list[StationCase], is_complaint: bool) -> list[StationCase]:
        return (
            [r for r in rows if not r.is_internal]
            if is_complaint
            else [r for r in rows if r.category in NOT_FOUND]
        )

    def share(rows: list[StationCase], inside: int) -> Share:
        parcels = {row.waybill_no for row in rows}
        return Share(min(len(parcels), inside), inside)

    return [
        Figure(
            _("找不到件"),
            share(of(cases, False), now_.inside),
            share(of(old, False), before.inside),
            _("本周立了“驿站找不到件”工单的件数 ÷ 本周在架过的件数"),
            of(cases, False),
        ),
        Figure(
            _("投诉"),
            share(of(cases, True), now_.inside),
            share(of(old, True), before.inside),
            _("本周被顾客投诉取件、错拿、取件码、服务、收费的件数 ÷ 本周在架过的件数"),
            of(cases, True),
        ),
        Figure(
            _("盘点到位"),
            now_.counted,
            before.counted,
            _("本周盘过的货架数 ÷ 在用货架数；每个货架每周盘一次"),
            [],
        ),
        Figure(
            _("盘点少件"),
            now_.missed,
            before.missed,
            _("本周盘点账有实无的件数 ÷ 盘点时账上应有的件数"),
            [],
        ),
        Figure(
            _("取件满意"),
            _liked(card, since, until),
            _liked(card, since - _WEEK, since),
            _("本周取件后点“顺利”的次数 ÷ 点过评价的次数；没点的不算"),
            [],
        ),
    ]


def _liked(card: StationCard, since: datetime, until: datetime) -> Share:
    scores = pickup_scores(card.id, since=since, until=until)
    return Share(scores[GOOD], scores.total())
