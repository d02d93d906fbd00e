"""Promises read: the clocks of a case, and the policies and service hours that count.

Policies are kept in memory by version, so that reading them costs nothing when none changed; a writer
names the version it went by, and its own statement checks it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from yishi.kit.calendar import WorkCalendar, calendar_from
from yishi.sla.models.policies import Counting, ServiceCalendar, Setup, SlaPolicy


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
        return self.hours_of(outlet_id) if policy.is_in_service_hours else (None, None)

    def hours_of(self, outlet_id: int | None) -> tuple[int | None, WorkCalendar | None]:
        """The service hours of an outlet, else of the operator; nothing where nobody has set any."""
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
