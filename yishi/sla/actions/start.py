"""Starting clocks: part of opening a case, so one statement, checked against the version of the policies."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from yishi.cases.actions.assign import note_next_due
from yishi.kit.hot import hot_cursor
from yishi.sla.queries.policies import Shelf, matter_of, province_of, shelf
from yishi.sla.rules.clocks import Marks, marks
from yishi.sla.rules.law import APPEAL_ANSWER, COMPLAINT_ANSWER
from yishi.sla.rules.policies import Matter

FIRST_CLOCKS = ("FIRST_RESPONSE", "RESOLUTION")
# whose matter may go to the regulator when we let it lie
COMPLAINTS = ("E", "C")
_EXTERNAL_ESCALATE = timedelta(hours=2)
_LAW_ESCALATE = timedelta(hours=24)

_START = """
INSERT INTO sla_clock (subject_kind, subject_id, kind, policy_id, calendar_id, law_id, given_at, started_at,
  within, half_at, most_at, due_at, escalate_within, paused_for, has_used_pause, act_at, warned_share,
  escalation_level)
SELECT 'CASE', %s, kind, policy_id, calendar_id, law_id, %s, started_at, within, half_at, most_at, due_at,
       escalate_within, '0 s', false, half_at, 0, 0
  FROM jsonb_to_recordset(%s::jsonb) AS one (kind text, policy_id bigint, calendar_id bigint,
         law_id bigint, started_at timestamptz, within interval, half_at timestamptz, most_at timestamptz,
         due_at timestamptz, escalate_within interval)
 WHERE (SELECT version FROM sla_setup LIMIT 1) = %s
RETURNING id
"""


class PoliciesInMotion(RuntimeError):
    """Policies kept changing while clocks were being started; the caller's transaction is given up."""


@dataclass(frozen=True, kw_only=True)
class Start:
    """A clock about to run: by a policy, by law, or by the word of whoever sent the work order."""

    kind: str
    within: timedelta
    escalate_within: timedelta
    marks: Marks
    policy_id: int | None = None
    calendar_id: int | None = None
    law_id: int | None = None


def start_clocks(
    *,
    case_id: int,
    case_class: str,
    category: str,
    external_due_at: datetime | None,
    is_from_regulator: bool = False,
    at: datetime,
    kinds: Iterable[str] = FIRST_CLOCKS,
) -> None:
    """Starts the promises of a case by the policies that count at `at`, and notes the strictest on it.

    Beside them runs what the law gives us before the person may go to the regulator.
    """
    wanted = tuple(kinds)
    for is_fresh in (False, True, True):
        known = shelf(fresh=is_fresh)
        matter = _matter(known, case_id, case_class, category)
        every = [start_of(known, matter, kind, at) for kind in wanted]
        if case_class in COMPLAINTS:
            every.append(_by_law(known, "APPEAL_RIGHT", COMPLAINT_ANSWER, case_id, at))
        if is_from_regulator:
            every.append(_by_law(known, "REGULATOR", APPEAL_ANSWER, case_id, at))
        if external_due_at is not None:
            every.append(_external(external_due_at, at))
        running = [start for start in every if start is not None]
        if insert_clocks(case_id, running, known.version, at):
            due_at = min((s.marks.due_at for s in running), default=None)
            note_next_due(case_id=case_id, due_at=due_at, is_one_more=True)
            return
    raise PoliciesInMotion


def _matter(known: Shelf, case_id: int, case_class: str, category: str) -> Matter:
    """The case is read only where some policy asks for more than its class and category."""
    return matter_of(known, case_id) if known.asks_more else Matter(case_class=case_class, category=category)


def start_of(known: Shelf, matter: Matter, kind: str, at: datetime) -> Start | None:
    """A promise by the policy that counts at `at`; nothing where no policy does."""
    policy = known.find(matter, kind=kind, at=at)
    if policy is None:
        return None
    calendar_id, calendar = known.hours(policy, matter.outlet_id)
    return Start(
        kind=kind,
        policy_id=policy.id,
        calendar_id=calendar_id,
        within=policy.within,
        escalate_within=policy.escalate_within,
        marks=marks(at, policy.within, calendar),
    )


def start_one(
    *, case_id: int, kind: str, case_class: str, category: str, at: datetime, within: timedelta | None = None
) -> None:
    """Starts one promise; `within` in natural time goes before the policy's. Nothing without a policy."""
    for is_fresh in (False, True, True):
        known = shelf(fresh=is_fresh)
        start = start_of(known, _matter(known, case_id, case_class, category), kind, at)
        if start is None:
            return
        if within is not None:
            start = Start(
                kind=kind,
                within=within,
                escalate_within=start.escalate_within,
                marks=marks(at, within, None),
            )
        if insert_clocks(case_id, [start], known.version, at):
            return
    raise PoliciesInMotion


def start_by_law(
    *, case_id: int, kind: str, key: str, at: datetime, within: timedelta | None = None
) -> timedelta | None:
    """Starts a promise that law or configuration sets; `within` is what the notice itself says, if it does.

    Returns its length; nothing where no limit is known.
    """
    for is_fresh in (False, True, True):
        known = shelf(fresh=is_fresh)
        limit = known.limit(key, province=province_of(case_id), at=at)
        length = within or (limit.within if limit else None)
        if length is None:
            return None
        start = Start(
            kind=kind,
            law_id=limit.id if limit and limit.within == length else None,
            within=length,
            escalate_within=_LAW_ESCALATE,
            marks=marks(at, length, None),
        )
        if insert_clocks(case_id, [start], known.version, at):
            return length
    raise PoliciesInMotion


def _by_law(known: Shelf, kind: str, key: str, case_id: int, at: datetime) -> Start | None:
    """What law or configuration gives us; the outlet's province is asked only where it matters."""
    province = province_of(case_id) if known.differs_by_province(key) else ""
    limit = known.limit(key, province=province, at=at)
    if limit is None or limit.within is None:
        return None
    given = marks(at, limit.within, None)
    return Start(
        kind=kind,
        law_id=limit.id,
        within=limit.within,
        escalate_within=_LAW_ESCALATE,
        marks=given,
    )


def _external(due_at: datetime, at: datetime) -> Start:
    """The deadline of whoever sent the work order, in natural time; one already past is broken at once."""
    within = max(due_at - at, timedelta(seconds=1))
    given = marks(min(at, due_at - within), within, None)
    return Start(kind="EXTERNAL", within=within, escalate_within=_EXTERNAL_ESCALATE, marks=given)


def insert_clocks(case_id: int, starts: list[Start], version: int, at: datetime) -> bool:
    """Whether the clocks were written, which they are only while the policies are still at that version."""
    if not starts:
        return True
    # one text of JSON: psycopg would look at every element of ten arrays
    rows = msgspec.json.encode([{**vars(each), **vars(each.marks)} for each in starts]).decode()
    values = [case_id, at, rows, version]
    return bool(hot_cursor().execute(_START, values, prepare=True).fetchall())
