"""Tasks about a case for other people, each with its own promise; urging; and one's own reminders."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from yishi.cases.actions.hold import HEAD_OFFICE, check_may, check_text, hold_case, tell
from yishi.cases.actions.lines import write_entry
from yishi.cases.facts import CasePressed, PromiseEnded, PromiseMade, TaskEnded, TaskGiven
from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience, Author
from yishi.cases.models.tasks import Reminder, Task, TaskState
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.kit.live import nudge
from yishi.kit.phrases import Phrase
from yishi.network.queries import find_outlet_card
from yishi.people.queries import Colleague, list_colleagues
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer

MOST_OPEN = 20
FARTHEST = timedelta(days=60)
_TITLE = 60


class TooManyTasks(Refusal):
    """这件工单上还没办完的任务已经有 20 个"""

    code = "too_many_tasks"


class TaskIsOver(Refusal):
    """这个任务已经有结果了"""

    code = "task_is_over"


@transaction.atomic
def give_task(
    *,
    case_id: int,
    title: str | Phrase,
    text: str | Phrase = "",
    outlet_id: int | None,
    who_id: int | None = None,
    due_at: datetime,
    by: Viewer,
    at: datetime,
) -> int:
    """Asks an outlet (None = head office), perhaps one person there, for something by `due_at`.

    Returns the task's id. Whoever gets it sees the task, not the person behind the case. Raises Invalid,
    NotFound for an unknown outlet or somebody who does not work there, CaseIsOver, TooManyTasks.
    """
    check_may(by, Permission.CASE_WRITE)
    said, kept, note = _checked(plain_of(title), plain_of(text), due_at, at)
    phrases = _phrases(title=title, text=text)
    outlet = find_outlet_card(outlet_id) if outlet_id is not None else None
    if outlet_id is not None and outlet is None:
        raise NotFound()
    people = {one.user_id: one.name for one in _people_of(outlet.code if outlet else None, who_id)}
    if who_id is not None and who_id not in people:
        raise NotFound()
    case = hold_case(case_id=case_id, must_be_open=True)
    if Task.objects.filter(case=case, state=TaskState.OPEN).count() >= MOST_OPEN:
        raise TooManyTasks()
    task = Task.objects.create(
        case=case, title=said, text=kept, said=phrases, outlet_id=outlet_id, who_id=who_id, due_at=due_at,
        asked_by_id=by.user_id, asked_at=at,
    )  # fmt: skip
    person = people[who_id] if who_id is not None else ""
    data = {**note, **_named(task), "outlet": outlet.name if outlet else "", "person": person}
    write_entry(case, "TASK_GIVEN", Audience.INTERNAL, by=by, at=at, data=data)
    _tell(case, task)
    who: dict[str, Any] = {"case_id": case.pk, "case_no": case.case_no, "by_user_id": by.user_id, "at": at}
    announce(TaskGiven(task_id=task.pk, outlet_id=outlet_id, who_id=who_id, **who))
    announce(
        PromiseMade(
            subject_kind="TASK",
            subject_id=task.pk,
            kind="TASK",
            due_at=due_at,
            who_id=who_id,
            title=said,
            said=phrases.get("title", {}),
            **who,
        )
    )
    return task.pk


@transaction.atomic
def end_task(*, task_id: int, state: str, result: str | Phrase, by: Viewer, at: datetime) -> None:
    """DONE or REFUSED with what came of it, by whoever has it; CANCELLED by those who have the case.

    The caller got the task through `queries.tasks.access_task`. Raises Invalid, NotAllowed, TaskIsOver.
    """
    check_may(by, Permission.CASE_WRITE)
    if state not in (TaskState.DONE, TaskState.REFUSED, TaskState.CANCELLED):
        raise Invalid([("/state", "unknown_state", "选办好了或办不了")])
    kept, note = check_text(result, pointer="/result", is_required=state != TaskState.CANCELLED)
    found = Task.objects.filter(pk=task_id).values_list("case_id", flat=True).first()
    if found is None:
        raise NotFound()
    case = hold_case(case_id=found)
    task = Task.objects.select_for_update(of=("self",)).select_related("outlet").get(pk=task_id)
    if task.state != TaskState.OPEN:
        raise TaskIsOver()
    holds_case = by.sees_outlet(case.outlet.code if case.outlet else None)
    holds_task = by.sees_outlet(task.outlet.code if task.outlet else None) or task.who_id == by.user_id
    if not (holds_case if state == TaskState.CANCELLED else holds_task or holds_case):
        raise NotAllowed()
    said = result if isinstance(result, Phrase) else kept
    _end(case, task, TaskState(state), said, note, by=by, at=at)


@transaction.atomic
def cancel_tasks_of_case(*, case_id: int, at: datetime) -> int:
    """A case that has ended asks nothing of anybody any more. Returns how many fell away."""
    open_tasks = Task.objects.filter(case_id=case_id, state=TaskState.OPEN)
    if not open_tasks.exists():
        return 0
    case = hold_case(case_id=case_id)
    tasks = list(open_tasks.select_for_update(of=("self",)).select_related("outlet").order_by("id"))
    for task in tasks:
        _end(case, task, TaskState.CANCELLED, "", {}, by=SYSTEM_VIEWER, at=at)
    return len(tasks)


def _end(
    case: Case,
    task: Task,
    state: TaskState,
    result: str | Phrase,
    note: dict[str, Any],
    *,
    by: Viewer,
    at: datetime,
) -> None:
    task.state, task.ended_by_id, task.ended_at = state.value, by.user_id, at
    task.result, task.said = plain_of(result), {**task.said, **_phrases(result=result)}
    task.save(update_fields=["state", "result", "said", "ended_by", "ended_at"])
    data = {**note, **_named(task)}
    author = Author.SYSTEM if by.kind == "SYSTEM" else Author.STAFF
    kind = f"TASK_{state.value}"
    text = "" if isinstance(result, Phrase) else result
    write_entry(case, kind, Audience.INTERNAL, by=by, at=at, author=author, text=text, data=data)
    _tell(case, task)
    who: dict[str, Any] = {"case_id": case.pk, "case_no": case.case_no, "by_user_id": by.user_id, "at": at}
    announce(TaskEnded(task_id=task.pk, state=state.value, **who))
    announce(
        PromiseEnded(
            subject_kind="TASK", subject_id=task.pk, kind="TASK", is_done=state == TaskState.DONE, **who
        )
    )


def plain_of(words: str | Phrase) -> str:
    return words.plain() if isinstance(words, Phrase) else words


def _phrases(**words: str | Phrase) -> dict[str, Any]:
    """What of it Yishi wrote itself."""
    return {name: one.kept() for name, one in words.items() if isinstance(one, Phrase)}


def _named(task: Task) -> dict[str, Any]:
    """Which task a line is about."""
    said = {"said": task.said["title"]} if "title" in task.said else {}
    return {"task": task.pk, "title": task.title, **said}


def _checked(title: str, text: str, due_at: datetime, at: datetime) -> tuple[str, str, dict[str, Any]]:
    said = " ".join(title.split())
    if not said or len(said) > _TITLE:
        raise Invalid([("/title", "missing_field", "写明要做什么，60 字以内")])
    _check_due(due_at, at)
    kept, note = check_text(text, is_required=False)
    return said, kept, note


def _check_due(due_at: datetime, at: datetime) -> None:
    if not at < due_at <= at + FARTHEST:
        raise Invalid([("/due_at", "bad_time", "时间要在现在之后、60 天之内")])


def _people_of(outlet_code: str | None, who_id: int | None) -> list[Colleague]:
    return list(list_colleagues(SYSTEM_VIEWER, outlet_code)) if who_id is not None else []


def _tell(case: Case, task: Task) -> None:
    tell(case, task.outlet.code if task.outlet else HEAD_OFFICE)
    nudge(*(f"user:{user_id}" for user_id in {task.who_id, task.asked_by_id} if user_id))


@transaction.atomic
def press_case(*, case_id: int, text: str = "", by: Viewer, at: datetime) -> int:
    """Urges whoever has the case; stays inside. Returns the entry's id. Raises CaseIsOver."""
    check_may(by, Permission.CASE_WRITE)
    kept, note = check_text(text, is_required=False)
    case = hold_case(case_id=case_id, must_be_open=True)
    entry = write_entry(case, "PRESSED", Audience.INTERNAL, by=by, at=at, text=kept, data=note)
    tell(case)
    if case.assignee_id:
        nudge(f"user:{case.assignee_id}")
    announce(
        CasePressed(
            case_id=case.pk,
            case_no=case.case_no,
            by_user_id=by.user_id,
            entry_id=entry.pk,
            assignee_id=case.assignee_id,
            at=at,
        )
    )
    return entry.pk


@transaction.atomic
def remind_me(*, case_id: int, due_at: datetime, text: str = "", by: Viewer, at: datetime) -> int:
    """Brings the case back to this person at `due_at`; only he sees it. Returns its id. Raises Invalid."""
    check_may(by, Permission.CASE_READ)
    if by.user_id is None:
        raise NotAllowed()
    _check_due(due_at, at)
    said = " ".join(text.split())[:200]
    return Reminder.objects.create(case_id=case_id, user_id=by.user_id, text=said, due_at=due_at).pk


@transaction.atomic
def end_reminder(*, reminder_id: int, by: Viewer, at: datetime) -> None:
    """The person's tick: seen. Raises NotFound for anybody else's."""
    mine = Reminder.objects.filter(pk=reminder_id, user_id=by.user_id or 0, done_at__isnull=True)
    if not mine.update(done_at=at):
        raise NotFound()
