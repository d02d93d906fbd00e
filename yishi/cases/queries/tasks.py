"""Tasks and reminders as their people read them; `access_task` is the only door to a task."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from yishi.cases.models.presence import Presence
from yishi.cases.models.tasks import Reminder, Task, TaskState
from yishi.cases.queries.cards import case_numbers
from yishi.cases.queries.sight import in_sight
from yishi.kit.errors import NotFound
from yishi.kit.phrases import say
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

MOST = 100


@dataclass(frozen=True, kw_only=True)
class TaskCard:
    """A task with what of its case whoever does it needs: the matter and the parcel, nobody's name."""

    id: int
    case_no: str
    category: str
    waybill_no: str
    carrier: str
    title: str
    text: str
    outlet_code: str | None
    outlet_name: str
    who_id: int | None
    who_name: str
    asked_by_id: int | None
    asked_by_name: str
    asked_at: datetime
    due_at: datetime
    state: str
    result: str
    ended_by_name: str
    ended_at: datetime | None
    sees_case: bool

    @property
    def is_open(self) -> bool:
        return self.state == TaskState.OPEN


@dataclass(frozen=True, kw_only=True)
class ReminderCard:
    id: int
    case_no: str
    category: str
    text: str
    due_at: datetime


@dataclass(frozen=True)
class TaskTold:
    """What a notice says of a task, and to whom it goes; `phrase`: the title where Yishi wrote it."""

    title: str
    due_at: datetime
    outlet_code: str | None
    who_id: int | None
    phrase: Mapping[str, Any]


def task_told(task_id: int) -> TaskTold:
    """For notices. Task.DoesNotExist when there is no such task."""
    names = ("title", "due_at", "outlet__code", "who_id", "said")
    title, due_at, outlet_code, who_id, said = Task.objects.values_list(*names).get(pk=task_id)
    return TaskTold(title, due_at, outlet_code, who_id, said.get("title", {}))


def access_task(*, viewer: Viewer, task_id: int) -> TaskCard:
    """A task of one's own, of one's outlet, or about a case in sight. Raises NotFound, NotAllowed."""
    require(viewer, Permission.CASE_READ)
    found = _cards(Task.objects.filter(_mine(viewer) | _of_case_in_sight(viewer), pk=task_id), viewer)
    if not found:
        raise NotFound()
    return found[0]


def tasks_of_case(case_id: int) -> list[TaskCard]:
    """All tasks of a case got through its door, the open ones first."""
    rows = _rows(Task.objects.filter(case_id=case_id).order_by("ended_at", "due_at")[:MOST])
    return [_card(row, sees_case=True) for row in rows]


def list_tasks(*, viewer: Viewer) -> list[TaskCard]:
    """What is asked of this person and of nobody in particular at his outlets, the soonest first."""
    require(viewer, Permission.CASE_READ)
    waiting = Task.objects.filter(_mine(viewer), state=TaskState.OPEN)
    return _cards(waiting.order_by("due_at")[:MOST], viewer)


def list_asked(*, viewer: Viewer) -> list[TaskCard]:
    """What this person asked of others and is still waiting for."""
    require(viewer, Permission.CASE_READ)
    asked = Task.objects.filter(asked_by_id=viewer.user_id or 0, state=TaskState.OPEN)
    return _cards(asked.order_by("due_at")[:MOST], viewer)


def _mine(viewer: Viewer) -> Q:
    """His own, and those given to a place he works at. Head office's go to those who see everything."""
    own = Q(who_id=viewer.user_id or 0)
    if viewer.outlet_codes is None:
        return own | Q(outlet__isnull=True, who__isnull=True)
    return own | Q(outlet__code__in=sorted(viewer.outlet_codes))


def _of_case_in_sight(viewer: Viewer) -> Q:
    return in_sight(viewer, "case")


