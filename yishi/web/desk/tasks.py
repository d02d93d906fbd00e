"""Tasks and reminders: on a case, on one's own list, and a task's page for those who may not see its case."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from yishi.cases.actions.tasks import end_reminder, end_task, give_task, press_case, remind_me
from yishi.cases.queries.cards import CaseCard
from yishi.cases.queries.tasks import (
    TaskCard,
    access_task,
    list_asked,
    list_reminders,
    list_tasks,
    reminders_of_case,
    tasks_of_case,
)
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.network.queries import find_outlet, list_outlets
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer
from yishi.shipments.queries.parcels import access_shipment
from yishi.web.desk.choices import done_words
from yishi.web.desk.deeds import Deed, do_on_case
from yishi.web.desk.doors import staff_page
from yishi.web.desk.once import once
from yishi.web.desk.page import desk_page, whole_number, words_of
from yishi.web.desk.parcels import ParcelStory, tell
from yishi.web.desk.step_forms import HOURS
from yishi.web.desk.whom import Whom, whom_choices
from yishi.web.shared.live import live_url


def sheet(viewer: Viewer, case: CaseCard, at: datetime) -> dict[str, object]:
    """What was asked of others about this case, and what one wants to be reminded of."""
    cards, reminders = tasks_of_case(case.id), reminders_of_case(case.id, viewer=viewer)
    return {
        "tasks": {
            "cards": cards,
            "reminders": reminders,
            "is_busy": bool(cards or reminders),
            "own_people": whom_choices(viewer),
            "all_outlets": once(list_outlets, SYSTEM_VIEWER),
            "hours": HOURS,
            "may": viewer.may(Permission.CASE_WRITE),
        }
    }


def _on_case(request: HttpRequest, viewer: Viewer, case_no: str, done: str, deed: Deed) -> HttpResponse:
    return do_on_case(request, viewer, case_no, deed, done=done, step="tasks", anchor="tasks")


@staff_page(Permission.CASE_WRITE)
@require_POST
def give(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    said = request.POST

    def deed(case: CaseCard, at: datetime) -> None:
        outlet, user = Whom.read(said.get("whom", ""))
        give_task(
            case_id=case.id,
            title=said.get("title", ""),
            text=said.get("task_text", ""),
            outlet_id=_outlet_id(outlet, case),
            who_id=user or None,
            due_at=_moment(request, at),
            by=viewer,
            at=at,
        )

    return _on_case(request, viewer, case_no, "task", deed)


def _outlet_id(code: str, case: CaseCard) -> int | None:
    if not code or code == "HQ":
        return case.outlet_id if not code else None
    outlet = find_outlet(code)
    if outlet is None:
        raise Invalid([("/outlet", "unknown_outlet", "没有这个网点")])
    return outlet.id


def _moment(request: HttpRequest, at: datetime) -> datetime:
    """A stated time where there is one, else so many minutes from now. Raises Invalid for nonsense."""
    said = request.POST.get("due_at", "").strip()
    if said:
        try:
            stated = parse_datetime(said)
        except ValueError:
            stated = None
        if stated is None:
            raise Invalid([("/due_at", "bad_time", "时间没看懂，重新选一下")])
        return timezone.make_aware(stated) if timezone.is_naive(stated) else stated
    return at + timedelta(minutes=whole_number(request.POST.get("within", "")) or 0)


@staff_page(Permission.CASE_READ)
@require_POST
def remind(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    text = request.POST.get("what", "")
    return _on_case(
        request, viewer, case_no, "remind",
        lambda case, at: remind_me(
            case_id=case.id, due_at=_moment(request, at), text=text, by=viewer, at=at
        ),
    )  # fmt: skip


@staff_page(Permission.CASE_WRITE)
@require_POST
def press(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    return _on_case(
        request, viewer, case_no, "press",
        lambda case, at: press_case(case_id=case.id, text=request.POST.get("text", ""), by=viewer, at=at),
    )  # fmt: skip


@staff_page(Permission.CASE_READ)
@require_POST
def forget(request: HttpRequest, viewer: Viewer, reminder_id: int) -> HttpResponse:
    """Ticked: back to where it was ticked."""
    end_reminder(reminder_id=reminder_id, by=viewer, at=now())
    case_no = request.POST.get("case", "")
    back = reverse("desk:case", args=[case_no]) if case_no.isalnum() else reverse("desk:tasks")
    return HttpResponseRedirect(f"{back}?done=reminded")


@staff_page(Permission.CASE_READ)
@require_safe
def tasks(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What is asked of me, what I asked of others, and my reminders."""
    at = now()
    reminders = list_reminders(viewer=viewer)
    topics = [f"user:{viewer.user_id}", *(f"outlet:{place.code}" for place in list_outlets(viewer)[:50])]
    values = {
        "here": "tasks",
        "mine": list_tasks(viewer=viewer),
        "asked": list_asked(viewer=viewer),
        "due": [one for one in reminders if one.due_at <= at],
        "coming": [one for one in reminders if one.due_at > at],
        "done": done_words(request.GET.get("done", "")),
        "live": live_url(topics, viewer.name),
    }
    return desk_page(request, viewer, "desk/tasks.html", values, at=at)


@staff_page(Permission.CASE_READ)
@require_safe
def task(request: HttpRequest, viewer: Viewer, task_id: int) -> HttpResponse:
    return _task_page(request, viewer, access_task(viewer=viewer, task_id=task_id))


@staff_page(Permission.CASE_WRITE)
@require_POST
def end(request: HttpRequest, viewer: Viewer, task_id: int) -> HttpResponse:
    """Done, not possible, or not needed any more; with what came of it."""
    found, said = access_task(viewer=viewer, task_id=task_id), request.POST
    try:
        end_task(
            task_id=task_id, state=said.get("state", ""), result=said.get("result", ""), by=viewer, at=now()
        )
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _task_page(request, viewer, found, refusal)
    if said.get("back") == "case" and found.sees_case:
        return HttpResponseRedirect(f"{reverse('desk:case', args=[found.case_no])}?done=task_ended#tasks")
    return HttpResponseRedirect(f"{reverse('desk:tasks')}?done=task_ended")


def _task_page(
    request: HttpRequest, viewer: Viewer, found: TaskCard, refusal: Refusal | None = None
) -> HttpResponse:
    values: dict[str, Any] = {
        "here": "tasks",
        "task": found,
        "parcel": _parcel(found),
        "result": request.POST.get("result", ""),
        "refused": words_of(refusal) if refusal else "",
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "desk/task.html", values, status=status)


def _parcel(found: TaskCard) -> ParcelStory | None:
    """The task needs the parcel's road, whichever outlet scanned it; nothing of the people behind it."""
    if not found.waybill_no:
        return None
    try:
        return tell(access_shipment(SYSTEM_VIEWER, found.waybill_no, found.carrier or None))
    except NotFound:
        return None
