"""Declared events prolong promises of cases about parcels that they hold up: by a pause that a row and a line
prove, never silently."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yishi.cases.actions.hold import hold_case
from yishi.cases.actions.reply import add_note
from yishi.detection.queries.events import EventLine, find_event
from yishi.kit.hot import hot_cursor
from yishi.people.rules import SYSTEM_VIEWER
from yishi.sla.actions.change import note_strictest, resume, running_clocks
from yishi.sla.models.clocks import SlaClock, SlaPause
from yishi.sla.rules.clocks import MASS_EVENT, RESTS_FOR_EVENT, may_rest

_TO_REST = """
SELECT DISTINCT c.id FROM detection_mass_parcel p JOIN cases_case c ON c.shipment_id = p.shipment_id
  JOIN sla_clock k ON k.subject_id = c.id AND k.subject_kind = 'CASE'
 WHERE p.event_id = %s AND k.kind = ANY(%s) AND k.met_at IS NULL AND k.stopped_at IS NULL
   AND k.paused_at IS NULL AND k.breached_at IS NULL AND k.law_id IS NULL AND k.due_at >= %s
 ORDER BY c.id LIMIT 1000
"""
_TO_WAKE = """
SELECT DISTINCT c.id FROM detection_mass_parcel p JOIN cases_case c ON c.shipment_id = p.shipment_id
  JOIN sla_clock k ON k.subject_id = c.id AND k.subject_kind = 'CASE'
  JOIN sla_pause w ON w.clock_id = k.id AND w.until_at IS NULL AND w.status = %s
 WHERE p.event_id = %s ORDER BY c.id
"""


@transaction.atomic
def rest_for_event(*, event_id: int, at: datetime) -> int:
    """Lets the promises rest that the event prolongs, until its end; how many cases. The same again changes
    nothing; an event that is over prolongs nothing."""
    event = find_event(event_id)
    if event is None or event.closed_at is not None or event.until <= at:
        return 0
    rows = hot_cursor().execute(_TO_REST, [event_id, sorted(RESTS_FOR_EVENT), at]).fetchall()
    return sum(_rest(case_id, event, at) for (case_id,) in rows)


def _rest(case_id: int, event: EventLine, at: datetime) -> bool:
    hold_case(case_id=case_id)
    clocks = [clock for clock in running_clocks(case_id) if _may_rest(clock, at)]
    if not clocks:
        return False
    data = {
        "clocks": [clock.kind for clock in clocks],
        "event": event.kind,
        "said": event.text,
        "until": event.until.isoformat(),
    }
    entry_id = add_note(case_id=case_id, text="", kind="CLOCKS_REST", data=data, by=SYSTEM_VIEWER, at=at)
    for clock in clocks:
        SlaPause.objects.create(
            clock=clock,
            status=MASS_EVENT,
            reason=event.text,
            entry_id=entry_id,
            from_at=at,
            limit_at=event.until,
        )
        clock.paused_at, clock.act_at = at, event.until
        clock.save()
    note_strictest(case_id)
    return True


def _may_rest(clock: SlaClock, at: datetime) -> bool:
    return may_rest(
        kind=clock.kind,
        is_law=clock.law_id is not None,
        is_broken=clock.breached_at is not None,
        is_paused=clock.paused_at is not None,
        due_at=clock.due_at,
        at=at,
    )


@transaction.atomic
def wake_after_event(*, event_id: int, at: datetime) -> int:
    """The event is over: what was left when the rest began is left now; how many cases. Whom another event
    still holds up rests again with that one's next round."""
    rows = hot_cursor().execute(_TO_WAKE, [MASS_EVENT, event_id]).fetchall()
    for (case_id,) in rows:
        hold_case(case_id=case_id)
        moves = _wake(running_clocks(case_id), at)
        values = {"why": "EVENT", "moves": moves}
        add_note(case_id=case_id, text="", kind="CLOCKS_MOVED", data=values, by=SYSTEM_VIEWER, at=at)
        note_strictest(case_id)
    return len(rows)


def _wake(clocks: Sequence[SlaClock], at: datetime) -> list[dict[str, str]]:
    resting = SlaPause.objects.filter(clock__in=clocks, until_at__isnull=True, status=MASS_EVENT)
    ids, moves = set(resting.values_list("clock_id", flat=True)), []
    for clock in clocks:
        if clock.pk in ids:
            old = clock.due_at
            resume(clock, at, why="EVENT_OVER")
            clock.save()
            moves.append({"clock": clock.kind, "old": old.isoformat(), "new": clock.due_at.isoformat()})
    return moves
