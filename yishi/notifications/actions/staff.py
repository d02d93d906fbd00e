"""What is put to a member of staff by a person: an escalation, an urging, a task; by mail, in his hours."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation

from yishi.cases.models.case import Category
from yishi.cases.queries.tasks import task_told
from yishi.kit.personal import keyed_hash
from yishi.kit.phrases import say
from yishi.notifications.actions.queue import Kind, operator_name, queue_delivery, zone
from yishi.notifications.models import Delivery
from yishi.notifications.queries.letters import moment, part, write_letter
from yishi.notifications.queries.matters import CaseMatter, get_case_matter
from yishi.notifications.rules import CASE, EMAIL, is_address, who_hears
from yishi.people.queries import StaffContact, staff_contact, staff_contacts
from yishi.sla.queries.chain import reach

# whoever urges five hundred cases at once fills nobody's mailbox: the rest stands on his pages
MOST_AN_HOUR = 20


def tell_of_escalation(*, case_id: int, by_user_id: int | None, at: datetime) -> int:
    """The person asked for somebody higher: who has the case now hears of it. Returns how many are told."""
    matter = get_case_matter(case_id)
    people = _people(matter.outlet_code, matter.assignee_id, by_user_id)
    return _tell(matter, people, "escalated", f"/desk/cases/{matter.case_no}", at=at)


def tell_of_press(*, case_id: int, assignee_id: int | None, by_user_id: int | None, at: datetime) -> int:
    """A colleague urges: whoever has the case hears of it, where nobody has, those who run its outlet."""
    matter = get_case_matter(case_id)
    people = _people(matter.outlet_code, assignee_id, by_user_id)
    return _tell(matter, people, "pressed", f"/desk/cases/{matter.case_no}", at=at)


def tell_of_task(*, task_id: int, case_id: int, by_user_id: int | None, at: datetime) -> int:
    """Part of a case was given away: who gets it reads what is asked, nothing of the person behind it."""
    matter, task = get_case_matter(case_id), task_told(task_id)
    people = _people(task.outlet_code, task.who_id, by_user_id)
    return _tell(
        matter,
        people,
        "task",
        f"/desk/tasks/{task_id}",
        title=task.title,
        phrase=task.phrase,
        due_at=task.due_at,
        at=at,
    )


def _people(outlet_code: str | None, named: int | None, by: int | None) -> list[StaffContact]:
    """With an address; the others see it on their pages at once (nudges)."""
    roles = ("OUTLET_MANAGER",) if outlet_code else ("QUALITY",)
    place = staff_contacts(outlet_code, roles) if named is None else []
    heard = who_hears(named=named, place=(one.user_id for one in place), by=by)
    people = [person for person in map(staff_contact, heard) if person is not None]
    return [person for person in people if is_address(EMAIL, person.email)]


def _has_enough(person: StaffContact, at: datetime) -> bool:
    since = at - timedelta(hours=1)
    to_hash = keyed_hash("to", person.email)
    told = Delivery.objects.filter(kind=Kind.STAFF_WORK, to_hash=to_hash, created_at__gt=since)
    return told.count() >= MOST_AN_HOUR


def _tell(
    matter: CaseMatter,
    people: list[StaffContact],
    what: str,
    page: str,
    *,
    title: str = "",
    phrase: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
    at: datetime,
) -> int:
    told = [person for person in people if not _has_enough(person, at)]
    due = reach([person.user_id for person in told], at)
    for person in told:
        language = person.language
        with translation.override(language):
            category, titled = str(Category(matter.category).label), say(phrase) or title
        said = {
            "case_no": matter.case_no,
            "category": category,
            "outlet": matter.outlet_name or part("head_office", language),
            "title": titled,
            "due": moment(due_at, language, zone()) if due_at else "",
        }
        values = {
            "operator": operator_name(language),
            "what": part(what, language, **said),
            "case_no": matter.case_no,
            "link": f"{settings.ENVIRONMENT.web_origin}{page}",
        }
        queue_delivery(
            kind=Kind.STAFF_WORK,
            subject_kind=CASE,
            subject_id=matter.case_id,
            channel=EMAIL,
            to=person.email,
            letter=write_letter(kind=Kind.STAFF_WORK, channel=EMAIL, language=language, values=values),
            language=language,
            at=at,
            due_at=due.get(person.user_id),
        )
    return len(told)
