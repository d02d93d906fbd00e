"""What counts: policies, service hours, limits of pauses, the chain and the law, kept in memory by version.

Reading them costs nothing when none changed; a writer names the version it went by, and its own statement
checks it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from yishi.cases.queries import types
from yishi.kit.calendar import WorkCalendar, calendar_from
from yishi.kit.hot import hot_cursor
from yishi.sla.models.law import Law
from yishi.sla.models.policies import Counting, Level, PauseLimit, ServiceCalendar, Setup, SlaPolicy
from yishi.sla.rules.chain import Step
from yishi.sla.rules.law import Limit, limit_of
from yishi.sla.rules.policies import Matter, Policy, choose


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """All that counts as of one version; calendars by outlet, None = the operator's, and `by_id` all."""

    version: int
    policies: dict[str, tuple[Policy, ...]]
    calendars: dict[int | None, tuple[int, WorkCalendar]]
    by_id: dict[int, WorkCalendar]
    pauses: dict[tuple[str, str], timedelta]
    chain: tuple[Step, ...]
    limits: tuple[Limit, ...]
    quiet: tuple[time, time]
    # whether policies ask for more than class and category: only then is a case read for them
    asks_more: bool
    has_types: bool

    def find(self, matter: Matter, *, kind: str, at: datetime) -> Policy | None:
        """The policy that counts at this moment."""
        return choose(self.policies.get(kind, ()), matter, kind=kind, at=at)

    def hours(self, policy: Policy, outlet_id: int | None) -> tuple[int | None, WorkCalendar | None]:
        """The calendar in which a policy counts at an outlet; nothing for natural time."""
        return self.hours_of(outlet_id) if policy.is_in_service_hours else (None, None)

    def hours_of(self, outlet_id: int | None) -> tuple[int | None, WorkCalendar | None]:
        """The service hours of an outlet, else of the operator; natural time where nobody has set any."""
        return self.calendars.get(outlet_id) or self.calendars.get(None) or (None, None)

    def limit(self, key: str, *, province: str, at: datetime) -> Limit | None:
        """The legal (or configured) limit that holds on the day of `at`."""
        on = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        return limit_of(self.limits, key=key, province=province, on=on)

    def differs_by_province(self, key: str) -> bool:
        """Whether a province has another length of this limit than the country."""
        return len({one.within for one in self.limits if one.key == key and one.is_chosen}) > 1


_shelf: Shelf | None = None


def shelf(*, fresh: bool = False) -> Shelf:
    """What was last read; `fresh` reads again."""
    global _shelf
    if _shelf is None or fresh:
        _shelf = _read()
    return _shelf


def _read() -> Shelf:
    setup = Setup.objects.first()
    policies: dict[str, tuple[Policy, ...]] = {}
    for row in SlaPolicy.objects.filter(is_active=True).order_by("pk"):
        policies[row.kind] = (*policies.get(row.kind, ()), policy_of(row))
    every = [policy for some in policies.values() for policy in some]
    hours = list(ServiceCalendar.objects.order_by("pk"))
    by_id = {row.pk: calendar_of(row) for row in hours}
    rows = [(row.outlet_id, row.pk) for row in hours if row.removed_at is None]
    return Shelf(
        version=setup.version if setup else 0,
        policies=policies,
        calendars={outlet_id: (pk, by_id[pk]) for outlet_id, pk in rows},
        by_id=by_id,
        pauses={(row.status, row.kind): row.within for row in PauseLimit.objects.all()},
        chain=tuple(
            Step(row.level, row.who, row.within, row.respects_hours)
            for row in Level.objects.filter(is_active=True).order_by("level")
        ),
        limits=tuple(limit_from(row) for row in Law.objects.order_by("pk")),
        quiet=(setup.quiet_from, setup.quiet_until) if setup else (time(22), time(7, 30)),
        asks_more=any(outlet_id is not None for outlet_id, _ in rows) or any(_asks_more(p) for p in every),
        has_types=any(policy.type_key for policy in every),
    )


