"""Starting clocks: part of opening a case, so one statement, checked against the version of the policies."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yishi.cases.actions.assign import note_next_due
from yishi.kit.calendar import WorkCalendar
from yishi.kit.hot import hot_cursor
from yishi.sla.queries.policies import Shelf, shelf
from yishi.sla.rules.clocks import Marks, marks

FIRST_CLOCKS = ("FIRST_RESPONSE", "RESOLUTION")
_EXTERNAL_ESCALATE = timedelta(hours=2)

_START = """
INSERT INTO sla_clock (subject_kind, subject_id, kind, policy_id, calendar_id, started_at, within, half_at,
  most_at, due_at, escalate_within, paused_for, has_used_pause, act_at, warned_share, escalation_level)
SELECT 'CASE', %s, kind, policy_id, calendar_id, started_at, within, half_at, most_at, due_at,
       escalate_within, '0 s', false, half_at, 0, 0
  FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::interval[], %s::timestamptz[],
              %s::timestamptz[], %s::timestamptz[], %s::interval[])
    AS one (kind, policy_id, calendar_id, started_at, within, half_at, most_at, due_at, escalate_within)
 WHERE (SELECT version FROM sla_setup LIMIT 1) = %s
RETURNING id
"""
_OUTLET = "SELECT outlet_id FROM cases_case WHERE id = %s"


class PoliciesInMotion(RuntimeError):
    """Policies kept changing while clocks were being started; the caller's transaction is given up."""


@dataclass(frozen=True)
class Start:
    """A clock about to run."""

    kind: str
    policy_id: int | None
    calendar_id: int | None
    within: timedelta
    escalate_within: timedelta
    marks: Marks


def start_clocks(
    *,
    case_id: int,
    case_class: str,
    category: str,
    external_due_at: datetime | None,
    at: datetime,
    kinds: Iterable[str] = FIRST_CLOCKS,
) -> None:
    """Starts the promises of a case by the policies that count at `at`, and notes the strictest on it."""
    wanted = tuple(kinds)
    for is_fresh in (False, True, True):
        known = shelf(fresh=is_fresh)
        starts = [_start_of(known, case_id, kind, case_class, category, at) for kind in wanted]
        running = [start for start in starts if start is not None]
        if external_due_at is not None:
            running.append(_external(external_due_at, at))
        if _insert(case_id, running, known.version):
            note_next_due(case_id=case_id, due_at=min((s.marks.due_at for s in running), default=None))
            return
    raise PoliciesInMotion


def _start_of(
    known: Shelf, case_id: int, kind: str, case_class: str, category: str, at: datetime
) -> Start | None:
    policy = known.find(case_class=case_class, category=category, kind=kind, at=at)
    if policy is None:
        return None
    calendar_id: int | None
    calendar: WorkCalendar | None
    calendar_id, calendar = known.hours(policy, _outlet_of(case_id) if known.has_outlet_hours else None)
    given = marks(at, policy.within, calendar)
    return Start(kind, policy.id, calendar_id, policy.within, policy.escalate_within, given)


def start_one(
    *, case_id: int, kind: str, case_class: str, category: str, at: datetime, within: timedelta | None = None
) -> None:
    """Starts one promise; `within` in natural time overrides the policy's. Nothing without one."""
    for is_fresh in (False, True, True):
        known = shelf(fresh=is_fresh)
        start = _start_of(known, case_id, kind, case_class, category, at)
        if start is None:
            return
        if within is not None:
            start = Start(kind, start.policy_id, None, within, start.escalate_within, marks(at, within, None))
        if _insert(case_id, [start], known.version):
            return
    raise PoliciesInMotion


def _external(due_at: datetime, at: datetime) -> Start:
    """The deadline of whoever sent the work order, in natural time; one already past is broken at once."""
    within = max(due_at - at, timedelta(seconds=1))
    given = marks(min(at, due_at - within), within, None)
    return Start("EXTERNAL", None, None, within, _EXTERNAL_ESCALATE, given)


def _insert(case_id: int, starts: list[Start], version: int) -> bool:
    """Whether the clocks were written, which they are only while the policies are still at that version."""
    if not starts:
        return True
    columns: list[Any] = [
        case_id,
        [s.kind for s in starts],
        [s.policy_id for s in starts],
        [s.calendar_id for s in starts],
        [s.marks.started_at for s in starts],
        [s.within for s in starts],
        [s.marks.half_at for s in starts],
        [s.marks.most_at for s in starts],
        [s.marks.due_at for s in starts],
        [s.escalate_within for s in starts],
        version,
    ]
    return bool(hot_cursor().execute(_START, columns, prepare=True).fetchall())


def _outlet_of(case_id: int) -> int | None:
    row = hot_cursor().execute(_OUTLET, [case_id], prepare=True).fetchone()
    return row[0] if row else None