def _rows(tasks: QuerySet[Task]) -> QuerySet[Task]:
    return tasks.select_related("case", "outlet", "who", "asked_by", "ended_by")


def _cards(tasks: QuerySet[Task], viewer: Viewer) -> list[TaskCard]:
    rows = list(_rows(tasks))
    seen = case_numbers(viewer=viewer, case_ids={row.case_id for row in rows}) if rows else {}
    return [_card(row, sees_case=row.case_id in seen) for row in rows]


def _card(row: Task, *, sees_case: bool) -> TaskCard:
    return TaskCard(
        id=row.pk,
        case_no=row.case.case_no,
        category=row.case.category,
        waybill_no=row.case.waybill_no,
        carrier=row.case.carrier,
        title=say(row.said.get("title")) or row.title,
        text=say(row.said.get("text")) or row.text,
        outlet_code=row.outlet.code if row.outlet else None,
        outlet_name=row.outlet.name if row.outlet else "",
        who_id=row.who_id,
        who_name=row.who.name if row.who else "",
        asked_by_id=row.asked_by_id,
        asked_by_name=row.asked_by.name if row.asked_by else "",
        asked_at=row.asked_at,
        due_at=row.due_at,
        state=row.state,
        result=say(row.said.get("result")) or row.result,
        ended_by_name=row.ended_by.name if row.ended_by else "",
        ended_at=row.ended_at,
        sees_case=sees_case,
    )


def list_reminders(*, viewer: Viewer, until: datetime | None = None) -> list[ReminderCard]:
    """This person's reminders that are not ticked, the soonest first; `until` = only those due by then."""
    mine = Reminder.objects.filter(
        in_sight(viewer, "case"), user_id=viewer.user_id or 0, done_at__isnull=True
    )
    if until is not None:
        mine = mine.filter(due_at__lte=until)
    return _reminders(mine)


def reminders_of_case(case_id: int, *, viewer: Viewer) -> list[ReminderCard]:
    """What this person wants to be reminded of about a case got through its door."""
    mine = Reminder.objects.filter(case_id=case_id, user_id=viewer.user_id or 0, done_at__isnull=True)
    return _reminders(mine)


def _reminders(found: QuerySet[Reminder]) -> list[ReminderCard]:
    rows = found.select_related("case").order_by("due_at")[:MOST]
    return [
        ReminderCard(
            id=row.pk, case_no=row.case.case_no, category=row.case.category, text=row.text, due_at=row.due_at
        )
        for row in rows
    ]


_WAITING = """
SELECT (SELECT count(*) FROM cases_task WHERE who_id = %(user)s AND state = 'OPEN')
     + (SELECT count(*) FROM cases_task t JOIN network_outlet o ON o.id = t.outlet_id
        WHERE t.state = 'OPEN' AND t.who_id IS NULL AND o.code = ANY(%(codes)s))
     + (SELECT count(*) FROM cases_reminder
        WHERE user_id = %(user)s AND done_at IS NULL AND due_at <= %(at)s)
"""


def count_waiting(*, viewer: Viewer, at: datetime) -> int:
    """Open tasks for this person or nobody else at his outlets, and reminders that are due."""
    if viewer.user_id is None or not viewer.may(Permission.CASE_READ):
        return 0
    values: dict[str, Any] = {"user": viewer.user_id, "codes": sorted(viewer.outlet_codes or ()), "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, values)
        return int(cursor.fetchone()[0])


@dataclass(frozen=True)
class Here:
    """Somebody else who has the case open."""

    name: str
    is_typing: bool


def who_is_here(case_id: int, *, viewer: Viewer, at: datetime) -> list[Here]:
    """Others with this case open now, who types first."""
    rows = Presence.objects.filter(case_id=case_id, until_at__gt=at).exclude(user_id=viewer.user_id or 0)
    found = rows.order_by("-is_typing", "user_id").select_related("user")[:5]
    return [Here(row.user.name, row.is_typing) for row in found]