def _asks_more(policy: Policy) -> bool:
    return bool(
        policy.type_key
        or policy.customer_class
        or policy.priority is not None
        or policy.outlet_id
        or policy.region_id
    )


def policy_of(row: SlaPolicy) -> Policy:
    """A policy's row as the rules read it."""
    return Policy(
        id=row.pk,
        kind=row.kind,
        within=row.within,
        is_in_service_hours=row.counting == Counting.SERVICE_HOURS,
        escalate_within=row.escalate_within,
        case_class=row.case_class,
        category=row.category,
        type_key=row.type_key,
        customer_class=row.customer_class,
        priority=row.priority,
        outlet_id=row.outlet_id,
        region_id=row.region_id,
        profile=row.profile,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def limit_from(row: Law) -> Limit:
    """A limit's row as the rules read it."""
    return Limit(
        id=row.pk,
        key=row.key,
        title=row.title,
        year=row.year,
        article=row.article,
        source=row.source,
        text=row.text,
        note=row.note,
        province=row.province,
        within=row.within,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        is_law=row.is_law,
        is_chosen=row.is_chosen,
    )


def calendar_of(row: ServiceCalendar) -> WorkCalendar:
    """A calendar's row as `kit.calendar` reads it."""
    return calendar_from(
        {
            "zone": row.zone or settings.TIME_ZONE,
            "weekly": row.weekly,
            "holidays": row.holidays,
            "adjusted": row.adjusted,
        }
    )


def current_shelf() -> Shelf:
    """What counts now, whichever process changed it: for work that has no statement to check the version."""
    row = hot_cursor().execute("SELECT version FROM sla_setup LIMIT 1", prepare=True).fetchone()
    return shelf(fresh=row is not None and row[0] != shelf().version)


# what only some policies ask for; regions from the outlet's own up to the widest
_MATTER = """
SELECT c.id, c.case_class, c.category, c.type_key, c.opened_at, c.customer_class, c.priority, c.outlet_id, (
  WITH RECURSIVE up (id, parent_id, n) AS (
    SELECT r.id, r.parent_id, 0 FROM network_region r WHERE r.id = o.region_id
    UNION ALL SELECT r.id, r.parent_id, n + 1 FROM network_region r JOIN up ON r.id = up.parent_id AND n < 20)
  SELECT array_agg(id ORDER BY n) FROM up)
  FROM cases_case c LEFT JOIN network_outlet o ON o.id = c.outlet_id WHERE c.id = ANY(%s)
"""


def matter_of(known: Shelf, case_id: int) -> Matter:
    """A case as policies see it. LookupError when there is none."""
    return matters_of(known, [case_id])[case_id]


def matters_of(known: Shelf, case_ids: Collection[int]) -> dict[int, Matter]:
    """These cases as policies see them, in one statement; where types count, with those above each."""
    books = types.shelf() if known.has_types else None
    found: dict[int, Matter] = {}
    for case_id, case_class, category, type_key, opened_at, customer_class, priority, outlet_id, regions in (
        hot_cursor().execute(_MATTER, [list(case_ids)], prepare=True).fetchall()
    ):
        keys: tuple[str, ...] = ()
        if books is not None:
            named = {"category": category, "type_key": type_key, "opened_at": opened_at}
            keys = types.keys_of_case(**named, outlet_id=outlet_id, books=books)
        found[case_id] = Matter(
            case_class=case_class,
            category=category,
            type_keys=keys,
            customer_class=customer_class,
            priority=priority,
            outlet_id=outlet_id,
            region_ids=tuple(regions or ()),
        )
    return found


def province_of(case_id: int) -> str:
    """The province whose law holds for a case: that of its outlet; '' where none is known."""
    query = "SELECT o.province FROM cases_case c JOIN network_outlet o ON o.id = c.outlet_id WHERE c.id = %s"
    row = hot_cursor().execute(query, [case_id]).fetchone()
    return str(row[0]) if row else ""
