"""Promises of conversations: a person answers within 15 minutes, a call-back is made in time.

The length is configuration (`Law` rows that are no law, key MESSAGE_REPLY); it counts in service hours.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from yishi.conversations.rules import FIRST_REPLY_WITHIN
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor
from yishi.routing.actions.talks import hand_up_talk
from yishi.sla.actions.change import state_of
from yishi.sla.actions.start import PoliciesInMotion
from yishi.sla.facts import TalkPromiseBroken, TalkWarned
from yishi.sla.models.clocks import SlaClock
from yishi.sla.queries.policies import Shelf, shelf
from yishi.sla.rules.clocks import HALF, MOST, Deed, broke_at, deed_at, marks, next_act

CONVERSATION, CALL_BACK = "CONVERSATION", "CALL_BACK"
TALKS = (CONVERSATION, CALL_BACK)
REPLY = "MESSAGE_REPLY"


# one statement in the way of a message; checked against the version of what counts, once a conversation
_START = """
INSERT INTO sla_clock (subject_kind, subject_id, kind, law_id, calendar_id, given_at, started_at, within,
  half_at, most_at, due_at, act_at, escalate_within, paused_for, has_used_pause, warned_share,
  escalation_level)
SELECT 'CONVERSATION', %(id)s, 'MESSAGE_REPLY', %(law)s, %(calendar)s, %(at)s, %(started)s, %(within)s,
       %(half)s, %(most)s, %(due)s, %(half)s, %(within)s, '0 s', false, 0, 0
 WHERE (SELECT version FROM sla_setup LIMIT 1) = %(version)s
ON CONFLICT (subject_kind, subject_id, kind) WHERE met_at IS NULL AND stopped_at IS NULL DO UPDATE
   SET warned_share = sla_clock.warned_share
RETURNING id
"""


@transaction.atomic
def start_reply_clock(*, conversation_id: int, at: datetime) -> None:
    """Somebody waits for a person from now on: the clock of his outlet's hours begins, unless one runs."""
    for is_fresh in (False, True, True):
        known = shelf(fresh=is_fresh)
        if hot_cursor().execute(_START, _values(known, conversation_id, at), prepare=True).fetchone():
            return
    raise PoliciesInMotion


def _values(known: Shelf, conversation_id: int, at: datetime) -> dict[str, Any]:
    limit = known.limit(REPLY, province="", at=at)
    within = limit.within if limit and limit.within else FIRST_REPLY_WITHIN
    # most operators have one calendar: then nobody asks which outlet it is
    outlet_id = _outlet_of(conversation_id) if len(known.calendars) > 1 else None
    calendar_id, calendar = known.hours_of(outlet_id)
    given = marks(at, within, calendar)
    return {
        "id": conversation_id,
        "law": limit.id if limit else None,
        "calendar": calendar_id,
        "at": at,
        "within": within,
        "started": given.started_at,
        "half": given.half_at,
        "most": given.most_at,
        "due": given.due_at,
        "version": known.version,
    }


def _outlet_of(conversation_id: int) -> int | None:
    query = "SELECT outlet_id FROM conversations_conversation WHERE id = %s"
    row = hot_cursor().execute(query, [conversation_id], prepare=True).fetchone()
    return row[0] if row else None


@transaction.atomic
def start_call_back_clock(*, call_back_id: int, due_at: datetime, at: datetime) -> None:
    """We promised to ring until `due_at`; promised anew, the old clock falls away."""
    end_talk_clock(subject_kind=CALL_BACK, subject_id=call_back_id, is_kept=False, at=at)
    within = max(due_at - at, timedelta(seconds=1))
    given = marks(due_at - within, within, None)
    SlaClock.objects.create(
        subject_kind=CALL_BACK,
        subject_id=call_back_id,
        kind=CALL_BACK,
        given_at=at,
        started_at=given.started_at,
        within=within,
        half_at=given.half_at,
        most_at=given.most_at,
        due_at=due_at,
        act_at=given.half_at,
    )


@transaction.atomic
def end_talk_clock(*, subject_kind: str, subject_id: int, is_kept: bool, at: datetime) -> None:
    """A person answered (or rang): kept, or broken when late; else it falls away."""
    for clock in _running(subject_kind, subject_id):
        is_late = at > clock.due_at and clock.breached_at is None
        clock.act_at = None
        if is_late:
            clock.breached_at = broke_at(clock.due_at, clock.changed_at)
        if is_kept:
            clock.met_at = at
        else:
            clock.stopped_at = at
        clock.save()
        if is_late:
            announce(TalkPromiseBroken(**_about(clock), level=0, at=at))


def _running(subject_kind: str, subject_id: int) -> list[SlaClock]:
    rows = SlaClock.objects.filter(
        subject_kind=subject_kind, subject_id=subject_id, met_at__isnull=True, stopped_at__isnull=True
    )
    return list(rows.select_for_update())


def _about(clock: SlaClock) -> dict[str, Any]:
    return {"clock_id": clock.pk, "subject_kind": clock.subject_kind, "subject_id": clock.subject_id}


@transaction.atomic
def act_on_talk_clock(*, clock_id: int, at: datetime) -> Deed:
    """Warns at half and four fifths, says once that it broke, and goes up: the manager, then head office."""
    clock = SlaClock.objects.select_for_update().filter(pk=clock_id, subject_kind__in=TALKS).first()
    if clock is None or clock.act_at is None or clock.act_at > at:
        return Deed.NOTHING
    deed = deed_at(state_of(clock), at)
    if deed in (Deed.WARN_HALF, Deed.WARN_MOST):
        clock.warned_share = MOST if deed is Deed.WARN_MOST else HALF
    elif deed is Deed.BREACH:
        clock.breached_at = broke_at(clock.due_at, clock.changed_at)
    clock.act_at = next_act(state_of(clock)) if clock.breached_at is None else None
    if deed in (Deed.BREACH, Deed.ESCALATE) and clock.subject_kind == CONVERSATION:
        level = hand_up_talk(conversation_id=clock.subject_id, level=clock.escalation_level + 1, at=at)
        clock.act_at = None if level >= 2 else at + clock.escalate_within
        clock.escalation_level += 1 if level == clock.escalation_level + 1 else 2
    clock.save()
    if deed in (Deed.WARN_HALF, Deed.WARN_MOST):
        announce(TalkWarned(**_about(clock), share=clock.warned_share, at=at))
    elif deed in (Deed.BREACH, Deed.ESCALATE):
        announce(TalkPromiseBroken(**_about(clock), level=clock.escalation_level, at=at))
    return deed
