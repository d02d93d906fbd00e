"""What a clock asks for when its time has come: warn, say that it broke, go up the chain. Each once."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop as _

from yishi.cases.actions.interception_moves import lapse_interception
from yishi.cases.actions.reply import add_note
from yishi.cases.actions.workflows import lapse_step
from yishi.cases.queries.cards import CaseCard, get_case
from yishi.kit.facts import announce
from yishi.kit.phrases import Phrase
from yishi.people.queries import StaffContact
from yishi.people.rules import SYSTEM_VIEWER
from yishi.routing.actions.handovers import lapse
from yishi.routing.actions.route import reassign
from yishi.sla.actions.change import about, note_strictest, resume, state_of
from yishi.sla.actions.start import start_one
from yishi.sla.facts import ClockBreached, ClockEscalated, ClockWarned
from yishi.sla.models.clocks import SlaClock
from yishi.sla.queries.chain import people_of
from yishi.sla.queries.policies import current_shelf
from yishi.sla.rules.chain import Who, after, ends_at
from yishi.sla.rules.clocks import HALF, MOST, UPDATE_AFTER_BREACH, Deed, broke_at, deed_at, next_act

CASE = "CASE"
# what an earlier room does when a promise beside a case breaks: `deed(subject_id, at)`; a line a kind
WHEN_BROKEN: dict[str, Callable[[int, datetime], None]] = {
    "STEP": lambda case_id, at: lapse_step(case_id=case_id, at=at),
    "INTERCEPT": lambda interception_id, at: lapse_interception(interception_id=interception_id, at=at),
    "HANDOVER": lambda handover_id, at: lapse(handover_id=handover_id, at=at),
}


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
        resume(clock, at, why="LIMIT")
    elif deed in (Deed.WARN_HALF, Deed.WARN_MOST):
        clock.warned_share = MOST if deed is Deed.WARN_MOST else HALF
    elif deed is Deed.BREACH:
        clock.breached_at = broke_at(clock.due_at, clock.changed_at)
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
        announce(ClockWarned(**_about(clock, 0), share=clock.warned_share, at=at))
    elif deed is Deed.BREACH:
        _note(clock, "CLOCK_BREACHED", at)
        if clock.subject_kind == CASE:
            _go_up(clock, at, since=clock.breached_at or at)
            _promise_update(clock, at)
        announce(ClockBreached(**_about(clock, 1), at=at))
        if clock.subject_kind in WHEN_BROKEN:
            WHEN_BROKEN[clock.subject_kind](clock.subject_id, at)
    elif deed is Deed.ESCALATE:
        _go_up(clock, at, since=at)


def _about(clock: SlaClock, level: int) -> dict[str, Any]:
    """With whether those of that level are told out of their hours too."""
    steps = [step for step in current_shelf().chain if step.level == level]
    return {**about(clock), "respects_hours": all(step.respects_hours for step in steps)}


def _note(clock: SlaClock, kind: str, at: datetime, **values: Any) -> None:
    title = {"title": clock.title, **({"said": clock.said} if clock.said else {})} if clock.title else {}
    data = {"clock": clock.kind, **title, **values}
    add_note(case_id=clock.of_case, text="", kind=kind, data=data, by=SYSTEM_VIEWER, at=at)


def _go_up(clock: SlaClock, at: datetime, *, since: datetime) -> None:
    """To the next level of the chain at which somebody is, for its own time; where nobody is, to the last.

    The outlet's manager hears of it by the breach itself, so only what is above him is announced.
    """
    above = after(current_shelf().chain, clock.escalation_level)
    if not above:
        SlaClock.objects.filter(pk=clock.pk).update(act_at=None)
        return
    case = get_case(clock.of_case)
    step = next((one for one in above if people_of(one.who, case)), above[-1])
    people = people_of(step.who, case)
    _give(case, step.who, people, at)
    then = ends_at(
        step, since=since, policy_within=clock.escalate_within, is_last=not after(above, step.level)
    )
    SlaClock.objects.filter(pk=clock.pk).update(escalation_level=step.level, act_at=then)
    _note(clock, "CLOCK_ESCALATED", at, level=step.level, who=step.who)
    if step.who != Who.OUTLET_MANAGER:
        announce(
            ClockEscalated(
                **_about(clock, step.level),
                level=step.level,
                who=step.who,
                user_id=people[0].user_id if people else None,
                user_ids=tuple(one.user_id for one in people),
                at=at,
            )
        )


def _give(case: CaseCard, who: str, people: Sequence[StaffContact], at: datetime) -> None:
    """Whoever is reached has the case in hand; the owner only where nobody else has it."""
    ids = [one.user_id for one in people]
    if not case.is_open or not ids or case.assignee_id in ids or (who == Who.OWNER and case.assignee_id):
        return
    reason = Phrase(_("时限已过，自动升级"))
    reassign(case_id=case.id, outlet_id=case.outlet_id, assignee_id=ids[0], reason=reason, at=at)


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
