"""Promises beside a case's own: a step, a task, a hand-over, a claim's answer, an interception."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from yishi.cases.actions.hold import hold_case
from yishi.sla.actions.change import end_clock, note_strictest
from yishi.sla.models.clocks import SlaClock
from yishi.sla.queries.policies import shelf
from yishi.sla.rules.clocks import Marks, marks

_AT_LEAST = timedelta(seconds=1)


@transaction.atomic
def start_promise(
    *,
    case_id: int,
    subject_kind: str,
    subject_id: int,
    kind: str,
    due_at: datetime | None,
    within: timedelta | None,
    is_in_service_hours: bool,
    who_id: int | None,
    title: str,
    said: Mapping[str, Any],
    at: datetime,
) -> None:
    """Starts the clock of something that was promised about a case, until `due_at` or for `within`.

    The same thing promised anew replaces what ran. ValueError without any limit; NotFound for the case.
    """
    case = hold_case(case_id=case_id)
    _stop(subject_kind, subject_id, kind, at)
    calendar_id, calendar = shelf().hours_of(case.outlet_id) if is_in_service_hours else (None, None)
    if due_at is not None:
        calendar_id, calendar, within = None, None, max(due_at - at, _AT_LEAST)
        given = _until(due_at, at, within)
    elif within is not None:
        given = marks(at, within, calendar)
    else:
        raise ValueError("a promise has a limit")
    SlaClock.objects.create(
        subject_kind=subject_kind,
        subject_id=subject_id,
        case_id=None if subject_kind == "CASE" else case_id,
        who_id=who_id,
        title=title,
        said=dict(said),
        kind=kind,
        calendar_id=calendar_id,
        started_at=given.started_at,
        within=within,
        half_at=given.half_at,
        most_at=given.most_at,
        due_at=given.due_at,
        act_at=given.half_at,
    )
    note_strictest(case_id)


def _until(due_at: datetime, at: datetime, within: timedelta) -> Marks:
    """A limit that others set, in natural time; one already past is broken at once."""
    return marks(min(at, due_at - within), within, None)


@transaction.atomic
def end_promise(
    *, case_id: int, subject_kind: str, subject_id: int, kind: str, is_done: bool, at: datetime
) -> None:
    """Ends such a clock: kept (or broken, when late) where it was done, else without an outcome."""
    hold_case(case_id=case_id)
    if is_done:
        for clock in _running(subject_kind, subject_id, kind):
            end_clock(clock, at)
            clock.met_at = at
            clock.save()
    else:
        _stop(subject_kind, subject_id, kind, at)
    note_strictest(case_id)


def _stop(subject_kind: str, subject_id: int, kind: str, at: datetime) -> None:
    for clock in _running(subject_kind, subject_id, kind):
        end_clock(clock, at)
        clock.stopped_at = at
        clock.save()


def _running(subject_kind: str, subject_id: int, kind: str) -> list[SlaClock]:
    clocks = SlaClock.objects.filter(
        subject_id=subject_id,
        subject_kind=subject_kind,
        kind=kind,
        met_at__isnull=True,
        stopped_at__isnull=True,
    )
    return list(clocks.select_for_update())
