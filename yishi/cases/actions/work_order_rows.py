"""Rows of work orders: handed in sealed, looked at, then turned into cases or into news of known ones."""

import logging
import zlib
from datetime import datetime, timedelta
from hashlib import blake2b

from django.db import transaction
from django.utils.translation import gettext as _

from yishi.cases.actions.work_order_cases import take_row
from yishi.cases.models.work_orders import RunState, WorkOrderRun, WorkOrderSource
from yishi.cases.port import ParsedRows, Unreadable
from yishi.cases.queries.work_order_runs import access_run, body_of, is_repeated
from yishi.cases.queries.work_order_sources import OrderSource, get_order_source, meanings_of
from yishi.cases.rules.work_orders import News
from yishi.kit.errors import Refusal
from yishi.kit.personal import encrypt
from yishi.kit.phrases import joined
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

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
        raise RowsUnreadable(why=_("缺少列 %(names)s") % {"names": joined(parsed.missing)})
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
        news = take_row(source, row, own=own, is_old=is_old, seen_at=run.received_at, at=at)
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
