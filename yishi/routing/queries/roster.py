"""The people of an outlet's roster: what they can, how much they carry, who would take a case now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from yishi.cases.models.case import Case
from yishi.cases.rules.status import OPEN_STATUSES
from yishi.network.queries import OutletCard
from yishi.people.queries import list_colleagues
from yishi.people.rules import Role, Viewer
from yishi.routing.models import Helper, Skill
from yishi.routing.queries.places import person_for, working_places
from yishi.routing.rules.people import Chosen, Wanted

CARE_ROLES = (Role.AGENT, Role.OUTLET_MANAGER)


@dataclass(frozen=True, kw_only=True)
class RosterPerson:
    """Somebody who can be put on duty; `most_open` None = the operator's number."""

    user_id: int
    name: str
    role_label: str
    open_cases: int
    most_open: int | None
    skills: Mapping[str, frozenset[str]]


def list_roster_people(*, viewer: Viewer, outlet_code: str) -> list[RosterPerson]:
    """The outlet's people who work cases, in four statements however many they are."""
    people = [one for one in list_colleagues(viewer, outlet_code) if one.role in CARE_ROLES]
    ids = [one.user_id for one in people]
    limits = dict(Helper.objects.filter(user__in=ids).values_list("user_id", "most_open"))
    skills: dict[int, dict[str, set[str]]] = {}
    for user_id, kind, value in Skill.objects.filter(user__in=ids).values_list("user_id", "kind", "value"):
        skills.setdefault(user_id, {}).setdefault(kind, set()).add(value)
    loads = Case.objects.filter(assignee__in=ids, status__in=[s.value for s in OPEN_STATUSES])
    counted = dict(loads.values_list("assignee_id").annotate(Count("pk")).order_by())
    return [
        RosterPerson(
            user_id=one.user_id,
            name=one.name,
            role_label=one.role_label,
            open_cases=counted.get(one.user_id, 0),
            most_open=limits.get(one.user_id),
            skills={kind: frozenset(values) for kind, values in skills.get(one.user_id, {}).items()},
        )
        for one in people
    ]


def who_would_take(outlet: OutletCard, wanted: Wanted, at: datetime) -> Chosen | None:
    """The person who would get such a case of this outlet at that moment; None = the common list."""
    place = working_places([outlet.id], at).get(outlet.id)
    return person_for(place, wanted, at)
