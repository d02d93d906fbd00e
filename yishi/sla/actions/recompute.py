"""Promises reckoned anew after a policy, a calendar or a case changed; what was kept or broken stays so."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from yishi.cases.actions.hold import hold_case
from yishi.cases.actions.reply import add_note
from yishi.people.rules import SYSTEM_VIEWER
from yishi.sla.actions.change import note_strictest, running_clocks, state_of
from yishi.sla.models.clocks import Recompute, SlaClock, SlaPause
from yishi.sla.queries.policies import Shelf, current_shelf, matter_of
from yishi.sla.rules.clocks import HALF, MOST, UPDATE_AFTER_BREACH, Marks, Pause, next_act, replay
from yishi.sla.rules.policies import Matter

BY_POLICY = ("FIRST_RESPONSE", "NEXT_UPDATE", "RESOLUTION")
BATCH = 50


@transaction.atomic
def recompute_case(*, case_id: int, why: str, data: Mapping[str, Any] | None = None, at: datetime) -> int:
    """Moves the running promises of a case to where policy and calendar put them now; returns how many moved.

    The reason stands in its history. The same again moves nothing. A promise that broke stays broken; one
    whose new deadline has passed breaks from now on, never before `at`.
    """
    hold_case(case_id=case_id)
    known, moves = current_shelf(), []
    matter = matter_of(known, case_id)
    for clock in running_clocks(case_id):
        if _is_movable(clock):
            old = clock.due_at
            if _move(clock, known, matter, at):
                moves.append({"clock": clock.kind, "old": old.isoformat(), "new": clock.due_at.isoformat()})
    if moves:
        values = {"why": why, "moves": moves, **(data or {})}
        add_note(case_id=case_id, text="", kind="CLOCKS_MOVED", data=values, by=SYSTEM_VIEWER, at=at)
        note_strictest(case_id)
    return len(moves)


def _is_movable(clock: SlaClock) -> bool:
    """Promises of a policy that have not broken; an update promised after a breach has two hours of its own
    (on clocks of old that shows in their length only)."""
    return (
        clock.kind in BY_POLICY
        and clock.policy_id is not None
        and clock.breached_at is None
        and not (clock.given_at is None and clock.within == UPDATE_AFTER_BREACH)
    )


def _move(clock: SlaClock, known: Shelf, matter: Matter, at: datetime) -> bool:
    """Whether the deadline moved; the row is written also where only its policy or warnings did."""
    given_at = clock.given_at or clock.started_at
    policy = known.find(matter, kind=clock.kind, at=given_at)
    if policy is None:
        return False
    calendar_id, calendar = known.hours(policy, matter.outlet_id)
    told = replay(given_at, policy.within, calendar, _pauses(clock, given_at))
    was = (clock.policy_id, clock.calendar_id, clock.within, clock.escalate_within, _marks(clock))
    if was == (policy.id, calendar_id, policy.within, policy.escalate_within, told):
        return False
    has_moved = told.due_at != clock.due_at
    clock.policy_id, clock.calendar_id = policy.id, calendar_id
    clock.within, clock.escalate_within = policy.within, policy.escalate_within
    clock.started_at, clock.half_at, clock.most_at, clock.due_at = (
        told.started_at, told.half_at, told.most_at, told.due_at,
    )  # fmt: skip
    if has_moved:
        clock.changed_at = at
    # what has passed again may be warned of again
    passed = MOST if told.most_at <= at else HALF if told.half_at <= at else 0
    clock.warned_share = min(clock.warned_share, passed)
    if clock.paused_at is None:
        clock.act_at = next_act(state_of(clock))
    clock.save()
    return has_moved


def _marks(clock: SlaClock) -> Marks:
    return Marks(clock.started_at, clock.half_at, clock.most_at, clock.due_at)


def _pauses(clock: SlaClock, given_at: datetime) -> list[Pause]:
    """The waits that ended. A clock of old has no rows, only their sum: it counts from the beginning."""
    rows = SlaPause.objects.filter(clock=clock, until_at__isnull=False).order_by("from_at", "id")
    known = [Pause(row.from_at, row.until_at) for row in rows if row.until_at is not None]
    if known or not clock.paused_for:
        return known
    return [Pause(given_at, given_at + clock.paused_for)]


def ask_recompute(
    *, why: str, data: Mapping[str, Any], outlet_id: int | None = None, by_user_id: int | None, at: datetime
) -> int:
    """Leaves the running promises of all cases (or of one outlet's) to the worker; returns the job's id."""
    job = Recompute.objects.create(
        why=why, data=dict(data), outlet_id=outlet_id, asked_by_id=by_user_id, asked_at=at, due_at=at
    )
    return job.pk


# cases that have a promise to move, by the index of subjects
_NEXT = """
SELECT DISTINCT k.subject_id FROM sla_clock k JOIN cases_case c ON c.id = k.subject_id
 WHERE k.subject_kind = 'CASE' AND k.subject_id > %s AND k.met_at IS NULL AND k.stopped_at IS NULL
   AND k.breached_at IS NULL AND k.policy_id IS NOT NULL AND (%s::bigint IS NULL OR c.outlet_id = %s)
 ORDER BY k.subject_id LIMIT %s
"""


@transaction.atomic
def recompute_batch(*, at: datetime) -> int:
    """The next cases of the oldest job, in one transaction; returns how many were looked at."""
    job = (
        Recompute.objects.select_for_update(skip_locked=True)
        .filter(due_at__lte=at)
        .order_by("due_at")
        .first()
    )
    if job is None:
        return 0
    case_ids = _next(job)
    for case_id in case_ids:
        job.moved += recompute_case(case_id=case_id, why=job.why, data=job.data, at=at)
    job.cases += len(case_ids)
    job.last_case_id = case_ids[-1] if case_ids else job.last_case_id
    job.due_at = at if len(case_ids) == BATCH else None
    job.save()
    return len(case_ids)


def _next(job: Recompute) -> Sequence[int]:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [job.last_case_id, job.outlet_id, job.outlet_id, BATCH])
        return [row[0] for row in cursor.fetchall()]
