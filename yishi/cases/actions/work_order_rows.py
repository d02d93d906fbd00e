"""Rows of work orders: handed in sealed, looked at, then turned into cases or into news of known ones."""

import logging
import zlib
from datetime import datetime, timedelta
from hashlib import blake2b

from django.db import transaction
from django.utils.translation import gettext as _

from yishi.cases.actions.external import update_external
from yishi.cases.actions.file import Complaint, open_complaint
from yishi.cases.actions.reply import add_note
from yishi.cases.actions.work_order_sources import note_unknown_word
from yishi.cases.models.case import CaseSource
from yishi.cases.models.work_orders import RunState, WorkOrder, WorkOrderRun, WorkOrderSource
from yishi.cases.port import ParsedRows, ParsedWorkOrder, Unreadable
from yishi.cases.queries.work_order_runs import access_run, body_of, is_repeated, row_hash
from yishi.cases.queries.work_order_sources import OrderSource, get_order_source, meanings_of
from yishi.cases.rules.texts import MAX_TEXT
from yishi.cases.rules.work_orders import News, category_in, category_of, news_of
from yishi.kit.errors import NotAllowed, Refusal
from yishi.kit.personal import encrypt, normalise_phone
from yishi.people.queries import require
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer

log = logging.getLogger(__name__)

MOST_BYTES = 10 * 1024 * 1024
ROWS_AT_ONCE = 100
MOST_TRIES = 5
_RETRY = timedelta(minutes=1)


class RowsUnreadable(Refusal):
    """读不出工单：%(why)s"""

    code = "rows_unreadable"
    status = 422


class RowsTooLarge(Refusal):
    """太大了，最多 10 MB"""

    code = "rows_too_large"
    status = 413


class OrderSourcePaused(Refusal):
    """这个来源已暂停，先恢复再收"""

    code = "source_paused"


class RunIsOver(Refusal):
    """这一批已经收过，或已放弃"""

    code = "run_is_over"


@transaction.atomic
def hand_in(
    *,
    source: OrderSource,
    way: str,
    body: bytes,
    content_type: str = "",
    name: str = "",
    is_whole: bool = False,
    is_confirmed: bool = False,
    by: Viewer,
    at: datetime,
) -> int:
    """Keeps rows sealed, to be looked at (or, `is_confirmed`, taken by the worker at once); the run's id.

    `is_whole`: all that is open there stands in them, so that the rest is unknown there. A body that cannot
    be read is refused with the reason and nothing is kept. Raises OrderSourcePaused, RowsTooLarge,
    RowsUnreadable.
    """
    require(by, Permission.CASE_WRITE)
    if source.is_paused:
        raise OrderSourcePaused
    if len(body) > MOST_BYTES:
        raise RowsTooLarge
    parsed = read_rows(source, body, content_type)
    run = WorkOrderRun.objects.create(
        source_id=source.id,
        way=way,
        state=RunState.WAITING if is_confirmed else RunState.PREVIEW,
        name=name[-200:],
        body=encrypt(zlib.compress(body, 1)),
        body_hash=blake2b(body, digest_size=16).digest(),
        content_type=content_type[:100],
        is_whole=is_whole,
        by_id=by.user_id,
        received_at=at,
        total=len(parsed.rows),
        refused=len(parsed.refused),
        due_at=at if is_confirmed else None,
    )
    WorkOrderSource.objects.filter(pk=source.id).update(last_rows_at=at)
    return run.pk


def read_rows(source: OrderSource, body: bytes, content_type: str) -> ParsedRows:
    """What the source's plug-in reads in a body. Raises RowsUnreadable with the reason or missing columns."""
    try:
        parsed = source.kind.reader.parse(body, content_type, source.settings, source.zone)
    except Unreadable as error:
        raise RowsUnreadable(why=error.reason) from None
    if parsed.missing:
        raise RowsUnreadable(why=_("缺少列 %(names)s") % {"names": "、".join(parsed.missing)})
    if not parsed.rows and not parsed.refused:
        raise RowsUnreadable(why=_("一行也没有"))
    return parsed


@transaction.atomic
def confirm_run(*, run_id: int, is_whole: bool, by: Viewer, at: datetime) -> None:
    """Lets the worker take the rows that somebody has looked at. Raises NotFound, RunIsOver."""
    run = _preview(run_id, by)
    run.state, run.is_whole, run.due_at = RunState.WAITING, is_whole, at
    run.save(update_fields=["state", "is_whole", "due_at"])


@transaction.atomic
def drop_run(*, run_id: int, by: Viewer, at: datetime) -> None:
    """Takes nothing of them. Raises NotFound, RunIsOver."""
    run = _preview(run_id, by)
    run.state = RunState.DROPPED
    run.save(update_fields=["state"])


def _preview(run_id: int, by: Viewer) -> WorkOrderRun:
    require(by, Permission.CASE_WRITE)
    access_run(viewer=by, run_id=run_id)
    run = WorkOrderRun.objects.select_for_update().get(pk=run_id)
    if run.state != RunState.PREVIEW:
        raise RunIsOver
    return run


