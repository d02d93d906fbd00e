"""Waiting: promises rest only for a stated reason, each rest is a row that proves it, none is for ever."""

from datetime import datetime

from django.db import transaction

from yishi.kit.hot import hot_cursor
from yishi.sla.actions.change import note_strictest, resume, running_clocks
from yishi.sla.models.clocks import SlaClock, SlaPause
from yishi.sla.queries.policies import current_shelf
from yishi.sla.rules.clocks import MASS_EVENT, pause_ends


@transaction.atomic
def follow_status(
    *, case_id: int, status: str, reason_entry_id: int | None, is_answer: bool = False, at: datetime
) -> None:
    """Lets what rested run on, and rests what may wait with this status, for the reason that a line states.

    Without a stated reason nothing rests. `is_answer`: whom it waited for has answered.
    """
    limits = current_shelf().pauses
    for clock in running_clocks(case_id):
        was_paused = clock.paused_at is not None
        if was_paused and _rests_for_event(clock):
            continue
        if was_paused:
            resume(clock, at, why="ANSWERED" if is_answer else "MOVED")
        limit = limits.get((status, clock.kind))
        if limit is not None and reason_entry_id is not None and _may_wait(clock, at):
            _pause(clock, status, reason_entry_id, pause_ends(limit, at, clock.paused_for), at)
        if was_paused or clock.paused_at is not None:
            clock.save()
    note_strictest(case_id)


def _rests_for_event(clock: SlaClock) -> bool:
    """A declared event holds its parcel up, whatever is said in the case meanwhile."""
    return SlaPause.objects.filter(clock=clock, until_at__isnull=True, status=MASS_EVENT).exists()


def _may_wait(clock: SlaClock, at: datetime) -> bool:
    return not clock.has_used_pause and clock.breached_at is None and at <= clock.due_at


def _pause(clock: SlaClock, status: str, entry_id: int, limit_at: datetime, at: datetime) -> None:
    if limit_at <= at:
        return
    SlaPause.objects.create(
        clock=clock,
        status=status,
        reason=_said(entry_id),
        entry_id=entry_id,
        from_at=at,
        limit_at=limit_at,
    )
    clock.paused_at, clock.act_at = at, limit_at


def _said(entry_id: int) -> str:
    row = hot_cursor().execute("SELECT text FROM cases_timeline_entry WHERE id = %s", [entry_id]).fetchone()
    return str(row[0])[:500] if row else ""
