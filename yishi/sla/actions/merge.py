"""Promises of two cases that become one: the duplicate's stop, the strictest of each kind goes on."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yishi.cases.actions.reply import add_note
from yishi.cases.queries.cards import get_case
from yishi.people.rules import SYSTEM_VIEWER
from yishi.sla.actions.change import end_clock, note_strictest, resume, running_clocks, state_of
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
    clock.carried_from_id = clock.pk
    clock.pk, clock._state.adding = None, True
    clock.subject_id, clock.stopped_at = into_id, None
    clock.act_at = next_act(state_of(clock))
    clock.save()


@transaction.atomic
def unmerge_clocks(*, case_id: int, merged_at: datetime, at: datetime) -> None:
    """Lets the clocks that the merge stopped run on as if it had never been; what had rested rests on.

    A wait that the merge cut goes on from there, up to the limit it had; its reason stands in the history.
    A stricter promise that the merge gave the other case is taken from it again.
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
        _take_back(clock, merged_at=merged_at, at=at)
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


def _take_back(clock: SlaClock, *, merged_at: datetime, at: datetime) -> None:
    """What went on with the other case ends there, and what it had pushed aside runs again; where it was kept
    meanwhile, so was what it stood for. Whatever replaced it since stays."""
    carried = SlaClock.objects.select_for_update().filter(carried_from_id=clock.pk).last()
    if carried is None:
        return
    lead_id, old = carried.subject_id, carried.due_at
    own = SlaClock.objects.select_for_update().filter(
        subject_kind="CASE", subject_id=lead_id, kind=carried.kind, stopped_at=merged_at, met_at__isnull=True
    )
    aside = own.exclude(pk=carried.pk).last()
    since = carried.stopped_at or at
    if carried.met_at is not None:
        _keep_too(aside, carried.met_at)
    elif carried.stopped_at is not None:
        # another merge has pushed it aside: when that is undone, the case's own runs again, not this one
        carried.stopped_at = at
        carried.save(update_fields=["stopped_at"])
        if aside is not None:
            aside.stopped_at = since
            aside.save(update_fields=["stopped_at"])
    else:
        rests = list(SlaPause.objects.filter(clock=carried).order_by("from_at", "id"))
        _end_silently(carried, at)
        if aside is not None:
            _run_again(aside, rests, lead_id, merged_at)
            move = {"clock": aside.kind, "old": old.isoformat(), "new": aside.due_at.isoformat()}
            data = {"why": "UNMERGED", "moves": [move]}
            add_note(case_id=lead_id, text="", kind="CLOCKS_MOVED", data=data, by=SYSTEM_VIEWER, at=at)
    _take_back(carried, merged_at=since, at=at)
    note_strictest(lead_id)


def _end_silently(clock: SlaClock, at: datetime) -> None:
    """A promise that was not the case's own: when it is taken away, nothing breaks any more."""
    if clock.paused_at is not None:
        resume(clock, at, why="ENDED")
    clock.stopped_at, clock.act_at = at, None
    clock.save()


def _keep_too(aside: SlaClock | None, met_at: datetime) -> None:
    if aside is None:
        return
    aside.stopped_at = None
    end_clock(aside, met_at)
    aside.met_at = met_at
    aside.save()


def _rest(aside: SlaClock, rest: SlaPause) -> None:
    SlaPause.objects.create(
        clock=aside,
        status=rest.status,
        reason=rest.reason,
        entry_id=rest.entry_id,
        from_at=rest.from_at,
        limit_at=rest.limit_at,
    )
    aside.paused_at, aside.act_at = rest.from_at, rest.limit_at
    if rest.until_at is not None:
        resume(aside, rest.until_at, why=rest.ended_why)


def _run_again(aside: SlaClock, rests: Sequence[SlaPause], lead_id: int, merged_at: datetime) -> None:
    """As if never pushed aside: with every wait that there was meanwhile."""
    aside.stopped_at = None
    for rest in rests:
        _rest(aside, rest)
    cut = SlaPause.objects.filter(clock=aside, until_at=merged_at, ended_why="ENDED").last()
    if cut is not None and not rests and get_case(lead_id).status == cut.status:
        _rest_on(aside, cut)
    elif aside.paused_at is None:
        aside.act_at = next_act(state_of(aside))
    aside.save()
