"""What a clock asks for when its time has come: warn, say that it broke, go up the chain. Each once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yishi.cases.actions.reply import add_note
from yishi.cases.queries.cards import get_case
from yishi.kit.facts import announce
from yishi.people.rules import SYSTEM_VIEWER
from yishi.routing.actions import hand_up
from yishi.sla.actions.change import about, end_pause, note_strictest, state_of
from yishi.sla.actions.start import start_one
from yishi.sla.facts import ClockBreached, ClockEscalated, ClockWarned
from yishi.sla.models.clocks import SlaClock
from yishi.sla.rules.clocks import (
    HALF,
    HEAD_OFFICE,
    MANAGER,
    MOST,
    UPDATE_AFTER_BREACH,
    Deed,
    deed_at,
    next_act,
)

CASE = "CASE"
# what an earlier room does when a promise beside a case breaks: `deed(subject_id, at)`; a line a kind
WHEN_BROKEN: dict[str, Callable[[int, datetime], None]] = {}


@transaction.atomic
def act_on_clock(*, clock_id: int, at: datetime) -> Deed:
    """Does what the clock asks for at `at`, once; NOTHING when it was done already or is not yet due.

    The caller (the sweep) holds the case's row before the clock's, as everybody does.
    """
    clock = SlaClock.objects.select_for_update().filter(pk=clock_id).first()
    if clock is None or clock.act_at is None or clock.act_at > at:
        return Deed.NOTHING
    deed = Deed.END_PAUSE if clock.paused_at is not None else deed_at(state_of(clock), at)
    if deed is Deed.END_PAUSE:
        end_pause(clock, at)
    elif deed in (Deed.WARN_HALF, Deed.WARN_MOST):
        clock.warned_share = MOST if deed is Deed.WARN_MOST else HALF
    elif deed is Deed.BREACH:
        clock.breached_at = clock.due_at
    if deed is not Deed.END_PAUSE:
        clock.act_at = next_act(state_of(clock))
    if clock.subject_kind != CASE and clock.breached_at is not None:
        clock.act_at = None  # its own room decides what follows
    clock.save()
    _tell(clock, deed, at)
    return deed


def _tell(clock: SlaClock, deed: Deed, at: datetime) -> None:
    if deed is Deed.END_PAUSE:
        _note(clock, "PAUSE_OVER", at)
        note_strictest(clock.of_case)
    elif deed in (Deed.WARN_HALF, Deed.WARN_MOST):
        _note(clock, "CLOCK_WARNED", at, share=clock.warned_share)
        announce(ClockWarned(**about(clock), share=clock.warned_share, at=at))
    elif deed is Deed.BREACH:
        _note(clock, "CLOCK_BREACHED", at)
        if clock.subject_kind == CASE:
            _escalate(clock, MANAGER, at)
            _promise_update(clock, at)
        announce(ClockBreached(**about(clock), at=at))
        if clock.subject_kind in WHEN_BROKEN:
            WHEN_BROKEN[clock.subject_kind](clock.subject_id, at)
    elif deed is Deed.ESCALATE:
        _escalate(clock, HEAD_OFFICE, at)


def _note(clock: SlaClock, kind: str, at: datetime, **values: int) -> None:
    data = {"clock": clock.kind, **({"title": clock.title} if clock.title else {}), **values}
    add_note(case_id=clock.of_case, text="", kind=kind, data=data, by=SYSTEM_VIEWER, at=at)


def _escalate(clock: SlaClock, level: int, at: datetime) -> None:
    """Up the chain; the outlet's manager hears of it by the breach itself, so only level 2 is announced."""
    handed = hand_up(case_id=clock.subject_id, level=level, reason=_("时限已过，自动升级"), at=at)
    then = next_act(replace(state_of(clock), escalation_level=handed.level))
    SlaClock.objects.filter(pk=clock.pk).update(escalation_level=handed.level, act_at=then)
    _note(clock, "CLOCK_ESCALATED", at, level=handed.level)
    if handed.level == HEAD_OFFICE:
        announce(ClockEscalated(**about(clock), level=handed.level, user_id=handed.user_id, at=at))


def _promise_update(clock: SlaClock, at: datetime) -> None:
    """After a promise that passed the person hears from us within two hours."""
    if clock.kind == "NEXT_UPDATE":
        return
    update = SlaClock.objects.filter(
        subject_id=clock.subject_id,
        subject_kind="CASE",
        kind="NEXT_UPDATE",
        met_at__isnull=True,
        stopped_at__isnull=True,
    ).first()
    if update is not None and update.due_at <= at + UPDATE_AFTER_BREACH:
        return
    if update is not None:
        update.stopped_at, update.act_at = at, None
        update.save(update_fields=["stopped_at", "act_at"])
    case = get_case(clock.subject_id)
    start_one(
        case_id=case.id,
        kind="NEXT_UPDATE",
        case_class=case.case_class,
        category=case.category,
        at=at,
        within=UPDATE_AFTER_BREACH,
    )
    note_strictest(case.id)
