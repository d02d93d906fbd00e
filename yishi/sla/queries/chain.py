"""Who stands at a level of the chain, and when each can be reached."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from yishi.cases.queries.cards import CaseCard
from yishi.network.models import DutyShift
from yishi.people.queries import StaffContact, staff_contact, staff_contacts
from yishi.people.rules import Role
from yishi.sla.queries.policies import shelf
from yishi.sla.rules.chain import Hours, Who, reachable_at

_ABOVE = {Who.HEAD_OFFICE: Role.QUALITY, Who.OWNER: Role.OWNER}
_OF_OUTLET = {Who.ON_DUTY: Role.AGENT, Who.OUTLET_MANAGER: Role.OUTLET_MANAGER, Who.REGION: Role.QUALITY}


def people_of(who: str, case: CaseCard) -> list[StaffContact]:
    """The people of a level for this case, in a fixed order; a region's are its own of quality."""
    if who in _ABOVE:
        return staff_contacts(None, [_ABOVE[Who(who)]])
    if who == Who.ON_DUTY and case.assignee_id is not None:
        assigned = staff_contact(case.assignee_id)
        if assigned is not None:
            return [assigned]
    if case.outlet_code is None or who not in _OF_OUTLET:
        return []
    return staff_contacts(case.outlet_code, [_OF_OUTLET[Who(who)]])


def reach(user_ids: Collection[int], at: datetime) -> dict[int, datetime]:
    """When each of these people may be told: in their shifts, or without a roster out of the quiet hours."""
    zone = ZoneInfo(settings.TIME_ZONE)
    quiet_from, quiet_until = shelf().quiet
    hours: dict[int, list[Hours]] = {}
    for shift in DutyShift.objects.filter(user_id__in=list(user_ids), is_fallback=False):
        hours.setdefault(shift.user_id, []).append(Hours(shift.starts, shift.ends, shift.weekday, shift.date))
    usual = [Hours(quiet_until, quiet_from)]
    return {user_id: reachable_at(hours.get(user_id, usual), at, zone) for user_id in user_ids}
