"""Promises read: the clocks of a case, and the policies and service hours that count.

Policies are kept in memory by version, so that reading them costs nothing when none changed; a writer
names the version it went by, and its own statement checks it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from yishi.kit.calendar import WorkCalendar, calendar_from
from yishi.kit.errors import NotFound
from yishi.kit.hot import hot_cursor
from yishi.sla.models import Counting, ServiceCalendar, Setup, SlaClock, SlaPolicy


@dataclass(frozen=True)
class Policy:
    id: int
    case_class: str
    category: str
    kind: str
    within: timedelta
    is_in_service_hours: bool
    escalate_within: timedelta
    valid_from: datetime | None
    valid_until: datetime | None


@dataclass(frozen=True)
class Shelf:
    """All active policies and calendars as of one version; calendars by outlet, None = the operator's."""

    version: int
    policies: tuple[Policy, ...]
    calendars: dict[int | None, tuple[int, WorkCalendar]]
    by_id: dict[int, WorkCalendar]

    @property
    def has_outlet_hours(self) -> bool:
        return any(outlet_id is not None for outlet_id in self.calendars)

    def find(self, *, case_class: str, category: str, kind: str, at: datetime) -> Policy | None:
        """The policy that counts at this moment; the category's own goes before the class's."""
        fitting = [
            p
            for p in self.policies
            if p.case_class == case_class
            and p.kind == kind
            and p.category in ("", category)
            and (p.valid_from is None or p.valid_from <= at)
            and (p.valid_until is None or at < p.valid_until)
        ]
        return max(fitting, key=lambda p: (p.category != "", p.id), default=None)

    def hours(self, policy: Policy, outlet_id: int | None) -> tuple[int | None, WorkCalendar | None]:
        """The calendar in which a policy counts at an outlet; nothing for natural time."""
        if not policy.is_in_service_hours:
            return None, None
        return self.calendars.get(outlet_id) or self.calendars.get(None) or (None, None)


_shelf: Shelf | None = None


def shelf(*, fresh: bool = False) -> Shelf:
    """What was last read; `fresh` reads again."""
    global _shelf
    if _shelf is None or fresh:
        _shelf = _read()
    return _shelf


def _read() -> Shelf:
    version = Setup.objects.values_list("version", flat=True).first() or 0
    policies = tuple(
        Policy(
            p.pk,
            p.case_class,
            p.category,
            p.kind,
            p.within,
            p.counting == Counting.SERVICE_HOURS,
            p.escalate_within,
            p.valid_from,
            p.valid_until,
        )
        for p in SlaPolicy.objects.filter(is_active=True).order_by("pk")
    )
    rows = [(row.outlet_id, row.pk, _calendar(row)) for row in ServiceCalendar.objects.order_by("pk")]
    calendars = {outlet_id: (pk, calendar) for outlet_id, pk, calendar in rows}
    return Shelf(version, policies, calendars, {pk: calendar for _, pk, calendar in rows})


def _calendar(row: ServiceCalendar) -> WorkCalendar:
    return calendar_from(
        {
            "zone": row.zone or settings.TIME_ZONE,
            "weekly": row.weekly,
            "holidays": row.holidays,
            "adjusted": row.adjusted,
        }
    )


def calendar_by_id(calendar_id: int | None) -> WorkCalendar | None:
    """The hours a running clock counts in; None = natural time."""
    if calendar_id is None:
        return None
    known = shelf().by_id.get(calendar_id)
    return known or shelf(fresh=True).by_id[calendar_id]


@dataclass(frozen=True, kw_only=True)
class ClockCard:
    """A promise as pages and programs are told of it."""

    id: int
    kind: str
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    breached_at: datetime | None
    paused_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class FirstAnswer:
    """What a person is told when a complaint has been taken in; no outlet = head office."""

    outlet_code: str | None
    outlet_name: str | None
    outlet_phone: str | None
    first_reply_due_at: datetime | None
    resolution_due_at: datetime | None


# one statement, kept prepared: it answers every complaint
_FIRST_ANSWER = """
SELECT o.code, o.name, o.phone,
       (SELECT max(k.due_at) FROM sla_clock k
         WHERE k.subject_kind = 'CASE' AND k.subject_id = c.id AND k.kind = 'FIRST_RESPONSE'),
       (SELECT max(k.due_at) FROM sla_clock k
         WHERE k.subject_kind = 'CASE' AND k.subject_id = c.id AND k.kind = 'RESOLUTION')
  FROM cases_case c LEFT JOIN network_outlet o ON o.id = c.outlet_id
 WHERE c.id = %s
"""


def first_answer(case_id: int) -> FirstAnswer:
    """Who has a case and what was promised, for the answer to its opening. Raises NotFound."""
    row = hot_cursor().execute(_FIRST_ANSWER, [case_id], prepare=True).fetchone()
    if row is None:
        raise NotFound()
    code, name, phone, first_reply_due_at, resolution_due_at = row
    return FirstAnswer(
        outlet_code=code,
        outlet_name=name,
        outlet_phone=phone,
        first_reply_due_at=first_reply_due_at,
        resolution_due_at=resolution_due_at,
    )


_KINDS = ("FIRST_RESPONSE", "NEXT_UPDATE", "RESOLUTION", "EXTERNAL", "REGULATOR", "ARBITRATION")


def clocks_of_case(case_id: int) -> list[ClockCard]:
    """The newest clock of each kind, in a fixed order; those that ended without an outcome are left out."""
    rows = SlaClock.objects.filter(subject_id=case_id, subject_kind="CASE", stopped_at__isnull=True)
    newest = {row.kind: row for row in rows.order_by("id")}
    return [
        ClockCard(
            id=row.pk,
            kind=row.kind,
            started_at=row.started_at,
            due_at=row.due_at,
            met_at=row.met_at,
            breached_at=row.breached_at,
            paused_at=row.paused_at,
        )
        for row in (newest[kind] for kind in _KINDS if kind in newest)
    ]
