"""The steps of stopping a parcel: given to who has it, its task and clock, its result, its public lines."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_noop as _

from yishi.cases.actions.hold import keep
from yishi.cases.actions.lines import write_entry
from yishi.cases.actions.tasks import TooManyTasks, end_task, give_task
from yishi.cases.facts import InterceptionEnded, PromiseEnded, PromiseMade
from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience, Author, TimelineEntry
from yishi.cases.models.interceptions import Interception, InterceptionAsk
from yishi.cases.models.tasks import TaskState
from yishi.cases.rules.interceptions import Chance, State
from yishi.kit.facts import announce
from yishi.kit.phrases import Phrase, lines_of, phrase_of
from yishi.network.queries import find_outlet_card
from yishi.people.rules import SYSTEM_VIEWER, Viewer
from yishi.shipments.queries.stops import Standing

SUBJECT = KIND = "INTERCEPT"
# a task needs a moment to be read
_LEAST = timedelta(minutes=5)
_OUTLET_AT_LEAST = timedelta(hours=2)


def finish(
    case: Case,
    row: Interception,
    state: State,
    why: str,
    *,
    frees: bool,
    by: Viewer,
    at: datetime,
    text: str = "",
) -> None:
    """Writes the result on a held case, tells who asked, ends the task and the clock."""
    row.state, row.why, row.ended_by_id, row.ended_at = state.value, why or row.why, by.user_id, at
    row.freed_at = at if frees else None
    row.save(update_fields=["state", "why", "ended_by", "ended_at", "freed_at"])
    end_row_task(row, is_done=state == State.STOPPED, at=at)
    announce(
        PromiseEnded(
            subject_kind=SUBJECT,
            subject_id=row.pk,
            kind=KIND,
            is_done=state == State.STOPPED,
            **about(case, by, at),
        )
    )
    if text:
        write_entry(case, "INTERCEPT_FOUND", Audience.INTERNAL, by=by, at=at, text=text)
    entry = say(case, "INTERCEPT_ENDED", row, at=at)
    announce(ended(case, row, entry, by, at))


def place(case: Case, row: Interception, chance: Chance, standing: Standing, *, at: datetime) -> None:
    """Gives it to who has the parcel now: the old task falls away, the clock runs to the latest transfer."""
    end_row_task(row, is_done=False, at=at)
    row.holder, row.why, row.until = chance.holder.value, chance.why, chance.until
    row.outlet_id, row.courier = chance.outlet_id, chance.courier
    row.task_id = _task(case, row, standing, at)
    row.save(update_fields=["holder", "why", "until", "outlet", "courier", "task"])
    announce(
        PromiseMade(
            subject_kind=SUBJECT,
            subject_id=row.pk,
            kind=KIND,
            due_at=chance.until,
            title=standing.waybill_no,
            **about(case, SYSTEM_VIEWER, at),
        )
    )


def _task(case: Case, row: Interception, standing: Standing, at: datetime) -> int | None:
    """The task of whoever must act; none where the case has too many already."""
    asked = phrase_of(InterceptionAsk(row.asked).label)
    title = Phrase(_("拦下 %(waybill_no)s：%(asked)s"), {"waybill_no": standing.waybill_no, "asked": asked})
    text = Phrase(_("扫描已锁住。拦到后点“办好了”，写明放在哪里。"))
    if row.courier:
        carried = Phrase(_("快递员 %(courier)s 带着，马上打电话。"), {"courier": row.courier})
        text = lines_of([carried, text])
    due_at = max(row.until or at + _OUTLET_AT_LEAST, at + _LEAST)
    try:
        return give_task(
            case_id=case.pk,
            title=title,
            text=text,
            outlet_id=row.outlet_id,
            due_at=due_at,
            by=SYSTEM_VIEWER,
            at=at,
        )
    except TooManyTasks:
        return None


def end_row_task(row: Interception, *, is_done: bool, at: datetime) -> None:
    """The task that this interception gave falls away, if it is still open."""
    task = row.task
    if task is None or task.state != TaskState.OPEN:
        return
    result = Phrase(_("拦住了")) if is_done else ""
    state = TaskState.DONE if is_done else TaskState.CANCELLED
    row.task = None
    row.save(update_fields=["task"])
    end_task(task_id=task.pk, state=state, result=result, by=SYSTEM_VIEWER, at=at)


def say(case: Case, kind: str, row: Interception, *, at: datetime, **values: Any) -> TimelineEntry:
    """A public line of Yishi's own: what was asked, who has it, until when, how it came out."""
    outlet = find_outlet_card(row.outlet_id) if row.outlet_id else None
    data = {
        "asked": row.asked,
        "state": row.state,
        "holder": row.holder,
        "why": row.why,
        "outlet": outlet.name if outlet else "",
        "until": row.until.isoformat() if row.until else "",
        **values,
    }
    entry = write_entry(case, kind, Audience.PUBLIC, by=SYSTEM_VIEWER, at=at, author=Author.SYSTEM, data=data)
    keep(case)
    return entry


def about(case: Case, by: Viewer, at: datetime) -> dict[str, Any]:
    """What every fact of this case says."""
    return {"case_id": case.pk, "case_no": case.case_no, "by_user_id": by.user_id, "at": at}


def ended(case: Case, row: Interception, entry: TimelineEntry, by: Viewer, at: datetime) -> InterceptionEnded:
    return InterceptionEnded(
        interception_id=row.pk, state=row.state, entry_id=entry.pk, **about(case, by, at)
    )