def work_on_next_run(*, at: datetime) -> bool:
    """Takes the next rows of the run that has waited longest, in one transaction; whether there was one.

    What fails is tried again later; after five times the run stays as FAILED, visible to whoever gave it.
    """
    with transaction.atomic():
        due = WorkOrderRun.objects.select_for_update(skip_locked=True).filter(due_at__lte=at)
        run = due.order_by("due_at", "pk").first()
        if run is None:
            return False
        try:
            with transaction.atomic():
                _work(run, at)
        except Exception as error:  # the edge of a job: the run is put off, the reason kept without its words
            log.exception("rows of work orders were put off")
            run.refresh_from_db()
            run.tries += 1
            run.error = type(error).__name__
            is_over = run.tries >= MOST_TRIES
            run.state = RunState.FAILED if is_over else run.state
            run.due_at = None if is_over else at + _RETRY * 2**run.tries
            run.save(update_fields=["tries", "error", "state", "due_at"])
    return True


def _work(run: WorkOrderRun, at: datetime) -> None:
    source = get_order_source(source_id=run.source_id)
    parsed = source.kind.reader.parse(body_of(run), run.content_type, source.settings, source.zone)
    is_old = is_repeated(run)
    own = meanings_of(source.id)
    for _line, row in parsed.rows[run.position : run.position + ROWS_AT_ONCE]:
        news = _take(source, row, own=own, is_old=is_old, seen_at=run.received_at, at=at)
        run.position += 1
        if news is None:
            run.refused += 1
        else:
            run.opened += news == News.NEW
            run.changed += news == News.CHANGED
            run.same += news in (News.SAME, News.OLDER)
    if run.position >= len(parsed.rows):
        run.state, run.due_at = RunState.DONE, None
        if run.is_whole and not is_old:
            WorkOrderSource.objects.filter(pk=source.id).update(whole_at=run.received_at)
    run.save()


def _take(
    source: OrderSource,
    row: ParsedWorkOrder,
    *,
    own: dict[str, str],
    is_old: bool,
    seen_at: datetime,
    at: datetime,
) -> News | None:
    """One row: a new case, news of a known one, or nothing. None where no case can be opened for it."""
    known = (
        WorkOrder.objects.select_for_update().filter(source_id=source.id, external_no=row.external_no).first()
    )
    news = news_of(
        is_known=known is not None,
        is_same=known is not None and (is_old or bytes(known.row_hash) == row_hash(row)),
        updated_at=row.updated_at,
        known_updated_at=known.said_at if known else None,
    )
    if known is None:
        return News.NEW if _open(source, row, own=own, seen_at=seen_at, at=at) else None
    if news == News.CHANGED:
        _keep(known, row)
        update_external(
            case_id=known.case_id, due_at=row.due_at, state=row.state_word, text=row.text, by=None, at=at
        )
    if not is_old and news != News.OLDER:
        known.seen_at = max(known.seen_at, seen_at)
        known.save()
    return news


def _keep(known: WorkOrder, row: ParsedWorkOrder) -> None:
    """What the row says; what it leaves out stays as it was."""
    known.type_word = row.type_word or known.type_word
    known.state_word = row.state_word or known.state_word
    known.is_open_there = row.is_open if row.state_word or row.is_open is not None else known.is_open_there
    known.due_at = row.due_at or known.due_at
    known.amount_fen = row.amount_fen if row.amount_fen is not None else known.amount_fen
    known.said_at = row.updated_at or known.said_at
    known.row_hash = row_hash(row)


def _open(
    source: OrderSource, row: ParsedWorkOrder, *, own: dict[str, str], seen_at: datetime, at: datetime
) -> bool:
    """Opens its case. False where another source has used the number, or no case can hold it."""
    others = WorkOrder.objects.exclude(source_id=source.id)
    if others.filter(external_no=row.external_no, source__filed_as=source.filed_as).exists():
        return False
    category = category_of(row.type_word, own=own, card=source.kind.card.words) if row.type_word else None
    guessed = category_in(row.text) if not row.type_word else None
    label = CaseSource(source.filed_as).label
    nothing = _("%(source)s转来的工单，没有写内容") % {"source": label}
    complaint = Complaint(
        waybill_no=row.waybill_no,
        carrier=row.carrier or source.carrier,
        category=category or guessed or "OTHER",
        text=row.text[:MAX_TEXT] or nothing,
        phone=row.phone if 7 <= len(normalise_phone(row.phone)) <= 20 else "",
        name=row.name,
        source=source.filed_as,
        external_no=row.external_no,
        external_due_at=row.due_at,
        external_state=row.state_word,
        entry_point=source.code,
    )
    try:
        with transaction.atomic():
            filed = open_complaint(complaint=complaint, by=None, at=at)
    except NotAllowed:
        raise
    except Refusal:
        return False
    if row.type_word and category is None:
        note_unknown_word(source_id=source.id, word=row.type_word, at=at)
    if note := _note(row, is_known=category is not None, is_guessed=guessed is not None):
        add_note(case_id=filed.case_id, text=note, by=SYSTEM_VIEWER, at=at)
    known = WorkOrder(
        source_id=source.id, external_no=row.external_no, case_id=filed.case_id, seen_at=seen_at
    )
    _keep(known, row)
    known.save()
    return True


def _note(row: ParsedWorkOrder, *, is_known: bool, is_guessed: bool) -> str:
    """What the row says and has no place of its own in a case."""
    lines = []
    if row.type_word and not is_known:
        lines.append(_("对方写的类型“%(word)s”还没有人定含义，先归到其他") % {"word": row.type_word})
    if is_guessed:
        lines.append(_("对方没有写类型，类型是从内容里的词认的"))
    if row.amount_fen is not None:
        lines.append(_("对方写的金额：¥%(amount)s") % {"amount": f"{row.amount_fen / 100:.2f}"})
    return "\n".join(lines)
