"""What people do changes clocks: an answer meets, an end stops; the case is locked."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from yishi.cases.actions.assign import note_next_due
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor
from yishi.sla.actions.start import FIRST_CLOCKS, start_clocks, start_one
from yishi.sla.facts import ClockBreached
from yishi.sla.models.clocks import SlaClock, SlaPause
from yishi.sla.queries.policies import current_shelf
from yishi.sla.rules.clocks import MASS_EVENT, Marks, Outcome, State, after_pause, broke_at, next_act, outcome

# the authority and the arbitrator wait for an answer whatever becomes of the case here
HELD_BY_OTHERS = frozenset({"REGULATOR", "ARBITRATION"})


def state_of(clock: SlaClock) -> State:
    return State(
        half_at=clock.half_at,
        most_at=clock.most_at,
        due_at=clock.due_at,
        warned_share=clock.warned_share,
        breached_at=clock.breached_at,
        act_at=clock.act_at,
    )


def running_clocks(case_id: int) -> list[SlaClock]:
    """The case's clocks without an outcome, locked."""
    clocks = SlaClock.objects.filter(
        subject_id=case_id, subject_kind="CASE", met_at__isnull=True, stopped_at__isnull=True
    )
    return list(clocks.select_for_update().order_by("id"))


# its own and those beside it, each by its index; what is paused does not count
_STRICTEST = """
SELECT least(
  (SELECT min(due_at) FROM sla_clock WHERE subject_id = %(case)s AND subject_kind = 'CASE'
      AND met_at IS NULL AND stopped_at IS NULL AND paused_at IS NULL),
  (SELECT min(due_at) FROM sla_clock WHERE case_id = %(case)s
      AND met_at IS NULL AND stopped_at IS NULL AND paused_at IS NULL))
"""


def note_strictest(case_id: int) -> None:
    """Writes the earliest running promise beside the case; paused ones do not count."""
    row = hot_cursor().execute(_STRICTEST, {"case": case_id}, prepare=True).fetchone()
    note_next_due(case_id=case_id, due_at=row[0] if row else None)


def about(clock: SlaClock) -> dict[str, Any]:
    """What every fact about a clock says of it."""
    return {
        "clock_id": clock.pk,
        "case_id": clock.of_case,
        "kind": clock.kind,
        "subject_kind": clock.subject_kind,
        "subject_id": clock.subject_id,
        "who_id": clock.who_id,
        "title": clock.title,
        "said": clock.said,
    }


@transaction.atomic
def meet_clocks(*, case_id: int, kinds: Collection[str], at: datetime) -> None:
    """Ends the running clocks of these kinds as kept, or as broken when their deadline was before `at`."""
    _meet(case_id, kinds, at)
    note_strictest(case_id)


def _meet(case_id: int, kinds: Collection[str], at: datetime) -> None:
    for clock in running_clocks(case_id):
        if clock.kind in kinds:
            end_clock(clock, at)
            clock.met_at = at
            clock.save()


@transaction.atomic
def stop_clocks(*, case_id: int, at: datetime) -> None:
    """Ends all running clocks without an outcome: the case was withdrawn or closed."""
    for clock in running_clocks(case_id):
        if clock.kind in HELD_BY_OTHERS:
            continue
        end_clock(clock, at)
        clock.stopped_at = at
        clock.save()
    note_strictest(case_id)


def end_clock(clock: SlaClock, at: datetime) -> None:
    """A promise that broke before it was ended stays broken, even when nobody had looked yet.

    The caller holds the row, says how it ended, and saves it.
    """
    if clock.paused_at is not None:
        resume(clock, at, why="ENDED")
    if clock.breached_at is None and outcome(met_at=at, due_at=clock.due_at, at=at) is Outcome.BREACHED:
        clock.breached_at = broke_at(clock.due_at, clock.changed_at)
        announce(ClockBreached(**about(clock), at=at))
    clock.act_at = None


@transaction.atomic
def note_reply(*, case_id: int, case_class: str, category: str, at: datetime) -> None:
    """A public answer meets FIRST_RESPONSE, and NEXT_UPDATE, which begins anew."""
    _meet(case_id, ("FIRST_RESPONSE", "NEXT_UPDATE"), at)
    start_one(case_id=case_id, kind="NEXT_UPDATE", case_class=case_class, category=category, at=at)
    note_strictest(case_id)


@transaction.atomic
def restart_clocks(*, case_id: int, case_class: str, category: str, at: datetime) -> None:
    """A reopened case is promised an answer and a solution again."""
    stop_clocks(case_id=case_id, at=at)
    start_clocks(
        case_id=case_id,
        case_class=case_class,
        category=category,
        external_due_at=None,
        at=at,
        kinds=FIRST_CLOCKS,
    )


def resume(clock: SlaClock, at: datetime, *, why: str) -> None:
    """Lets a paused promise run on, from its limit at the latest; the pause's row says until when and why.

    The caller holds the row and saves it.
    """
    assert clock.paused_at is not None
    pause = SlaPause.objects.filter(clock=clock, until_at__isnull=True).first()
    limit_at = pause.limit_at if pause else (clock.act_at or at)
    is_cut_off = at >= limit_at
    until = max(min(at, limit_at), clock.paused_at)
    if pause is not None:
        pause.until_at, pause.ended_why = until, "LIMIT" if is_cut_off else why
        pause.save(update_fields=["until_at", "ended_why"])
    new = after_pause(
        Marks(clock.started_at, clock.half_at, clock.most_at, clock.due_at),
        within=clock.within,
        paused_at=clock.paused_at,
        resumed_at=until,
        calendar=current_shelf().by_id.get(clock.calendar_id or 0),
    )
    clock.half_at, clock.most_at, clock.due_at = new.half_at, new.most_at, new.due_at
    if pause is None or pause.status != MASS_EVENT:
        # an event takes nothing from what may be waited for people
        clock.paused_for += until - clock.paused_at
        clock.has_used_pause = clock.has_used_pause or is_cut_off
    clock.paused_at = None
    clock.act_at = next_act(state_of(clock))
