"""Promises read: the clocks of a case, and what a person is told of them when a complaint was taken in."""

from dataclasses import dataclass
from datetime import datetime

from yishi.kit.errors import NotFound
from yishi.kit.hot import hot_cursor
from yishi.sla.models.clocks import SlaClock


@dataclass(frozen=True, kw_only=True)
class ClockCard:
    """A promise as pages and programs are told of it."""

    id: int
    kind: str
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    breached_at: datetime | None
    paused_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class FirstAnswer:
    """What a person is told when a complaint has been taken in; no outlet = head office."""

    outlet_code: str | None
    outlet_name: str | None
    outlet_phone: str | None
    first_reply_due_at: datetime | None
    resolution_due_at: datetime | None


# one statement, kept prepared: it answers every complaint
_FIRST_ANSWER = """
SELECT o.code, o.name, o.phone,
       (SELECT max(k.due_at) FROM sla_clock k
         WHERE k.subject_kind = 'CASE' AND k.subject_id = c.id AND k.kind = 'FIRST_RESPONSE'),
       (SELECT max(k.due_at) FROM sla_clock k
         WHERE k.subject_kind = 'CASE' AND k.subject_id = c.id AND k.kind = 'RESOLUTION')
  FROM cases_case c LEFT JOIN network_outlet o ON o.id = c.outlet_id
 WHERE c.id = %s
"""


def first_answer(case_id: int) -> FirstAnswer:
    """Who has a case and what was promised, for the answer to its opening. Raises NotFound."""
    row = hot_cursor().execute(_FIRST_ANSWER, [case_id], prepare=True).fetchone()
    if row is None:
        raise NotFound()
    code, name, phone, first_reply_due_at, resolution_due_at = row
    return FirstAnswer(
        outlet_code=code,
        outlet_name=name,
        outlet_phone=phone,
        first_reply_due_at=first_reply_due_at,
        resolution_due_at=resolution_due_at,
    )


KINDS = ("FIRST_RESPONSE", "NEXT_UPDATE", "RESOLUTION", "EXTERNAL", "REGULATOR", "ARBITRATION")


def clocks_of_case(case_id: int) -> list[ClockCard]:
    """The newest clock of each kind, in a fixed order; those that ended without an outcome are left out."""
    rows = SlaClock.objects.filter(subject_id=case_id, subject_kind="CASE", stopped_at__isnull=True)
    newest = {row.kind: row for row in rows.order_by("id")}
    return [card_of(newest[kind]) for kind in KINDS if kind in newest]


def clock_of(*, subject_kind: str, subject_id: int) -> ClockCard | None:
    """The running clock of a promise beside a case: a hand-over, a task."""
    row = SlaClock.objects.filter(
        subject_kind=subject_kind, subject_id=subject_id, met_at__isnull=True, stopped_at__isnull=True
    ).first()
    return card_of(row) if row else None


def card_of(row: SlaClock) -> ClockCard:
    """A clock's row as pages are told of it."""
    return ClockCard(
        id=row.pk,
        kind=row.kind,
        started_at=row.started_at,
        due_at=row.due_at,
        met_at=row.met_at,
        breached_at=row.breached_at,
        paused_at=row.paused_at,
    )
