"""Answers entered where the work order came from: ticked by a person, or handed in by the source's API."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from django.db import transaction

from yishi.cases.actions.hold import check_may, check_text, hold_case, keep
from yishi.cases.actions.lines import write_entry
from yishi.cases.facts import AnswerNotTaken
from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience, Author
from yishi.cases.models.work_orders import SendState, SentAnswer, WorkOrder, WorkOrderSource
from yishi.cases.port import FilledAnswer, PluginError, SettingsRefused, Unanswered
from yishi.cases.queries.work_order_answers import OWN_SOURCES, answered_case, fill
from yishi.cases.queries.work_order_sources import OrderSource, get_order_source
from yishi.feeds.rules import next_try
from yishi.kit.errors import Refusal
from yishi.kit.facts import announce
from yishi.kit.personal import without_phones
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer

MOST_TRIES = 6
LEASE = timedelta(minutes=2)
_LONGEST_ERROR = 200


class NoWorkOrder(Refusal):
    """这件不是别处来的工单，没有地方回填"""

    code = "no_work_order"


class AlreadyAnsweredThere(Refusal):
    """已经标过“已在来源系统填写”"""

    code = "already_answered_there"


class NothingToUndo(Refusal):
    """还没有标过“已在来源系统填写”"""

    code = "nothing_to_undo"


class NothingToSend(Refusal):
    """还没有答复，先回复或给处理办法"""

    code = "nothing_to_send"


class CannotSubmit(Refusal):
    """这个来源不能从这里提交，请到对方系统里填写"""

    code = "cannot_submit"


class SendingAlready(Refusal):
    """上一次提交还没有结果，稍等"""

    code = "sending_already"


@transaction.atomic
def tick_answered_there(*, case_id: int, by: Viewer, at: datetime, is_by_api: bool = False) -> None:
    """Notes that the answer stands at the source now. Raises NoWorkOrder, AlreadyAnsweredThere."""
    check_may(by, Permission.CASE_WRITE)
    case = _order_case(case_id)
    if case.answered_there_at is not None:
        raise AlreadyAnsweredThere
    case.answered_there_at = at
    data = {"by_api": is_by_api}
    write_entry(case, "ANSWERED_THERE", Audience.INTERNAL, by=by, at=at, data=data)
    keep(case, "answered_there_at")


@transaction.atomic
def untick_answered_there(*, case_id: int, reason: str, by: Viewer, at: datetime) -> None:
    """Takes the tick back, with a reason; the case is to be answered there again. Raises NothingToUndo."""
    check_may(by, Permission.CASE_WRITE)
    kept, note = check_text(reason, pointer="/reason")
    case = _order_case(case_id)
    if case.answered_there_at is None:
        raise NothingToUndo
    case.answered_there_at = None
    write_entry(case, "NOT_ANSWERED_THERE", Audience.INTERNAL, by=by, at=at, text=kept, data=note)
    keep(case, "answered_there_at")


@transaction.atomic
def ask_to_send(*, case_id: int, by: Viewer, at: datetime) -> int:
    """Has the worker hand the answer in, as it stands now. Raises NoWorkOrder, AlreadyAnsweredThere,
    CannotSubmit, NothingToSend, SendingAlready."""
    check_may(by, Permission.CASE_WRITE)
    case = _order_case(case_id)
    order = WorkOrder.objects.filter(case=case).order_by("pk").first()
    source = get_order_source(source_id=order.source_id) if order else None
    if source is None or source.kind.client is None or source.is_paused:
        raise CannotSubmit
    if case.answered_there_at is not None:
        raise AlreadyAnsweredThere
    answered = answered_case(case, order)
    if not answered.answer:
        raise NothingToSend
    if SentAnswer.objects.filter(case=case, due_at__isnull=False).exists():
        raise SendingAlready
    sent = SentAnswer.objects.create(
        case=case,
        source_id=source.id,
        filled=msgspec.json.encode(fill(answered, source)).decode(),
        by_id=by.user_id,
        asked_at=at,
        due_at=at,
    )
    return sent.pk


def _order_case(case_id: int) -> Case:
    case = hold_case(case_id=case_id)
    if not case.external_no or case.source in OWN_SOURCES:
        raise NoWorkOrder
    return case


@dataclass(frozen=True)
class Claimed:
    """An answer that one worker may hand in until its lease runs out."""

    id: int
    source: OrderSource
    filled: FilledAnswer
    tries: int


@transaction.atomic
def claim_next_answer(*, at: datetime) -> Claimed | None:
    """Takes the answer that has waited longest. One whose worker died while it was being handed in may have
    been taken: it is not sent again, a person looks."""
    while True:
        due = SentAnswer.objects.select_for_update(skip_locked=True).filter(due_at__lte=at)
        row = due.order_by("due_at", "pk").first()
        if row is None:
            return None
        if row.state == SendState.SENDING:
            _end(row, SendState.UNSURE, "the worker stopped", at)
            continue
        row.state, row.tries, row.due_at = SendState.SENDING, row.tries + 1, at + LEASE
        row.save(update_fields=["state", "tries", "due_at"])
        filled = msgspec.json.decode(row.filled, type=FilledAnswer)
        return Claimed(row.pk, get_order_source(source_id=row.source_id), filled, row.tries)


def send_claimed(claimed: Claimed, *, at: datetime) -> None:
    """Hands the answer in, outside of any transaction, and keeps what came of it."""
    client = claimed.source.kind.client
    error: PluginError | None = None
    if client is None:
        error = PluginError("no client", permanent=True)
    else:
        try:
            client.submit(
                claimed.filled, settings=claimed.source.settings, sent_at_ms=int(at.timestamp() * 1000)
            )
        except PluginError as failed:
            error = failed
    _keep_outcome(claimed, error, at=at)


@transaction.atomic
def _keep_outcome(claimed: Claimed, error: PluginError | None, *, at: datetime) -> None:
    row = SentAnswer.objects.select_for_update().get(pk=claimed.id)
    if row.state != SendState.SENDING:
        return
    if error is None:
        row.state, row.ended_at, row.due_at, row.error = SendState.SENT, at, None, ""
        row.save(update_fields=["state", "ended_at", "due_at", "error"])
        case = hold_case(case_id=row.case_id)
        if case.answered_there_at is None:
            tick_answered_there(case_id=row.case_id, by=SYSTEM_VIEWER, at=at, is_by_api=True)
        return
    message = without_phones(str(error))[:_LONGEST_ERROR]
    if isinstance(error, SettingsRefused):
        WorkOrderSource.objects.filter(pk=row.source_id).update(stopped_reason=message or "refused")
    if isinstance(error, Unanswered) and error.was_sent:
        _end(row, SendState.UNSURE, message, at)
    elif error.permanent or row.tries >= MOST_TRIES:
        _end(row, SendState.FAILED, message, at)
    else:
        row.state, row.error, row.due_at = SendState.WAITING, message, at + next_try(row.tries, 0.0)
        row.save(update_fields=["state", "error", "due_at"])


def _end(row: SentAnswer, state: SendState, error: str, at: datetime) -> None:
    """It did not arrive, or nobody knows: a line in the case says so, and the list shows it."""
    row.state, row.error, row.ended_at, row.due_at = state, error, at, None
    row.save(update_fields=["state", "error", "ended_at", "due_at"])
    case = hold_case(case_id=row.case_id)
    is_unsure = state == SendState.UNSURE
    data = {"unsure": is_unsure, "error": error}
    write_entry(
        case,
        "ANSWER_NOT_TAKEN",
        Audience.INTERNAL,
        by=SYSTEM_VIEWER,
        at=at,
        author=Author.SYSTEM,
        data=data,
    )
    keep(case)
    source = WorkOrderSource.objects.only("code").get(pk=row.source_id)
    announce(
        AnswerNotTaken(
            case_id=case.pk, case_no=case.case_no, source_code=source.code, is_unsure=is_unsure, at=at
        )
    )
