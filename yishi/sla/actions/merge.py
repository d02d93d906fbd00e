"""Promises of two cases that become one: the duplicate's stop, the strictest of each kind goes on."""

from datetime import datetime

from django.db import transaction

from yishi.cases.actions.reply import add_note
from yishi.people.rules import SYSTEM_VIEWER
from yishi.sla.actions.change import end_clock, note_strictest, running_clocks, state_of
from yishi.sla.models.clocks import SlaClock, SlaPause
from yishi.sla.rules.clocks import next_act


@transaction.atomic
def merge_clocks(*, case_id: int, into_id: int, at: datetime) -> None:
    """Stops the clocks of a merged case; a stricter one than the other case runs goes on there in its place.

    What was broken stays broken where it was promised; what the other case has kept is not promised again.
    """
    held = {clock.kind: clock for clock in running_clocks(into_id)}
    known = set(
        SlaClock.objects.filter(subject_kind="CASE", subject_id=into_id).values_list("kind", flat=True)
    )
    for clock in running_clocks(case_id):
        _stop(clock, at)
        other = held.get(clock.kind)
        is_kept = other is None and clock.kind in known
        if is_kept or clock.breached_at is not None or (other is not None and other.due_at <= clock.due_at):
            continue
        if other is not None:
            _stop(other, at)
        _carry(clock, into_id)
    note_strictest(case_id)
    note_strictest(into_id)


def _stop(clock: SlaClock, at: datetime) -> None:
    end_clock(clock, at)
    clock.stopped_at = at
    clock.save()


def _carry(clock: SlaClock, into_id: int) -> None:
    """The same promise, of the other case from now on."""
    clock.pk, clock._state.adding = None, True
    clock.subject_id, clock.stopped_at = into_id, None
    clock.act_at = next_act(state_of(clock))
    clock.save()


@transaction.atomic
def unmerge_clocks(*, case_id: int, merged_at: datetime, at: datetime) -> None:
    """Lets the clocks that the merge stopped run on as if it had never been; what had rested rests on.

    A wait that the merge cut goes on from there, up to the limit it had; its reason stands in the history.
    """
    stopped = SlaClock.objects.filter(
        subject_kind="CASE", subject_id=case_id, stopped_at=merged_at, met_at__isnull=True
    )
    waits = []
    for clock in stopped.select_for_update().order_by("id"):
        clock.stopped_at = None
        clock.act_at = next_act(state_of(clock))
        cut = SlaPause.objects.filter(clock=clock, until_at=merged_at, ended_why="ENDED").last()
        if cut is not None:
            _rest_on(clock, cut)
            waits.append((clock, cut))
        clock.save()
    if waits:
        data = {
            "clocks": [clock.kind for clock, _cut in waits],
            "reason": waits[0][1].reason,
            "since": merged_at.isoformat(),
        }
        add_note(case_id=case_id, text="", kind="PAUSE_GOES_ON", data=data, by=SYSTEM_VIEWER, at=at)
    note_strictest(case_id)


def _rest_on(clock: SlaClock, cut: SlaPause) -> None:
    """A row of its own: what was proven of the wait before the merge stays as it is."""
    assert cut.until_at is not None
    SlaPause.objects.create(
        clock=clock,
        status=cut.status,
        reason=cut.reason,
        entry_id=cut.entry_id,
        from_at=cut.until_at,
        limit_at=cut.limit_at,
    )
    clock.paused_at, clock.act_at = cut.until_at, cut.limit_at
