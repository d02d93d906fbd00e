"""What people have set: policies, calendars, the chain, limits of pauses, the law; and who changed what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection

from yishi.kit.errors import NotFound
from yishi.network.models import Outlet, Region
from yishi.people.queries import require, staff_names
from yishi.people.rules import Permission, Viewer
from yishi.sla.models.clocks import Recompute
from yishi.sla.models.law import Law
from yishi.sla.models.policies import Change, Level, PauseLimit, ServiceCalendar, Setup, SlaPolicy
from yishi.sla.queries.policies import limit_from, policy_of
from yishi.sla.rules.law import Limit
from yishi.sla.rules.policies import Policy


@dataclass(frozen=True, kw_only=True)
class PolicyLine:
    """A policy in the list. `state` is NOW, LATER or ENDED; `is_hourless`: nobody has set its hours."""

    policy: Policy
    outlet_name: str
    region_name: str
    state: str
    is_hourless: bool
    made_by: str
    made_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class CalendarLine:
    outlet_id: int | None
    outlet_code: str
    outlet_name: str
    zone: str
    weekly: dict[str, Any]
    holidays: dict[str, str]
    adjusted: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class LevelLine:
    level: int
    who: str
    within: timedelta | None
    respects_hours: bool
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class PauseLine:
    id: int
    status: str
    kind: str
    within: timedelta


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    """Who changed what. What it is about, as far as its sort has that: `policy` with its place, whose
    calendar (`outlet`, empty = everybody's), the level's people or the wait's status and promise (`key`,
    `kind`), the words of a limit (`text`)."""

    what: str
    what_id: int
    policy: Policy | None = None
    outlet: str = ""
    region: str = ""
    key: str = ""
    kind: str = ""
    text: str = ""
    before: dict[str, Any]
    after: dict[str, Any]
    who: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class JobLine:
    """Promises being reckoned anew, and how far that is."""

    why: str
    asked_at: datetime
    cases: int
    moved: int
    is_done: bool


def list_policies(*, viewer: Viewer, at: datetime) -> list[PolicyLine]:
    """All policies: those that count, those to come, then those that ended. Raises NotAllowed."""
    require(viewer, Permission.POLICY_MANAGE)
    rows = list(SlaPolicy.objects.select_related("outlet", "region").order_by("kind", "case_class", "pk"))
    names = staff_names([row.made_by_id for row in rows if row.made_by_id])
    hours = _with_hours()
    lines = [_line(row, names, hours, at) for row in rows]
    return sorted(lines, key=lambda line: ("NOW", "LATER", "ENDED").index(line.state))


def get_policy(*, viewer: Viewer, policy_id: int, at: datetime) -> PolicyLine:
    """One policy. Raises NotAllowed, NotFound."""
    require(viewer, Permission.POLICY_MANAGE)
    row = SlaPolicy.objects.select_related("outlet", "region").filter(pk=policy_id).first()
    if row is None:
        raise NotFound()
    hours = _with_hours()
    return _line(row, staff_names([row.made_by_id] if row.made_by_id else []), hours, at)


def _with_hours() -> set[int | None]:
    """Outlets that have hours of their own; None stands for the operator's."""
    return set(ServiceCalendar.objects.filter(removed_at__isnull=True).values_list("outlet_id", flat=True))


def _line(row: SlaPolicy, names: dict[int, str], hours: set[int | None], at: datetime) -> PolicyLine:
    is_over = not row.is_active or (row.valid_until is not None and row.valid_until <= at)
    is_ahead = row.valid_from is not None and row.valid_from > at
    return PolicyLine(
        policy=policy_of(row),
        outlet_name=row.outlet.name if row.outlet else "",
        region_name=row.region.name if row.region else "",
        state="ENDED" if is_over else "LATER" if is_ahead else "NOW",
        is_hourless=row.counting == "SERVICE_HOURS" and not ({None, row.outlet_id} & hours),
        made_by=names.get(row.made_by_id or 0, ""),
        made_at=row.made_at,
    )


