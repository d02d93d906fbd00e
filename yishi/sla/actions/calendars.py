"""Service hours, the chain, limits of pauses and chosen limits, kept by people; every change written down."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import connection, transaction
from django.db.models import Q

from yishi.kit.calendar import NeverOpen, calendar_from, next_opening
from yishi.kit.errors import Invalid, NotFound
from yishi.network.models import Outlet
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.sla.actions.recompute import ask_recompute
from yishi.sla.models.law import Law
from yishi.sla.models.policies import Change, Level, PauseLimit, ServiceCalendar, Setup
from yishi.sla.rules.days import MOST_DAYS, Pairs, is_ever_open

WEEK = tuple(str(day) for day in range(7))
LONGEST = timedelta(days=60)


@transaction.atomic
def save_calendar(
    *,
    outlet_id: int | None,
    zone: str,
    weekly: Mapping[str, Pairs],
    holidays: Mapping[str, str],
    adjusted: Mapping[str, Pairs],
    by: Viewer,
    at: datetime,
) -> int:
    """The service hours of an outlet, or of the operator (None); running promises are reckoned anew.

    Raises NotAllowed, NotFound, Invalid (unknown zone, unclear hours, never open). Returns its id.
    """
    require(by, Permission.POLICY_MANAGE)
    if outlet_id is not None and not Outlet.objects.filter(pk=outlet_id).exists():
        raise NotFound()
    data = {"zone": zone, "weekly": dict(weekly), "holidays": dict(holidays), "adjusted": dict(adjusted)}
    _check(data, at)
    row = ServiceCalendar.objects.select_for_update().filter(_whose(outlet_id)).order_by("pk").last()
    row = row or ServiceCalendar(outlet_id=outlet_id)
    before = _as_data(row) if row.pk and row.removed_at is None else {}
    row.zone, row.weekly = zone, data["weekly"]
    row.holidays, row.adjusted, row.removed_at = data["holidays"], data["adjusted"], None
    row.save()
    if before != _as_data(row):
        _note("CALENDAR", row.pk, before, _as_data(row), by, at)
        values = {"calendar": row.pk}
        ask_recompute(why="CALENDAR", data=values, outlet_id=outlet_id, by_user_id=by.user_id, at=at)
    return row.pk


@transaction.atomic
def remove_calendar(*, outlet_id: int, by: Viewer, at: datetime) -> None:
    """Takes an outlet's own service hours away: the operator's count there again, running promises are
    reckoned anew. Raises NotAllowed, NotFound (it has none of its own)."""
    require(by, Permission.POLICY_MANAGE)
    rows = ServiceCalendar.objects.select_for_update()
    row = rows.filter(outlet_id=outlet_id, removed_at__isnull=True).first()
    if row is None:
        raise NotFound()
    row.removed_at = at
    row.save(update_fields=["removed_at"])
    _note("CALENDAR", row.pk, _as_data(row), {}, by, at)
    values = {"calendar": row.pk}
    ask_recompute(why="CALENDAR_GONE", data=values, outlet_id=outlet_id, by_user_id=by.user_id, at=at)


def _whose(outlet_id: int | None) -> Q:
    return Q(outlet_id__isnull=True) if outlet_id is None else Q(outlet_id=outlet_id)


def _check(data: dict[str, Any], at: datetime) -> None:
    if len(data["holidays"]) + len(data["adjusted"]) > MOST_DAYS:
        raise Invalid([("/days", "too_many", "日子太多了，只留这几年的")])
    try:
        ZoneInfo(data["zone"] or "UTC")
        calendar = calendar_from({**data, "zone": data["zone"] or "UTC"})
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid([("/zone", "unclear", "时区或时间没看懂")]) from None
    try:
        next_opening(at, calendar)
    except NeverOpen:
        raise Invalid([("/weekly", "never_open", "这样永远不上班，时限就没有尽头")]) from None
    if set(data["weekly"]) - set(WEEK) or not is_ever_open(data["weekly"]):
        raise Invalid([("/weekly", "never_open", "一周里至少有一天上班")])


def _as_data(row: ServiceCalendar) -> dict[str, Any]:
    return {"zone": row.zone, "weekly": row.weekly, "holidays": row.holidays, "adjusted": row.adjusted}


@transaction.atomic
def save_level(
    *, level: int, within: timedelta | None, respects_hours: bool, is_active: bool, by: Viewer, at: datetime
) -> None:
    """How long a level of the chain has, whether its people's hours are respected, whether it is asked.

    Raises NotAllowed, NotFound, Invalid (the last level must stay).
    """
    require(by, Permission.POLICY_MANAGE)
    _check_within(within)
    row = Level.objects.select_for_update().filter(level=level).first()
    if row is None:
        raise NotFound()
    others = Level.objects.filter(is_active=True, level__gt=0).exclude(pk=row.pk)
    if not is_active and not others.exists():
        raise Invalid([("/is_active", "still_needed", "至少要有一级接得住")])
    before = _level(row)
    row.within, row.respects_hours, row.is_active = within, respects_hours, is_active
    row.save()
    if before != _level(row):
        _note("LEVEL", row.pk, before, _level(row), by, at)


def _level(row: Level) -> dict[str, Any]:
    within = row.within.total_seconds() if row.within else None
    return {
        "who": row.who,
        "within": within,
        "respects_hours": row.respects_hours,
        "is_active": row.is_active,
    }


@transaction.atomic
def save_pause_limit(*, limit_id: int, within: timedelta, by: Viewer, at: datetime) -> None:
    """How long a promise may wait in all; pauses that run keep the limit they began with.

    Raises NotAllowed, NotFound, Invalid.
    """
    require(by, Permission.POLICY_MANAGE)
    _check_within(within)
    row = PauseLimit.objects.select_for_update().filter(pk=limit_id).first()
    if row is None:
        raise NotFound()
    before = {"within": row.within.total_seconds()}
    if row.within != within:
        row.within = within
        row.save()
        _note("PAUSE", row.pk, before, {"within": within.total_seconds()}, by, at)


def _check_within(within: timedelta | None) -> None:
    if within is not None and not timedelta(0) < within <= LONGEST:
        raise Invalid([("/within", "out_of_range", "时长要大于零，最长 60 天")])


@transaction.atomic
def save_quiet_hours(*, quiet_from: time, quiet_until: time, by: Viewer, at: datetime) -> None:
    """When staff without a roster are left alone. Raises NotAllowed, Invalid (the same moment twice)."""
    require(by, Permission.POLICY_MANAGE)
    if quiet_from == quiet_until:
        raise Invalid([("/quiet_from", "empty", "开始和结束不能是同一时刻")])
    row = Setup.objects.select_for_update().get()
    before = {"from": f"{row.quiet_from:%H:%M}", "until": f"{row.quiet_until:%H:%M}"}
    after = {"from": f"{quiet_from:%H:%M}", "until": f"{quiet_until:%H:%M}"}
    if before == after:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sla_setup SET quiet_from = %s, quiet_until = %s, version = nextval('sla_version')",
            [after["from"], after["until"]],
        )
    _note("QUIET", row.pk, before, after, by, at)


@transaction.atomic
def choose_limit(*, law_id: int, by: Viewer, at: datetime) -> None:
    """Of several configured limits for the same thing this one counts from now on; law is not chosen.

    Raises NotAllowed, NotFound.
    """
    require(by, Permission.POLICY_MANAGE)
    row = Law.objects.select_for_update().filter(pk=law_id, is_law=False).first()
    if row is None:
        raise NotFound()
    others = Law.objects.filter(key=row.key, province=row.province, is_law=False)
    before = {"chosen": list(others.filter(is_chosen=True).values_list("pk", flat=True))}
    others.update(is_chosen=False)
    Law.objects.filter(pk=row.pk).update(is_chosen=True)
    _note("LAW", row.pk, before, {"chosen": [row.pk]}, by, at)


def _note(
    what: str, what_id: int, before: dict[str, Any], after: dict[str, Any], by: Viewer, at: datetime
) -> None:
    Change.objects.create(
        what=what, what_id=what_id, before=before, after=after, by_user_id=by.user_id, at=at
    )
