"""Intercepting a parcel: asked on a case, stopped at the scanners at once, given to who has it, concluded."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from yishi.cases.actions.evidence import add_evidence
from yishi.cases.actions.hold import check_leads, check_may, check_text, hold_case, keep
from yishi.cases.actions.lines import write_entry
from yishi.cases.actions.tasks import TooManyTasks, end_task, give_task
from yishi.cases.facts import InterceptionAsked, InterceptionEnded, PromiseEnded, PromiseMade
from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience, Author, TimelineEntry
from yishi.cases.models.interceptions import Interception
from yishi.cases.models.tasks import TaskState
from yishi.cases.queries.interceptions import cut_offs, known_of, zone
from yishi.cases.rules.interceptions import CHOSEN_BY_HAND, Chance, State, chance_of
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.network.queries import find_outlet_card
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer
from yishi.shipments.actions.stops import lift_stop, stop_parcel
from yishi.shipments.queries.stops import Standing, standing_of, stops_of
from yishi.shipments.rules.stops import ASKS, Asked, Reason

SUBJECT = KIND = "INTERCEPT"
MAX_ADDRESS = 300
# a task needs a moment to be read
_LEAST = timedelta(minutes=5)
_OUTLET_AT_LEAST = timedelta(hours=2)


class NoParcel(Refusal):
    """这件工单没有对上包裹，先补上运单号再拦"""

    code = "no_parcel"


class AlreadyIntercepted(Refusal):
    """这一件已经在拦了，见工单 %(case_no)s"""

    code = "already_intercepted"


class InterceptionIsOver(Refusal):
    """这次拦截已经有结果了"""

    code = "interception_is_over"


@transaction.atomic
def intercept(*, case_id: int, asked: str, address: str = "", by: Viewer | None, at: datetime) -> int:
    """Stops the case's parcel for RETURN, NEW_ADDRESS or HOLD; None is the consumer himself.

    From the commit on no scanner lets it pass; whoever has it gets a task until the latest transfer. Where
    it is too late already, that is said at once. Returns the interception's id. Raises Invalid, NoParcel,
    AlreadyIntercepted, CaseIsOver.
    """
    check_may(by, Permission.CASE_WRITE)
    _check(asked, address, is_by_hand=by is not None)
    doer = by or SYSTEM_VIEWER
    standing = parcel_of(case_id, at)
    chance = chance_of(known_of(standing), cut_offs(), zone=zone(), at=at)
    stop_id = _stopped(case_id, standing, asked, by=doer, at=at) if chance.is_possible else None
    case = hold_case(case_id=case_id, must_be_open=True)
    row = Interception.objects.create(
        case=case,
        shipment_id=standing.shipment_id,
        stop_id=stop_id,
        asked=asked,
        address=address.strip(),
        state=State.RUNNING if chance.is_possible else State.TOO_LATE,
        why=chance.why,
        holder=chance.holder,
        asked_by_id=doer.user_id,
        asked_at=at,
        **({} if chance.is_possible else {"ended_at": at, "freed_at": at}),
    )
    if chance.is_possible:
        place(case, row, chance, standing, at=at)
        entry = say(case, "INTERCEPT_ASKED", row, at=at)
        announce(InterceptionAsked(interception_id=row.pk, entry_id=entry.pk, **about(case, doer, at)))
    else:
        entry = say(case, "INTERCEPT_ENDED", row, at=at)
        announce(_ended(case, row, entry, doer, at))
    return row.pk


def _check(asked: str, address: str, *, is_by_hand: bool) -> None:
    if asked not in ASKS:
        raise Invalid([("/asked", "bad_value", "没有这个选项")])
    # a person who asks for it says it in his own words, which stand in the case
    if asked == Asked.NEW_ADDRESS and is_by_hand and not address.strip():
        raise Invalid([("/address", "missing_field", "写明改送到哪里")])
    if len(address) > MAX_ADDRESS or "\x00" in address:
        raise Invalid([("/address", "too_long", "太长了")])


def _stopped(case_id: int, standing: Standing, asked: str, *, by: Viewer, at: datetime) -> int:
    """The stop that holds the scanners back; the parcel's row is held before the case's."""
    case_no = Case.objects.values_list("case_no", flat=True).get(pk=case_id)
    stop_id = stop_parcel(
        shipment_id=standing.shipment_id,
        reason=Reason.INTERCEPTED,
        asked=asked,
        case_no=case_no,
        by=by,
        at=at,
    )
    mine = next(stop for stop in stops_of(standing.shipment_id) if stop.id == stop_id)
    if mine.case_no != case_no or Interception.objects.filter(stop_id=stop_id).exists():
        raise AlreadyIntercepted(case_no=mine.case_no)
    return stop_id


@transaction.atomic
def conclude(
    *, case_id: int, state: str, text: str, files: Sequence[UUID] = (), by: Viewer, at: datetime
) -> None:
    """How it came out, as a person says: STOPPED (the parcel stays held until it is freed), REFUSED or
    MISSED; `text` says how it is known and stays inside, `files` prove it.

    Raises Invalid, InterceptionIsOver, OnlyTheLead.
    """
    check_may(by, Permission.CASE_WRITE)
    if state not in CHOSEN_BY_HAND:
        raise Invalid([("/state", "unknown_state", "选拦住了、没拦住或不能拦")])
    kept, _note = check_text(text)
    row = running(case_id)
    if state != State.STOPPED and row.stop_id is not None:
        lift_stop(stop_id=row.stop_id, by=by, at=at)
    case = hold_case(case_id=case_id)
    check_leads(case, by)
    row = running(case_id)
    if files:
        add_evidence(case_id=case_id, files=files, text=kept, by=by, at=at)
    finish(case, row, State(state), "", frees=state != State.STOPPED, text=kept, by=by, at=at)


@transaction.atomic
def free_parcel(*, case_id: int, reason: str, by: Viewer, at: datetime) -> None:
    """Lets a stopped parcel go its new way: scanners pass it again. Raises Invalid, NotFound."""
    check_may(by, Permission.CASE_WRITE)
    kept, _note = check_text(reason, pointer="/reason")
    row = Interception.objects.filter(case_id=case_id, state=State.STOPPED, freed_at__isnull=True).first()
    if row is None:
        raise NotFound()
    if row.stop_id is not None:
        lift_stop(stop_id=row.stop_id, by=by, at=at)
    case = hold_case(case_id=case_id)
    check_leads(case, by)
    if Interception.objects.filter(pk=row.pk, freed_at__isnull=True).update(freed_at=at):
        write_entry(case, "INTERCEPT_FREED", Audience.INTERNAL, by=by, at=at, text=kept)
        keep(case)


def running(case_id: int) -> Interception:
    """The case's interception that has no result yet. Raises InterceptionIsOver, NotFound."""
    row = Interception.objects.filter(case_id=case_id).order_by("-pk").first()
    if row is None:
        raise NotFound()
    if row.state != State.RUNNING:
        raise InterceptionIsOver()
    return row


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
    announce(_ended(case, row, entry, by, at))


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
    with translation.override(settings.LANGUAGE_CODE):
        title = _("拦下 %(waybill_no)s：%(asked)s") % {
            "waybill_no": standing.waybill_no,
            "asked": row.get_asked_display(),
        }
        courier = _("快递员 %s 带着，马上打电话。") % row.courier if row.courier else ""
        text = courier + _("扫描已锁住。拦到后点“办好了”，写明放在哪里。")
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
    result = _("拦住了") if is_done else ""
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


def _ended(
    case: Case, row: Interception, entry: TimelineEntry, by: Viewer, at: datetime
) -> InterceptionEnded:
    return InterceptionEnded(
        interception_id=row.pk, state=row.state, entry_id=entry.pk, **about(case, by, at)
    )


def parcel_of(case_id: int, at: datetime) -> Standing:
    """Where the case's parcel stands. Raises NotFound, NoParcel."""
    found = Case.objects.filter(pk=case_id).values_list("shipment_id").first()
    if found is None:
        raise NotFound()
    if found[0] is None:
        raise NoParcel()
    return standing_of(found[0], at=at)