def list_calendars(*, viewer: Viewer) -> list[CalendarLine]:
    """The operator's hours first, then those of outlets that have their own. Raises NotAllowed."""
    require(viewer, Permission.POLICY_MANAGE)
    counting = ServiceCalendar.objects.filter(removed_at__isnull=True)
    rows = counting.select_related("outlet").order_by("outlet__code", "pk")
    lines = [
        CalendarLine(
            outlet_id=row.outlet_id,
            outlet_code=row.outlet.code if row.outlet else "",
            outlet_name=row.outlet.name if row.outlet else "",
            zone=row.zone,
            weekly=row.weekly,
            holidays=dict(sorted(row.holidays.items())),
            adjusted=dict(sorted(row.adjusted.items())),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: line.outlet_code)


def list_levels() -> list[LevelLine]:
    """The chain, the lowest first."""
    return [
        LevelLine(
            level=row.level,
            who=row.who,
            within=row.within,
            respects_hours=row.respects_hours,
            is_active=row.is_active,
        )
        for row in Level.objects.order_by("level")
    ]


def list_pause_limits() -> list[PauseLine]:
    """Which promise waits with which status, and how long."""
    rows = PauseLimit.objects.order_by("status", "kind")
    return [PauseLine(id=row.pk, status=row.status, kind=row.kind, within=row.within) for row in rows]


def quiet_hours() -> tuple[time, time]:
    """From when until when staff without a roster are left alone."""
    row = Setup.objects.get()
    return row.quiet_from, row.quiet_until


def list_laws() -> list[Limit]:
    """Every limit with its citation; law first, then what is only configured."""
    return [limit_from(row) for row in Law.objects.order_by("-is_law", "key", "province", "pk")]


def list_changes(*, what: str = "", most: int = 30) -> list[ChangeLine]:
    """The newest changes, of one sort or of all."""
    rows = list(Change.objects.filter(**({"what": what} if what else {})).order_by("-pk")[:most])
    names = staff_names([row.by_user_id for row in rows if row.by_user_id])
    about = _about(rows)
    return [
        ChangeLine(
            what=row.what,
            what_id=row.what_id,
            **about.get((row.what, row.what_id), {}),
            before=row.before,
            after=row.after,
            who=names.get(row.by_user_id or 0, ""),
            at=row.at,
        )
        for row in rows
    ]


def _about(rows: Sequence[Change]) -> dict[tuple[str, int], dict[str, Any]]:
    """What each change is about, by sort and id; one statement a sort."""

    def of(what: str) -> set[int]:
        return {row.what_id for row in rows if row.what == what}

    said: dict[tuple[str, int], dict[str, Any]] = {}
    for policy in SlaPolicy.objects.filter(pk__in=of("POLICY")).select_related("outlet", "region"):
        said["POLICY", policy.pk] = {
            "policy": policy_of(policy),
            "outlet": policy.outlet.name if policy.outlet else "",
            "region": policy.region.name if policy.region else "",
        }
    for calendar in ServiceCalendar.objects.filter(pk__in=of("CALENDAR")).select_related("outlet"):
        said["CALENDAR", calendar.pk] = {"outlet": calendar.outlet.name if calendar.outlet else ""}
    for level in Level.objects.filter(pk__in=of("LEVEL")):
        said["LEVEL", level.pk] = {"key": level.who}
    for limit in PauseLimit.objects.filter(pk__in=of("PAUSE")):
        said["PAUSE", limit.pk] = {"key": limit.status, "kind": limit.kind}
    for law in Law.objects.filter(pk__in=of("LAW")):
        said["LAW", law.pk] = {"text": law.text}
    return said


def list_jobs(most: int = 5) -> list[JobLine]:
    """The newest recomputations."""
    return [
        JobLine(
            why=row.why, asked_at=row.asked_at, cases=row.cases, moved=row.moved, is_done=row.due_at is None
        )
        for row in Recompute.objects.order_by("-pk")[:most]
    ]


@dataclass(frozen=True)
class Scopes:
    """For whom a policy can be made: case types, outlets and regions, as (value, name)."""

    types: list[tuple[str, str]]
    outlets: list[tuple[int, str]]
    regions: list[tuple[int, str]]


def scopes() -> Scopes:
    """What the form of a policy offers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, name FROM cases_type WHERE is_latest AND is_active ORDER BY position, key"
        )
        types = [(str(key), str(name)) for key, name in cursor.fetchall()]
    outlets = Outlet.objects.filter(is_active=True).order_by("code").values_list("pk", "name")
    regions = Region.objects.order_by("code").values_list("pk", "name")
    return Scopes(types, list(outlets), list(regions))
